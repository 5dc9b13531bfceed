// Keys for the messages of programs that nobody can make deterministic: a pure function of the
// link and of how many messages it has carried, instead of the event that caused the message. When
// such a program speaks is its own affair; what becomes of its nth message to somebody is not.
import { type Key, keyOf } from '../kernel/key.js';
import { SEND } from './effects.js';
import type { Roster } from './roster.js';

/** What is needed of a world. */
interface Parties {
  readonly parties: readonly { readonly worker: number }[];
  readonly roster: Roster;
  readonly scratch: { readonly key: Key };
}

export class LinkKeys {
  readonly #root: Key;
  /** Messages so far from a party, by party or worker they went to. */
  readonly #counts = new Map<number, Map<number, number>>();

  constructor(seed: string) {
    this.#root = keyOf(seed, 'link');
  }

  /** Makes `scratch.key` the key of the next message from `source` to `target`. */
  next({ parties, roster, scratch }: Parties, source: number, target: number): void {
    // The clients of a worker share a key, so they share a count.
    const worker = parties[target]?.worker ?? -1;
    const whom = worker < 0 ? target : -1 - worker;
    let counts = this.#counts.get(source);
    if (counts === undefined) {
      counts = new Map();
      this.#counts.set(source, counts);
    }
    const nth = counts.get(whom) ?? 0;
    counts.set(whom, nth + 1);
    const { key } = scratch;
    const { hi, lo } = this.#root;
    key.derive(hi, lo, SEND, roster.keyHi(source), roster.keyLo(source));
    key.derive(key.hi, key.lo, nth, roster.keyHi(target), roster.keyLo(target));
  }
}
