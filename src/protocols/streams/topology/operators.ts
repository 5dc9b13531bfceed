// A building block: what a vertex of a topology does with a tuple. Operators are pure functions:
// the same tuple and state give the same outputs, so that what is done again comes out the same.

/** What flows: a text, which groupings hash, and a number. */
export interface Tuple {
  readonly key: string;
  readonly value: number;
}

export interface Operator {
  readonly name: string;
  readonly about: string;
  /** Spouts read the log, sinks write to the world, bolts are in between. */
  readonly kind: 'spout' | 'bolt' | 'sink';
  /** One tuple becomes so many at most. */
  readonly fanMax: number;
  /** How the state takes effects in; undefined: there is no state. */
  readonly monoid: string | undefined;
  /** What the state takes in for a tuple, under its key. */
  amount(tuple: Tuple): number;
  /** What goes on downstream. `held`: what the state has under the key, with the tuple in it. */
  emit(tuple: Tuple, held: number, pick?: Chance): readonly Tuple[];
}

/** Chance, for those few that are not pure: a number below `count`. */
type Chance = (count: number) => number;

const nothing = () => 0;

/** A bolt without state. */
function mapper(
  name: string,
  about: string,
  fanMax: number,
  emit: (tuple: Tuple, pick?: Chance) => readonly Tuple[],
): Operator {
  const around = { name, about, kind: 'bolt', fanMax, monoid: undefined } as const;
  return { ...around, amount: nothing, emit: (tuple, _, pick) => emit(tuple, pick) };
}

/** A bolt that takes an amount in under the tuple's key. */
function folder(
  name: string,
  about: string,
  monoid: string,
  parts: Pick<Operator, 'amount' | 'emit'>,
): Operator {
  return { name, about, kind: 'bolt', fanMax: 1, monoid, ...parts };
}

const wordsMax = 16;
const windowUs = { size: 1_000, slide: 500 };
const windowsPerWord = windowUs.size / windowUs.slide;

const wordsOf = (text: string): readonly string[] =>
  text
    .split(' ')
    .filter((word) => word !== '')
    .slice(0, wordsMax);

const same = (tuple: Tuple): readonly Tuple[] => [tuple];

const all: readonly Operator[] = [
  {
    name: 'read',
    about: 'Reads a partition of the log; a record is a tuple.',
    ...{ kind: 'spout', fanMax: 1, monoid: undefined, amount: nothing, emit: same },
  },
  {
    name: 'write',
    about: 'Shows what arrives to the world.',
    ...{ kind: 'sink', fanMax: 1, monoid: undefined, amount: nothing, emit: () => [] },
  },
  mapper('words', 'A text becomes its words.', wordsMax, ({ key }) =>
    wordsOf(key).map((word) => ({ key: word, value: 1 })),
  ),
  mapper('hashtags', 'A text becomes the hashtags in it.', wordsMax, ({ key }) =>
    wordsOf(key)
      .filter((word) => word.startsWith('#'))
      .map((word) => ({ key: word, value: 1 })),
  ),
  mapper('windows', 'A time and words become each word in each of its windows.', wordsMax, windows),
  mapper('letters', 'A word goes on with its length.', 1, ({ key }) => [
    { key, value: key.length },
  ]),
  mapper('deal', 'Deals each tuple to one of two hands, as chance has it.', 1, ({ key }, pick) => [
    { key: `${key}/${pick?.(2) ?? 0}`, value: 1 },
  ]),
  folder('count', 'Counts tuples by key; goes on with the count so far.', 'sum', {
    amount: () => 1,
    emit: ({ key }, held) => [{ key, value: held }],
  }),
  folder('rank', 'Keeps the highest value of each key.', 'max', {
    amount: ({ value }) => value,
    emit: same,
  }),
  folder('total', 'Adds up the values of each key, as they are at that time.', 'sum', {
    amount: ({ value }) => value,
    emit: same,
  }),
  folder('last', 'Broken: keeps the value of each key that came last.', 'last', {
    amount: ({ value }) => value,
    emit: same,
  }),
  folder('mean', 'Broken: keeps the mean of each key, pair by pair.', 'mean', {
    amount: ({ value }) => value,
    emit: same,
  }),
  folder('top', 'Broken: counts the two most frequent keys; ties go by arrival.', 'top-two', {
    amount: () => 1,
    emit: same,
  }),
];

/** Operators by name. */
export const operators: ReadonlyMap<string, Operator> = new Map(
  all.map((operator) => [operator.name, operator]),
);

/** `1250 b a` is in the windows from 500 and from 1,000. */
function windows({ key }: Tuple): readonly Tuple[] {
  const [time = '0', ...words] = wordsOf(key);
  const last = Math.floor(Number(time) / windowUs.slide) * windowUs.slide;
  return words
    .flatMap((word) =>
      Array.from({ length: windowsPerWord }, (_, back) => {
        return { key: `${last - back * windowUs.slide}:${word}`, value: 1 };
      }),
    )
    .slice(0, wordsMax);
}
