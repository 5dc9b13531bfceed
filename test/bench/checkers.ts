// `node dist-bench/test/bench/checkers.js`: how fast linearizability is judged. Figures are the
// least of several runs, beside the bare heap's in the same process; goals are for a heap that
// makes 6 million events a second. STORMGLASS_HISTORIES names the folder of shared histories.
import { spawnSync } from 'node:child_process';
import { checkOperations } from '../../src/checkers/linearizable/check.js';
import type { Model } from '../../src/checkers/linearizable/model.js';
import { models } from '../../src/checkers/linearizable/models/index.js';
import { never, type Operation } from '../../src/checkers/linearizable/operation.js';
import { witnessOf } from '../../src/checkers/linearizable/witness.js';
import { sharedHistories, sharedHistory } from '../checkers/linearizable/shared-histories.js';
import { bareStorm, Xorshift } from './bare-heap.js';

/** A valid history of one register with unique values: clients overlap as they please. */
function uniqueRegister(count: number, clients: number): readonly Operation[] {
  const random = new Xorshift();
  const operations: Operation[] = [];
  const open: ({ call: number; at: number; write: boolean } | undefined)[] = [];
  let [value, fresh, now] = [0, 0, 0];
  while (operations.length < count) {
    const client = random.below(clients);
    const running = open[client];
    now++;
    if (running === undefined) {
      open[client] = { call: now, at: now + 1 + random.below(clients), write: now % 2 === 0 };
    } else if (now >= running.at) {
      if (running.write) value = ++fresh;
      const { call, write } = running;
      const f = write ? 'write' : 'read';
      const told = write ? undefined : value;
      operations.push({
        client,
        f,
        input: write ? value : undefined,
        output: told,
        call,
        return: now,
      });
      open[client] = undefined;
    }
  }
  return operations;
}

function least(run: () => unknown): number {
  let best = never;
  for (let nth = 0; nth < 5; nth++) {
    const start = performance.now();
    run();
    best = Math.min(best, performance.now() - start);
  }
  return best;
}

function print(name: string, ms: number, more = ''): void {
  process.stdout.write(`${name.padEnd(40)} ${ms.toFixed(2).padStart(10)} ms  ${more}\n`);
}

/** A process judges one history: the first time, and when V8 has compiled what it takes. */
function printFirst(name: string): void {
  const [model, operations] = sharedHistory(name);
  const start = performance.now();
  checkOperations(operations, model);
  const first = performance.now() - start;
  let warm = never;
  for (let round = 0; round < 5; round++) {
    warm = Math.min(
      warm,
      least(() => checkOperations(operations, model)),
    );
  }
  process.stdout.write(`${first} ${warm}\n`);
}

/** How much more the first check of a process takes: the least of fresh processes. */
function firstChecks(): void {
  process.stdout.write('\nthe first check of a process, least of 5\n');
  for (const name of sharedHistories) {
    const runs = Array.from({ length: 5 }, () => {
      const { stdout } = spawnSync(process.execPath, [process.argv[1] as string, '--first', name], {
        encoding: 'utf8',
      });
      return stdout.split(' ').map(Number) as [number, number];
    });
    const first = Math.min(...runs.map(([ms]) => ms));
    const warm = Math.min(...runs.map(([, ms]) => ms));
    print(name, first, `${(first - warm).toFixed(2)} ms more than warm; goal < 5 ms`);
  }
}

const [option, named] = process.argv.slice(2);
if (option === '--first') {
  printFirst(named as string);
  process.exit();
}

const heapMs = least(() => bareStorm(1_000, 1_000_000));
print('bare heap, 1 million events', heapMs, `${(1 / heapMs).toFixed(4)} million a ms`);
for (const name of sharedHistories) {
  const [model, operations] = sharedHistory(name);
  const bare = least(() => checkOperations(operations, model));
  const { verdict, invalid } = checkOperations(operations, model);
  if (invalid === undefined) {
    print(name, bare, verdict);
    continue;
  }
  const explained = least(() => witnessOf(invalid.part, model, invalid));
  print(name, bare, `${verdict}; witness ${explained.toFixed(2)} ms`);
}
for (const clients of [5, 100]) {
  const operations = uniqueRegister(1_000_000, clients);
  const register = { ...(models.get('register') as Model), init: 0 };
  const ms = least(() => checkOperations(operations, register));
  const { verdict } = checkOperations(operations, register);
  print(
    `1 million unique, ${clients} clients`,
    ms,
    `${verdict}; ${(ms / 1_000).toFixed(3)} µs each`,
  );
}
const mebibytes = process.resourceUsage().maxRSS / 1_024;
process.stdout.write(`peak ${mebibytes.toFixed(0)} MiB\n`);
firstChecks();
