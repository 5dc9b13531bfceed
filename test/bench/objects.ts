// How many histories of objects that are no registers are decided, and how fast: sets, counters,
// locks, queues, logs, with few and many clients, operations lost or not, with a lie or without.
// `node dist-bench/test/bench/objects.js [--only counter] [--seeds 12] [--operations 1000]`. The
// processor time of this process; what a witness takes is told as a multiple of the bare verdict.
import { parseArgs } from 'node:util';
import { checkOperations } from '../../src/checkers/linearizable/check.js';
import type { Model } from '../../src/checkers/linearizable/model.js';
import { models } from '../../src/checkers/linearizable/models/index.js';
import { witnessOf } from '../../src/checkers/linearizable/witness.js';
import { type ObjectFamily, objects } from '../checkers/linearizable/object-list.js';
import { type Recipe, randomOperations } from '../checkers/linearizable/random-operations.js';
import { median } from './measure.js';

const { values: asked } = parseArgs({
  options: {
    /** A pattern of their names. */
    only: { type: 'string', default: '.' },
    seeds: { type: 'string', default: '12' },
    operations: { type: 'string', default: '1000' },
  },
});

function nowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** A row: as many histories of this shape as there are seeds. */
function judged({ name, spec }: ObjectFamily, shape: Omit<Recipe, 'seed'>): string {
  const model = { ...(models.get(spec.model) as Model), init: spec.init };
  const found = { valid: 0, invalid: 0, unknown: 0 };
  const [times, witnesses]: [number[], number[]] = [[], []];
  for (let seed = 1; seed <= Number(asked.seeds); seed++) {
    const history = randomOperations(spec, { ...shape, seed });
    const start = nowMs();
    const { verdict, invalid } = checkOperations(history, model);
    const ms = nowMs() - start;
    found[verdict]++;
    times.push(ms);
    if (invalid === undefined) continue;
    witnessOf(invalid.part, model, invalid);
    witnesses.push((nowMs() - start) / ms);
  }
  const { operations, clients, crashes, lies } = shape;
  const label = `${name} ${operations} n${clients} c${crashes} ${lies > 0 ? 'lie' : ''}`;
  const counts = `${found.valid} valid ${found.invalid} invalid ${found.unknown} unknown`;
  const ms = `${median(times).toFixed(1)} ms, at most ${Math.max(...times).toFixed(1)} ms`;
  const most = Math.max(...witnesses);
  const more =
    witnesses.length > 0
      ? `, with witness ${median(witnesses).toFixed(1)}×, at most ${most.toFixed(1)}×`
      : '';
  return `${label.padEnd(40)} ${counts.padEnd(32)} ${ms}${more}\n`;
}

const operations = Number(asked.operations);
for (const object of objects.filter(({ name }) => new RegExp(asked.only).test(name))) {
  for (const clients of [5, 30]) {
    for (const crashes of [0, 10, 30]) {
      for (const lies of [0, 1]) {
        const { domain } = object;
        process.stdout.write(judged(object, { operations, clients, domain, crashes, lies }));
      }
    }
  }
}
const mebibytes = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`peak ${mebibytes.toFixed(0)} MiB\n`);
