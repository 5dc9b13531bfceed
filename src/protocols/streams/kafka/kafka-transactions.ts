// Streams over a log alone, in the manner of Kafka Streams: a task reads a partition, and all that
// comes of what it read is one transaction: records for the tasks below, changes of its state, its
// next offset. Who takes a task over begins under the same producer's name, which refuses the one
// before, and reads state and offset from the log. Everybody reads what is committed only. Sources:
// Kafka, KIP-98, KIP-129 "Streams exactly-once semantics"; Wang et al. 2021, "Consistency and
// completeness: rethinking distributed stream processing in Apache Kafka", §4.
//
//   in/3 ─▶ task 3 ─▶ transaction { in/5, in/6, changelog/3, offsets/3 } ─▶ committed or nothing
import type { Body, Message } from '../../../node/message.js';
import type { Protocol } from '../../../node/protocol.js';
import { type Answer, type AskTimer, ask, noAsks } from '../../leaning/asks.js';
import { noSession } from '../../leaning/session.js';
import { type ClientBodies, gateOf, isFirst, passAnswer, passOn } from '../gateway.js';
import { beginTasks, taskHandlers } from '../owning.js';
import { topologyOf } from '../topology/named.js';
import { planOf, type TopologySpec } from '../topology/plan.js';
import {
  type Aim,
  type Ctx,
  type OfTask,
  type Options,
  options,
  problem,
  readMax,
  type State,
  type TooLong,
} from './tasks.js';
import { owned, resumeTask, tooLong } from './transactions.js';

type Timers = AskTimer | { readonly type: 'session' } | (OfTask & TooLong);

const handlers = taskHandlers<Aim, State, Ctx>({
  // Sinks are partitions that nobody works off.
  count: ({ plan }) => plan.vertexOf.length - plan.sinks.length,
  isOfTask: (aim) => 'owned' in aim,
  owned,
  elsewhere: () => {},
  resume(state, aim, answer, ctx) {
    if (aim.do === 'read out') outRead(state, aim, answer, ctx);
    else if ('owned' in aim) resumeTask(state, aim, answer, ctx);
  },
});

type Transactional = Protocol<State, ClientBodies, Timers, Options>;

export const kafkaTransactions: Transactional = {
  name: 'streams/kafka-transactions',
  about: 'Exactly-once by transactions over a log: outputs, changes of state and offsets at once.',
  options,
  problem,
  init(ctx) {
    const { topology, partitions } = ctx.options;
    const plan = planOf(topologyOf(topology) as TopologySpec, partitions);
    const state: State = { asks: noAsks(ctx), session: noSession(), plan, tasks: new Map() };
    beginTasks(state, ctx as Ctx);
    return state;
  },
  on: {
    ...handlers.on,
    states({ plan, tasks }: State, message: Message, ctx: Ctx) {
      const held = [...tasks.values()].flatMap(({ id, state }) => {
        const { name } = plan.vertices[plan.vertexOf[id] ?? 0] ?? {};
        return [...state].map(([key, amount]) => [`${name}/${key}`, amount] as const);
      });
      ctx.reply(message as Message<Body>, { type: 'states_ok', state: held } as never);
    },
    outputs(state: State, message: Message, ctx: Ctx) {
      const gate = gateOf(message, 'outputs_ok');
      const { sink } = ctx.options;
      if (!isFirst(ctx)) return passOn(gate, { sink, from: 0, outputs: [] }, ctx);
      readOut(state, { do: 'read out', gate, sink: 0, outputs: [] }, ctx);
    },
  } as unknown as Transactional['on'],
  timers: {
    ...(handlers.timers as Transactional['timers']),
    'too long': (state, timer, ctx) => tooLong(state, timer, ctx as Ctx),
  },
};

/** What is committed in the partitions of the sinks, one after the other. */
function readOut(state: State, aim: Extract<Aim, { readonly do: 'read out' }>, ctx: Ctx): void {
  const sink = state.plan.sinks[aim.sink];
  const { gate, outputs } = aim;
  if (sink === undefined) {
    const answer: Answer = { ok: true, body: { type: 'shown_ok', outputs: outputs.flat() } };
    return passAnswer(gate, answer, ctx);
  }
  const around = { offset: 0, max: readMax, committed: true };
  ask(
    state.asks,
    [ctx.options.log, { type: 'fetch', partition: `in/${sink}`, ...around }],
    aim,
    ctx,
  );
}

function outRead(
  state: State,
  aim: Extract<Aim, { readonly do: 'read out' }>,
  answer: Answer,
  ctx: Ctx,
): void {
  if (!answer.ok) return passAnswer(aim.gate, answer, ctx);
  const outputs = [...aim.outputs, ...(answer.body.records as readonly unknown[])];
  readOut(state, { ...aim, sink: aim.sink + 1, outputs }, ctx);
}
