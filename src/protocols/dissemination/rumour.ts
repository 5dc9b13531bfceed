// Rumour mongering, or complex epidemics (Demers et al. 1987, §1.4): a node that learns something
// new finds it hot and tells, in each cycle, a node drawn by chance, until it loses interest. How
// it loses interest is what the variants differ in:
//
//   blind or feedback   whatever the other says, or only when the other knew it already
//   coin or counter     with a chance of 1/k each time, or the k-th time
//   push, pull or both  who has hot rumours calls, or everybody asks
//   connection limit    how many calls a node takes in a cycle; who is refused may hunt for others
//
// Rumours die out before they have reached everybody: some nodes, the residue, never hear them. Who
// wants all to have all backs rumours up with anti-entropy (`backup`), as Demers et al. do.
//
// With a backup it survives what `dissemination/anti-entropy` survives.
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import type { ClientBodies, Value } from '../broadcast/bodies.js';
import * as log from '../broadcast/logs.js';
import * as entropy from './anti-entropy.js';

/** A call: hot rumours for you, and tell me yours if I want them. */
interface Call extends Body {
  readonly type: 'call';
  readonly rumours: readonly log.Run[];
  readonly pull: boolean;
}

/** Hot rumours, as you asked. */
interface Answer extends Body {
  readonly type: 'answer';
  readonly rumours: readonly log.Run[];
}

/** Which rumours were new to me and which I knew. */
interface Feedback extends Body {
  readonly type: 'feedback';
  readonly needed: readonly Value[];
  readonly known: readonly Value[];
}

/** I have taken as many calls in this cycle as I can. */
interface Busy extends Body {
  readonly type: 'busy';
}

type Bodies = ClientBodies | Call | Answer | Feedback | Busy | entropy.CompareBodies;
type Timers = { readonly type: 'cycle' } | { readonly type: 'backup' };

interface Options {
  readonly cycleUs: Micros;
  readonly direction: string;
  /** Lose interest only when the other knew the rumour. */
  readonly feedback: boolean;
  /** `coin` or `counter`. */
  readonly interest: string;
  readonly k: number;
  /** Calls that a node takes in a cycle; 0: any number. */
  readonly connectionLimit: number;
  /** How often a node that was refused tries another one in the same cycle. */
  readonly hunts: number;
  /** The cycle of anti-entropy; 0: none. */
  readonly backupUs: Micros;
}

type Ctx = Context<Bodies, Timers, Options>;

/** A rumour that is told, and how hot it is. */
interface Heat {
  readonly run: log.Run;
  /** How often it was told in vain. */
  inVain: number;
  /** In this cycle, somebody who asked needed it; somebody knew it. */
  needed: boolean;
  known: boolean;
}

interface State {
  readonly logs: log.Logs;
  /** Heard as rumours: the logs take them once they have what went before. */
  readonly heard: Set<Value>;
  readonly hot: Map<Value, Heat>;
  /** Calls taken and hunts made in this cycle. */
  calls: number;
  hunts: number;
}

export const rumour: Protocol<State, Bodies, Timers, Options> = {
  name: 'dissemination/rumour',
  about:
    'Tells what is new to nodes drawn by chance until it loses interest; anti-entropy backs up.',
  options: {
    cycleUs: 100_000,
    direction: 'push-pull',
    feedback: true,
    interest: 'counter',
    k: 2,
    connectionLimit: 0,
    hunts: 0,
    backupUs: 2_000_000,
  },
  problem,
  init(ctx) {
    const { cycleUs, backupUs } = ctx.options;
    ctx.setTimer({ type: 'cycle' }, cycleUs); // In step, as in the paper; nothing depends on it.
    if (backupUs > 0) ctx.setTimer({ type: 'backup' }, 1 + ctx.random.below(backupUs));
    return { logs: log.noLogs(), heard: new Set(), hot: new Map(), calls: 0, hunts: 0 };
  },
  on: {
    topology(_, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
    },
    broadcast(state, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      const run = log.append(state.logs, message.body.message, ctx);
      if (run !== undefined) heatUp(state, run);
    },
    read({ logs, heard }, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...new Set([...logs.held, ...heard])] });
    },
    call: takeCall,
    answer: (state, { src, body }, ctx) => hear(state, src, body.rumours, ctx),
    feedback: (state, { body }, ctx) => lose(state, body, ctx),
    busy(state, _, ctx) {
      if (state.hunts >= ctx.options.hunts) return;
      state.hunts += 1;
      call(state, ctx);
    },
    compare: ({ logs }, { src, body }, ctx) => entropy.compared(logs, src, body, ctx),
    difference: ({ logs }, { src, body }, ctx) =>
      entropy.resolve(logs, src, body, 'push-pull', ctx),
    update({ logs }, { body }) {
      log.merge(logs, body.runs);
    },
  },
  timers: {
    cycle(state, timer, ctx) {
      endCycle(state, ctx);
      call(state, ctx);
      ctx.setTimer(timer, ctx.options.cycleUs);
    },
    backup({ logs }, timer, ctx) {
      entropy.compareWithSomebody(logs, 'push-pull', ctx);
      ctx.setTimer(timer, ctx.options.backupUs);
    },
  },
  invariant({ logs, heard, hot }) {
    log.assertWhole(logs);
    for (const value of hot.keys()) {
      assert(heard.has(value) || logs.held.has(value), 'who tells a rumour has heard it', {
        value,
      });
    }
  },
  milestones: { 'lost-interest': ({ heard, hot }) => heard.size > 0 && hot.size === 0 },
};

