// The short way for the most common events: a message or a timer reaches a healthy node, nothing
// can happen to what it sends but delay, and nobody watches. It does what `events.ts`, `handle.ts`
// and `apply.ts` do for any event, written out in a few long functions because calls and questions
// are most of the cost. A test runs both ways and compares digests.
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotWords } from '../kernel/queue.js';
import type { Body } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { applyEffects } from './apply.js';
import { nameOf, threw } from './handle.js';
import { programAt } from './parties.js';
import { checkReturned, type Handler, handlerOf, timerHandlerOf } from './program.js';
import { kinds } from './schedule.js';
import type { World } from './world.js';

/** Whether the short way may be taken at all. Only what `events.ts` does can change that. */
export function isQuiet(world: World): boolean {
  const { edits, invariants, network, observer, spec } = world;
  return (
    network.quiet &&
    edits === undefined &&
    observer === undefined &&
    !spec.strict &&
    spec.milestones.length === 0 &&
    !invariants
  );
}

/** Lets the event in `slot` happen the short way; false: it is none for that, and still there. */
export function happenQuietly(world: World, slot: number): boolean {
  const { words } = world.queue;
  const at = slot * slotWords;
  const kind = words[at + KIND] as number;
  if (kind === kinds.deliver) return deliverQuietly(world, slot);
  return kind === kinds.timer && fireQuietly(world, slot);
}

function deliverQuietly(world: World, slot: number): boolean {
  const { queue, roster, counts } = world;
  const { words } = queue;
  const at = slot * slotWords;
  const target = words[at + A] as number;
  const body = queue.payloads[slot] as Body;
  const handler = handlerOf(programAt(world, target), body.type);
  if (handler === undefined || !roster.isUsual(target)) return false;
  const source = words[at + B] as number;
  const cause = words[at + CAUSE] as number;
  begin(world, words[at + KEY_HI] as number, words[at + KEY_LO] as number);
  queue.release(slot);
  if (roster.isClient(source)) counts.clients.delivered++;
  else counts.servers.delivered++;
  const { names } = roster;
  const message = { src: names[source], dest: names[target], body };
  handleQuietly(world, target, handler, message);
  conclude(world, kinds.deliver, target, source, cause);
  world.events++;
  return true;
}

function fireQuietly(world: World, slot: number): boolean {
  const { queue, roster } = world;
  const { words } = queue;
  const at = slot * slotWords;
  const node = words[at + A] as number;
  const timer = queue.payloads[slot] as Timer;
  const handler = timerHandlerOf(programAt(world, node), timer.type);
  if (handler === undefined || !roster.isUsual(node)) return false;
  const id = words[at + B] as number;
  const cause = words[at + CAUSE] as number;
  begin(world, words[at + KEY_HI] as number, words[at + KEY_LO] as number);
  queue.release(slot);
  world.timers.take(node, id);
  handleQuietly(world, node, handler, timer);
  conclude(world, kinds.timer, node, id, cause);
  world.events++;
  return true;
}

/** Sets the scratch-pad for the event with key (hi, lo). */
function begin({ scratch }: World, hi: number, lo: number): void {
  scratch.hi = hi;
  scratch.lo = lo;
  scratch.outcome = '';
  scratch.crash = undefined;
  scratch.isolator.hash = 0;
  scratch.random.rekey(hi, lo);
}

function handleQuietly(world: World, index: number, handler: Handler, input: unknown): void {
  const { context, roster, scratch } = world;
  context.open(index);
  try {
    const returned = handler(roster.states[index], input, context);
    if (returned !== undefined) checkReturned(returned);
    if (!roster.hasHandled(index)) roster.setHandled(index, true);
  } catch (error) {
    threw(world, index, nameOf(world, index, handler, input), error);
  }
  context.close();
  if (scratch.effects.count > 0) applyEffects(world, index, true);
}

/** Chains the event into the digest, and into the trace if there is one. */
export function conclude(world: World, kind: number, a: number, b: number, cause: number): void {
  const { digest, queue, scratch, trace } = world;
  const { hi, lo, isolator, outcome } = scratch;
  const what = kind ^ (a << 4) ^ (b << 20) ^ outcome.length;
  const when = Math.imul(queue.nowUs, 0x9e3779b1);
  digest.words(what ^ when, hi ^ Math.imul(lo ^ isolator.hash, 0x85ebca6b));
  if (trace !== undefined) trace.push(queue.nowUs, kind, a, b, cause, digest.lo);
}
