// The registry of workloads: a new one is one file and one line here.
import { broadcast } from './broadcast.js';
import { crdt } from './crdt.js';
import { echo } from './echo.js';
import { gCounter } from './g-counter.js';
import { gSet } from './g-set.js';
import { kafka } from './kafka/kafka.js';
import { linKv } from './lin-kv.js';
import { lock } from './lock.js';
import { membership } from './membership.js';
import { pnCounter } from './pn-counter.js';
import { seeding } from './seeding/seeding.js';
import { snapshot } from './snapshot.js';
import { streams } from './streams/streams.js';
import { txnListAppend } from './txn-list-append.js';
import { txnRwRegister } from './txn-rw-register.js';
import { uniqueIds } from './unique-ids.js';
import type { Workload } from './workload.js';

const all: readonly Workload[] = [
  echo,
  uniqueIds,
  broadcast,
  gSet,
  gCounter,
  pnCounter,
  linKv,
  txnListAppend,
  txnRwRegister,
  kafka,
  lock,
  membership,
  crdt,
  seeding,
  streams,
  snapshot,
];

/** Workloads by name. */
export const workloads: ReadonlyMap<string, Workload> = new Map(
  all.map((workload) => [workload.name, workload]),
);
