// Log compaction (chapter 5): a server takes snapshots by itself, of what it has applied, and takes
// over a leader's when it lags behind the leader's log.
import type { Ctx } from './bodies.js';
import { deleteEntries, writeSnapshot } from './disk.js';
import { compact, configurationAt, lastIndex, termAt } from './log.js';
import { copyOf } from './machine.js';
import type { Snapshot } from './snapshots.js';
import type { State } from './state.js';

/** §5.1: the snapshot holds the members as of its last entry, not those of a later one. */
export function takeSnapshot(state: State, ctx: Ctx): void {
  const { log, applied: index } = state;
  const term = termAt(log, index) as number;
  const members = configurationAt(log, index);
  state.snapshot = { index, term, members, machine: copyOf(state.machine) };
  writeSnapshot(state, ctx);
  deleteEntries(state, log.snapshotIndex + 1, index, ctx);
  compact(log, index, term);
}

/** Figure 5.3, the receiver. One that does not go beyond what is committed here is old. */
export function install(state: State, snapshot: Snapshot, ctx: Ctx): void {
  const { log } = state;
  const { index, term, members } = snapshot;
  if (index <= state.commit) return;
  const from = log.snapshotIndex + 1;
  const agrees = termAt(log, index) === term;
  const to = agrees ? index : lastIndex(log);
  state.snapshot = snapshot;
  writeSnapshot(state, ctx);
  deleteEntries(state, from, to, ctx);
  if (agrees) {
    compact(log, index, term); // What follows the snapshot stays.
  } else {
    log.entries = [];
    log.configurations = [{ index, members }];
    log.snapshotIndex = index;
    log.snapshotTerm = term;
  }
  restore(state, snapshot);
}

/** The state machine begins anew where the snapshot ends. */
export function restore(state: State, { index, machine }: Snapshot): void {
  state.machine = copyOf(machine);
  state.commit = index;
  state.applied = index;
}
