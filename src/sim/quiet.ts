// The short way for the most common events: a message or a timer reaches a healthy node, nothing
// can happen to what it sends but delay, and nobody watches. It does what `events.ts`, `handle.ts`
// and `apply.ts` do for any event, written out in a few long functions because calls and questions
// are most of the cost. A test runs both ways and compares digests.
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotWords } from '../kernel/queue.js';
import type { Body } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { applyEffects } from './apply.js';
import { nameOf, threw } from './handle.js';
import { handlerOf, timerHandlerOf } from './program.js';
import { kinds } from './schedule.js';
import type { World } from './world.js';

/** Whether the short way may be taken at all. Only what `events.ts` does can change that. */
export function isQuiet(world: World): boolean {
  const { edits, network, observer, program, spec } = world;
  return (
    network.quiet &&
    edits === undefined &&
    observer === undefined &&
    !spec.strict &&
    spec.milestones.length === 0 &&
    program.protocol.invariant === undefined
  );
}

/** Lets the event in `slot` happen the short way; false: it is none for that, and still there. */
export function happenQuietly(world: World, slot: number): boolean {
  const { queue, roster, scratch, program } = world;
  const { words } = queue;
  const at = slot * slotWords;
  const kind = words[at + KIND] as number;
  const a = words[at + A] as number;
  if ((kind !== kinds.deliver && kind !== kinds.timer) || !roster.isUsual(a)) return false;
  const b = words[at + B] as number;
  const payload = queue.payloads[slot] as Body | Timer;
  const isMessage = kind === kinds.deliver;
  const { type } = payload;
  const handler = isMessage ? handlerOf(program, type) : timerHandlerOf(program, type);
  if (handler === undefined) return false;
  const hi = words[at + KEY_HI] as number;
  const lo = words[at + KEY_LO] as number;
  const cause = words[at + CAUSE] as number;
  queue.release(slot);
  scratch.hi = hi;
  scratch.lo = lo;
  scratch.outcome = '';
  scratch.isolator.hash = 0;
  scratch.random.rekey(hi, lo);
  if (!isMessage) world.timers.take(a, b);
  else if (roster.isClient(b)) world.counts.clients.delivered++;
  else world.counts.servers.delivered++;
  const { context } = world;
  const { names } = roster;
  const input = isMessage ? { src: names[b], dest: names[a], body: payload } : payload;
  context.open(a);
  try {
    handler(roster.states[a], input, context);
    roster.setHandled(a, true);
  } catch (error) {
    threw(world, a, nameOf(world, handler, input), error);
  }
  context.close();
  if (scratch.effects.count > 0) applyEffects(world, a);
  conclude(world, kind, a, b, cause);
  world.events++;
  return true;
}

/** Chains the event into the digest, and into the trace if there is one. */
export function conclude(world: World, kind: number, a: number, b: number, cause: number): void {
  const { digest, queue, scratch, trace } = world;
  const { hi, lo, isolator, outcome } = scratch;
  const key = hi ^ Math.imul(lo, 0x9e3779b9);
  digest.words(kind ^ (a << 4) ^ (b << 20), queue.nowUs | 0, key, isolator.hash ^ outcome.length);
  if (trace !== undefined) trace.push(queue.nowUs, kind, a, b, cause, digest.lo);
}
