// How fast objects that are no registers are judged: sets, counters, locks, queues, logs, with many
// clients on one object. `node dist-bench/test/bench/objects.js [models] [operations] [clients]`.
import { checkOperations } from '../../src/checkers/linearizable/check.js';
import type { Model } from '../../src/checkers/linearizable/model.js';
import { models } from '../../src/checkers/linearizable/models/index.js';
import { witnessOf } from '../../src/checkers/linearizable/witness.js';
import { objects } from '../checkers/linearizable/object-list.js';
import { randomOperations } from '../checkers/linearizable/random-operations.js';

const [pattern = '.', operations = '10000', clients = '30'] = process.argv.slice(2);

function nowMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

for (const { name, spec, domain } of objects) {
  if (!new RegExp(pattern).test(name)) continue;
  const model = { ...(models.get(spec.model) as Model), init: spec.init };
  for (const crashes of [0, 5]) {
    for (const lies of [0, 1]) {
      const shape = { operations: Number(operations), clients: Number(clients), domain };
      const history = randomOperations(spec, { seed: 7, crashes, lies, ...shape });
      const start = nowMs();
      const { verdict, configurations, invalid, doubts } = checkOperations(history, model);
      const ms = nowMs() - start;
      const columns = [`${name} c${crashes} l${lies}`.padEnd(28), verdict.padEnd(8)];
      columns.push(`${ms.toFixed(1)} ms`.padStart(12), String(configurations).padStart(9));
      if (doubts[0] !== undefined) columns.push(`${doubts[0].reached} of ${doubts[0].events}`);
      if (invalid !== undefined) {
        const from = nowMs();
        witnessOf(invalid.part, model, invalid);
        columns.push(`with witness ${((ms + nowMs() - from) / ms).toFixed(1)}×`);
      }
      process.stdout.write(`${columns.join(' ')}\n`);
    }
  }
}
const mebibytes = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`peak ${mebibytes.toFixed(0)} MiB\n`);