function problem({ cycleUs, direction, interest, k }: Options): OptionProblem | undefined {
  if (cycleUs < 1_000) return { option: 'cycleUs', expected: 'at least 1ms' };
  if (!Number.isInteger(k) || k < 1) return { option: 'k', expected: 'a whole number, at least 1' };
  const names = ['coin', 'counter'];
  if (!names.includes(interest)) return { option: 'interest', expected: 'coin or counter', names };
  return entropy.directionProblem(direction);
}

function heatUp({ hot }: State, run: log.Run): void {
  for (const value of run.values) hot.set(value, { run, inVain: 0, needed: false, known: false });
}

/** Pushers call when they have something to tell, pullers always. */
function call(state: State, ctx: Ctx): void {
  const { direction, feedback } = ctx.options;
  const rumours = direction === 'pull' ? [] : hotRuns(state);
  if (direction === 'push' && rumours.length === 0) return;
  const partner = entropy.somebodyElse(ctx);
  if (partner === undefined) return;
  ctx.send(partner, { type: 'call', rumours, pull: direction !== 'push' });
  if (!feedback) tire(state, valuesIn(rumours), ctx);
}

function takeCall(
  state: State,
  { src, body }: { readonly src: NodeId; readonly body: Call },
  ctx: Ctx,
): void {
  const { connectionLimit, feedback } = ctx.options;
  state.calls += 1;
  if (connectionLimit > 0 && state.calls > connectionLimit) {
    ctx.send(src, { type: 'busy' });
    return;
  }
  const rumours = body.pull ? hotRuns(state) : [];
  if (rumours.length > 0) ctx.send(src, { type: 'answer', rumours });
  if (!feedback) tire(state, valuesIn(rumours), ctx);
  hear(state, src, body.rumours, ctx);
}

/** What is new is hot; the source is told what was. */
function hear(state: State, source: NodeId, rumours: readonly log.Run[], ctx: Ctx): void {
  const { logs, heard } = state;
  if (rumours.length === 0) return;
  const isNew = (value: Value): boolean => !heard.has(value) && !logs.held.has(value);
  const values = valuesIn(rumours);
  const needed = values.filter(isNew);
  for (const run of rumours) if (run.values.some(isNew)) heatUp(state, run);
  log.merge(logs, rumours);
  for (const value of needed) heard.add(value);
  if (!ctx.options.feedback) return;
  const known = values.filter((value) => !needed.includes(value));
  ctx.send(source, { type: 'feedback', needed, known });
}

/**
 * Pushers tire of a rumour each time it was told in vain. Who is asked may be asked by many in a
 * cycle: it tires if none of them needed the rumour, and is as keen as ever if one did (§1.4).
 */
function lose(state: State, { needed, known }: Feedback, ctx: Ctx): void {
  if (ctx.options.direction === 'push') return tire(state, known, ctx);
  for (const value of needed) {
    const heat = state.hot.get(value);
    if (heat !== undefined) heat.needed = true;
  }
  for (const value of known) {
    const heat = state.hot.get(value);
    if (heat !== undefined) heat.known = true;
  }
}

function endCycle(state: State, ctx: Ctx): void {
  state.calls = 0;
  state.hunts = 0;
  if (ctx.options.direction === 'push') return;
  for (const [value, heat] of state.hot) {
    const { needed, known } = heat;
    heat.needed = false;
    heat.known = false;
    if (needed) heat.inVain = 0;
    else if (known) tire(state, [value], ctx);
  }
}

function tire({ hot }: State, values: readonly Value[], ctx: Ctx): void {
  const { interest, k } = ctx.options;
  for (const value of values) {
    const heat = hot.get(value);
    if (heat === undefined) continue;
    heat.inVain += 1;
    const lost = interest === 'counter' ? heat.inVain >= k : ctx.random.below(k) === 0;
    if (lost) hot.delete(value);
  }
}

const hotRuns = ({ hot }: State): log.Run[] => [...hot.values()].map(({ run }) => run);

const valuesIn = (rumours: readonly log.Run[]): Value[] => rumours.flatMap(({ values }) => values);
