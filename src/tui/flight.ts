// Messages on their way in a world: those in the queue, those that a cut holds.
import { hex64 } from '../kernel/mix.js';
import { A, B, KEY_HI, KEY_LO, KIND, slotAt } from '../kernel/queue.js';
import { kindOf, kinds } from '../sim/schedule.js';
import type { World } from '../sim/world.js';

interface InFlight {
  readonly key: string;
  readonly source: string;
  readonly dest: string;
  readonly body: unknown;
  /** `undefined`: a cut holds it. */
  readonly dueUs: number | undefined;
  /** Its node is not up. */
  readonly away: boolean;
}

/** More events than this are only counted: to sort them would take too long. */
const sortedMax = 20_000;

/** The first `max` in the order of arrival, then held ones; `undefined`: too many to sort. */
export function inFlight(world: World, max: number): readonly InFlight[] | undefined {
  const { queue, roster, parties, heldMessages } = world;
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
      dueUs: queue.timeOf(slot),
      away: isAway(wordOf(slot, A)),
    }),
  );
  const held = heldMessages.slice(0, max).map(
    ({ source, target, body, hi, lo }): InFlight => ({
      key: hex64(hi, lo),
      source: nameOf(source),
      dest: nameOf(target),
      body,
      dueUs: undefined,
      away: isAway(target),
    }),
  );
  return [...moving, ...held];
}
