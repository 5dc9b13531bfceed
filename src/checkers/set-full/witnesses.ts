// The anomalies of set-full in words. One function for each kind, in the order of their gravity.
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';
import { count, enumeration, when, where } from '../words.js';
import type { Fate } from './fates.js';
import type { Element, Read } from './timeline.js';

interface Witness {
  readonly about: string;
  readonly ops: readonly number[];
}

/** How many reads of a kind a witness names. */
const readsMax = 4;

/** An acknowledged value is missing. */
export function lost(fate: Fate): Witness {
  const { element } = fate;
  const acked = element.acked === undefined ? '' : ` and acknowledged ${when(element.acked)}`;
  return {
    about: `the value ${addedText(element)}${acked}, is missing from ${missingText(fate)}`,
    ops: indices([element.firstAdd, element.acked], fate.missingFrom),
  };
}

/** A value was never acknowledged, but somebody saw it, and no node has it in the end. */
export function vanished(fate: Fate): Witness {
  return {
    about:
      `the value ${addedText(fate.element)} and never acknowledged, was read from ` +
      `${seenText(fate)} and then vanished: it is missing from ${missingText(fate)}`,
    ops: indices([fate.element.firstAdd, fate.seenBy?.done], fate.missingFrom),
  };
}

/** A value was never acknowledged, and in the end some nodes have it and others do not. */
export function diverged(fate: Fate): Witness {
  return {
    about:
      `the value ${addedText(fate.element)} and never acknowledged, was read from ` +
      `${seenText(fate)}, but is missing from ${missingText(fate)}`,
    ops: indices([fate.element.firstAdd, fate.seenBy?.done], fate.missingFrom),
  };
}

/** One read lists a value more than once. */
export function duplicate({ value, multiplicity, repeatedBy, repeats }: Element): Witness {
  const done = repeatedBy?.done;
  const place = done === undefined ? 'a read' : `the read of ${repeatedBy?.place} ${when(done)}`;
  const others = repeats > 1 ? `; it is repeated in ${count(repeats, 'read')}` : '';
  return {
    about: `${place} lists the value ${showValue(value)} ${multiplicity} times${others}`,
    ops: indices([done], []),
  };
}

/** A read has a value that nobody had added when it was answered. */
export function phantom({ value, firstAdd }: Element, read: Read): Witness {
  const later =
    firstAdd === undefined
      ? 'but nobody added it'
      : `before anybody had added it; that was ${when(firstAdd)}`;
  return {
    about: `${read.place} returned the value ${showValue(value)} ${when(read.done)}, ${later}`,
    ops: indices([firstAdd, read.done], []),
  };
}

/** A read has a value of which every add definitely failed. */
export function failedButRead(element: Element, read: Read): Witness {
  return {
    about:
      `the value ${addedText(element)}, definitely failed, but ${read.place} returned it ` +
      when(read.done),
    ops: indices([element.firstAdd, read.done], []),
  };
}

/** `17, sent to n0 at 1.000000 s`. */
function addedText({ value, firstAdd }: Element): string {
  const sent = firstAdd === undefined ? '' : `, sent to ${where(firstAdd)} ${when(firstAdd)}`;
  return showValue(value) + sent;
}

function seenText({ seenBy }: Fate): string {
  return seenBy === undefined ? 'nobody' : `${seenBy.place} ${when(seenBy.done)}`;
}

/** `the final reads of n3 and n7, the first at 30.000000 s; 23 of 25 nodes have it`. */
function missingText({ missingFrom, keepers }: Fate): string {
  const first = missingFrom[0];
  if (first === undefined) return 'nothing';
  if (!first.final) return `the read of ${first.place} ${when(first.done)} and from all after it`;
  const places = missingFrom.map(({ place }) => place);
  const reads = places.length === 1 ? 'the final read' : 'the final reads';
  const start = places.length === 1 ? ` ${when(first.done)}` : `, the first ${when(first.done)}`;
  const others = keepers === 0 ? 'nobody else has it' : `${count(keepers, 'other')} returned it`;
  return `${reads} of ${enumeration(places, readsMax)}${start}; ${others}`;
}

function indices(ops: readonly (Op | undefined)[], reads: readonly Read[]): readonly number[] {
  const all = [...ops, ...reads.slice(0, readsMax).map(({ done }) => done)];
  const found = all.flatMap((op) => (op === undefined ? [] : [op.index]));
  return [...new Set(found)].sort((a, b) => a - b);
}
