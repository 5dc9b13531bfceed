// What a test asks of a scenario: whether it holds for some seeds, or shows a failure. Plain
// findings and plain words, without colours, for whatever runs the tests.
import { failureName, failuresOf } from '../scenario/failure.js';
import { scenarioOf } from '../scenario/from-code.js';
import { seedAt } from '../scenario/hunt/seeds.js';
import type { Run } from '../scenario/run.js';
import type { Scenario, ScenarioInput } from '../scenario/scenario.js';
import { simulate } from '../scenario/simulate.js';
import { strategies } from '../scenario/strategies/index.js';
import { usageError } from '../scenario/usage-error.js';
import type { Edit } from '../sim/edit.js';

/** A scenario, as code or a file has it, or a run of one. */
export type Subject = Run | Scenario | ScenarioInput;

/** Which runs are tried. */
export interface Tries {
  /** The first seed, instead of the scenario's own. */
  readonly seed?: string | number;
  /** So many seeds, counting up from the first; or these. 1 unless given. */
  readonly seeds?: number | readonly (string | number)[];
  /** As `stormglass hunt --strategy`: `uniform` (the scenario as it is), `swarm` or `pct`. */
  readonly strategy?: 'uniform' | 'swarm' | 'pct';
  /** Single things that go differently, in every run. */
  readonly edits?: readonly Edit[];
}

/** A run that was tried. */
interface Tried {
  readonly run: Run;
  /** What it does that its scenario does not expect, in a sentence; `undefined`: nothing. */
  readonly surprise: string | undefined;
}

/** What tries came to. */
interface Outcome {
  readonly tried: readonly Tried[];
  /** `sometimes` properties that none of several runs has reached. */
  readonly unreached: readonly string[];
  /** How to have a run again: a call, without the function's name. */
  again(seed: string): string;
}

/** Runs a subject with each seed, until one run is `enough`. */
export function tryAll(
  subject: Subject,
  tries: Tries = {},
  enough: (run: Run) => boolean = () => false,
): Outcome {
  if (isRun(subject)) return outcomeOf([subject], tries);
  const scenario = scenarioOf(subject);
  const runs: Run[] = [];
  for (const seed of seedsIn(scenario, tries)) {
    const run = runOf(scenario, seed, tries);
    runs.push(run);
    if (enough(run)) break;
  }
  return outcomeOf(runs, tries);
}

function runOf(scenario: Scenario, seed: string, { strategy = 'uniform', edits }: Tries): Run {
  if (strategy === 'uniform') return simulate(scenario, seed, edits);
  const trial = strategies.get(strategy)?.plan({ scenario, seed, seeds: 1 }).block(0).next();
  if (trial === undefined) {
    throw usageError(`there is no strategy "${strategy}" for tests`, {
      expected: 'uniform, swarm or pct',
    });
  }
  return simulate(trial.scenario, trial.seed, edits);
}

function seedsIn(scenario: Scenario, { seed = scenario.seed, seeds = 1 }: Tries) {
  if (typeof seeds !== 'number') return seeds.map(String);
  return Array.from({ length: seeds }, (_, index) => seedAt(String(seed), index));
}

function outcomeOf(runs: readonly Run[], { strategy = 'uniform' }: Tries): Outcome {
  const how = strategy === 'uniform' ? '' : `, strategy: '${strategy}'`;
  return {
    tried: runs.map((run) => ({ run, surprise: run.assessment.surprise })),
    unreached: runs.length < 2 ? [] : unreachedIn(runs),
    again: (seed) => `{ seed: ${JSON.stringify(seed)}${how} }`,
  };
}

function unreachedIn(runs: readonly Run[]): readonly string[] {
  const sometimes = runs.flatMap(({ result }) =>
    result.properties.filter(({ kind }) => kind === 'sometimes'),
  );
  const reached = new Set(
    sometimes.flatMap(({ name, standing }) => (standing === 'reached' ? [name] : [])),
  );
  return [...new Set(sometimes.map(({ name }) => name))].filter((name) => !reached.has(name));
}

function isRun(subject: Subject): subject is Run {
  return 'assessment' in subject;
}

/** Why tries do not hold, in lines; `undefined` if they do. */
export function complaint(outcome: Outcome, call: string): string | undefined {
  const { tried, unreached } = outcome;
  const failed = tried.filter(({ surprise }) => surprise !== undefined);
  const [first] = failed;
  if (first === undefined) {
    if (unreached.length === 0) return undefined;
    return `no run of ${tried.length} has reached ${unreached.join(', ')}`;
  }
  const { run, surprise } = first;
  const { name } = run.scenario.protocol;
  const names = failuresOf(run).map(failureName).join(', ');
  const share = tried.length === 1 ? '' : `, in ${failed.length} of ${tried.length} runs`;
  return [
    `${name} does not hold with seed ${run.seed}${share}: ${names || surprise}`,
    ...objections(run).map((line) => `  ${line}`),
    `  to have it again: ${call}${outcome.again(run.seed)}`,
  ].join('\n');
}

const objectionsMax = 5;

/** What its judges say, in sentences. */
export function objections(run: Run): readonly string[] {
  const { judgements, surprise } = run.assessment;
  const said = judgements.flatMap((judgement): readonly string[] => {
    if (judgement.valid === 'unknown') return [`${judgement.name}: ${judgement.reason}`];
    if (judgement.valid) return [];
    return judgement.anomalies.map(({ kind, about }) => `${judgement.name}/${kind}: ${about}`);
  });
  return said.length === 0 ? [surprise ?? ''] : said.slice(0, objectionsMax);
}

/** Whether a judge objects: by its name, `set-full/lost`, or the kind alone; else any. */
export function isViolatedBy(run: Run, name: string | undefined): boolean {
  return run.assessment.judgements.some((judgement) => {
    if (judgement.valid !== false) return false;
    if (name === undefined || name === judgement.name) return true;
    return judgement.anomalies.some(
      ({ kind }) => name === kind || name === failureName({ judge: judgement.name, kind }),
    );
  });
}
