// RF13 and RF14: state machines and snapshots are what the committed entries come to, each command
// counted once. The fold is made here from the entries alone, not by the servers' own code.
import type { NodeId } from '../../../node/message.js';
import type { Command, Entry } from '../log.js';
import type { State } from '../state.js';
import { addEntries, type Entries, noEntries } from './entries.js';
import { ofStanding } from './server.js';

interface Fold {
  readonly entries: Entries;
  /** By index: its entry's term, commands executed so far, and what it changed. */
  readonly steps: Step[];
  readonly values: Map<unknown, unknown>;
  readonly sessions: Map<NodeId, number>;
  readonly members: { readonly index: number; readonly members: readonly NodeId[] }[];
  readonly servers: Map<NodeId, { incarnation: number; applied: number; snapshot: number }>;
}

/** What is new of a server: its state machine, or its snapshot. */
type News = 'applied' | 'snapshot';

interface Step {
  readonly term: number;
  readonly executed: number;
  readonly change: { readonly key: unknown; readonly value: unknown } | undefined;
}

const newFold = (): Fold => ({
  entries: noEntries(),
  steps: [{ term: 0, executed: 0, change: undefined }],
  values: new Map(),
  sessions: new Map(),
  members: [],
  servers: new Map(),
});

/** Where a server's state machine is not the fold of what it has applied, if it moved at all. */
const compare = (
  server: Readonly<State>,
  incarnation: number,
  fold: Fold,
  differs: (server: Readonly<State>, fold: Fold, news: News) => string | undefined,
): string | undefined => {
  addEntries(fold.entries, server);
  const { self, applied, log } = server;
  const known = fold.servers.get(self);
  const moved = known?.applied !== applied || known.incarnation !== incarnation;
  const taken = known?.snapshot !== log.snapshotIndex;
  if (!moved && !taken) return undefined;
  fold.servers.set(self, { incarnation, applied, snapshot: log.snapshotIndex });
  extend(server, fold);
  if (applied >= fold.steps.length) return undefined; // Other properties know why.
  const wrong = moved ? differs(server, fold, 'applied') : undefined;
  return wrong ?? (taken && log.snapshotIndex > 0 ? differs(server, fold, 'snapshot') : undefined);
};

/** Folds what somebody has applied for the first time, as far as its entries are known. */
function extend({ applied, log }: Readonly<State>, fold: Fold): void {
  const from = fold.steps.length;
  if (applied < from) return;
  const terms: number[] = [];
  let term = log.entries[applied - log.snapshotIndex - 1]?.term ?? log.snapshotTerm;
  for (let index = applied; index >= from; index--) {
    const known = fold.entries.known.get(index)?.get(term);
    if (known === undefined) return;
    terms.push(term);
    term = known.prevTerm;
  }
  for (let index = from; index <= applied; index++) {
    const entryTerm = terms.pop() as number;
    const known = fold.entries.known.get(index)?.get(entryTerm);
    if (known !== undefined) fold.steps.push(step(fold, index, known.entry));
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

/** RF13 (chapter 5). */
export const snapshotIsPrefix = ofStanding({
  name: 'snapshot-is-prefix',
  about: 'A state machine, and a snapshot, is what the entries up to its index come to.',
  memory: newFold(),
  broken: (server, cluster, fold) =>
    compare(server, cluster.incarnation(server.self), fold, wrongMachine),
});

function wrongMachine(server: Readonly<State>, fold: Fold, news: News): string | undefined {
  if (news === 'snapshot') return wrongSnapshot(server, fold);
  const { self, applied, machine, snapshot } = server;
  const { change } = fold.steps[applied] as Step;
  if (snapshot?.index === applied) return wrongValues(self, applied, machine.values, fold);
  if (change === undefined || machine.values.get(change.key) === change.value) return undefined;
  const { key, value } = change;
  return `${self} has applied entry ${applied}, and ${String(key)} is not ${String(value)}`;
}

function wrongSnapshot({ self, snapshot }: Readonly<State>, fold: Fold): string | undefined {
  if (snapshot === undefined) return `${self} has a log that follows a snapshot, and none`;
  const { index, term, members, machine } = snapshot;
  if (index >= fold.steps.length) return undefined;
  const folded = fold.steps[index] as Step;
  if (folded.term !== term) {
    const last = `the last of term ${term}, not ${folded.term}`;
    return `${self} has a snapshot of ${index} entries, ${last}`;
  }
  const configured = fold.members.findLast((each) => each.index <= index)?.members;
  if (configured !== undefined && String(configured) !== String(members)) {
    const wrong = `${members.join(' ')}, not ${configured.join(' ')}`;
    return `${self} has a snapshot of ${index} entries with the members ${wrong}`;
  }
  return wrongValues(self, index, machine.values, fold);
}

function wrongValues(
  self: NodeId,
  index: number,
  values: ReadonlyMap<unknown, unknown>,
  { steps }: Fold,
): string | undefined {
  const expected = new Map<unknown, unknown>();
  for (let i = 1; i <= index; i++) {
    const change = steps[i]?.change;
    if (change !== undefined) expected.set(change.key, change.value);
  }
  let wrong = expected.size !== values.size;
  for (const [key, value] of expected) wrong ||= values.get(key) !== value;
  return wrong ? `${self} has other values than ${index} entries come to` : undefined;
}

/** RF14 (§6.3). */
export const oncePerCommand = ofStanding({
  name: 'once-per-command',
  about: 'A command is executed once, however often it is in the log.',
  memory: newFold(),
  broken: (server, cluster, fold) =>
    compare(server, cluster.incarnation(server.self), fold, otherCount),
});

function otherCount(
  { self, applied, machine, snapshot }: Readonly<State>,
  { steps }: Fold,
  news: News,
): string | undefined {
  const [index, executed] =
    news === 'applied'
      ? [applied, machine.executed]
      : [snapshot?.index ?? 0, snapshot?.machine.executed ?? 0];
  const expected = steps[index]?.executed;
  if (expected === undefined || expected === executed) return undefined;
  return `${self} has executed ${executed} commands in ${index} entries, which hold ${expected}`;
}
