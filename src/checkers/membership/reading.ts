// A history of views, turned into what is known of each node: when it answered, when it did not,
// what it said of itself and what others said of it. It judges nothing.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';

type Status = 'alive' | 'suspect' | 'failed' | 'left';

interface Standing {
  readonly status: Status;
  readonly incarnation: number;
}

/** An acknowledged view of one node. */
export interface View {
  readonly reader: string;
  readonly invoked: Op;
  readonly done: Op;
  readonly final: boolean;
  readonly standings: ReadonlyMap<string, Standing>;
  /** What the reader said of itself; −1 if it did not. */
  readonly own: number;
}

/** An operation at a node, and whether the node answered it. */
interface Contact {
  readonly invoked: Op;
  readonly done: Op | undefined;
  readonly answered: boolean;
}

export interface Reading {
  readonly views: readonly View[];
  /** By node, in the order of the invocations. */
  readonly viewsOf: ReadonlyMap<string, readonly View[]>;
  readonly contactsOf: ReadonlyMap<string, readonly Contact[]>;
  /** Nodes that acknowledged that they leave, with the incarnation in which they do. */
  readonly left: ReadonlyMap<string, { readonly op: Op; readonly incarnation: number }>;
  /** Acknowledged views that are none. */
  readonly malformed: readonly Op[];
}

const statuses: ReadonlySet<unknown> = new Set(['alive', 'suspect', 'failed', 'left']);

/** O(operations × members). */
export function readingOf(history: History): Reading {
  const views: View[] = [];
  const malformed: Op[] = [];
  const contactsOf = new Map<string, Contact[]>();
  const left = new Map<string, { op: Op; incarnation: number }>();
  for (const invoked of history.ops) {
    const { node } = invoked;
    if (invoked.process === 'nemesis' || invoked.type !== 'invoke' || node === undefined) continue;
    const done = history.completionOf(invoked);
    const contact = { invoked, done, answered: done?.type === 'ok' };
    contactsOf.set(node, [...(contactsOf.get(node) ?? []), contact]);
    if (done?.type !== 'ok') continue;
    if (invoked.f === 'leave') left.set(node, { op: done, incarnation: Number(done.value) });
    if (invoked.f !== 'members') continue;
    const view = viewOf(node, invoked, done);
    if (view === undefined) malformed.push(done);
    else views.push(view);
  }
  const viewsOf = new Map<string, View[]>();
  for (const view of views) viewsOf.set(view.reader, [...(viewsOf.get(view.reader) ?? []), view]);
  return { views, viewsOf, contactsOf, left, malformed };
}

function viewOf(reader: string, invoked: Op, done: Op): View | undefined {
  if (!Array.isArray(done.value)) return undefined;
  const standings = new Map<string, Standing>();
  for (const entry of done.value as readonly unknown[]) {
    if (!Array.isArray(entry)) return undefined;
    const [node, status, incarnation] = entry as readonly unknown[];
    if (typeof node !== 'string' || !statuses.has(status)) return undefined;
    if (typeof incarnation !== 'number') return undefined;
    standings.set(node, { status: status as Status, incarnation });
  }
  const own = standings.get(reader)?.incarnation ?? -1;
  return { reader, invoked, done, final: invoked.final === true, standings, own };
}

/** A time in which a node answered nothing, from its first unanswered operation on. */
export interface Silence {
  readonly node: string;
  readonly from: Op;
  /** The invocation of the next operation that it answered. */
  readonly until: Op | undefined;
}

/** The silences of all nodes, in the order of their beginnings at each node. */
export function silencesIn({ contactsOf }: Reading): Silence[] {
  return [...contactsOf].flatMap(([node, contacts]) => {
    const silences: Silence[] = [];
    let from: Op | undefined;
    for (const { invoked, answered } of contacts) {
      if (!answered) {
        from ??= invoked;
      } else if (from !== undefined) {
        silences.push({ node, from, until: invoked });
        from = undefined;
      }
    }
    return from === undefined ? silences : [...silences, { node, from, until: undefined }];
  });
}

/** Whether `node` answered all that it was asked between two instants. */
export function answeredAll(
  { contactsOf }: Reading,
  node: string,
  fromUs: number,
  untilUs: number,
): boolean {
  return (contactsOf.get(node) ?? []).every(
    ({ invoked, answered }) => answered || invoked.timeUs < fromUs || invoked.timeUs > untilUs,
  );
}

/** Whether `node` answered right before `view` was asked for and right after it was given. */
export function answeredAround({ contactsOf }: Reading, node: string, view: View): boolean {
  const contacts = contactsOf.get(node) ?? [];
  const before = contacts.findLast(({ done }) => (done?.index ?? Infinity) < view.invoked.index);
  const after = contacts.find(({ invoked }) => invoked.index > view.done.index);
  const beside = contacts.every(
    ({ invoked, done, answered }) =>
      answered || invoked.index > view.done.index || (done?.index ?? Infinity) < view.invoked.index,
  );
  return before?.answered === true && after?.answered === true && beside;
}
