// The rows of a run, made when they are asked for and kept for a while: a run of a million events
// has no rows but those that somebody looks at.

import type { Step } from '../../sim/step.js';
import type { Timeline } from '../../sim/timeline.js';
import type { World } from '../../sim/world.js';
import { type Lanes, lanesOf, statusesOf } from './lanes.js';
import { type Row, rowOf } from './row.js';

const blockRows = 32;
/** Blocks kept: 4,096 rows. */
const blocksMax = 128;

export class Rows {
  readonly #timeline: Timeline;
  /** By number; the latest used is last. */
  readonly #blocks = new Map<number, readonly Row[]>();
  #lanes: Lanes;
  #parties = 0;

  constructor(timeline: Timeline) {
    this.#timeline = timeline;
    this.#lanes = this.#lanesOf(timeline.front);
  }

  /** The lanes of all nodes that are known so far. */
  get lanes(): Lanes {
    return this.#lanesOf(this.#timeline.front);
  }

  /** The row of an event; `undefined` past the end of what is known. */
  at(event: number): Row | undefined {
    if (event < 0 || event >= this.#timeline.length) return undefined;
    const number = Math.floor(event / blockRows);
    const place = event - number * blockRows;
    const known = this.#blocks.get(number);
    if (known?.[place] !== undefined) {
      this.#blocks.delete(number);
      this.#blocks.set(number, known);
      return known[place];
    }
    const block = this.#make(number * blockRows);
    this.#blocks.set(number, block);
    for (const oldest of this.#blocks.keys()) {
      if (this.#blocks.size <= blocksMax) break;
      this.#blocks.delete(oldest);
    }
    return block[place];
  }

  /** The row of an event if it has been made and is still kept. */
  peek(event: number): Row | undefined {
    return this.#blocks.get(Math.floor(event / blockRows))?.[event % blockRows];
  }

  #make(from: number): readonly Row[] {
    const timeline = this.#timeline;
    const { lanes } = this;
    const rows: Row[] = [];
    let known = timeline.opsBefore(from);
    timeline.visit(from, Math.min(from + blockRows, timeline.length), (step, world) => {
      const ops = world.history.slice(known);
      known = world.history.length;
      const causeUs = step.cause < 0 ? undefined : timeline.row(step.cause)?.atUs;
      const statuses = statusesOf(world, lanes);
      rows.push(rowOf(step, { lanes, statuses, ops, causeUs, idle: isIdle(step, world) }));
    });
    return rows;
  }

  #lanesOf(world: World): Lanes {
    if (world.parties.length !== this.#parties) {
      this.#parties = world.parties.length;
      this.#lanes = lanesOf(world);
    }
    return this.#lanes;
  }
}

function isIdle({ happening }: Step, { faults }: World): boolean {
  if (happening.kind !== 'fault') return false;
  return faults.find(({ id }) => id === happening.id)?.startUs === undefined;
}
