// Messages on their way in a world: those in the queue, those that a cut holds.
import { hex64 } from '../kernel/mix.js';
import { A, B, KEY_HI, KEY_LO, KIND, slotWords } from '../kernel/queue.js';
import { kindOf, kinds } from '../sim/schedule.js';
import type { World } from '../sim/world.js';

export interface InFlight {
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
const listedMax = 20_000;

/** In the order of arrival; `undefined`: there are too many to list. */
export function inFlight(world: World): readonly InFlight[] | undefined {
  const { queue, roster, parties, heldMessages } = world;
  if (queue.size > listedMax) return undefined;
  const nameOf = (party: number): string => roster.names[party] ?? '';
  const isAway = (party: number): boolean => {
    const status = parties[party]?.node?.status;
    return status !== undefined && status !== 'up';
  };
  const moving = queue.waiting().flatMap((slot): readonly InFlight[] => {
    const word = (at: number): number => queue.words[slot * slotWords + at] as number;
    if (kindOf(word(KIND)) !== kinds.deliver) return [];
    return [
      {
        key: hex64(word(KEY_HI), word(KEY_LO)),
        source: nameOf(word(B)),
        dest: nameOf(word(A)),
        body: queue.payloads[slot],
        dueUs: queue.timeOf(slot),
        away: isAway(word(A)),
      },
    ];
  });
  const held = heldMessages.map(
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
