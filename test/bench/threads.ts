// What a second thread brings where linearizability is checked over many keys. On a busy machine
// wall time says little, so beside the best of several paired runs there is the processor time of
// the thread that has most to do, as Linux tells it. `npm run bench -- threads`
import { readdirSync, readFileSync } from 'node:fs';
import { checkOperations, defaultBounds } from '../../src/checkers/linearizable/check.js';
import { checkInParallel, threadsFor } from '../../src/cli/parallel-check.js';
import { historyOf, modelOf } from '../checkers/linearizable/families.js';
import { families } from '../checkers/linearizable/family-list.js';

type Print = (line: string) => void;

const pairs = 5;
const tasks = '/proc/self/task';

/** Nanoseconds of processor time by thread; empty where the system does not tell. */
function byThread(): ReadonlyMap<string, number> {
  try {
    return new Map(
      readdirSync(tasks).map((id) => {
        const [ns] = readFileSync(`${tasks}/${id}/schedstat`, 'utf8').split(' ');
        return [id, Number(ns)];
      }),
    );
  } catch {
    return new Map();
  }
}

async function measured(run: () => unknown): Promise<{ wallMs: number; mostMs: number }> {
  const before = byThread();
  const start = performance.now();
  // Workers are gone when they have answered: what they had used is asked just before that.
  let most = 0;
  const look = (): void => {
    for (const [id, ns] of byThread()) most = Math.max(most, ns - (before.get(id) ?? 0));
  };
  const timer = setInterval(look, 20);
  await run();
  look();
  clearInterval(timer);
  return { wallMs: performance.now() - start, mostMs: most / 1e6 };
}

/** One line for each family with many keys. */
export async function threads(print: Print): Promise<void> {
  for (const name of ['F01', 'F03', 'C04', 'F04', 'F05']) {
    const family = families.find((each) => each.name === name);
    if (family === undefined) continue;
    const [history, model] = [historyOf(family, 1), modelOf(family)];
    const two = { ...threadsFor(history.length), count: 2 };
    let [wall, most] = [0, 0];
    for (let pair = 0; pair < pairs; pair++) {
      const one = await measured(() => checkOperations(history, model));
      const both = await measured(() => checkInParallel(history, model, defaultBounds, two));
      wall = Math.max(wall, one.wallMs / both.wallMs);
      most = Math.max(most, one.mostMs / both.mostMs);
    }
    const shape = `${name}, ${history.length} operations, ${family.keys} keys`;
    print(
      `${shape.padEnd(44)} two threads ${wall.toFixed(2)}×, by processor time ${most.toFixed(2)}×`,
    );
  }
}
