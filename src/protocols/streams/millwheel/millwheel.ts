// Streams in which every record is a transaction of its own, in the manner of MillWheel. For each
// record one row is written: the state of its key, the ids that were applied to it, what it makes;
// then the sender hears that it is done, then what was made is sent, again and again until that is
// done in its turn. So the same record applied again is known by its id, and what is sent again is
// what was sent before: strong productions. With weak ones a vertex without a state sends first and
// writes nothing; its sender hears when everything below is done, or sends again, and then it may
// make something else. A row carries its writer's epoch, MillWheel's sequencer: who was replaced is
// refused. Source: Akidau et al. 2013, "MillWheel: fault-tolerant stream processing at internet
// scale", §5.
import type { Body, Message } from '../../../node/message.js';
import type { Protocol } from '../../../node/protocol.js';
import { type AskTimer, ask, noAsks } from '../../leaning/asks.js';
import { noSession } from '../../leaning/session.js';
import { beginTasks, taskHandlers } from '../owning.js';
import { topologyOf } from '../topology/named.js';
import { planOf, type TopologySpec } from '../topology/plan.js';
import { loaded, produced, production, resumeTask, tick } from './records.js';
import {
  type Aim,
  freshTask,
  type MillBodies,
  type MillCtx,
  type MillOptions,
  type MillState,
  millDefaults,
  millProblem,
} from './tasks.js';

type Timers = AskTimer | { readonly type: 'session' | 'tick' };

const handlers = taskHandlers<Aim, MillState, MillCtx>({
  count: ({ plan }) => plan.vertexOf.length,
  isOfTask: (aim) => 'epoch' in aim,
  owned: begin,
  elsewhere: ({ places }, task, node) => places.set(task, node),
  resume(state, aim, answer, ctx) {
    if (!('epoch' in aim)) return;
    if (aim.do === 'rows') loaded(state, aim, answer, ctx);
    else resumeTask(state, aim, answer, ctx);
  },
});

type Mill = Protocol<MillState, MillBodies, Timers, MillOptions>;

export const millwheel: Mill = {
  name: 'streams/millwheel',
  about: 'Exactly-once record by record: ids, state and productions are written at once.',
  options: millDefaults,
  problem: millProblem,
  init(ctx) {
    const { topology, partitions } = ctx.options;
    const plan = planOf(topologyOf(topology) as TopologySpec, partitions);
    const state: MillState = {
      ...{ asks: noAsks(ctx), session: noSession(), plan, tasks: new Map(), places: new Map() },
    };
    beginTasks(state, ctx as MillCtx);
    ctx.setTimer({ type: 'tick' }, ctx.options.tickUs);
    return state;
  },
  on: {
    ...handlers.on,
    production,
    produced,
    states(state: MillState, message: Message, ctx: MillCtx) {
      ctx.reply(message as Message<Body>, { type: 'states_ok', state: held(state) } as never);
    },
  } as unknown as Mill['on'],
  timers: {
    ...(handlers.timers as Mill['timers']),
    tick: (state, _, ctx) => {
      ctx.setTimer({ type: 'tick' }, ctx.options.tickUs);
      tick(state, ctx as MillCtx);
    },
  },
};

/** What the rows say, by `vertex/key`. */
function held({ plan, tasks }: MillState): readonly (readonly [string, number])[] {
  return [...tasks.values()].flatMap(({ id, cells }) => {
    const vertex = plan.vertices[plan.vertexOf[id] ?? 0];
    return [...cells].flatMap(([key, { row }]) =>
      row.value === undefined ? [] : [[`${vertex?.name}/${key}`, row.value] as const],
    );
  });
}

/** The task is this node's: what is written of it comes first, and nobody else writes any more. */
function begin(state: MillState, id: number, epoch: number, ctx: MillCtx): void {
  state.tasks.set(id, freshTask(id, epoch));
  state.places.set(id, ctx.self);
  ctx.note(`owns ${id}`);
  const body = { type: 'rows', tablet: String(id), epoch };
  ask(state.asks, [ctx.options.store, body], { do: 'rows', task: id, epoch }, ctx);
}
