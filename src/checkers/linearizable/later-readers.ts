// Which blind writes may still be wanted when they return: somebody who asks for the value is
// called later, and nothing that certainly replaces the value comes before.

import type { Classes } from './classes.js';
import { kindOf } from './register-action.js';
import type { RegisterPart } from './register-part.js';
import { open } from './timeline.js';

/** By operation: 1 for writes whose value somebody may ask for who is called after their return. */
export function wantedLater({ part, values }: RegisterPart, classes: Classes): Uint8Array {
  const { kinds, froms, classOf } = classes;
  const { events, returns, calls } = part;
  const wanted = new Uint8Array(classOf.length);
  /** By value: the next call of an operation that asks for it. */
  const nextAsking = new Int32Array(values).fill(open);
  /** The next call of a mismatch, what it must not find, and the next one of another value. */
  let [refusing, refused, refusingOther] = [open, -1, open];
  /** The earliest return of operations called later; and of those that leave another value. */
  let [first, firstLeaves, second] = [open, -1, open];
  for (let rank = events.length - 1; rank >= 0; rank--) {
    const operation = (events[rank] as number) >> 1;
    const own = classOf[operation] as number;
    const kind = kinds[own] as number;
    const value = froms[own] as number;
    if (((events[rank] as number) & 1) === 1) {
      if (kind !== kindOf.write) continue;
      const replaced = firstLeaves === value ? second : first;
      const asking = refused === value ? refusingOther : refusing;
      if (Math.min(nextAsking[value] as number, asking) < replaced) wanted[operation] = 1;
      continue;
    }
    if (kind === kindOf.mismatch) {
      if (refused !== value) refusingOther = refusing;
      refused = value;
      refusing = calls[operation] as number;
    }
    if (kind === kindOf.read || kind === kindOf.cas) nextAsking[value] = calls[operation] as number;
    const done = returns[operation] as number;
    if (kind === kindOf.nothing || kind === kindOf.mismatch || done === open) continue;
    const leaves = kind === kindOf.cas ? -1 : value;
    if (done < first) {
      if (leaves !== firstLeaves || leaves === -1) second = first;
      first = done;
      firstLeaves = leaves;
    } else if (done < second && (leaves !== firstLeaves || leaves === -1)) {
      second = done;
    }
  }
  return wanted;
}
