// A workload that is written down: the operations of a test, in order, all to the first node.
import type { Invocation, Workload } from '../../src/workloads/workload.js';

/** `base` with these operations instead of its own; use it with `concurrency: 1`. */
export function scripted(base: Workload, ops: readonly Invocation[]): Workload {
  return {
    ...base,
    name: `${base.name}-script`,
    generator: {
      init: 0,
      next: (state) => {
        const op = ops[Number(state)];
        return op === undefined ? undefined : { op, state: Number(state) + 1 };
      },
    },
    final: () => [],
  };
}
