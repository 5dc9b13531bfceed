// A building block: tasks under supervision, one for each partition of the log. See scheduler.ts
// for who runs them where and for how long, tasks.ts for what they do. A dependency that is down is
// one of two things to a task: a reason to chill, which the engine knows of and which costs
// nothing; or a failure like any other, of which it may have so many. Not here: a scheduler that
// dies for good.
import { assert } from '../../kernel/assert.js';
import type { Message } from '../../node/message.js';
import type { OptionProblem, Protocol } from '../../node/protocol.js';
import {
  type Answer,
  answered,
  ask,
  askAgain,
  askDefaults,
  noAsks,
  replyTypes,
} from '../leaning/asks.js';
import { gateOf, gateway, gatewayDefaults, passAnswer, passOn } from '../streams/gateway.js';
import { recover } from './disk.js';
import * as scheduler from './scheduler.js';
import type {
  Aim,
  Bodies,
  Content,
  Ctx,
  Entry,
  Options,
  Rules,
  State,
  Task,
  Timers,
} from './supervised-bodies.js';
import { supervisedProperties } from './supervised-properties.js';
import * as tasks from './tasks.js';

export type SupervisedProtocol = Protocol<State, Bodies, Timers, Options>;

interface Variant extends Rules {
  readonly name: string;
  readonly about: string;
}

const defaults: Options = {
  ...askDefaults,
  ...gatewayDefaults,
  database: 'database',
  partitions: 2,
  beatUs: 200_000,
  lostUs: 1_000_000,
  retries: 3,
  backoffUs: 500_000,
  stableUs: 10_000_000,
  depends: false,
  dependencyUs: 1_000_000,
  recovery: 'volume',
  pageRows: 4,
  paceUs: 100_000,
};

/** The code that says: it certainly did not happen, and might later. */
const unavailable = 11;

/** A protocol that differs from others made here in `Variant` alone. */
export function supervisedLike({ name, about, ...rules }: Variant): SupervisedProtocol {
  return {
    name,
    about,
    options: defaults,
    problem,
    init: start,
    on: { ...clientHandlers(rules), ...taskHandlers(rules) },
    timers: {
      ask: (state, timer, ctx) => askAgain(state.asks, timer, ctx),
      beats(state, _, ctx) {
        if (ctx.nodes[0] === ctx.self) scheduler.beat(state, ctx);
        ctx.setTimer({ type: 'beats' }, ctx.options.beatUs);
      },
      overdue: (state, timer, ctx) => tasks.overdue(state, timer, rules, ctx),
      page(state, { partition, epoch, from }, ctx) {
        if (state.tasks.get(partition)?.epoch === epoch) tasks.askPage(state, partition, from, ctx);
      },
      depend(state, { partition, epoch }, ctx) {
        if (state.tasks.get(partition)?.epoch === epoch) tasks.dependAgain(state, partition, ctx);
      },
      saved: (state, _, ctx) => scheduler.saved(state, ctx),
    },
    invariant: assertState,
    properties: supervisedProperties,
    milestones: {
      recovering: ({ tasks: all }) => [...all.values()].some(({ status }) => isOnItsWay(status)),
      chilled: (state) => [...state.tasks.values()].some(({ chilled }) => chilled),
    },
  };
}

const isOnItsWay = (status: Task['status']): boolean =>
  status === 'attaching' || status === 'recovering';

type Handlers = SupervisedProtocol['on'];

function clientHandlers({ givingUp }: Rules): Partial<Handlers> {
  const gates = gateway<State, Ctx>();
  return {
    ...gates,
    input(state, message, ctx) {
      const refused = givingUp === 'loud' && state.gaveUp.includes(Number(message.body.partition));
      if (!refused) return gates.input(state, message, ctx);
      const text = `nobody works on partition ${String(message.body.partition)}`;
      ctx.reply(message, { type: 'error', code: unavailable, text });
    },
    commits(state, message, ctx) {
      const gate = gateOf(message, 'commits_ok');
      if (ctx.nodes[0] !== ctx.self) return passOn(gate, { commits: [] }, ctx);
      state.askings += 1;
      state.asking.set(state.askings, { gate, volumes: new Map() });
      for (let partition = 0; partition < ctx.options.partitions; partition++) {
        const find = { type: 'find', key: tasks.volumeKey(partition) };
        const aim = { do: 'commits', partition, number: state.askings } as const;
        ask(state.asks, [ctx.options.store, find], aim, ctx);
      }
    },
    states(state, message, ctx) {
      const running = [...state.tasks.values()].filter(({ status }) => status === 'running');
      const counts = running.flatMap((task) => [...task.counts]);
      const named = counts.map(([word, count]) => [`count/${word}`, count]);
      ctx.reply(message, { type: 'states_ok', state: named } as never);
    },
  } as Partial<Handlers>;
}

