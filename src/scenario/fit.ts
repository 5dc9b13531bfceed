// Whether a protocol can serve a workload: whether it has a handler for every request that clients
// will make. Known without a run by asking the workload for its first operations.
import { stream } from '../kernel/random.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Workload, WorkloadOptions } from '../workloads/workload.js';

/** How many operations are looked at; workloads mix their kinds well before that. */
const operationsMax = 64;

/** Request types of `workload` that `protocol` has no handler for, each once. */
export function unserved(
  protocol: AnyProtocol,
  workload: Workload,
  options: WorkloadOptions,
): readonly string[] {
  if (protocol.other !== undefined) return [];
  const types = requestTypes(workload, options);
  return types.filter((type) => !Object.hasOwn(protocol.on, type));
}

/** Types of the requests that clients of `workload` make, each once. Throws what it throws. */
export function requestTypes(workload: Workload, options: WorkloadOptions): readonly string[] {
  const types = new Set<string>();
  const random = stream('fit', workload.name);
  let state = workload.generator.init;
  for (let count = 0; count < operationsMax; count++) {
    const next = workload.generator.next(state, { random, worker: count % 4, options });
    if (next === undefined) break;
    state = next.state;
    types.add(workload.request(next.op).type);
  }
  for (const op of workload.final?.(options) ?? []) types.add(workload.request(op).type);
  return [...types];
}
