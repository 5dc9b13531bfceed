// A building block: locks that are values of the service lin-kv, the name of the holder or
// nobody's. Nobody waits: who cannot have a lock is told so.
import type { Body, ErrorBody, NodeId } from '../../node/message.js';
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
  type KvRequest,
  noCalls,
} from '../calls.js';

interface Acquire extends Body {
  readonly type: 'acquire';
  readonly lock: unknown;
}

interface AcquireOk extends Body {
  readonly type: 'acquire_ok';
}

interface Release extends Body {
  readonly type: 'release';
  readonly lock: unknown;
}

interface ReleaseOk extends Body {
  readonly type: 'release_ok';
}

/** `look`: a read whose value decides whether there is a write. */
interface Next {
  readonly asker: Asker;
  readonly step: 'look' | 'done';
  readonly asked: 'acquire' | 'release';
  readonly key: string;
}

interface State {
  readonly calls: Calls<Next>;
}

type Bodies = Acquire | AcquireOk | Release | ReleaseOk | KvBodies;
type Ctx = Context<Bodies, CallTimer, CallOptions>;

const service: NodeId = 'lin-kv';
const nobody = '';

/** What differs. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** `cas`: in one step. `look-then-write`: whoever saw it free takes it. */
  readonly acquires: 'cas' | 'look-then-write';
  /** Whether only the holder can release. */
  readonly checksHolder: boolean;
}

export function overLinKv({
  name,
  about,
  acquires,
  checksHolder,
}: Kind): Protocol<State, Bodies, CallTimer, CallOptions> {
  const handlers = answers<Next, State, Ctx>(resume);
  return {
    name,
    about,
    options: callDefaults,
    problem: callProblem,
    init: (ctx) => ({ calls: noCalls(ctx) }),
    on: {
      ...handlers.on,
      acquire({ calls }, message, ctx) {
        const key = `lock/${String(message.body.lock)}`;
        const asker = askerOf(message);
        const next = { asker, asked: 'acquire', key } as const;
        if (acquires === 'look-then-write') {
          return call(calls, [service, { type: 'read', key }], { step: 'look', ...next }, ctx);
        }
        const taken = { key, from: nobody, to: asker.src, create_if_not_exists: true };
        call(calls, [service, { type: 'cas', ...taken }], { step: 'done', ...next }, ctx);
      },
      release({ calls }, message, ctx) {
        const key = `lock/${String(message.body.lock)}`;
        const asker = askerOf(message);
        const request: KvRequest = checksHolder
          ? { type: 'cas', key, from: asker.src, to: nobody }
          : { type: 'write', key, value: nobody };
        call(calls, [service, request], { asker, asked: 'release', key, step: 'done' }, ctx);
      },
    },
    timers: handlers.timers,
  };
}

function resume({ calls }: State, next: Next, got: Answer, ctx: Ctx): void {
  const { asker, asked, key, step } = next;
  if (step === 'look' && (got.ok ? got.value === nobody : got.code === codes.missing)) {
    const write = { type: 'write', key, value: asker.src } as const;
    return call(calls, [service, write], { ...next, step: 'done' }, ctx);
  }
  if (step === 'done' && got.ok) return answer<Bodies>(asker, { type: `${asked}_ok` }, ctx);
  answer<Bodies>(asker, refusal(step, got, asked), ctx);
}

/** A look that came to nothing did nothing; what is not a refusal may have been done. */
function refusal(step: Next['step'], got: Answer, asked: Next['asked']): ErrorBody {
  const text = asked === 'acquire' ? 'somebody holds it' : 'you do not hold it';
  const held: ErrorBody = { type: 'error', code: codes.mismatch, text };
  if (got.ok || got.code === codes.mismatch || got.code === codes.missing) return held;
  if (step === 'look') return { type: 'error', code: codes.unavailable };
  return { type: 'error', code: got.code };
}
