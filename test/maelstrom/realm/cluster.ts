// Clusters of hosted programs without a workload: a tester sends requests at their times and
// gathers what is answered; stores are as small as can be.
import { hostedJavaScript } from '../../../src/maelstrom/realm/hosted-javascript.js';
import type { LogEntry } from '../../../src/maelstrom/realm/hosted-node.js';
import type { Body } from '../../../src/node/message.js';
import type { AnyProtocol } from '../../../src/node/protocol.js';
import { digestWorld } from '../../../src/sim/inspect.js';
import type { RunResult } from '../../../src/sim/result.js';
import { type Setting, tiny, watch } from '../../support/worlds.js';

/** At so many ms, this body goes to that node. */
export type Asked = readonly [atMs: number, dest: string, body: Body & Record<string, unknown>];

interface Talk {
  /** `1020 n0 {"type":"echo_ok",…}`: ms, who, what, which answers request `in_reply_to`. */
  readonly answers: readonly string[];
  readonly log: readonly LogEntry[];
  readonly crashes: RunResult['crashes'];
  readonly notes: readonly string[];
  readonly digest: string;
  /** Of the world at its end, by name. */
  readonly states: readonly unknown[];
}

/** A store that answers at once, one value a key. */
const store: AnyProtocol = tiny({
  name: 'store',
  init: () => ({ values: new Map() }),
  on: {
    read: ({ values }, message, ctx) => {
      const value = values.get(message.body.key);
      if (value === undefined) ctx.reply(message, { type: 'error', code: 20, text: 'no key' });
      else ctx.reply(message, { type: 'read_ok', value });
    },
    write: ({ values }, message, ctx) => {
      values.set(message.body.key, message.body.value);
      ctx.reply(message, { type: 'write_ok' });
    },
    cas: ({ values }, message, ctx) => {
      const { key, from, to } = message.body;
      const same = JSON.stringify(values.get(key) ?? null) === JSON.stringify(from);
      if (same) values.set(key, to);
      ctx.reply(message, same ? { type: 'cas_ok' } : { type: 'error', code: 22, text: 'differs' });
    },
  },
});

function tester(asked: readonly Asked[], answers: string[]): AnyProtocol {
  return tiny({
    name: 'tester',
    init: (ctx) => {
      for (const [nth, [atMs]] of asked.entries()) ctx.setTimer({ type: 'ask', nth }, atMs * 1_000);
      return {};
    },
    timers: {
      ask: (_, { nth }, ctx) => {
        const [, dest, body] = asked[nth] as Asked;
        ctx.send(dest, { msg_id: nth, ...body });
      },
    },
    other: (_, { src, body }, ctx) => {
      answers.push(`${ctx.nowUs / 1_000} ${src} ${JSON.stringify(body)}`);
    },
  });
}

/** Hosts `path` at `nodes` nodes, asks, and tells all that was to be heard. */
export function talk(
  path: string,
  asked: readonly Asked[],
  {
    count = 1,
    seed = '1',
    args = [],
    ...setting
  }: Setting & { count?: number; args?: string[] } = {},
): Talk {
  const answers: string[] = [];
  const log: LogEntry[] = [];
  const protocol = hostedJavaScript(path, args, { log: (entry) => log.push(entry) });
  const services = ['lin-kv', 'seq-kv'].map((name) => ({ name, protocol: store, options: {} }));
  const { world, result, notes } = watch({
    ...{ protocol, seed, nodes: Array.from({ length: count }, (_, i) => `n${i}`) },
    services: [...services, { name: 'tester', protocol: tester(asked, answers), options: {} }],
    ...setting,
  });
  const states = world.roster.states.slice(0, count);
  return { answers, log, crashes: result.crashes, notes, digest: digestWorld(world), states };
}
