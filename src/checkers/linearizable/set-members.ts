// Sets, member by member. Where nobody reads all members, each is an object of its own, a register
// of false and true, and the set is linearizable if and only if each of them is (Herlihy & Wing
// 1990, §3: locality). Reads of all members tie them together: then each member must still be
// linearizable, so that one that is not is a proof, and sets that only grow are put in order.
import type { Bounds, Outcome, Searched } from './bounds.js';
import type { Model } from './model.js';
import { kindOf, type RegisterAction } from './register-action.js';
import { decideRegister } from './register-decision.js';
import { registerPart } from './register-part.js';
import type { SetAction } from './set-action.js';
import { growthOf } from './set-growth.js';
import { type SetPart, setPartOf } from './set-part.js';
import { searchSet } from './set-search.js';
import { open, type Part } from './timeline.js';

/** Reads of all members count once for each member: more than this are not looked at so. */
const readsMax = 8_000_000;

/** Configurations for each operation of a first search, which is cheaper than to ask members. */
const firstEach = 4;

/** Decides a set; undefined where its members do not tell. */
export function decideByMembers(part: Part, model: Model, bounds: Bounds): Searched | undefined {
  const given = setPartOf(part, model);
  if (given === undefined) return undefined;
  if ('verdict' in given) return { outcome: given, configurations: 0 };
  if (given.reads.length === 0) return askMembers(given, bounds);
  const growth = growthOf(given);
  if (growth !== undefined) return { outcome: growth, configurations: 0 };
  const few = Math.min(bounds.configurationsMax, firstEach * part.operations.length);
  const first = searchSet(given, { ...bounds, configurationsMax: few });
  if (first !== undefined && first.outcome.verdict !== 'unknown') return first;
  if (given.reads.length * given.members <= readsMax) {
    const asked = askMembers(given, bounds);
    if (asked.outcome.verdict === 'invalid') return asked;
  }
  return first && searchSet(given, bounds);
}

/** Decides each member by itself. Where all are read at once, only that one is wrong is a proof. */
function askMembers(given: SetPart, bounds: Bounds): Searched {
  let configurations = 0;
  let doubt: Searched['outcome'] | undefined;
  const touching = operationsByMember(given);
  for (let member = 0; member < given.members; member++) {
    const { registers, originals } = memberPart(given, member, touching[member] ?? []);
    const { outcome, configurations: own } = decideRegister(registers, bounds);
    configurations += own;
    if (outcome.verdict === 'invalid') {
      return { outcome: placed(outcome, given.part, registers.part, originals), configurations };
    }
    if (outcome.verdict === 'unknown') doubt ??= { ...outcome, reached: 0 };
  }
  return { outcome: doubt ?? { verdict: 'valid' }, configurations };
}

function operationsByMember({ memberOf, members }: SetPart): readonly (readonly number[])[] {
  const lists: number[][] = Array.from({ length: members }, () => []);
  for (let at = 0; at < memberOf.length; at++) {
    const member = memberOf[at] as number;
    if (member >= 0) (lists[member] as number[]).push(at);
  }
  return lists;
}

/** What one member saw: its own operations, and all reads as reads of it. */
function memberPart(given: SetPart, member: number, touching: readonly number[]) {
  const { part, reads, actions, initial } = given;
  const seen = new Map(reads.map(([at, members]) => [at, members.has(member)]));
  const originals = [...touching, ...seen.keys()].sort((a, b) => a - b);
  const there = initial[member] === 1;
  const numberOf = (value: unknown): number => ((value === true) === there ? 0 : 1);
  const kinds = new Uint8Array(originals.length);
  const from = new Int32Array(originals.length);
  const to = new Int32Array(originals.length);
  for (const [own, at] of originals.entries()) {
    const action = actions[at] as SetAction;
    const known: RegisterAction =
      action.kind === 'member' ? action.action : { kind: 'read', value: seen.get(at) };
    kinds[own] = known.kind === 'append' ? kindOf.nothing : kindOf[known.kind];
    if (known.kind === 'read' || known.kind === 'write') from[own] = numberOf(known.value);
    if (known.kind !== 'cas') continue;
    from[own] = numberOf(known.from);
    to[own] = numberOf(known.to);
  }
  const registers = registerPart(shortened(part, originals), { kinds, from, to }, 2);
  return { registers, originals };
}

/** The events of some operations, ranked anew. */
function shortened(part: Part, originals: readonly number[]): Part {
  const ranks: number[] = [];
  const owners = new Map<number, number>();
  for (const [own, at] of originals.entries()) {
    const [call, done] = [part.calls[at] as number, part.returns[at] as number];
    ranks.push(call);
    owners.set(call, own << 1);
    if (done === open) continue;
    ranks.push(done);
    owners.set(done, (own << 1) | 1);
  }
  ranks.sort((a, b) => a - b);
  const events = Int32Array.from(ranks, (rank) => owners.get(rank) as number);
  const calls = new Int32Array(originals.length);
  const returns = new Int32Array(originals.length).fill(open);
  for (const [rank, event] of events.entries()) {
    if ((event & 1) === 0) calls[event >> 1] = rank;
    else returns[event >> 1] = rank;
  }
  return { key: part.key, operations: [], events, calls, returns };
}

/** An outcome of a member's, in ranks and positions of the whole. */
function placed(
  outcome: Outcome & { readonly verdict: 'invalid' },
  whole: Part,
  own: Part,
  originals: readonly number[],
): Outcome {
  const { stuck, conflict } = outcome;
  const event = own.events[stuck] as number;
  const at = originals[event >> 1] as number;
  const rank = (event & 1) === 0 ? whole.calls[at] : whole.returns[at];
  return {
    verdict: 'invalid',
    stuck: rank as number,
    ...(conflict !== undefined && { conflict: conflict.map((each) => originals[each] as number) }),
  };
}
