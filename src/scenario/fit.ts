// Whether a protocol can serve a workload: whether it has a handler for every request that clients
// will make. Known without a run by asking the workload for its first operations.
import { stream } from '../kernel/random.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Invocation, Workload, WorkloadOptions } from '../workloads/workload.js';

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
  const types = new Set<string>(workload.requests);
  for (const op of firstOperations(workload, options)) addType(types, workload, op);
  return [...types];
}

/** The first operations that clients invoke, and the final ones. Throws what `workload` does. */
export function firstOperations(
  workload: Workload,
  options: WorkloadOptions,
): readonly Invocation[] {
  const operations: Invocation[] = [];
  const random = stream('fit', workload.name);
  const around = { random, options, concurrency: 4, nodeCount: 2, ratePerSecond: 100 };
  let state = workload.generator.init;
  for (let count = 0; count < operationsMax; count++) {
    const worker = count % 4;
    const next = workload.generator.next(state, { ...around, worker, process: worker });
    if (next === undefined) break;
    state = next.state;
    operations.push(next.op);
  }
  return [...operations, ...(workload.final?.(options, state) ?? [])];
}

/** Adds what a fresh client asks for by this operation, if it asks anybody. */
function addType(types: Set<string>, workload: Workload, op: Invocation): void {
  const { session } = workload;
  const filled = session === undefined ? op : session.fill(op, session.init);
  if (workload.local?.(filled) === undefined) types.add(workload.request(filled).type);
}
