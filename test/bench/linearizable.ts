// How fast the families of histories are judged, and how much a witness costs beside the verdict.
// `node dist-bench/test/bench/linearizable.js [families] [seeds]`: a pattern, and how many of each.
// Processor time of this process, the least of several runs.
import { checkOperations } from '../../src/checkers/linearizable/check.js';
import { witnessOf } from '../../src/checkers/linearizable/witness.js';
import { type Family, historyOf, modelOf } from '../checkers/linearizable/families.js';
import { families } from '../checkers/linearizable/family-list.js';

const [pattern = '.', seeds = '1'] = process.argv.slice(2);

/** Rounds end after so long: what takes a second is measured once. */
const enoughMs = 200;
const roundsMax = 5;

function nowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

function least(run: () => unknown): number {
  let [best, all] = [Number.POSITIVE_INFINITY, 0];
  for (let round = 0; round < roundsMax && all < enoughMs; round++) {
    const start = nowMs();
    run();
    const ms = nowMs() - start;
    best = Math.min(best, ms);
    all += ms;
  }
  return best;
}

function show(family: Family, seed: number): void {
  const { name, model, clients, operations, domain, crashes = 0, bad = '' } = family;
  const [history, sequential] = [historyOf(family, seed), modelOf(family)];
  const finding = checkOperations(history, sequential);
  const ms = least(() => checkOperations(history, sequential));
  const { verdict, configurations, invalid } = finding;
  const shape = `${name}.${seed} ${model} n${clients} m${operations} d${domain} c${crashes} ${bad}`;
  const columns = [shape.padEnd(48), verdict.padEnd(8), `${ms.toFixed(2)} ms`.padStart(12)];
  columns.push(String(configurations).padStart(8));
  if (invalid !== undefined) {
    const explained = least(() => witnessOf(invalid.part, sequential, invalid));
    columns.push(`with witness ${((ms + explained) / ms).toFixed(1)}×`.padStart(20));
  }
  process.stdout.write(`${columns.join(' ')}\n`);
}

for (const family of families) {
  if (!new RegExp(pattern).test(family.name)) continue;
  for (let seed = 1; seed <= Number(seeds); seed++) show(family, seed);
}
