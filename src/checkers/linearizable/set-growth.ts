// Sets that only grow, in which every member is added by one operation: near-linear, reads of all
// members included. What reads saw must lie one within the other; whoever added a member comes
// after all reads that lack it and before all that have it. An order of this kind keeps to time if
// and only if everybody can take effect before returning when all do so as early as they can.
import type { Outcome } from './bounds.js';
import type { SetPart } from './set-part.js';
import { open } from './timeline.js';

/** Decides a set; undefined where it shrinks, or two add one member. O(n + members read). */
export function growthOf(given: SetPart): Outcome | undefined {
  const adders = addersOf(given);
  if (adders === undefined) return undefined;
  const { part, reads } = given;
  const ascending = [...reads].sort(([a, x], [b, y]) => x.size - y.size || a - b);
  /** By operation: the earliest instant at which it can take effect. */
  const early = Float64Array.from(part.calls);
  const firsts = lacked(given, early);
  let [latest, before] = [-1, new Set<number>() as ReadonlySet<number>];
  const added = new Set<number>();
  /** Takes effect after all that has so far, but for those of its own kind. */
  const place = (at: number, since: number): number => {
    early[at] = Math.max(early[at] as number, since);
    return (early[at] as number) < (part.returns[at] as number) ? (early[at] as number) : open;
  };
  const add = (member: number, since: number): number => {
    added.add(member);
    const adder = adders[member] as number;
    if (given.initial[member] === 1) return since;
    if (adder < 0) return open;
    early[adder] = Math.max(early[adder] as number, firsts.get(member) ?? -1);
    return place(adder, since);
  };
  for (const [at, members] of ascending) {
    for (const member of before) if (!members.has(member)) return bad(part.returns[at] as number);
    let most = latest;
    for (const member of members) {
      if (!added.has(member)) most = Math.max(most, add(member, latest));
    }
    if (most === open) return bad(part.returns[at] as number);
    const now = place(at, most);
    if (now === open) return bad(part.returns[at] as number);
    latest = Math.max(most, now);
    before = members;
  }
  return finished(given, { adders, added, early, add, latest });
}

interface Course {
  readonly adders: Int32Array;
  readonly added: ReadonlySet<number>;
  readonly early: Float64Array;
  readonly add: (member: number, since: number) => number;
  readonly latest: number;
}

/** Members that no read shows were added after all reads; and single members were looked for. */
function finished(given: SetPart, { adders, added, early, add, latest }: Course): Outcome {
  const { part, actions, memberOf, initial } = given;
  for (let at = 0; at < actions.length; at++) {
    const [action, member] = [actions[at], memberOf[at] as number];
    if (action?.kind !== 'member' || action.action.kind !== 'read') continue;
    const sought = action.action.value === true && !added.has(member) && initial[member] === 0;
    if (sought && add(member, latest) === open) return bad(part.returns[at] as number);
  }
  for (let member = 0; member < adders.length; member++) {
    const adder = adders[member] as number;
    if (adder < 0 || added.has(member) || part.returns[adder] === open) continue;
    if (add(member, latest) === open) return bad(part.returns[adder] as number);
  }
  for (let at = 0; at < actions.length; at++) {
    const [action, member] = [actions[at], memberOf[at] as number];
    if (action?.kind !== 'member' || action.action.kind !== 'read') continue;
    const there = initial[member] === 1;
    if (action.action.value !== true) {
      if (there) return bad(part.returns[at] as number);
    } else if (!there) {
      const adder = adders[member] as number;
      if (adder < 0 || (early[adder] as number) >= (part.returns[at] as number)) {
        return bad(part.returns[at] as number);
      }
    }
  }
  return { verdict: 'valid' };
}

/** By member: the latest call of those who looked for it and did not find it. */
function lacked({ part, actions, memberOf }: SetPart, early: Float64Array) {
  const firsts = new Map<number, number>();
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at];
    if (action?.kind !== 'member' || action.action.kind !== 'read') continue;
    if (action.action.value === true || part.returns[at] === open) continue;
    const member = memberOf[at] as number;
    firsts.set(member, Math.max(firsts.get(member) ?? -1, early[at] as number));
  }
  return firsts;
}

/** By member: who adds it, or −1; undefined where somebody removes one, or two add it. */
function addersOf({ actions, memberOf, members }: SetPart): Int32Array | undefined {
  const adders = new Int32Array(members).fill(-1);
  for (let at = 0; at < actions.length; at++) {
    const action = actions[at];
    if (action?.kind !== 'member') continue;
    const { action: own } = action;
    if (own.kind === 'read') continue;
    const adds =
      (own.kind === 'write' && own.value === true) || (own.kind === 'cas' && own.to === true);
    const member = memberOf[at] as number;
    if (!adds || adders[member] !== -1) return undefined;
    adders[member] = at;
  }
  return adders;
}

function bad(stuck: number): Outcome {
  return { verdict: 'invalid', stuck };
}
