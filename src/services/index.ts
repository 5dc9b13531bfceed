// The registry of services, which are nodes that members lean on: a new one is one file (or folder)
// and one line here.
import type { AnyProtocol } from '../node/protocol.js';

const all: readonly AnyProtocol[] = [];

/** Services by name. */
export const services: ReadonlyMap<string, AnyProtocol> = new Map(
  all.map((service) => [service.name, service]),
);
