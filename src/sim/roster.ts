// What the loop needs of every party at every event, in columns: with 100,000 nodes each object
// touched is a cache miss, and these rows are 16 bytes. All else about a node is its `NodeState`.
import type { NodeId } from '../node/message.js';

const rowWords = 4;
const rowBits = 2;
const FLAGS = 0;
const KEY_HI = 1;
const KEY_LO = 2;
const TIMER_NEXT = 3;

/** The party is a client (or the administrator). */
const CLIENT = 1;
/** Something about the node is not as usual: it is down, paused, slow, its clock is off … */
const ODD = 2;
/** The node has handled an event since it started. */
const HANDLED = 4;
/** The bits above are the number of the party's program. */
const programBits = 3;

export class Roster {
  readonly names: NodeId[] = [];
  /** Protocols' states by party; `undefined` for clients and while down. */
  readonly states: unknown[] = [];
  #rows = new Int32Array(64 * rowWords);

  /** Adds the next party: a node that runs a program, or a client; (hi, lo) is its name's key. */
  add(name: NodeId, program: number | undefined, hi: number, lo: number): void {
    const at = this.names.length * rowWords;
    if (at === this.#rows.length) this.#grow();
    this.names.push(name);
    this.states.push(undefined);
    this.#rows[at + FLAGS] = program === undefined ? CLIENT : ODD | (program << programBits);
    this.#rows[at + KEY_HI] = hi;
    this.#rows[at + KEY_LO] = lo;
  }

  /** The place of a node's program in `World.programs`; 0 for a client. */
  programOf(party: number): number {
    return (this.#rows[party << rowBits] as number) >> programBits;
  }

  isClient(party: number): boolean {
    return ((this.#rows[party << rowBits] as number) & CLIENT) !== 0;
  }

  isOdd(party: number): boolean {
    return ((this.#rows[party << rowBits] as number) & ODD) !== 0;
  }

  /** All that there is to know of a party at once; for `isUsual`, `hasHandled`, `programIn`. */
  flagsOf(party: number): number {
    return this.#rows[party << rowBits] as number;
  }

  hasHandled(party: number): boolean {
    return ((this.#rows[party << rowBits] as number) & HANDLED) !== 0;
  }

  setOdd(party: number, odd: boolean): void {
    const flags = this.#rows[party << rowBits] as number;
    this.#rows[party << rowBits] = odd ? flags | ODD : flags & ~ODD;
  }

  setHandled(party: number, handled: boolean): void {
    const flags = this.#rows[party << rowBits] as number;
    this.#rows[party << rowBits] = handled ? flags | HANDLED : flags & ~HANDLED;
  }

  keyHi(party: number): number {
    return this.#rows[(party << rowBits) | KEY_HI] as number;
  }

  keyLo(party: number): number {
    return this.#rows[(party << rowBits) | KEY_LO] as number;
  }

  timerNext(party: number): number {
    return this.#rows[(party << rowBits) | TIMER_NEXT] as number;
  }

  setTimerNext(party: number, id: number): void {
    this.#rows[(party << rowBits) | TIMER_NEXT] = id;
  }

  /** A copy that goes its own way; `copy` clones a state. */
  clone(copy: (state: unknown) => unknown): Roster {
    const twin = new Roster();
    twin.names.push(...this.names);
    for (const state of this.states) twin.states.push(copy(state));
    twin.#rows = this.#rows.slice();
    return twin;
  }

  #grow(): void {
    const rows = new Int32Array(this.#rows.length * 2);
    rows.set(this.#rows);
    this.#rows = rows;
  }
}

/** Of a node that is up with nothing special about it; not of a client. */
export function isUsual(flags: number): boolean {
  return (flags & (CLIENT | ODD)) === 0;
}

/** Of a node that has handled an event since it started. */
export function hasHandled(flags: number): boolean {
  return (flags & HANDLED) !== 0;
}

/** The place of the node's program in `World.programs`. */
export function programIn(flags: number): number {
  return flags >> programBits;
}

/**
 * The number that a name ends in, which is often the party's: nodes are mostly called n0, n1, n2 …
 * To try it first is three times as fast as a Map's answer.
 */
export function guess(name: string): number {
  let number = 0;
  for (let i = 1; i < name.length; i++) number = number * 10 + name.charCodeAt(i) - 48;
  return number;
}
