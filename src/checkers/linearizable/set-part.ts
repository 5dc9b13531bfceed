// The operations of a part as actions on a set, its members numbered.
import { Interner } from '../set-full/interner.js';
import type { Outcome } from './bounds.js';
import type { Model } from './model.js';
import { never, type Operation } from './operation.js';
import type { SetAction } from './set-action.js';
import type { Part } from './timeline.js';

/** What is done to a set, by operation. */
export interface SetPart {
  readonly part: Part;
  readonly actions: readonly SetAction[];
  /** By operation: its member's number, or −1. */
  readonly memberOf: Int32Array;
  readonly members: number;
  /** By member: whether it was there at the beginning. */
  readonly initial: Uint8Array;
  /** The operations that read all members, and the numbers that they read. */
  readonly reads: readonly (readonly [at: number, members: ReadonlySet<number>])[];
}

/** What a part is to a set; undefined if its model is none. An answer no set gives is a verdict. */
export function setPartOf(part: Part, { set, init }: Model): SetPart | Outcome | undefined {
  if (set === undefined || !Array.isArray(init)) return undefined;
  const numbers = new Interner();
  for (const member of init) numbers.numberOf(member);
  const initially = numbers.values.length;
  const memberOf = new Int32Array(part.operations.length).fill(-1);
  const reads: (readonly [number, ReadonlySet<number>])[] = [];
  const actions = part.operations.map((operation, at) => {
    const action = set(actionOf(operation));
    if (action.kind === 'member') memberOf[at] = numbers.numberOf(action.member);
    if (action.kind !== 'all') return action;
    const read = new Set(action.members.map((member) => numbers.numberOf(member)));
    reads.push([at, read]);
    return read.size < action.members.length ? ({ kind: 'never' } as const) : action;
  });
  const wrong = actions.findIndex(({ kind }) => kind === 'never');
  if (wrong >= 0) return { verdict: 'invalid', stuck: part.returns[wrong] as number };
  const members = numbers.values.length;
  const initial = new Uint8Array(members).fill(1, 0, initially);
  return { part, actions, memberOf, members, initial, reads };
}

function actionOf({ f, input, output, client, return: done }: Operation) {
  const known = done !== never;
  return { f, input, output: known ? output : undefined, known, client };
}
