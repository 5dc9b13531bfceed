// What the state of a node is compared with: what it was before the event, at a mark, or in the run
// that the branch was made from, at the same time.
import type { World } from '../sim/world.js';
import type { Base, Stepper } from './stepper.js';

/** The world to compare with, and what it is called; `undefined`: that before the event. */
interface Compared {
  readonly about: string;
  /** To be looked at only, and at once. */
  readonly world: () => World;
}

export function comparedWith({
  base,
  branch,
  cursor,
  marks,
  track,
}: Stepper): Compared | undefined {
  const mark = [...marks].at(-1);
  if (base === 'mark' && mark !== undefined) {
    const [letter, event] = mark;
    return { about: `mark ${letter} #${event}`, world: () => track.timeline.at(event + 1) };
  }
  if (base === 'branch' && branch.change !== undefined) {
    const { name, track: other } = branch.change.of;
    const atUs = track.timeline.row(cursor)?.atUs ?? 0;
    const { timeline } = other;
    return { about: `${name} then`, world: () => timeline.at(timeline.eventAt(atUs + 1)) };
  }
  return undefined;
}

const order: readonly Base[] = ['event', 'mark', 'branch'];

/** The next one that there is. */
export function changeBase(stepper: Stepper): void {
  const start = order.indexOf(stepper.base);
  for (let by = 1; by <= order.length; by++) {
    stepper.base = order[(start + by) % order.length] ?? 'event';
    const compared = comparedWith(stepper);
    if (stepper.base !== 'event' && compared === undefined) continue;
    const hint =
      order.length === by ? ': there is no mark (m sets one) and this is no what-if' : '';
    return stepper.say(`states beside ${compared?.about ?? 'the event before'}${hint}`);
  }
}
