// What became of each element, by our definition: Maelstrom's, and every node's final read besides.
// Maelstrom looks at all nodes together, so a value that one node of 25 lacks for ever is stable
// to it if another node happens to be read later. Here the last final read of every node counts.
import type { Sightings } from './sightings.js';
import { type Element, earlier, type Read, type Timeline } from './timeline.js';

/** What must be of an element that somebody added and that did not definitely fail. */
interface Claim {
  readonly element: Element;
  /** Since when it must be there: its acknowledgement or the first answer that had it. */
  readonly known: { readonly index: number; readonly timeUs: number } | undefined;
  /** The first answer that had it. */
  readonly seenBy: Read | undefined;
  /** How many of the last final reads have it. */
  readonly keepers: number;
}

/** And what became of it. */
export interface Fate extends Claim {
  /** Reads that must have it and lack it: final ones, or else the last one that lacked it. */
  readonly missingFrom: readonly Read[];
  /** Every read from some point on has it, and nothing says that it is missing. */
  readonly stable: boolean;
}

/**
 * `sightings` in all reads since each element's first add. To Maelstrom, `lenient`, elements whose
 * adds failed are like any others. O(elements + elements read).
 */
export function fatesOf(
  { elements, reads }: Timeline,
  sightings: Sightings,
  lenient: boolean,
): readonly Fate[] {
  const finals = lastFinals(reads);
  const keepers = keepersOf(elements, finals);
  const begun = elements.filter(
    ({ firstAdd, adds, failedAdds }) => firstAdd !== undefined && (lenient || failedAdds < adds),
  );
  const claims = begun.map((element): Claim => {
    const seenBy = reads[sightings.firstPresent[element.number] ?? -1];
    const known = earlier(element.acked, seenBy?.done);
    return { element, known, seenBy, keepers: keepers[element.number] ?? 0 };
  });
  const suspects = claims.filter(
    ({ known, keepers }) => known !== undefined && keepers < finals.length,
  );
  const missing = missingFinals(suspects, finals);
  return claims.map((claim) => {
    const lastPresent = sightings.lastPresent[claim.element.number] ?? -1;
    const lastAbsent = sightings.lastAbsent[claim.element.number] ?? -1;
    const gone = lastPresent < lastAbsent ? absentAtLast(claim, reads[lastAbsent]) : [];
    const missingFrom = missing.get(claim) ?? gone;
    const stable = lastAbsent < lastPresent && missingFrom.length === 0;
    const { element, known, seenBy, keepers } = claim;
    return { element, known, seenBy, keepers, missingFrom, stable };
  });
}

/** The last final read of each place, in the order of their invocations. */
export function lastFinals(reads: readonly Read[]): readonly Read[] {
  const last = new Map<string, Read>();
  for (const read of reads) {
    if (read.final) last.set(read.place, read);
  }
  return [...last.values()].sort((a, b) => a.rank - b.rank);
}

/** By element number: how many of the final reads have it. */
function keepersOf(elements: readonly Element[], finals: readonly Read[]): Int32Array {
  const keepers = new Int32Array(elements.length);
  for (const read of finals) {
    for (const number of read.elements) keepers[number] = (keepers[number] ?? 0) + 1;
  }
  return keepers;
}

/** Which final reads lack what they must have; elements that lack nothing are left out. */
function missingFinals(
  suspects: readonly Claim[],
  finals: readonly Read[],
): ReadonlyMap<Claim, readonly Read[]> {
  const missing = new Map<Claim, Read[]>();
  for (const read of suspects.length === 0 ? [] : finals) {
    const present = new Set(read.elements);
    for (const claim of suspects) {
      if (present.has(claim.element.number) || !mustHave(read, claim)) continue;
      const reads = missing.get(claim);
      if (reads === undefined) missing.set(claim, [read]);
      else reads.push(read);
    }
  }
  return missing;
}

/**
 * A final read must have what was known before it, and what another node still has, unless an add
 * of it may still have been under way.
 */
function mustHave(read: Read, { element, known, keepers }: Claim): boolean {
  const invoked = read.invoked.index;
  if (known !== undefined && known.index < invoked) return true;
  return keepers > 0 && element.addsEnded < invoked;
}

/**
 * Maelstrom's loss: the last read that could tell, `absent`, lacks what was known before it. This
 * is all there is to go by in histories without final reads.
 */
function absentAtLast({ known }: Claim, absent: Read | undefined): readonly Read[] {
  if (known === undefined || absent === undefined) return [];
  return known.index < absent.invoked.index ? [absent] : [];
}
