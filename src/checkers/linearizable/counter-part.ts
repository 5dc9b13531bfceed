// The operations of a part as actions on a counter: what they add, and which sum they ask for. A
// counter that only shrinks is one that only grows, seen in a mirror.
import type { Outcome } from './bounds.js';
import type { CounterAction } from './counter-action.js';
import type { Model } from './model.js';
import { never, type Operation } from './operation.js';
import type { Part } from './timeline.js';

/** What operations are: nothing, adds, reads of a sum, or adds to a certain sum. */
export const counterKind = { idle: 0, add: 1, read: 2, bump: 3 } as const;

/** What is done to a counter. */
export interface CounterPart {
  readonly part: Part;
  readonly init: number;
  /** By operation; of unknown outcome are adds only. */
  readonly kinds: Uint8Array;
  /** By operation that asks for one: the sum before it takes effect. */
  readonly wants: Float64Array;
  /** By operation: the place of its amount among the amounts; or one more than there are. */
  readonly amountOf: Int32Array;
  /** Descending, none of them 0. */
  readonly amounts: readonly number[];
  /** Whether no amount is below 0. */
  readonly grows: boolean;
}

/** What a part is to a counter; undefined if its model is none, or sums are too large. */
export function counterPartOf(
  part: Part,
  { counter, init }: Model,
): CounterPart | Outcome | undefined {
  if (counter === undefined || !Number.isSafeInteger(init)) return undefined;
  const actions = part.operations.map((operation) => counter(actionOf(operation)));
  const wrong = actions.findIndex(({ kind }) => kind === 'never');
  if (wrong >= 0) return { verdict: 'invalid', stuck: part.returns[wrong] as number };
  const sums = actions.map((action) => ('amount' in action ? action.amount : 0));
  const largest = sums.reduce((sum, amount) => sum + Math.abs(amount), Math.abs(init as number));
  if (largest > Number.MAX_SAFE_INTEGER / 4) return undefined;
  const shrinks = sums.every((amount) => amount <= 0);
  return filled(part, actions, { init: init as number, sign: shrinks ? -1 : 1 });
}

function actionOf({ f, input, output, client, return: done }: Operation) {
  const known = done !== never;
  return { f, input, output: known ? output : undefined, known, client };
}

function filled(
  part: Part,
  actions: readonly CounterAction[],
  { init, sign }: { readonly init: number; readonly sign: number },
): CounterPart {
  const own = actions.map((action) => ('amount' in action ? sign * action.amount : 0));
  const amounts = [...new Set(own)].filter((amount) => amount !== 0).sort((a, b) => b - a);
  const places = new Map(amounts.map((amount, at) => [amount, at]));
  const amountOf = Int32Array.from(own, (amount) => places.get(amount) ?? amounts.length);
  const kinds = new Uint8Array(actions.length);
  const wants = new Float64Array(actions.length);
  for (const [at, action] of actions.entries()) {
    kinds[at] = kindIn(action);
    if ('sum' in action) wants[at] = sign * action.sum - (own[at] as number);
  }
  const grows = amounts.every((amount) => amount > 0);
  return { part, init: sign * init, kinds, wants, amountOf, amounts, grows };
}

function kindIn(action: CounterAction): number {
  if (action.kind === 'read') return counterKind.read;
  if (action.kind === 'add' && action.amount !== 0) return counterKind.add;
  if (action.kind !== 'add-and-get') return counterKind.idle;
  return action.amount === 0 ? counterKind.read : counterKind.bump;
}
