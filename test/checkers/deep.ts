// How many histories a differential test tries: a few every time, as many as CHECKER_RUNS says
// when somebody wants to be sure. `CHECKER_RUNS=100000 npx vitest run test/checkers`
export const deep = (numRuns: number) => {
  const runs = Number(process.env.CHECKER_RUNS ?? numRuns);
  return { seed: 20260, numRuns: runs };
};

/** For tests that try as many as `deep` says. */
export const deepTimeoutMs = 3_600_000;
