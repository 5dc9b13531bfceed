// The registry of services, which are nodes that members lean on: a new one is one file (or folder)
// and one line here.
import type { AnyProtocol } from '../node/protocol.js';
import { coordination } from './coordination/coordination.js';
import { database } from './database.js';
import { linKv } from './lin-kv.js';
import { linTso } from './lin-tso.js';
import { log } from './log.js';
import { lwwKv } from './lww-kv.js';
import { seqKv } from './seq-kv.js';
import { sink } from './sink.js';
import { snapshotStore } from './snapshot-store.js';
import { topoSink } from './topo-sink.js';
import { topoSource } from './topo-source.js';

const all: readonly AnyProtocol[] = [
  linKv,
  seqKv,
  lwwKv,
  linTso,
  log,
  coordination,
  snapshotStore,
  sink,
  topoSink,
  topoSource,
  database,
];

/** Services by name. */
export const services: ReadonlyMap<string, AnyProtocol> = new Map(
  all.map((service) => [service.name, service]),
);
