// A building block: how a keyed state takes things in. A state is a Map from keys to numbers, and
// merging two states must be commutative and associative with the empty state as its identity, or
// the order of arrival shows. Nobody can prove that of a function; samples refute it, by name.

export type Keyed = Map<string, number>;

export interface Monoid {
  readonly name: string;
  /** Two amounts of one key. */
  readonly merge: (a: number, b: number) => number;
  /** A state keeps so many keys at most; 0: all. */
  readonly keysMax: number;
}

const all: readonly Monoid[] = [
  { name: 'sum', merge: (a, b) => a + b, keysMax: 0 },
  { name: 'max', merge: (a, b) => (a > b ? a : b), keysMax: 0 },
  { name: 'min', merge: (a, b) => (a < b ? a : b), keysMax: 0 },
  // No monoids, for those who want to see what becomes of them.
  { name: 'last', merge: (_, b) => b, keysMax: 0 },
  { name: 'mean', merge: (a, b) => (a + b) / 2, keysMax: 0 },
  // Hailstorm's sample keeps the 20 most frequent words; ties go by the order of arrival.
  { name: 'top-two', merge: (a, b) => a + b, keysMax: 2 },
];

export const monoids: ReadonlyMap<string, Monoid> = new Map(all.map((each) => [each.name, each]));

/** Takes one amount in; returns what the state has under its key now, if anything. */
export function take(
  state: Keyed,
  key: string,
  amount: number,
  { merge, keysMax }: Monoid,
): number | undefined {
  const known = state.get(key);
  const merged = known === undefined ? amount : merge(known, amount);
  state.set(key, merged);
  if (keysMax === 0 || state.size <= keysMax) return merged;
  dropLeast(state);
  return state.get(key);
}

/** Takes another state in. */
export function takeAll(state: Keyed, other: ReadonlyMap<string, number>, monoid: Monoid): void {
  for (const [key, amount] of other) take(state, key, amount, monoid);
}

function dropLeast(state: Keyed): void {
  let [least, at] = ['', Number.POSITIVE_INFINITY];
  for (const [key, amount] of state) if (amount <= at) [least, at] = [key, amount];
  state.delete(least);
}

/** A law that samples refute: which, and how; undefined: they all hold. */
export function brokenLaw(monoid: Monoid): string | undefined {
  const merged = (a: Sample, b: Sample): Sample => {
    const state = new Map(a);
    takeAll(state, new Map(b), monoid);
    return [...state].sort(([x], [y]) => (x < y ? -1 : 1));
  };
  for (const a of samples) {
    if (shown(merged([], a)) !== shown(a)) {
      return `the empty state is no identity: with ${shown(a)} it makes ${shown(merged([], a))}`;
    }
    for (const b of samples) {
      const [ab, ba] = [shown(merged(a, b)), shown(merged(b, a))];
      if (ab !== ba) {
        return `not commutative: ${shown(a)} and ${shown(b)} make ${ab}, the other way ${ba}`;
      }
      for (const c of samples) {
        const [left, right] = [shown(merged(merged(a, b), c)), shown(merged(a, merged(b, c)))];
        if (left === right) continue;
        const sets = [a, b, c].map(shown).join(', ');
        return `not associative: ${sets} make ${left} from the left, ${right} from the right`;
      }
    }
  }
  return undefined;
}

type Sample = readonly (readonly [string, number])[];

/** Few keys and few amounts, so that they meet; equal amounts, so that there are ties. */
const samples: readonly Sample[] = [
  [],
  [['a', 1]],
  [['a', 3]],
  [['b', 1]],
  [
    ['a', 1],
    ['c', 2],
  ],
  [
    ['b', 2],
    ['c', 1],
  ],
];

function shown(sample: Sample): string {
  return `{${sample.map(([key, amount]) => `${key}: ${amount}`).join(', ')}}`;
}
