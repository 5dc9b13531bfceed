// What the committed entries come to, each command counted once: made here from the entries alone,
// not by the servers' own code.
import type { NodeId } from '../../../node/message.js';
import type { Command, Entry } from '../log.js';
import type { State } from '../state.js';
import { type Entries, entryKnown } from './entries.js';

/** What an entry does to what is before it. */
export interface Step {
  readonly term: number;
  /** Commands executed so far. */
  readonly executed: number;
  readonly change: { readonly key: unknown; readonly value: unknown } | undefined;
}

export interface Fold {
  /** By index. */
  readonly steps: Step[];
  readonly values: Map<unknown, unknown>;
  readonly sessions: Map<NodeId, number>;
  readonly members: { readonly index: number; readonly members: readonly NodeId[] }[];
}

export const noFold = (): Fold => ({
  steps: [{ term: 0, executed: 0, change: undefined }],
  values: new Map(),
  sessions: new Map(),
  members: [],
});

/** Folds what somebody has applied for the first time, as far as its entries are known. */
export function extend(fold: Fold, entries: Entries, { applied, log }: Readonly<State>): void {
  const from = fold.steps.length;
  if (applied < from) return;
  const found: Entry[] = [];
  let term = log.entries[applied - log.snapshotIndex - 1]?.term ?? log.snapshotTerm;
  for (let index = applied; index >= from; index--) {
    const known = entryKnown(entries, index, term);
    if (known === undefined) return;
    found.push(known.entry);
    term = known.prevTerm;
  }
  for (let index = from; index <= applied; index++) {
    fold.steps.push(step(fold, index, found.pop() as Entry));
  }
}

function step(fold: Fold, index: number, entry: Entry): Step {
  const { executed } = fold.steps[index - 1] as Step;
  const { term } = entry;
  if (entry.kind === 'members') fold.members.push({ index, members: entry.members });
  if (entry.kind !== 'command') return { term, executed, change: undefined };
  const { client, seq } = entry.command;
  if ((fold.sessions.get(client) ?? -1) >= seq) return { term, executed, change: undefined };
  fold.sessions.set(client, seq);
  return { term, executed: executed + 1, change: execute(fold.values, entry.command) };
}

function execute(values: Map<unknown, unknown>, { f, key, from, to }: Command): Step['change'] {
  if (f === 'cas' && (!values.has(key) || values.get(key) !== from)) return undefined;
  values.set(key, to);
  return { key, value: to };
}
