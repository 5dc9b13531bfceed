// What is to come in a world: messages on their way, in the queue or kept by a cut or an edit, and
// timers.
import { hex64 } from '../kernel/mix.js';
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, slotAt } from '../kernel/queue.js';
import { brief, showBody } from '../scenario/diagram/show.js';
import { kindOf, kinds } from '../sim/schedule.js';
import type { HeldMessage, World } from '../sim/world.js';

interface InFlight {
  readonly key: string;
  readonly source: string;
  readonly dest: string;
  readonly body: unknown;
  /** The event that sent it. */
  readonly cause: number;
  /** `undefined`: a cut holds it, or it waits for an event. */
  readonly dueUs: number | undefined;
  /** The key of the event for which it waits. */
  readonly awaits: string | undefined;
  /** Its node is not up. */
  readonly away: boolean;
}

/** More events than this are only counted: to sort them would take too long. */
const sortedMax = 20_000;

/** The first `max` in the order of arrival, then those that are kept; `undefined`: too many. */
export function inFlight(world: World, max: number): readonly InFlight[] | undefined {
  const { awaiting, queue, roster, parties, heldMessages } = world;
  if (queue.size > sortedMax) return undefined;
  const nameOf = (party: number): string => roster.names[party] ?? '';
  const isAway = (party: number): boolean => {
    const status = parties[party]?.node?.status;
    return status !== undefined && status !== 'up';
  };
  const wordOf = (slot: number, at: number): number => queue.words[slotAt(slot) + at] as number;
  const isMessage = (slot: number): boolean => kindOf(wordOf(slot, KIND)) === kinds.deliver;
  const slots = queue.waiting().filter(isMessage).slice(0, max);
  const moving = slots.map(
    (slot): InFlight => ({
      key: hex64(wordOf(slot, KEY_HI), wordOf(slot, KEY_LO)),
      source: nameOf(wordOf(slot, B)),
      dest: nameOf(wordOf(slot, A)),
      body: queue.payload(slot),
      cause: wordOf(slot, CAUSE),
      awaits: undefined,
      dueUs: queue.timeOf(slot),
      away: isAway(wordOf(slot, A)),
    }),
  );
  const still = (
    { source, target, body, hi, lo, cause }: HeldMessage,
    awaits: string | undefined,
  ): InFlight => ({
    ...{ key: hex64(hi, lo), source: nameOf(source), dest: nameOf(target), body, cause },
    ...{ awaits, dueUs: undefined, away: isAway(target) },
  });
  const held = heldMessages.slice(0, max).map((message) => still(message, undefined));
  const waiting = [...awaiting].flatMap(([event, messages]) =>
    messages.map((message) => still(message, event)),
  );
  return [...moving, ...held, ...waiting];
}

/** The timers of a node, the next first, as `retry in 20ms`; '' if there are none or too many. */
export function timersOf({ queue }: World, party: number, width: number): string {
  if (queue.size > sortedMax) return '';
  const wordOf = (slot: number, at: number): number => queue.words[slotAt(slot) + at] as number;
  const isOwn = (slot: number): boolean =>
    kindOf(wordOf(slot, KIND)) === kinds.timer && wordOf(slot, A) === party;
  const texts = queue
    .waiting()
    .filter(isOwn)
    .map((slot) => {
      const left = queue.timeOf(slot) - queue.nowUs;
      return `${showBody(queue.payload(slot), Math.max(12, width >>> 1))} in ${brief(left)}`;
    });
  return texts.join(', ');
}
