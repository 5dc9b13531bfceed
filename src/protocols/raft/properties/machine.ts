// RF13 and RF14: state machines and snapshots are what the committed entries come to.
import type { NodeId } from '../../../node/message.js';
import type { State } from '../state.js';
import { addEntries } from './entries.js';
import { extend, type Fold, type Step } from './fold.js';
import { ofStanding } from './server.js';
import type { Seen } from './standing.js';

/** As of what a server was last looked at. */
interface Looked {
  incarnation: number;
  applied: number;
  snapshot: number;
}

/** What is new of a server: its state machine, or its snapshot. */
type News = 'applied' | 'snapshot';

/** Where a server's state machine is not the fold of what it has applied, if it moved at all. */
const compare = (
  server: Readonly<State>,
  incarnation: number,
  looked: Map<NodeId, Looked>,
  { entries, fold }: Seen,
  differs: (server: Readonly<State>, fold: Fold, news: News) => string | undefined,
): string | undefined => {
  addEntries(entries, server);
  const { self, applied, log } = server;
  const { snapshotIndex: snapshot } = log;
  const known = looked.get(self);
  const moved = known?.applied !== applied || known.incarnation !== incarnation;
  const taken = known?.snapshot !== snapshot;
  if (!moved && !taken) return undefined;
  if (known === undefined) looked.set(self, { incarnation, applied, snapshot });
  else {
    known.incarnation = incarnation;
    known.applied = applied;
    known.snapshot = snapshot;
  }
  extend(fold, entries, server);
  if (applied >= fold.steps.length) return undefined; // Other properties know why.
  const wrong = moved ? differs(server, fold, 'applied') : undefined;
  return wrong ?? (taken && snapshot > 0 ? differs(server, fold, 'snapshot') : undefined);
};

/** RF13 (chapter 5). */
export const snapshotIsPrefix = ofStanding({
  name: 'snapshot-is-prefix',
  about: 'A state machine, and a snapshot, is what the entries up to its index come to.',
  memory: new Map<NodeId, Looked>(),
  broken: (server, cluster, looked, seen) =>
    compare(server, cluster.incarnation(server.self), looked, seen, wrongMachine),
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
  memory: new Map<NodeId, Looked>(),
  broken: (server, cluster, looked, seen) =>
    compare(server, cluster.incarnation(server.self), looked, seen, otherCount),
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
