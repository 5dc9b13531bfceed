// Transactions over registers in one node's memory, one at a time. Right where there is one node
// and it does not crash. BROKEN with more: each has registers of its own. Gossip Glomers 6a.
import type { Protocol } from '../../node/protocol.js';
import type { ClientBodies, Key, Micro } from './bodies.js';

interface State {
  readonly values: Map<Key, unknown>;
}

export const single: Protocol<State, ClientBodies> = {
  name: 'txn-rw-register/single',
  about: 'Keeps registers in memory; strict serializable with one node, broken with more.',
  options: {},
  init: () => ({ values: new Map() }),
  on: {
    txn({ values }, message, ctx) {
      const txn = message.body.txn.map((micro): Micro => {
        const [f, key, value] = micro;
        if (f === 'r') return ['r', key, values.get(key) ?? null];
        values.set(key, value);
        return micro;
      });
      ctx.reply(message, { type: 'txn_ok', txn });
    },
  },
};