function taskHandlers(rules: Rules): Partial<Handlers> {
  const resume = (state: State, message: Message, ctx: Ctx): void => {
    const found = answered(state.asks, message, ctx);
    if (found !== undefined) goOn(state, found, rules, ctx);
  };
  const replies = [...replyTypes, 'scan_ok', 'save_ok'];
  return {
    ...(Object.fromEntries(replies.map((type) => [type, resume])) as Partial<Handlers>),
    launch(state, { src, body: { partition, epoch, latest, gaveUp } }, ctx) {
      state.gaveUp = gaveUp;
      tasks.retire(state, latest, ctx);
      if (partition < 0) return;
      tasks.launch(state, partition, epoch, rules, ctx);
      const task = state.tasks.get(partition);
      if (task?.epoch !== epoch) return;
      ctx.send(src, { type: 'beat', partition, epoch, chilled: task.chilled });
    },
    beat: (state, { body }) => scheduler.heard(state, body),
    failed(state, { body: { partition, epoch, reason } }, ctx) {
      const entry = state.entries.get(partition);
      if (entry?.epoch !== epoch || entry.status !== 'running') return;
      scheduler.fail(state, partition, reason, ctx);
    },
  };
}

type Answered = NonNullable<ReturnType<typeof answered<Aim>>>;

function goOn(state: State, { aim, answer }: Answered, rules: Rules, ctx: Ctx): void {
  switch (aim.do) {
    case 'gate':
      return passAnswer(aim, answer, ctx);
    case 'commits':
      return volumeSeen(state, aim, answer, ctx);
    case 'attach':
      return tasks.attached(state, aim.partition, answer, ctx);
    case 'page':
      return tasks.pageCame(state, aim, answer, ctx);
    case 'fetch':
      return tasks.fetched(state, aim.partition, answer, rules, ctx);
    case 'depend':
      return tasks.depended(state, aim.partition, answer, rules, ctx);
    case 'put':
      return tasks.written(state, aim.partition, answer, rules, ctx);
    case 'show':
      return tasks.shown(state, aim.partition, aim.offset, ctx);
    case 'save':
      return tasks.saved(state, aim.partition, ctx);
  }
}

/** What all volumes hold is a snapshot: each of the records of its partition below its offset. */
function volumeSeen(
  state: State,
  { partition, number }: Extract<Aim, { readonly do: 'commits' }>,
  answer: Answer,
  ctx: Ctx,
): void {
  const asking = state.asking.get(number);
  if (asking === undefined) return;
  const { gate, volumes } = asking;
  const empty: Content = { epoch: 0, offset: 0, counts: [], batch: [] };
  const content = answer.ok ? (answer.body.value as Content) : empty;
  volumes.set(partition, { ...content, version: answer.ok ? Number(answer.body.version) : -1 });
  if (volumes.size < ctx.options.partitions) return;
  state.asking.delete(number);
  const all = [...volumes].sort(([a], [b]) => a - b);
  const commit = {
    version: all.map(([, { version }]) => version).join(),
    clock: all.map(([p, { offset }]) => [p, offset]),
    state: all.flatMap(([, { counts }]) => counts.map(([word, n]) => [`count/${word}`, n])),
  };
  passOn(gate, { commits: [commit] }, ctx);
}

function problem({ partitions, recovery, pageRows }: Options): OptionProblem | undefined {
  for (const [option, value] of Object.entries({ partitions, pageRows })) {
    if (value < 1) return { option, expected: 'at least 1' };
  }
  const names = ['volume', 'database'];
  return names.includes(recovery)
    ? undefined
    : { option: 'recovery', expected: names.join(' or '), names };
}

function start(ctx: Ctx): State {
  const { disk, values } = recover(ctx);
  const state: State = {
    asks: noAsks<Aim>(ctx),
    ...{ disk, tasks: new Map(), entries: new Map(), saving: 0 },
    ...{ gaveUp: [], asking: new Map(), askings: 0 },
  };
  for (let partition = 0; partition < ctx.options.partitions; partition++) {
    const known = values.get(`entry/${partition}`) as Entry | undefined;
    state.entries.set(partition, { ...(known ?? scheduler.firstEntry(partition, ctx)), silent: 0 });
  }
  ctx.setTimer({ type: 'beats' }, ctx.options.beatUs);
  return state;
}

function assertState({ tasks: all }: Readonly<State>): void {
  for (const { offset, counts, status } of all.values()) {
    let sum = 0;
    for (const count of counts.values()) sum += count;
    if (status === 'running')
      assert(sum === offset, 'a task has counted what it read', { sum, offset });
  }
}
