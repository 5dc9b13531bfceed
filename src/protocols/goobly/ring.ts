// A building block: who keeps a key. Each instance has `vnodes` tokens on a ring of 2^32 places,
// and a key belongs to the first token clockwise (Karger et al. 1997; 256 as in Cassandra). Or
// there are few fixed buckets, each claimed by an instance, as in Riak; then a ring has no more
// instances than buckets that do something. A pure function of the ring and the key: all parents
// route alike.
import type { NodeId } from '../../node/message.js';

export interface Ring {
  /** Every ring has another number, and a later one a higher one. */
  readonly epoch: number;
  readonly members: readonly NodeId[];
  /** By bucket who has claimed it; empty where tokens decide. */
  readonly claims: readonly NodeId[];
}

/** 32 bits of a text: FNV-1a, mixed once more so that short texts spread. */
function hashOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return mix(hash);
}

/** The finalizer of MurmurHash3. */
function mix(bits: number): number {
  let x = bits ^ (bits >>> 16);
  x = Math.imul(x, 0x85ebca6b);
  x = Math.imul(x ^ (x >>> 13), 0xc2b2ae35);
  return (x ^ (x >>> 16)) >>> 0;
}

/** Who keeps `key`. O(members × vnodes), or O(1) with buckets. */
export function ownerOf({ members, claims }: Ring, key: string, vnodes: number): NodeId {
  const place = hashOf(key);
  const claimed = claims[place % Math.max(1, claims.length)];
  if (claimed !== undefined) return claimed;
  let [owner, nearest] = [members[0] ?? '', Number.POSITIVE_INFINITY];
  for (const member of members) {
    const distance = distanceTo(member, place, vnodes);
    if (distance >= nearest) continue;
    [owner, nearest] = [member, distance];
  }
  return owner;
}

/** All members in the order in which their tokens follow on the key: distinct, the owner first. */
export function preferenceOf(
  { members }: Pick<Ring, 'members'>,
  key: string,
  vnodes: number,
): readonly NodeId[] {
  const place = hashOf(key);
  return members
    .map((member, index) => ({ member, index, distance: distanceTo(member, place, vnodes) }))
    .sort((a, b) => a.distance - b.distance || a.index - b.index)
    .map(({ member }) => member);
}

/** How far clockwise from `place` the next token of `member` lies. */
function distanceTo(member: NodeId, place: number, vnodes: number): number {
  const base = hashOf(member);
  let nearest = Number.POSITIVE_INFINITY;
  for (let i = 0; i < vnodes; i++) {
    const distance = (mix(base + Math.imul(i + 1, 0x9e3779b9)) - place) >>> 0;
    if (distance < nearest) nearest = distance;
  }
  return nearest;
}

/**
 * Claims of `buckets` buckets for `members`, made from those before so that a bucket moves only to
 * who comes or from who goes; each member has its share, or one less.
 */
export function claimsOf(
  before: readonly NodeId[],
  members: readonly NodeId[],
  buckets: number,
): readonly NodeId[] {
  if (buckets === 0) return [];
  const claims = Array.from({ length: buckets }, (_, bucket) => before[bucket]);
  const counts = new Map(members.map((member) => [member, 0]));
  for (const [bucket, owner] of claims.entries()) {
    const count = counts.get(owner ?? '');
    if (owner === undefined || count === undefined) claims[bucket] = undefined;
    else counts.set(owner, count + 1);
  }
  const least = (): NodeId => members.reduce((a, b) => (of(counts, b) < of(counts, a) ? b : a));
  const give = (bucket: number, member: NodeId): void => {
    claims[bucket] = member;
    counts.set(member, of(counts, member) + 1);
  };
  for (const [bucket, owner] of claims.entries()) if (owner === undefined) give(bucket, least());
  for (const newcomer of members) {
    while (of(counts, newcomer) < Math.floor(buckets / members.length)) {
      const richest = members.reduce((a, b) => (of(counts, b) > of(counts, a) ? b : a));
      counts.set(richest, of(counts, richest) - 1);
      give(claims.lastIndexOf(richest), newcomer);
    }
  }
  return claims.map((owner) => owner ?? least());
}

function of(counts: ReadonlyMap<NodeId, number>, member: NodeId): number {
  return counts.get(member) ?? 0;
}
