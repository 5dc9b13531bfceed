// The registry of services, which are nodes that members lean on: a new one is one file (or folder)
// and one line here.
import type { AnyProtocol } from '../node/protocol.js';
import { linKv } from './lin-kv.js';
import { linTso } from './lin-tso.js';
import { lwwKv } from './lww-kv.js';
import { seqKv } from './seq-kv.js';

const all: readonly AnyProtocol[] = [linKv, seqKv, lwwKv, linTso];

/** Services by name. */
export const services: ReadonlyMap<string, AnyProtocol> = new Map(
  all.map((service) => [service.name, service]),
);
