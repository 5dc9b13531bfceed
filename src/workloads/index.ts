// The registry of workloads: a new one is one file and one line here.
import { broadcast } from './broadcast.js';
import { crdt } from './crdt.js';
import { echo } from './echo.js';
import { membership } from './membership.js';
import { uniqueIds } from './unique-ids.js';
import type { Workload } from './workload.js';

/** Workloads by name. */
export const workloads: ReadonlyMap<string, Workload> = new Map(
  [echo, uniqueIds, broadcast, membership, crdt].map((workload) => [workload.name, workload]),
);
