// The short way for the most common events: a message or a timer reaches a healthy node, nothing
// can happen to what it sends but delay, and no observer is told. It does what `events.ts`,
// `handle.ts` and `apply.ts` do for any event, written out in a few long functions because calls
// and questions are most of the cost. A test runs both ways and compares digests.
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotAt } from '../kernel/queue.js';
import type { Body, Message, NodeId } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { applyEffects } from './apply.js';
import { nameOf, threw } from './handle.js';
import type { Journal } from './journal.js';
import { checkReturned, type Handler, handlerOf, type Program, timerHandlerOf } from './program.js';
import { askOfAll, askProperties } from './properties.js';
import { hasHandled, isUsual, programIn } from './roster.js';
import { kinds } from './schedule.js';
import type { Watch } from './watch.js';
import type { World } from './world.js';

/** What is imported, as constants of this module: V8 looks imports up at every use. */
const known = {
  ...{ A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotAt },
  ...{ deliver: kinds.deliver, timer: kinds.timer },
  ...{ askOfAll, askProperties, handlerOf, hasHandled, isUsual, programIn, timerHandlerOf },
} as const;

/** Whether the short way may be taken at all. Only what `events.ts` does can change that. */
export function isQuiet(world: World): boolean {
  const { edits, invariants, linkKeys, network, observer, spec } = world;
  return (
    network.quiet &&
    edits === undefined &&
    observer === undefined &&
    linkKeys === undefined &&
    !spec.strict &&
    spec.milestones.length === 0 &&
    !invariants
  );
}

/** Lets the event in `slot` happen the short way; false: it is none for that, and still there. */
export function happenQuietly(world: World, slot: number): boolean {
  const at = known.slotAt(slot);
  const kind = world.queue.words[at | known.KIND] as number;
  if (kind === known.deliver) return deliverQuietly(world, slot, at);
  return kind === known.timer && fireQuietly(world, slot, at);
}

const deliverQuietly = (world: World, slot: number, at: number): boolean => {
  const { counts, programs, queue, roster } = world;
  const { words } = queue;
  const target = words[at | known.A] as number;
  const flags = roster.flagsOf(target);
  if (!known.isUsual(flags)) return false;
  const body = queue.payload(slot) as Body;
  const handler = known.handlerOf(programs[known.programIn(flags)] as Program, body.type);
  if (handler === undefined) return false;
  const source = words[at | known.B] as number;
  const cause = words[at | known.CAUSE] as number;
  begin(world, words[at | known.KEY_HI] as number, words[at | known.KEY_LO] as number);
  queue.release(slot);
  if (roster.isClient(source)) counts.clients.delivered++;
  else counts.servers.delivered++;
  const { names } = roster;
  const message = { src: names[source] as NodeId, dest: names[target] as NodeId, body };
  if (world.journal !== undefined) journalArrival(world, world.journal, message);
  handleQuietly(world, target, flags, handler, message);
  if (world.watch !== undefined) askQuietly(world, world.watch, target);
  chain(world, known.deliver, target, source, cause, 0);
  world.events++;
  return true;
};

const fireQuietly = (world: World, slot: number, at: number): boolean => {
  const { programs, queue, roster } = world;
  const { words } = queue;
  const node = words[at | known.A] as number;
  const flags = roster.flagsOf(node);
  if (!known.isUsual(flags)) return false;
  const timer = queue.payload(slot) as Timer;
  const handler = known.timerHandlerOf(programs[known.programIn(flags)] as Program, timer.type);
  if (handler === undefined) return false;
  const id = words[at | known.B] as number;
  const cause = words[at | known.CAUSE] as number;
  begin(world, words[at | known.KEY_HI] as number, words[at | known.KEY_LO] as number);
  queue.release(slot);
  world.timers.take(node, id);
  handleQuietly(world, node, flags, handler, timer);
  if (world.watch !== undefined) askQuietly(world, world.watch, node);
  chain(world, known.timer, node, id, cause, 0);
  world.events++;
  return true;
};

/** As `loop.ts` does after any event at a node. */
const askQuietly = (world: World, watch: Watch, node: number): void => {
  known.askProperties(world, watch, world.roster.names[node]);
  known.askOfAll(world, watch);
};

function journalArrival({ queue, scratch }: World, journal: Journal, message: Message): void {
  const { hi, lo } = scratch;
  const { src, dest, body } = message; // To spread and then define takes V8 ten times as long.
  journal.arrived({ src, dest, body, hi, lo, atUs: queue.nowUs }, '');
}

/** Sets the scratch-pad for the event with key (hi, lo). */
const begin = ({ scratch }: World, hi: number, lo: number): void => {
  scratch.hi = hi;
  scratch.lo = lo;
  scratch.isolator.hash = 0;
  scratch.random.rekey(hi, lo);
};

const handleQuietly = (
  world: World,
  index: number,
  flags: number,
  handler: Handler,
  input: unknown,
): void => {
  const { context, roster, scratch } = world;
  const { atOnce } = scratch;
  atOnce.open = world.journal === undefined; // Which is told when the handler has returned.
  context.open(index);
  try {
    const returned = handler(roster.states[index], input, context);
    if (returned !== undefined) checkReturned(returned);
    if (!known.hasHandled(flags)) roster.setHandled(index, true);
  } catch (error) {
    atOnce.open = false;
    scratch.outcome = '';
    threw(world, index, nameOf(world, index, handler, input), error);
  }
  atOnce.open = false;
  context.close();
  if (scratch.effects.count > 0) applyEffects(world, index);
  scratch.isolator.hash ^= atOnce.keys;
  atOnce.sends = 0;
  atOnce.timers = 0;
  atOnce.keys = 0;
};

/** Chains the event into the digest, and into the trace if there is one. */
export function conclude(world: World, kind: number, a: number, b: number, cause: number): void {
  chain(world, kind, a, b, cause, world.scratch.outcome.length);
}

const chain = (
  world: World,
  kind: number,
  a: number,
  b: number,
  cause: number,
  outcome: number,
): void => {
  const { digest, queue, scratch, trace } = world;
  const { hi, lo, isolator } = scratch;
  const what = kind ^ (a << 4) ^ (b << 20) ^ outcome;
  const when = Math.imul(queue.nowUs, 0x9e3779b1);
  digest.words(what ^ when, hi ^ Math.imul(lo ^ isolator.hash, 0x85ebca6b));
  if (trace !== undefined) trace.push(queue.nowUs, kind, a, b, cause, digest.lo);
};
