// All entries that any server ever had, by index and term, and what each server's log looked like
// when it was last looked at: so that only what is new has to be looked at.
import type { NodeId } from '../../../node/message.js';
import { type Entry, entryAt, type Log, lastIndex, lastTerm, termAt } from '../log.js';
import type { State } from '../state.js';

interface Known {
  readonly prevTerm: number;
  readonly entry: Entry;
}

interface Shadow {
  last: number;
  lastTerm: number;
  snapshotIndex: number;
  /** The term of each entry; what a snapshot covers stays as it was. */
  readonly terms: number[];
}

export interface Entries {
  /** By index: those of different terms, which are few. */
  readonly known: Known[][];
  readonly shadows: Map<NodeId, Shadow>;
}

export const noEntries = (): Entries => ({ known: [], shadows: new Map() });

export function entryKnown({ known }: Entries, index: number, term: number): Known | undefined {
  const there = known[index] ?? none;
  for (const each of there) if (each.entry.term === term) return each;
  return undefined;
}

const none: readonly Known[] = [];

/** Adds what is new in a server's log; returns where it contradicts what another server has. */
export function addEntries(entries: Entries, { self, log }: Readonly<State>): string | undefined {
  let shadow = entries.shadows.get(self);
  if (shadow === undefined) {
    shadow = { last: 0, lastTerm: 0, snapshotIndex: 0, terms: [0] };
    entries.shadows.set(self, shadow);
  }
  const last = lastIndex(log);
  const term = lastTerm(log);
  const { snapshotIndex } = log;
  const isSame = last === shadow.last && term === shadow.lastTerm;
  if (isSame && snapshotIndex === shadow.snapshotIndex) return undefined;
  const joint = snapshotIndex !== shadow.snapshotIndex ? jointOf(entries, self, log) : undefined;
  if (joint !== undefined) return joint;
  shadow.last = last;
  shadow.lastTerm = term;
  shadow.snapshotIndex = snapshotIndex;
  let first = last;
  while (first > log.snapshotIndex && shadow.terms[first] !== termAt(log, first)) first--;
  for (let index = first + 1; index <= last; index++) {
    const wrong = addEntry(entries, self, index, {
      prevTerm: termAt(log, index - 1) as number,
      entry: entryAt(log, index) as Entry,
    });
    if (wrong !== undefined) return wrong;
    shadow.terms[index] = termAt(log, index) as number;
  }
  shadow.terms.length = last + 1;
  return undefined;
}

/** What follows a snapshot follows its last entry: the joint of the two is looked at by itself. */
function jointOf(entries: Entries, self: NodeId, log: Readonly<Log>): string | undefined {
  const entry = entryAt(log, log.snapshotIndex + 1);
  if (entry === undefined) return undefined;
  return addEntry(entries, self, log.snapshotIndex + 1, { prevTerm: log.snapshotTerm, entry });
}

function addEntry(entries: Entries, self: NodeId, index: number, found: Known) {
  const { known } = entries;
  const { term } = found.entry;
  const other = entryKnown(entries, index, term);
  if (other === undefined) {
    while (known.length <= index) known.push([]);
    known[index]?.push(found);
    return undefined;
  }
  if (other.prevTerm === found.prevTerm && same(other.entry, found.entry)) return undefined;
  const before = `after one of term ${found.prevTerm}, elsewhere ${other.prevTerm}`;
  const what = other.prevTerm === found.prevTerm ? 'which is another one elsewhere' : before;
  return `${self} has entry ${index} of term ${term}, ${what}`;
}

function same(a: Entry, b: Entry): boolean {
  if (a.kind === 'command' && b.kind === 'command') {
    return a.command.client === b.command.client && a.command.seq === b.command.seq;
  }
  if (a.kind === 'members' && b.kind === 'members') {
    return a.members.length === b.members.length && a.members.every((m) => b.members.includes(m));
  }
  return a.kind === b.kind;
}
