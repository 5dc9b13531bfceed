// Ids that the timestamp oracle lin-tso gives: 0, 1, 2 … each once, whoever asks. Compact and in
// order, but a node that cannot reach the oracle can serve nobody.
//
// Survives partitions, crashes of nodes, loss, duplicates (a timestamp may then be nobody's id).
import type { Context, Protocol } from '../../node/protocol.js';
import {
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
  noCalls,
  type TsBodies,
} from '../calls.js';
import type { Bodies as ClientBodies } from './bodies.js';

interface State {
  readonly calls: Calls<Asker>;
}

type Bodies = ClientBodies | TsBodies;
type Ctx = Context<Bodies, CallTimer, CallOptions>;

const handlers = answers<Asker, State, Ctx>((_, asker, got, ctx) => {
  // Nobody has got a timestamp whose message was lost: the request certainly failed.
  const refusal = { type: 'error', code: codes.unavailable } as const;
  answer<Bodies>(asker, got.ok ? { type: 'generate_ok', id: String(got.value) } : refusal, ctx);
});

export const oracle: Protocol<State, Bodies, CallTimer, CallOptions> = {
  name: 'unique-ids/oracle',
  about: 'Ids are timestamps of lin-tso; unique, but a node that is parted from it has none.',
  options: callDefaults,
  problem: callProblem,
  init: (ctx) => ({ calls: noCalls(ctx) }),
  on: {
    ...handlers.on,
    generate({ calls }, message, ctx) {
      call(calls, ['lin-tso', { type: 'ts' }], askerOf(message), ctx);
    },
  },
  timers: handlers.timers,
};
