// The disk (§3.8, §10.2.1): what a server says that relies on its disk waits until a sync has made
// everything durable that was written before; one sync is under way at a time (group commit). What
// a server tells itself takes the same way: a leader counts itself once its disk has an entry.
//
// A crash may leave any prefix of the unsynced writes, and half of the next. So term and vote, and
// the snapshot, are written to two places in turn, sealed by their last field; entries are sealed
// by the term of the entry before, and the log ends where that chain breaks.
import type { NodeId } from '../../node/message.js';
import type { DiskError } from '../../node/protocol.js';
import type { Ctx, PeerBody } from './bodies.js';
import { type Entry, type Log, lastIndex, termAt } from './log.js';
import type { Snapshot } from './snapshots.js';
import type { Outgoing, State } from './state.js';

const retryUs = 50_000;

interface HardState {
  readonly version: number;
  readonly term: number;
  readonly vote: NodeId | undefined;
  readonly sealed: true;
}

interface Stored {
  readonly version: number;
  readonly snapshot: Snapshot;
  readonly sealed: true;
}

interface Row {
  readonly entry: Entry;
  /** The term of the entry before: it seals the row, and chains it to that one. */
  readonly prevTerm: number;
}

/** Reads a key: of the disk, or of what is durable on it. */
export type Read = (key: string) => unknown;

/** Says `body` to `dest` once all that has been written is durable. */
export function afterSync({ disk }: State, dest: NodeId, body: PeerBody): void {
  const outgoing = { dest, body };
  // Mostly it is the only one: a list made of it has room for it alone, one pushed to for 17.
  if (disk.waiting.length === 0) disk.waiting = [outgoing];
  else disk.waiting.push(outgoing);
}

/** Term and vote change together: they are one record (hashicorp/raft#661). */
export function writeHardState(state: State, ctx: Ctx): void {
  const { disk, term, vote } = state;
  const version = ++disk.hardWrites;
  ctx.store.write(`hard/${version % 2}`, { version, term, vote, sealed: true });
  disk.unsynced = true;
}

export function writeEntry({ disk, log }: State, index: number, entry: Entry, ctx: Ctx): void {
  const prevTerm = termAt(log, index - 1) as number;
  ctx.store.write(`log/${index}`, { entry: entry as never, prevTerm });
  disk.unsynced = true;
}

export function writeSnapshot({ disk, snapshot }: State, ctx: Ctx): void {
  if (snapshot === undefined) return;
  const version = ++disk.snapshotWrites;
  ctx.store.write(`snapshot/${version % 2}`, {
    version,
    snapshot: snapshot as never,
    sealed: true,
  });
  disk.unsynced = true;
}

/** Deletes rows, the last one first, so that a crash in between leaves no gap. */
export function deleteEntries({ disk }: State, from: number, to: number, ctx: Ctx): void {
  for (let index = to; index >= from; index--) ctx.store.write(`log/${index}`, undefined);
  disk.unsynced = true;
}

type Say = (state: State, outgoing: Outgoing, ctx: Ctx) => void;

/** At the end of each handler: begins a sync, or says what waits for none. */
export function settle(state: State, ctx: Ctx, say: Say): void {
  const { disk } = state;
  if (!ctx.options.fsync) disk.unsynced = false;
  while (!disk.unsynced && !disk.syncing && disk.released.length + disk.waiting.length > 0) {
    const { released, waiting } = disk;
    const ready = released.length === 0 ? waiting : [...released, ...waiting];
    if (released.length > 0) disk.released = [];
    disk.waiting = [];
    for (const outgoing of ready) say(state, outgoing, ctx);
    if (!ctx.options.fsync) disk.unsynced = false;
  }
  if (!disk.unsynced) {
    if (disk.waiting.length === 0) return;
    for (const outgoing of disk.waiting) disk.released.push(outgoing);
    disk.waiting = [];
  } else if (!disk.syncing) {
    beginSync(state, ctx);
  }
}

function beginSync({ disk }: State, ctx: Ctx): void {
  disk.released = disk.released.length === 0 ? disk.waiting : [...disk.released, ...disk.waiting];
  disk.waiting = [];
  disk.unsynced = false;
  disk.syncing = true;
  ctx.store.sync({ type: 'synced' });
}

/** The sync is done; `settle` says what waited for it. Begins the next one if there is need. */
export function synced({ disk }: State): readonly Outgoing[] {
  disk.syncing = false;
  const { released } = disk;
  disk.released = [];
  return released;
}

/** The sync failed: its writes are lost, later ones are not (Rebello et al. 2020). All again. */
export function diskFailed(state: State, error: DiskError, ctx: Ctx): void {
  ctx.note(`disk ${error}`);
  ctx.setTimer({ type: 'disk-retry' }, retryUs);
}

export function writeAllAgain(state: State, ctx: Ctx): void {
  const { log, disk } = state;
  writeHardState(state, ctx);
  writeSnapshot(state, ctx);
  for (const [i, entry] of log.entries.entries()) {
    writeEntry(state, log.snapshotIndex + 1 + i, entry, ctx);
  }
  disk.syncing = false;
  beginSync(state, ctx);
}

function whole<T extends { readonly sealed: true }>(record: T | undefined): T | undefined {
  return record?.sealed === true ? record : undefined;
}

/** The sealed record with the highest version of two. */
function newest<T extends { readonly version: number; readonly sealed: true }>(
  read: Read,
  name: string,
): T | undefined {
  const first = whole(read(`${name}/0`) as T | undefined);
  const second = whole(read(`${name}/1`) as T | undefined);
  if (first === undefined || second === undefined) return first ?? second;
  return first.version > second.version ? first : second;
}

export const hardStateOn = (read: Read) => newest<HardState>(read, 'hard');

export const snapshotOn = (read: Read) => newest<Stored>(read, 'snapshot');

/** The entry of a row whose write was not torn. */
export function rowOn(read: Read, index: number): Row | undefined {
  const row = read(`log/${index}`) as Row | undefined;
  return row?.prevTerm === undefined ? undefined : row;
}

/** The log on a disk: the snapshot, and the rows after it as far as their chain goes. */
export function readEntries(read: Read, log: Log): readonly Entry[] {
  const found: Entry[] = [];
  let term = log.snapshotTerm;
  for (let index = lastIndex(log) + 1; ; index++) {
    const row = rowOn(read, index);
    if (row === undefined || row.prevTerm !== term) return found;
    found.push(row.entry);
    term = row.entry.term;
  }
}
