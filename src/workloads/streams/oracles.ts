// What each topology should make of a record: its effects on the state, `vertex/key` by
// `vertex/key`, and what the sink should show for it, in order. Written from what the topologies
// are for, not from what they do: nothing here is shared with the protocols.

interface Should {
  /** [key, amount, key, amount …]. */
  readonly effects: readonly (string | number)[];
  /** Undefined: nobody can say. */
  readonly outputs: readonly string[] | undefined;
}

/** What clients write, and what should become of it. */
export interface Oracle {
  /** A record of these words; `number` counts the records of the run. */
  record(words: readonly string[], number: number): string;
  should(record: string): Should;
  /** Where each record counts once under one key, and is its own only output: that key. */
  keyOf?(record: string): string;
}

/**
 * The words w0, w1 … that most runs have: a million records of them are a million times the same
 * texts, which need room once and are equal at a glance.
 */
export const wordsKnown: readonly string[] = Array.from({ length: 1_024 }, (_, i) => `w${i}`);

const wordCount: Oracle = {
  record: (words) => words.join(' '),
  should: (record) => {
    const words = record.split(' ');
    return { effects: words.flatMap((word) => [`count/${word}`, 1]), outputs: words };
  },
};

/** Every other word of a record is a hashtag. */
const trending: Oracle = {
  record: (words, number) =>
    words.map((word, i) => ((number + i) % 2 === 0 ? `#${word}` : word)).join(' '),
  should: (record) => {
    const tags = record.split(' ').filter((word) => word.startsWith('#'));
    const effects = tags.flatMap((tag) => [`count/${tag}`, 1, `rank/${tag}`, 1]);
    return { effects, outputs: tags };
  },
};

const [windowSize, windowSlide] = [1_000, 500];

/** A record has a time of its own, which need not rise. */
const windowed: Oracle = {
  record: (words, number) => `${2_000 + 40 * (number ^ 3)} ${words.join(' ')}`,
  should: (record) => {
    const [time = '0', ...words] = record.split(' ');
    const last = Number(time) - (Number(time) % windowSlide);
    const keys = words.flatMap((word) => {
      const starts: number[] = [];
      for (let start = last; start > Number(time) - windowSize; start -= windowSlide) {
        starts.push(start);
      }
      return starts.map((start) => `${start}:${word}`);
    });
    return { effects: keys.flatMap((key) => [`count/${key}`, 1]), outputs: keys };
  },
};

/** Both ways lead to `both`, so that everything is there twice. */
const diamond: Oracle = {
  record: wordCount.record,
  should: (record) => {
    const words = record.split(' ');
    const effects = words.flatMap((word) => [`count/${word}`, 1, `both/${word}`, 2]);
    return { effects, outputs: words.flatMap((word) => [word, word]) };
  },
};

const countsKnown: ReadonlyMap<string, string> = new Map(
  wordsKnown.map((word) => [word, `count/${word}`]),
);

const single: Oracle = {
  record: ([word = '']) => word,
  should: (record) => ({ effects: [`count/${record}`, 1], outputs: [record] }),
  keyOf: (record) => countsKnown.get(record) ?? `count/${record}`,
};

/** To whom a record is dealt is chance; that it is to one and not to both can be seen. */
const dealt: Oracle = {
  record: ([word = '']) => word,
  should: () => ({ effects: [], outputs: undefined }),
};

/** By the name of the topology. */
export const oracles: ReadonlyMap<string, Oracle> = new Map([
  ['word-count', wordCount],
  ['trending', trending],
  ['windowed', windowed],
  ['diamond', diamond],
  ['words', single],
  ['dealt', dealt],
]);
