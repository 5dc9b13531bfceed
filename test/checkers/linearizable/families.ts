// Families of histories on which checkers differ: many clients on one key, values that repeat,
// crashed operations, violations at the very end. Seeded; of each family there are any number.

import type { Model } from '../../../src/checkers/linearizable/model.js';
import { models } from '../../../src/checkers/linearizable/models/index.js';
import { never, type Operation } from '../../../src/checkers/linearizable/operation.js';
import { Chance } from './chance.js';

/** What the histories of a family are like. */
export interface Family {
  readonly name: string;
  readonly model: 'register' | 'cas-register' | 'kv';
  readonly clients: number;
  readonly operations: number;
  /** How many values there are; 0: every value is fresh. */
  readonly domain: number;
  readonly keys?: number;
  /** How many of 100 operations have an unknown outcome. */
  readonly crashes?: number;
  /** How many of 100 times a client calls when it could as well wait. */
  readonly contention?: number;
  /** How many reads, writes and compare-and-sets there are for each other. */
  readonly mix?: readonly [reads: number, writes: number, cas: number];
  /** A read of a value that was gone, at nine tenths; or one at the very end. */
  readonly bad?: 'stale' | 'end';
}

interface Running {
  readonly client: number;
  readonly f: string;
  readonly key: number;
  readonly input: unknown;
  readonly call: number;
  readonly crashed: boolean;
  applied: boolean;
  output: unknown;
}

/** The model of a family, with its initial state. */
export function modelOf({ model }: Family): Model {
  return { ...(models.get(model) as Model), init: model === 'kv' ? '' : 0 };
}

/** A history of a family. */
export function historyOf(family: Family, seed: number): readonly Operation[] {
  return new Generator(family, seed).run();
}

class Generator {
  readonly #family: Family;
  readonly #chance: Chance;
  readonly #done: Operation[] = [];
  readonly #running: Running[] = [];
  readonly #idle: number[];
  readonly #states: unknown[];
  /** Values that were there before, by key. */
  readonly #past: unknown[][];
  /** Equal texts are the same text, as they are in a history that was read. */
  readonly #keys: readonly string[];
  #fresh = 0;
  #next: number;
  #now = 0;
  #stale = false;

  constructor(family: Family, seed: number) {
    this.#family = family;
    this.#chance = new Chance(seed);
    this.#idle = Array.from({ length: family.clients }, (_, at) => at);
    this.#next = family.clients;
    const { init } = modelOf(family);
    this.#states = Array.from({ length: family.keys ?? 1 }, () => init);
    this.#past = this.#states.map((state) => [state]);
    this.#keys = this.#states.map((_, key) => `k${key}`);
  }

  run(): readonly Operation[] {
    const { operations, contention = 100 } = this.#family;
    for (let invoked = 0; invoked < operations || this.#running.length > 0; ) {
      if (this.#chance.below(3) === 0) this.#apply(this.#chance.below(this.#running.length + 1));
      const eager = this.#running.length === 0 || this.#chance.below(100) < contention;
      if (invoked < operations && this.#idle.length > 0 && eager) {
        this.#call();
        invoked++;
      } else {
        this.#return(this.#chance.below(this.#running.length));
      }
    }
    if (this.#family.bad === 'end') this.#endBadly();
    return this.#done;
  }

  #call(): void {
    const client = this.#idle.splice(this.#chance.below(this.#idle.length), 1)[0] as number;
    const key = this.#chance.below(this.#states.length);
    const crashed = this.#chance.below(1_000) < 10 * (this.#family.crashes ?? 0);
    const asked = this.#request();
    const more = { call: this.#now++, crashed, applied: false, output: undefined };
    this.#running.push({ client, key, ...asked, ...more });
  }

  #request(): { readonly f: string; readonly input: unknown } {
    const { model, mix = model === 'kv' ? [5, 1, 4] : [1, 1, model === 'register' ? 0 : 1] } =
      this.#family;
    const choice = this.#chance.below(mix[0] + mix[1] + mix[2]);
    if (model === 'kv') {
      if (choice < mix[0]) return { f: 'get', input: undefined };
      const token = `${++this.#fresh};`;
      return choice < mix[0] + mix[1]
        ? { f: 'put', input: `p${token}` }
        : { f: 'append', input: token };
    }
    if (choice < mix[0]) return { f: 'read', input: undefined };
    if (choice < mix[0] + mix[1]) return { f: 'write', input: this.#value() };
    return { f: 'cas', input: [this.#seen(), this.#value()] };
  }

  #value(): number {
    const { domain } = this.#family;
    return domain === 0 ? ++this.#fresh : this.#chance.below(domain);
  }

  /** A value that may be there: of fresh ones, the last. */
  #seen(): unknown {
    const { domain } = this.#family;
    return domain === 0 ? this.#states[0] : this.#chance.below(domain);
  }

  #apply(at: number): void {
    const running = this.#running[at];
    if (running === undefined || running.applied) return;
    running.applied = true;
    const { f, key, input } = running;
    const state = this.#states[key];
    if (f === 'read' || f === 'get') running.output = this.#seenBy(key);
    if (f === 'write' || f === 'put') this.#become(key, input);
    if (f === 'append') this.#become(key, `${state}${input}`);
    if (f === 'cas') {
      const [from, to] = input as readonly [unknown, unknown];
      running.output = state === from;
      if (running.output === true) this.#become(key, to);
    }
  }

  /** What a read sees; once, in a bad history, something that was there long ago. */
  #seenBy(key: number): unknown {
    const past = this.#past[key] as unknown[];
    const late = this.#done.length >= 0.9 * this.#family.operations;
    if (this.#family.bad !== 'stale' || this.#stale || !late) return this.#states[key];
    this.#stale = true;
    return past[past.length >> 1];
  }

  #become(key: number, state: unknown): void {
    this.#states[key] = state;
    (this.#past[key] as unknown[]).push(state);
  }

  #return(at: number): void {
    const running = this.#running[at] as Running;
    if (!running.crashed || this.#chance.below(2) === 0) this.#apply(at);
    this.#running[at] = this.#running.at(-1) as Running;
    this.#running.pop();
    const { client, f, key, input, output, call, crashed } = running;
    const told = crashed ? undefined : output;
    const done = crashed ? never : this.#now++;
    this.#done.push({ client, f, key: this.#keys[key], input, output: told, call, return: done });
    this.#idle.push(crashed ? this.#next++ : client);
  }

  /**
   * Somebody writes and then reads another value, once more than unknown operations could explain
   * it: of all values the one that the fewest of them make.
   */
  #endBadly(): void {
    const makers = new Map<unknown, number>();
    for (const { f, input, return: done } of this.#done) {
      if (f === 'read' || f === 'get') continue;
      const value = Array.isArray(input) ? input[1] : input;
      makers.set(value, (makers.get(value) ?? 0) + (done === never ? 1 : 0));
    }
    const ascending = [...makers].sort((a, b) => a[1] - b[1]);
    const [value, supply] = ascending[0] as [unknown, number];
    const [other] = ascending[1] as [unknown, number];
    const [reads, writes] = this.#family.model === 'kv' ? ['get', 'put'] : ['read', 'write'];
    for (let nth = 0; nth <= supply; nth++) {
      this.#alone(writes, this.#family.domain === 0 ? `last${nth}` : other, undefined);
      this.#alone(reads, undefined, value);
    }
  }

  #alone(f: string, input: unknown, output: unknown): void {
    const call = this.#now++;
    const more = { client: 1_000_000, key: 'k0', call, return: this.#now++ };
    this.#done.push({ f, input, output, ...more });
  }
}
