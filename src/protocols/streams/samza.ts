// Counts words as Samza does: each partition has a task with a state of its own; now and then the
// task saves the state, and apart from it the offset up to which that state has come. Who takes the
// task over loads both and goes on. BROKEN for exactly-once: a crash between the two saves leaves a
// state that is ahead of its offset, and what lies between is counted again. With `atomic` both are
// saved at once. Nothing is saved before what came of it is shown, or a crash would leave outputs
// that nobody shows: Samza, too, flushes its producers first. A task's owner holds an ephemeral
// node; what it saves and shows carries the number of the change that created that node, so an
// owner that has been replaced is refused.
// Source: Noghabi et al. 2017, "Samza: stateful scalable stream processing at LinkedIn", §3.
import type { Body, ErrorBody, Message } from '../../node/message.js';
import type { Context, Protocol, Timer } from '../../node/protocol.js';
import {
  type Answer,
  type Asks,
  type AskTimer,
  ask,
  askDefaults,
  noAsks,
} from '../leaning/asks.js';
import { noSession, type Session, sessionDefaults } from '../leaning/session.js';
import { type ClientBodies, type Gate, gatewayDefaults } from './gateway.js';
import { beginTasks, type OwnAim, taskHandlers } from './owning.js';

interface Task {
  /** The number of the change by which this node came to own it. */
  readonly epoch: number;
  /** Undefined: not loaded yet. */
  state: Map<string, number> | undefined;
  next: number;
  emitted: number;
  saves: number;
  saving: boolean;
  /** What was counted last has not been shown yet. */
  showing: boolean;
  /** It is time to save. */
  due: boolean;
}

type Aim =
  | Gate
  | OwnAim
  | (OfTask & { readonly do: 'load' | 'load offset' | 'fetch' | 'emit' | 'saved' })
  | (OfTask & { readonly do: 'save offset'; readonly next: number; readonly seq: number });

interface OfTask {
  readonly partition: number;
  readonly epoch: number;
}

interface State {
  readonly asks: Asks<Aim>;
  readonly session: Session<Aim>;
  readonly tasks: Map<number, Task>;
}

type Timers = AskTimer | { readonly type: 'session' } | (OfTask & { readonly type: 'save' });

const options = {
  ...{ ...gatewayDefaults, ...sessionDefaults, ...askDefaults },
  partitions: 2,
  saveUs: 400_000,
  fetchMax: 20,
  atomic: false,
};

type Ctx = Context<ClientBodies | Body | ErrorBody, Timers & Timer, typeof options>;

const handlers = taskHandlers<Aim, State, Ctx>({
  count: (_, ctx) => ctx.options.partitions,
  isOfTask: (aim) => 'epoch' in aim,
  owned,
  elsewhere: () => {},
  resume(state, aim, answer, ctx) {
    if ('epoch' in aim) resumeTask(state, aim, answer, ctx);
  },
});

type Samza = Protocol<State, ClientBodies, Timers, typeof options>;

export const samza: Samza = {
  name: 'streams/samza',
  about: 'Counts words in tasks that save state and offset apart; at least once, or `atomic`.',
  options,
  problem: ({ partitions }) =>
    partitions < 1 ? { option: 'partitions', expected: 'at least 1' } : undefined,
  init(ctx) {
    const state: State = { asks: noAsks(ctx), session: noSession(), tasks: new Map() };
    beginTasks(state, ctx as Ctx);
    return state;
  },
  on: {
    ...handlers.on,
    states({ tasks }: State, message: Message, ctx: Ctx) {
      const counts = [...tasks.values()].flatMap(({ state }) => [...(state ?? [])]);
      const reply = { type: 'states_ok', state: counts.map(([word, n]) => [`count/${word}`, n]) };
      ctx.reply(message, reply as never);
    },
  } as unknown as Samza['on'],
  timers: {
    ...(handlers.timers as Samza['timers']),
    save: (state, of, ctx) => timeToSave(state, of, ctx as Ctx),
  },
};

function owned(state: State, partition: number, epoch: number, ctx: Ctx): void {
  state.tasks.set(partition, {
    epoch,
    state: undefined,
    next: 0,
    emitted: 0,
    saves: 0,
    saving: false,
    showing: false,
    due: false,
  });
  const key = `state/${partition}`;
  ask(
    state.asks,
    [ctx.options.store, { type: 'find', key, epoch }],
    { do: 'load', partition, epoch },
    ctx,
  );
}

