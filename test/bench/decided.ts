// How many histories of objects are decided, and what the slowest takes: no model of theirs is a
// register. `node dist-bench/test/bench/decided.js [objects] [seeds] [operations]`: a pattern, how
// many of each, and of how many operations. Processor time of this process.
import { checkOperations } from '../../src/checkers/linearizable/check.js';
import type { Model } from '../../src/checkers/linearizable/model.js';
import { models } from '../../src/checkers/linearizable/models/index.js';
import { objects } from '../checkers/linearizable/object-list.js';
import { randomOperations } from '../checkers/linearizable/random-operations.js';

const [pattern = '.', seeds = '12', operations = '1000'] = process.argv.slice(2);

function nowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

for (const { name, spec, domain } of objects) {
  if (!new RegExp(pattern).test(name)) continue;
  const model = { ...(models.get(spec.model) as Model), init: spec.init };
  for (const clients of [5, 30]) {
    for (const crashes of [0, 10, 30]) {
      for (const lies of [0, 1]) {
        const found = { valid: 0, invalid: 0, unknown: 0 };
        const times: number[] = [];
        for (let seed = 1; seed <= Number(seeds); seed++) {
          const sizes = { operations: Number(operations), clients, domain };
          const history = randomOperations(spec, { seed, ...sizes, crashes, lies });
          const start = nowMs();
          found[checkOperations(history, model).verdict]++;
          times.push(nowMs() - start);
        }
        times.sort((a, b) => a - b);
        const [median = 0, most = 0] = [times[times.length >> 1], times.at(-1)];
        const shape = `${name} ${operations} n${clients} c${crashes} ${lies > 0 ? 'lie' : ''}`;
        const counts = `${found.valid} valid ${found.invalid} invalid ${found.unknown} unknown`;
        const ms = `${median.toFixed(1)} ms, at most ${most.toFixed(1)} ms`;
        process.stdout.write(`${shape.padEnd(40)} ${counts.padEnd(32)} ${ms}\n`);
      }
    }
  }
}
