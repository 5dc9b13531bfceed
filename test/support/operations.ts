// What a workload's generator makes when nobody answers it.
import { stream } from '../../src/kernel/random.js';
import type {
  GeneratorContext,
  Invocation,
  Workload,
  WorkloadOptions,
} from '../../src/workloads/workload.js';

/** What generators are told in these tests: three workers of a cluster of three. */
function around(number: number): Omit<GeneratorContext, 'options'> {
  const worker = number % 3;
  return {
    random: stream('contract', `op/${number}`),
    ...{ worker, process: worker },
    ...{ concurrency: 3, nodeCount: 3, ratePerSecond: 100 },
  };
}

/** The first `count` operations that a workload's generator makes, and with what state it ends. */
export function generated(
  { generator, options: defaults }: Workload,
  count: number,
  given: WorkloadOptions = {},
) {
  const options = { ...defaults, ...given };
  const ops: Invocation[] = [];
  let state = generator.init;
  for (let number = 0; number < count; number++) {
    const next = generator.next(state, { ...around(number), options });
    if (next === undefined) break;
    ops.push(next.op);
    state = next.state;
  }
  return { ops, state };
}
