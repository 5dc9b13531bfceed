// The log (§3.5): entries behind a snapshot, numbered from 1. Its configurations are kept beside
// it, since a server uses the latest one in its log, committed or not (§4.1).
import { assert } from '../../kernel/assert.js';
import type { NodeId } from '../../node/message.js';

/** What a client wants done, and who it is: commands are executed once for each (§6.3). */
export interface Command {
  readonly client: NodeId;
  /** Grows from one command of a client to the next. */
  readonly seq: number;
  readonly f: 'write' | 'cas';
  readonly key: unknown;
  readonly from: unknown;
  readonly to: unknown;
}

export type Entry =
  /** What a leader begins its term with (§6.4). */
  | { readonly term: number; readonly kind: 'no-op' }
  | { readonly term: number; readonly kind: 'command'; readonly command: Command }
  | { readonly term: number; readonly kind: 'members'; readonly members: readonly NodeId[] };

/** Members as of an entry, or of the snapshot. */
interface Configuration {
  readonly index: number;
  readonly members: readonly NodeId[];
}

export interface Log {
  /** The last entry that the snapshot covers; 0 and 0: there is none. */
  snapshotIndex: number;
  snapshotTerm: number;
  /** Those after it. */
  entries: Entry[];
  /** The snapshot's, and those of `entries`; the last one holds. */
  configurations: Configuration[];
}

export function lastIndex({ snapshotIndex, entries }: Readonly<Log>): number {
  return snapshotIndex + entries.length;
}

export function lastTerm(log: Readonly<Log>): number {
  const { entries, snapshotTerm } = log;
  return entries.length === 0 ? snapshotTerm : (entries[entries.length - 1] as Entry).term;
}

/** The entry there; `undefined` before and after what is kept. */
export function entryAt({ snapshotIndex, entries }: Readonly<Log>, index: number) {
  return entries[index - snapshotIndex - 1];
}

/** The term of the entry there; `undefined` where the log does not know it. */
export function termAt(log: Readonly<Log>, index: number): number | undefined {
  if (index === log.snapshotIndex) return log.snapshotTerm;
  return entryAt(log, index)?.term;
}

export function append(log: Log, entry: Entry): number {
  log.entries.push(entry);
  const index = lastIndex(log);
  if (entry.kind === 'members') log.configurations.push({ index, members: entry.members });
  return index;
}

/** Removes the entry there and all that follow; with them go their configurations (§4.1). */
export function truncate(log: Log, index: number): void {
  assert(index > log.snapshotIndex, 'what a snapshot covers stays', { index });
  log.entries.length = index - log.snapshotIndex - 1;
  while (configuration(log).index >= index) log.configurations.pop();
}

/** Forgets the entries up to `index`, which a snapshot covers. */
export function compact(log: Log, index: number, term: number): void {
  const members = configurationAt(log, index);
  const later = log.configurations.filter((each) => each.index > index);
  log.entries = log.entries.slice(index - log.snapshotIndex);
  log.snapshotIndex = index;
  log.snapshotTerm = term;
  log.configurations = [{ index, members }, ...later];
}

/** The latest configuration, the one that holds (§4.1). */
export function configuration({ configurations }: Readonly<Log>): Configuration {
  return configurations[configurations.length - 1] as Configuration;
}

/** The members as of an entry. */
export function configurationAt({ configurations }: Readonly<Log>, index: number) {
  let members = (configurations[0] as Configuration).members;
  for (const each of configurations) if (each.index <= index) members = each.members;
  return members;
}

/** §3.6.1: whose last entry has the later term, or the same and the longer log. */
export function upToDate(log: Readonly<Log>, index: number, term: number): boolean {
  const own = lastTerm(log);
  return term > own || (term === own && index >= lastIndex(log));
}
