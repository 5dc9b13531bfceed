// A workload that invokes a given list of operations, one after the other, and nothing else: what
// fast-check makes and shrinks, played by any workload's clients.
import { assert } from '../kernel/assert.js';
import type { Plain } from '../kernel/plain.js';
import { registries } from '../scenario/registries.js';
import type { Invocation, Workload } from '../workloads/workload.js';

/** The workload with these operations instead of those that it generates. */
export function playing(workload: Workload | string, operations: readonly Invocation[]): Workload {
  const base = typeof workload === 'string' ? registries.workload.get(workload) : workload;
  assert(base !== undefined, 'there is a workload of this name', { workload });
  const next = (state: Plain) => {
    const op = operations[Number(state)];
    return op === undefined ? undefined : { op, state: Number(state) + 1 };
  };
  return { ...base, generator: { init: 0, next } };
}
