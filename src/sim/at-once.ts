// Effects that take place while their handler still runs. On a quiet world (see `quiet.ts`) nothing
// can come between a handler and what it sends or sets, so the first effects of an event need not
// be recorded first; if the handler throws after all, what it sent is taken back. Everything from
// the first effect of another kind on is recorded and applied as ever (`apply.ts`), in order.
import type { Micros } from '../kernel/time.js';
import { quietDelayUs } from '../network/network.js';
import type { Body } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { type AtOnce, SEND, TIMER } from './effects.js';
import { beginCounting, nthTo, numbered } from './nth.js';
import { kinds } from './schedule.js';
import type { World } from './world.js';

/** What is imported, as constants of this module: V8 looks imports up at every use. */
const known = {
  ...{ SEND, TIMER, deliver: kinds.deliver, timer: kinds.timer },
  ...{ numbered, quietDelayUs },
} as const;

/** Sends a copy of `body` from one node to another. */
export function sendAtOnce(world: World, source: number, target: number, body: Body): void {
  const { queue, roster, scratch } = world;
  const { atOnce, hi, isolator, key, lo } = scratch;
  const numbersAt = queue.nextNumbers();
  const payload = isolator.pack(body, queue.words, numbersAt) ?? isolator.copy(body);
  const sends = atOnce.sends++;
  let word: number = known.SEND;
  if (sends === 0) atOnce.firstTarget = target;
  else {
    if (sends === 1) beginCounting(world, atOnce.firstTarget);
    word = known.numbered(known.SEND, nthTo(world, target));
  }
  key.derive(hi, lo, word, roster.keyHi(target), roster.keyLo(target));
  atOnce.keys ^= key.lo;
  world.counts.servers.sent++;
  const delayUs = known.quietDelayUs(world.network, key.hi, key.lo);
  const { events } = world;
  const slot = queue.addIn(delayUs, known.deliver, target, source, key.hi, key.lo, events, payload);
  if (sends === atOnce.slots.length) grow(atOnce);
  atOnce.slots[sends] = slot;
}

/** Sets a timer of the node with this number. A crash clears it, so nothing is to be noted down. */
export function setAtOnce(
  world: World,
  index: number,
  id: number,
  timer: Timer,
  delayUs: Micros,
): void {
  const { queue, roster, scratch } = world;
  const { atOnce, hi, key, lo } = scratch;
  const word = known.numbered(known.TIMER, atOnce.timers++);
  key.derive(hi, lo, word, roster.keyHi(index), roster.keyLo(index));
  const { events } = world;
  const slot = queue.addIn(delayUs, known.timer, index, id, key.hi, key.lo, events, timer);
  world.timers.set(index, id, slot);
}

/** Clears a timer of the node with this number, if it is there. */
export function clearAtOnce({ queue, timers }: World, index: number, id: number): void {
  const slot = timers.take(index, id);
  if (slot !== 0) queue.remove(slot);
}

/** The handler has thrown: nothing of what it sent was ever sent. */
export function takeBack({ counts, queue, scratch: { atOnce } }: World): void {
  counts.servers.sent -= atOnce.sends;
  for (let i = 0; i < atOnce.sends; i++) queue.remove(atOnce.slots[i] as number);
  atOnce.sends = 0;
  atOnce.keys = 0;
}

function grow(atOnce: AtOnce): void {
  const slots = new Int32Array(2 * atOnce.slots.length);
  slots.set(atOnce.slots);
  atOnce.slots = slots;
}
