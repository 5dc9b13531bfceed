// Maelstrom's unique-ids: clients ask for ids without end; no two may be the same.
import { anything, completion } from './reply.js';
import type { Workload } from './workload.js';

export const uniqueIds: Workload = {
  name: 'unique-ids',
  about: 'Clients ask for ids; no id may be handed out twice.',
  options: {},
  generator: {
    init: undefined,
    next: (state) => ({ op: { f: 'generate', value: undefined }, state }),
  },
  request: () => ({ type: 'generate' }),
  complete: (_, reply) => completion(reply, 'generate_ok', { id: anything }, ({ id }) => id),
  idempotent: [],
  checkers: ['unique-ids'],
};
