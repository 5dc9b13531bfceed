// A building block: a counter that is one value of the service seq-kv. To add is to read it and to
// compare and set it, again while others come between. To read it is to read what may long be past,
// unless the node changes something first: a change happens in the newest state, and who has seen
// that never sees an older one. Gossip Glomers 4.
import type { ErrorBody, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import {
  type Answer,
  type Asker,
  answer,
  answers,
  askerOf,
  type CallOptions,
  type Calls,
  type CallTimer,
  call,
  callDefaults,
  callProblem,
  codes,
  type KvBodies,
  noCalls,
} from '../calls.js';
import type { ClientBodies } from './bodies.js';

/** What a call was for. */
type Next =
  | { readonly step: 'add'; readonly asker: Asker; readonly delta: number; readonly tries: number }
  | {
      readonly step: 'added';
      readonly asker: Asker;
      readonly delta: number;
      readonly tries: number;
    }
  | { readonly step: 'synced' | 'read'; readonly asker: Asker };

interface State {
  readonly calls: Calls<Next>;
  /** Makes each write of a read a change. */
  syncs: number;
}

type Bodies = ClientBodies | KvBodies;
type Ctx = Context<Bodies, CallTimer, CallOptions>;

const service: NodeId = 'seq-kv';
const key = 'counter';

/** An add that others get in the way of is given up after so many tries. */
const triesMax = 100;

/** What differs. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** Whether a read changes something first, so that it is of the newest state. */
  readonly syncs: boolean;
}

export function overSeqKv({
  name,
  about,
  syncs,
}: Kind): Protocol<State, Bodies, CallTimer, CallOptions> {
  const handlers = answers<Next, State, Ctx>(resume);
  return {
    name,
    about,
    options: callDefaults,
    problem: callProblem,
    init: (ctx) => ({ calls: noCalls(ctx), syncs: 0 }),
    on: {
      ...handlers.on,
      add(state, message, ctx) {
        const { delta } = message.body;
        beginAdd(state, { step: 'add', asker: askerOf(message), delta, tries: 0 }, ctx);
      },
      read(state, message, ctx) {
        const asker = askerOf(message);
        if (!syncs) return read(state, asker, ctx);
        const value = `${ctx.incarnation}/${state.syncs++}`;
        const write = { type: 'write', key: `sync/${ctx.self}`, value } as const;
        call(state.calls, [service, write], { step: 'synced', asker }, ctx);
      },
    },
    timers: handlers.timers,
  };
}

function resume(state: State, next: Next, got: Answer, ctx: Ctx): void {
  switch (next.step) {
    case 'add':
      return withValue(next, got, ctx, (value) => {
        const to = value + next.delta;
        const cas = { type: 'cas', key, from: value, to, create_if_not_exists: true } as const;
        call(state.calls, [service, cas], { ...next, step: 'added' }, ctx);
      });
    case 'added':
      if (got.ok) return answer(next.asker, { type: 'add_ok' }, ctx);
      if (got.code !== codes.mismatch) return refuse(next.asker, got.code, ctx);
      return beginAdd(state, { ...next, step: 'add', tries: next.tries + 1 }, ctx);
    case 'synced':
      if (got.ok) return read(state, next.asker, ctx);
      return refuse(next.asker, codes.unavailable, ctx);
    case 'read':
      return withValue(next, got, ctx, (value) => {
        answer(next.asker, { type: 'read_ok', value }, ctx);
      });
  }
}

function beginAdd(state: State, next: Extract<Next, { step: 'add' }>, ctx: Ctx): void {
  if (next.tries >= triesMax) return refuse(next.asker, codes.unavailable, ctx);
  call(state.calls, [service, { type: 'read', key }], next, ctx);
}

function read(state: State, asker: Asker, ctx: Ctx): void {
  call(state.calls, [service, { type: 'read', key }], { step: 'read', asker }, ctx);
}

/** Goes on with the counter's value; a counter that nobody has written is 0. */
function withValue({ asker }: Next, got: Answer, ctx: Ctx, then: (value: number) => void): void {
  if (got.ok) then(Number(got.value));
  else if (got.code === codes.missing) then(0);
  else refuse(asker, codes.unavailable, ctx);
}

function refuse(asker: Asker, code: number, ctx: Ctx): void {
  const body: ErrorBody = { type: 'error', code };
  answer<Bodies>(asker, body, ctx);
}