function resumeTask(state: State, aim: Extract<Aim, OfTask>, answer: Answer, ctx: Ctx): void {
  const { partition, epoch } = aim;
  const task = state.tasks.get(partition);
  if (task === undefined || task.epoch !== epoch) return;
  if (!answer.ok && answer.code === 22) {
    state.tasks.delete(partition); // Somebody else has it by now.
    return;
  }
  const of = { partition, epoch };
  const { store, atomic } = ctx.options;
  switch (aim.do) {
    case 'load': {
      const found = answer.ok ? (answer.body.value as Saved) : { counts: new Map(), next: 0 };
      task.state = found.counts;
      task.next = found.next;
      if (atomic) return begin(state, task, of, ctx);
      const body = { type: 'find', key: `offset/${partition}`, epoch };
      return ask(state.asks, [store, body], { do: 'load offset', ...of }, ctx);
    }
    case 'load offset':
      task.next = answer.ok ? Number(answer.body.value) : 0;
      return begin(state, task, of, ctx);
    case 'fetch':
      return fetched(state, task, of, answer, ctx);
    case 'emit':
      task.showing = false;
      saveIfDue(state, task, of, ctx);
      return fetchMore(state, task, of, ctx);
    case 'save offset': {
      if (!answer.ok) break;
      const body = {
        type: 'put',
        key: `offset/${partition}`,
        value: aim.next,
        epoch,
        seq: aim.seq,
      };
      return ask(state.asks, [store, body], { do: 'saved', ...of }, ctx);
    }
    case 'saved':
      break;
  }
  task.saving = false;
}

interface Saved {
  readonly counts: Map<string, number>;
  readonly next: number;
}

function begin(state: State, task: Task, of: OfTask, ctx: Ctx): void {
  ctx.setTimer({ type: 'save', ...of }, ctx.options.saveUs);
  fetchMore(state, task, of, ctx);
}

function fetchMore(state: State, task: Task, of: OfTask, ctx: Ctx): void {
  const { log, fetchMax, askUs } = ctx.options;
  const { partition } = of;
  const wait = { max: fetchMax, waitUs: Math.floor(askUs / 2) };
  const body = { type: 'fetch', partition, offset: task.next, ...wait };
  ask(state.asks, [log, body], { do: 'fetch', ...of }, ctx);
}

function fetched(state: State, task: Task, of: OfTask, answer: Answer, ctx: Ctx): void {
  if (!answer.ok) return ctx.note(`stands still: ${answer.text}`);
  const offset = Number(answer.body.offset);
  const outputs: unknown[] = [];
  for (const [i, record] of (answer.body.records as readonly string[]).entries()) {
    if (offset + i !== task.next) continue; // It was asked for twice.
    task.next += 1;
    for (const [nth, word] of record.split(' ').entries()) {
      task.state?.set(word, (task.state.get(word) ?? 0) + 1);
      outputs.push(of.partition, offset + i, nth, word);
    }
  }
  if (outputs.length === 0) return fetchMore(state, task, of, ctx);
  task.showing = true;
  const source = `task-${of.partition}`;
  const body = { type: 'emit', source, epoch: of.epoch, seq: task.emitted++, outputs };
  ask(state.asks, [ctx.options.sink, body], { do: 'emit', ...of }, ctx);
}

function timeToSave(state: State, { partition, epoch }: OfTask, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task?.epoch !== epoch) return;
  const of = { partition, epoch };
  ctx.setTimer({ type: 'save', ...of }, ctx.options.saveUs);
  task.due = true;
  saveIfDue(state, task, of, ctx);
}

/** What is saved fits together: both are as of now. */
function saveIfDue(state: State, task: Task, { partition, epoch }: OfTask, ctx: Ctx): void {
  if (!task.due || task.saving || task.showing) return;
  const { store, atomic } = ctx.options;
  const of = { partition, epoch };
  task.due = false;
  task.saving = true;
  ctx.note('saves its state');
  const value = { counts: task.state, next: task.next };
  const seq = task.saves++;
  const body = { type: 'put', key: `state/${partition}`, value, epoch, seq };
  const aim: Aim = atomic
    ? { do: 'saved', ...of }
    : { do: 'save offset', next: task.next, seq, ...of };
  ask(state.asks, [store, body], aim, ctx);
}
