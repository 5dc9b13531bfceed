// A building block: what a node believes of the others, and which of two beliefs prevails. Beliefs
// about a node form a chain, incarnation first, so their merge is a lattice: in whatever order
// and however often nodes hear of them, they come to the same view. SWIM, §4.2, with what
// memberlist adds: death is final for an incarnation, not for a node; leaving is a status.
//
//   alive(0) < suspect(0) < failed(0) < left(0) < alive(1) < suspect(1) < …
//
// Only a node itself counts its incarnation up. It knows neither messages nor time.
import { assert } from '../../kernel/assert.js';
import type { NodeId } from '../../node/message.js';

export type Status = 'alive' | 'suspect' | 'failed' | 'left';

export interface Standing {
  readonly status: Status;
  readonly incarnation: number;
}

/** A belief about a node, as it travels. */
export interface Update extends Standing {
  readonly node: NodeId;
}

/**
 * A node's beliefs. Of members that have no entry it believes what it did at its start: alive in
 * their first incarnation. So the tables of a quiet cluster of n nodes need no space at all beside
 * the list of members, which they share.
 */
export interface Table {
  members: readonly NodeId[];
  readonly entries: Map<NodeId, Standing>;
}

const ranks: Readonly<Record<Status, number>> = { alive: 0, suspect: 1, failed: 2, left: 3 };

const asFirst: Standing = { status: 'alive', incarnation: 0 };

/** How many times a node can refute rumours in one life. */
const refutationsOfALife = 2 ** 16;

/** The incarnation with which a node's life begins (1: its first): later ones are higher. */
export const incarnationOfLife = (life: number): number => (life - 1) * refutationsOfALife;

/** Whether `a` says more than `b`. */
export function prevails(a: Standing, b: Standing): boolean {
  if (a.incarnation !== b.incarnation) return a.incarnation > b.incarnation;
  return ranks[a.status] > ranks[b.status];
}

/**
 * What is believed of `node`; `undefined`: it was never heard of. O(members) if there is no entry.
 */
export function standingOf({ members, entries }: Table, node: NodeId): Standing | undefined {
  return entries.get(node) ?? (members.includes(node) ? asFirst : undefined);
}

/** As `standingOf` of one who is known to be a member. O(1). */
export const standingOfMember = ({ entries }: Table, member: NodeId): Standing =>
  entries.get(member) ?? asFirst;

/** Believes `update` if it prevails; says whether it did. */
export function believe(table: Table, { node, status, incarnation }: Update): boolean {
  const standing = standingOf(table, node);
  const update = { status, incarnation };
  if (standing !== undefined && !prevails(update, standing)) return false;
  if (standing === undefined) table.members = [...table.members, node];
  table.entries.set(node, update);
  return true;
}

/** All beliefs that differ from those of the start. */
export const updatesOf = ({ entries }: Table): Update[] =>
  [...entries].map(([node, standing]) => ({ node, ...standing }));

/** What a client is told. */
export function viewOf(table: Table, self: Update): [NodeId, Status, number][] {
  return table.members.map((node) => {
    const { status, incarnation } = node === self.node ? self : standingOfMember(table, node);
    return [node, status, incarnation];
  });
}

/** What holds of every table. O(entries). */
export function assertSound({ members, entries }: Readonly<Table>): void {
  assert(entries.size <= members.length, 'beliefs are about members', { beliefs: entries.size });
}
