// Which operations are due when, planned before the run: by chance at the workload's rate, or as a
// script tells.
import { stream } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { ClientSpec, ScriptedOp } from './spec.js';
import type { OpPlan } from './world.js';

/** The plan of the main phase. Without clients there is nothing in it. */
export function planOps(clients: ClientSpec | undefined, seed: string, durationUs: Micros): OpPlan {
  if (clients?.script !== undefined) return planScript(clients.script);
  return planByChance(clients, seed, durationUs);
}

/** The stable number of the operation at a place of the plan. */
export function numberAt({ numbers }: OpPlan, place: number): number {
  return numbers === undefined ? place : (numbers[place] as number);
}

/** Gaps uniform in [0, 2/rate), as in Maelstrom, workers by chance, from the stream `ops`. */
function planByChance(clients: ClientSpec | undefined, seed: string, durationUs: Micros): OpPlan {
  const atUs: number[] = [];
  const workers: number[] = [];
  if (clients !== undefined && clients.ratePerSecond > 0) {
    const random = stream(seed, 'ops');
    const gapUs = Math.round(2_000_000 / clients.ratePerSecond);
    const gapUsMax = Math.min(Math.max(2, gapUs), 2 ** 32);
    for (let nowUs = 0; nowUs < durationUs; nowUs += random.below(gapUsMax)) {
      atUs.push(nowUs);
      workers.push(random.below(clients.concurrency));
    }
  }
  return {
    atUs: Float64Array.from(atUs),
    workers: Int32Array.from(workers),
    numbers: undefined,
    numbersEnd: 0,
  };
}

function planScript(script: readonly ScriptedOp[]): OpPlan {
  const numbers = Int32Array.from(script, ({ number }) => number);
  return {
    atUs: Float64Array.from(script, ({ atUs }) => atUs),
    workers: Int32Array.from(script, ({ worker }) => worker),
    numbers,
    numbersEnd: 1 + numbers.reduce((most, number) => Math.max(most, number), -1),
  };
}
