// Word count in batches, as Storm's Trident does it: batches have numbers and are committed in
// their order, and a count knows the last batch that is in it. A transactional spout makes the same
// batch again, which is skipped; an opaque one makes it of what there is by then, which needs a
// state that can take the first attempt back. A transactional state on an opaque spout skips what
// was not in the first attempt. Source: Storm, "Trident state" and "Trident spouts".
import type { Message } from '../../../node/message.js';
import type { Protocol } from '../../../node/protocol.js';
import { type Answer, type AskTimer, ask, noAsks } from '../../leaning/asks.js';
import { noSession } from '../../leaning/session.js';
import { beginTasks, taskHandlers } from '../owning.js';
import {
  batchRead,
  commitBatch,
  emitBatch,
  freshCounter,
  rowPut,
  shareCame,
  shownBatch,
} from './batches.js';
import {
  coordinatorLoaded,
  coordinatorSaved,
  counterCommitted,
  failed,
  freshCoordinator,
  loadCoordinator,
  spoutEmitted,
  waited,
} from './coordinator.js';
import {
  type Aim,
  type Attempt,
  type CommitBatch,
  type Committed,
  type EmitBatch,
  type Emitted,
  type Row,
  type Share,
  type Task,
  type TridentBodies,
  type TridentCtx,
  type TridentOptions,
  type TridentState,
  tridentDefaults,
  tridentProblem,
} from './tasks.js';

type Timers =
  | AskTimer
  | { readonly type: 'session' }
  | { readonly type: 'idle'; readonly owned: number }
  | ({ readonly type: 'failed' } & Attempt);

type Trident = Protocol<TridentState, TridentBodies, Timers, TridentOptions>;

const handlers = taskHandlers<Aim, TridentState, TridentCtx>({
  count: (_, { options: { partitions, counters } }) => 1 + partitions + counters,
  isOfTask: (aim) => 'owned' in aim,
  owned: begin,
  elsewhere: ({ places }, task, node) => places.set(task, node),
  resume(state, aim, answer, ctx) {
    if ('owned' in aim) resumeTask(state, aim, answer, ctx);
  },
});

/** The task of this kind that this node owns. */
function taskOf<K extends Task['kind']>({ tasks }: TridentState, id: number, kind: K) {
  const task = tasks.get(id);
  return task?.kind === kind ? (task as Extract<Task, { readonly kind: K }>) : undefined;
}

export const trident: Trident = {
  name: 'streams/trident',
  about: 'Word count in numbered batches, with transactional or opaque spouts and states.',
  options: tridentDefaults,
  problem: tridentProblem,
  init(ctx) {
    const around = { asks: noAsks<Aim>(ctx), session: noSession<Aim>() };
    const state: TridentState = { ...around, tasks: new Map(), places: new Map() };
    beginTasks(state, ctx as TridentCtx);
    return state;
  },
  on: {
    ...handlers.on,
    emit_batch(state: TridentState, { body }: Message<EmitBatch>, ctx: TridentCtx) {
      const spout = taskOf(state, body.to, 'spout');
      if (spout !== undefined) emitBatch(state, spout, body, ctx);
    },
    emitted(state: TridentState, { body }: Message<Emitted>, ctx: TridentCtx) {
      const coordinator = taskOf(state, 0, 'coordinator');
      if (coordinator !== undefined) spoutEmitted(state, coordinator, body, ctx);
    },
    share(state: TridentState, { body }: Message<Share>) {
      const counter = taskOf(state, body.to, 'counter');
      if (counter !== undefined) shareCame(counter, body);
    },
    commit_batch(state: TridentState, { body }: Message<CommitBatch>, ctx: TridentCtx) {
      const counter = taskOf(state, body.to, 'counter');
      if (counter !== undefined) commitBatch(state, counter, body, ctx);
    },
    committed(state: TridentState, { body }: Message<Committed>, ctx: TridentCtx) {
      const coordinator = taskOf(state, 0, 'coordinator');
      if (coordinator !== undefined) counterCommitted(state, coordinator, body, ctx);
    },
    states({ tasks }: TridentState, message: Message, ctx: TridentCtx) {
      const held = [...tasks.values()].flatMap((task) =>
        task.kind === 'counter'
          ? [...task.rows].map(([word, { value }]) => [`count/${word}`, value] as const)
          : [],
      );
      ctx.reply(message, { type: 'states_ok', state: held } as never);
    },
  } as unknown as Trident['on'],
  timers: {
    ...(handlers.timers as Trident['timers']),
    failed(state, timer, ctx) {
      const coordinator = taskOf(state, 0, 'coordinator');
      if (coordinator !== undefined) failed(state, coordinator, timer, ctx as TridentCtx);
    },
    idle(state, { owned }, ctx) {
      const coordinator = taskOf(state, 0, 'coordinator');
      if (coordinator?.owned === owned) waited(state, coordinator, ctx as TridentCtx);
    },
  },
};

/** The task is this node's; what it has on disk comes first. */
function begin(state: TridentState, id: number, owned: number, ctx: TridentCtx): void {
  state.places.set(id, ctx.self);
  const { partitions } = ctx.options;
  if (id === 0) {
    const coordinator = freshCoordinator(owned, ctx.options);
    state.tasks.set(id, coordinator);
    return loadCoordinator(state, coordinator, ctx);
  }
  if (id <= partitions) {
    state.tasks.set(id, { kind: 'spout', task: id, owned });
    return;
  }
  state.tasks.set(id, freshCounter(id, owned));
  const body = { type: 'rows', tablet: String(id), epoch: owned };
  ask(state.asks, [ctx.options.store, body], { do: 'rows', task: id, owned }, ctx);
}

type TaskAim = Extract<Aim, { readonly owned: number }>;

function resumeTask(state: TridentState, aim: TaskAim, answer: Answer, ctx: TridentCtx): void {
  const task = state.tasks.get(aim.task);
  if (task?.owned !== aim.owned) return;
  if (!answer.ok && answer.code === 22) {
    state.tasks.delete(aim.task); // Somebody else has it by now.
    return;
  }
  switch (task.kind) {
    case 'coordinator':
      if (aim.do === 'load') coordinatorLoaded(state, task, answer, ctx);
      else if (aim.do === 'fix' || aim.do === 'close') {
        coordinatorSaved(state, task, aim.do, answer, ctx);
      }
      return;
    case 'spout':
      if (aim.do === 'fetch') batchRead(state, task, aim.of, answer, ctx);
      return;
    case 'counter':
      if (aim.do === 'row') rowPut(state, task, aim, answer, ctx);
      else if (aim.do === 'show') shownBatch(state, task, ctx);
      else if (aim.do === 'rows' && answer.ok) {
        for (const [path, row] of answer.body.rows as readonly (readonly [string, Row])[]) {
          task.rows.set(path.slice(path.indexOf('/') + 1), row);
        }
        task.ready = true;
      }
  }
}
