// Logs in one node's memory. Right where there is one node and it does not crash. BROKEN with more:
// each has logs of its own, so that two messages lie at one offset. Gossip Glomers 5a.
import type { Protocol } from '../../node/protocol.js';
import type { ClientBodies, LogRecord } from './bodies.js';

interface State {
  readonly logs: Map<string, unknown[]>;
  readonly committed: Map<string, number>;
}

export const single: Protocol<State, ClientBodies> = {
  name: 'kafka/single',
  about: 'Keeps logs in memory; right with one node, broken with more.',
  options: {},
  init: () => ({ logs: new Map(), committed: new Map() }),
  on: {
    send({ logs }, message, ctx) {
      const { key, msg } = message.body;
      const log = logs.get(key) ?? [];
      logs.set(key, log);
      ctx.reply(message, { type: 'send_ok', offset: log.push(msg) - 1 });
    },
    poll({ logs }, message, ctx) {
      const found = Object.entries(message.body.offsets).map(([key, from]) => {
        const records = (logs.get(key) ?? []).map((each, offset): LogRecord => [offset, each]);
        return [key, records.slice(from)] as const;
      });
      ctx.reply(message, { type: 'poll_ok', msgs: Object.fromEntries(found) });
    },
    commit_offsets({ committed }, message, ctx) {
      for (const [key, offset] of Object.entries(message.body.offsets)) {
        committed.set(key, Math.max(offset, committed.get(key) ?? 0));
      }
      ctx.reply(message, { type: 'commit_offsets_ok' });
    },
    list_committed_offsets({ committed }, message, ctx) {
      const found = message.body.keys.flatMap((key) => {
        const offset = committed.get(key);
        return offset === undefined ? [] : [[key, offset] as const];
      });
      ctx.reply(message, {
        type: 'list_committed_offsets_ok',
        offsets: Object.fromEntries(found),
      });
    },
  },
};
