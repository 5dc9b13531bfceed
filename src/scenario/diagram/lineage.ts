// What led to an event and what came of it. Two notions of the past: the chain of causes (the
// message that arrived, the event that sent it …), and everything that happened before it in
// Lamport's sense. Source: Lamport 1978, §1.
import { happensAtNode, kinds } from '../../sim/schedule.js';
import type { Timeline } from '../../sim/timeline.js';

const none = -1;

export class Lineage {
  readonly #timeline: Timeline;
  /** First effect of each event, next effect of its cause, event before it at the same party. */
  #first = new Int32Array(0);
  #next = new Int32Array(0);
  #before = new Int32Array(0);

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
  }

  /** The event that caused this one; −1: a root. */
  causeOf(event: number): number {
    return this.#timeline.row(event)?.cause ?? none;
  }

  /** Events that this one caused, in their order. */
  effectsOf(event: number): readonly number[] {
    this.#index();
    const effects: number[] = [];
    let effect = this.#first[event] ?? none;
    for (; effect !== none; effect = this.#next[effect] ?? none) effects.push(effect);
    return effects;
  }

  /** The event and the chain of its causes, first things first. */
  causes(event: number): readonly number[] {
    const chain: number[] = [];
    for (let at = event; at >= 0; at = this.causeOf(at)) chain.push(at);
    return chain.reverse();
  }

  /** All that happened before an event, and itself: the latest `max` of it, in order. */
  past(event: number, max: number): readonly number[] {
    this.#index();
    return this.#closure(event, max, (at) => [this.causeOf(at), this.#before[at] ?? none], true);
  }

  /** All that happened before any of the events, and these, in order. O(events of the run). */
  pastOf(events: readonly number[]): readonly number[] {
    this.#index();
    const last = events.reduce((most, event) => Math.max(most, event), none);
    const within = new Uint8Array(last + 1);
    for (const event of events) within[event] = 1;
    const past: number[] = [];
    for (let event = last; event >= 0; event--) {
      if (within[event] === 0) continue;
      past.push(event);
      for (const before of [this.causeOf(event), this.#before[event] ?? none]) {
        if (before >= 0) within[before] = 1;
      }
    }
    return past.reverse();
  }

  /** An event and all that it led to: the first `max` of it, in order. */
  future(event: number, max: number): readonly number[] {
    return this.#closure(event, max, (at) => this.effectsOf(at), false);
  }

  #closure(
    event: number,
    max: number,
    nextOf: (event: number) => readonly number[],
    backwards: boolean,
  ): readonly number[] {
    // Always the one nearest in time next, so that what is cut off is what lies farthest away.
    const found = new Set([event]);
    const open = [event];
    const done: number[] = [];
    while (open.length > 0 && done.length < max) {
      const nearest = open.reduce((a, b) => (backwards === b > a ? b : a));
      open.splice(open.indexOf(nearest), 1);
      done.push(nearest);
      for (const next of nextOf(nearest)) {
        if (next < 0 || found.has(next)) continue;
        found.add(next);
        open.push(next);
      }
    }
    return done.sort((a, b) => a - b);
  }

  /** Links the events that have become known since the last time. */
  #index(): void {
    const { length } = this.#timeline;
    if (this.#first.length === length) return;
    this.#first = new Int32Array(length).fill(none);
    this.#next = new Int32Array(length).fill(none);
    this.#before = new Int32Array(length).fill(none);
    const last = new Int32Array(length).fill(none);
    const latest = new Map<number, number>();
    for (let event = 0; event < length; event++) {
      const row = this.#timeline.row(event);
      if (row === undefined) continue;
      const { cause, kind, node } = row;
      if (cause >= 0) {
        if (last[cause] === none) this.#first[cause] = event;
        else this.#next[last[cause] as number] = event;
        last[cause] = event;
      }
      if (!happensAtNode(kind) && kind !== kinds.start) continue;
      this.#before[event] = latest.get(node) ?? none;
      latest.set(node, event);
    }
  }
}
