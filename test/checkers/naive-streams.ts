// Exactly-once from its definition: every set of inputs that may have been accepted, every
// snapshot folded anew, every number of times that an input may count. Slow, and as short as the
// definition.

import type { Monoid } from '../../src/checkers/exactly-once/run.js';
import type { History } from '../../src/history/history.js';

interface Input {
  readonly partition: string;
  readonly offset: number;
  readonly key: string;
  readonly value: number;
  readonly pending: boolean;
}

interface State {
  /** Undefined: everything. */
  readonly clock: Readonly<Record<string, number>> | undefined;
  readonly state: Readonly<Record<string, unknown>>;
}

type Guarantee = 'exactly-once' | 'at-least-once' | 'at-most-once';

/** The inputs, and the states to be judged, of a history with one record an input. */
export function partsOf(history: History): { inputs: Input[]; states: State[] } {
  const inputs: Input[] = [];
  const states: State[] = [];
  for (const op of history.ops) {
    const done = history.completionOf(op);
    if (op.f === 'input' && op.type === 'invoke' && done?.type !== 'fail') {
      const { partition, offset, records } = op.value as {
        partition: string;
        offset: number;
        records: [string, number][];
      };
      const [key = '', value = 0] = records[0] ?? [];
      inputs.push({ partition, offset, key, value, pending: done?.type !== 'ok' });
    } else if (op.type === 'ok' && (op.f === 'commit' || op.f === 'state')) {
      const { clock, state } = op.value as State;
      states.push({ clock: op.f === 'commit' ? (clock ?? {}) : undefined, state });
    }
  }
  return { inputs, states };
}

/** Whether some set of accepted inputs, counted as often as allowed, gives every state. */
export function explainable(
  { inputs, states }: ReturnType<typeof partsOf>,
  monoid: Monoid,
  guarantee: Guarantee,
): boolean {
  const pending = inputs.filter((input) => input.pending);
  return subsets(pending).some((accepted) => {
    const log = inputs.filter((input) => !input.pending || accepted.includes(input));
    return states.every((state) => explains(log, state, monoid, guarantee));
  });
}

function explains(
  log: readonly Input[],
  { clock, state }: State,
  monoid: Monoid,
  guarantee: Guarantee,
): boolean {
  const below = (input: Input) =>
    clock === undefined || input.offset < (clock[input.partition] ?? 0);
  const keys = new Set([...log.map(({ key }) => key), ...Object.keys(state)]);
  return [...keys].every((key) => {
    const own = log.filter((input) => input.key === key);
    const choices = own.map((input): readonly number[] => {
      if (guarantee === 'exactly-once') return [below(input) ? 1 : 0];
      if (guarantee === 'at-least-once') return below(input) ? [1, 2, 3, 4, 5] : [0, 1, 2, 3, 4];
      return below(input) ? [0, 1] : [0, 1];
    });
    return product(choices).some((counts) =>
      sameState(folded(own, counts, monoid), state[key], monoid),
    );
  });
}

function folded(own: readonly Input[], counts: readonly number[], monoid: Monoid): unknown {
  const values = own.flatMap(({ value }, at) =>
    Array.from({ length: counts[at] ?? 0 }, () => value),
  );
  if (monoid === 'sum') return values.reduce((sum, value) => sum + value, 0);
  if (monoid === 'count') return values.length;
  if (monoid === 'max') return values.length === 0 ? undefined : Math.max(...values);
  if (monoid === 'min') return values.length === 0 ? undefined : Math.min(...values);
  if (monoid === 'set') return [...new Set(values)].sort((a, b) => a - b);
  return values.sort((a, b) => a - b);
}

function sameState(expected: unknown, found: unknown, monoid: Monoid): boolean {
  if (monoid === 'sum' || monoid === 'count') return expected === (found ?? 0);
  if (monoid === 'max' || monoid === 'min') return expected === found;
  const list = [...((found ?? []) as number[])].sort((a, b) => a - b);
  return JSON.stringify(list) === JSON.stringify(expected);
}

function subsets<T>(items: readonly T[]): readonly (readonly T[])[] {
  return Array.from({ length: 2 ** items.length }, (_, bits) =>
    items.filter((_item, at) => (bits >> at) % 2 === 1),
  );
}

function product(choices: readonly (readonly number[])[]): readonly (readonly number[])[] {
  let lists: readonly (readonly number[])[] = [[]];
  for (const options of choices) {
    lists = lists.flatMap((list) => options.map((option) => [...list, option]));
  }
  return lists;
}
