// Worlds kept along a run, from which any later instant is a short run away. Their number and their
// weight are bounded: when there are too many, every other one goes and the gaps double.
import type { World } from './world.js';

/** How many worlds are kept, and how far apart. */
export interface CheckpointLimits {
  /** Worlds kept at most; 0: every seek runs from the start. */
  readonly countMax: number;
  /** Parts of plain data in all of them, roughly: one is 16 to 40 bytes. */
  readonly weightMax: number;
  /** Events between two of them, at first. */
  readonly spacing: number;
}

export const checkpointLimits: CheckpointLimits = {
  countMax: 128,
  weightMax: 6_000_000,
  spacing: 256,
};

/** Parts of a world that are copied in the time of one event. */
const partsPerEvent = 32;

interface Checkpoint {
  readonly world: World;
  readonly weight: number;
}

export class Checkpoints {
  readonly #limits: CheckpointLimits;
  /** In the order of their events. */
  #kept: Checkpoint[] = [];
  #weight = 0;
  #spacing: number;
  #copyEvents = 0;

  constructor(limits: CheckpointLimits) {
    this.#limits = limits;
    this.#spacing = limits.spacing;
  }

  /** Events between two checkpoints now. */
  get spacing(): number {
    return this.#spacing;
  }

  /** Events that take as long as copying a world, by the heaviest one kept. */
  get copyEvents(): number {
    return this.#copyEvents;
  }

  /** Worlds kept now. */
  get count(): number {
    return this.#kept.length;
  }

  /** Whether the world after so many events should be kept. */
  wants(events: number): boolean {
    const last = this.#kept.at(-1);
    if (this.#limits.countMax === 0) return false;
    return last === undefined || events >= last.world.events + this.#spacing;
  }

  /** Keeps a world that nobody else will touch. */
  keep(world: World): void {
    const weight = weigh(world);
    this.#kept.push({ world, weight });
    this.#weight += weight;
    // To copy a large world costs more than to run a few events.
    this.#copyEvents = Math.max(this.#copyEvents, Math.floor(weight / partsPerEvent));
    this.#spacing = Math.max(this.#spacing, this.#copyEvents);
    const { countMax, weightMax } = this.#limits;
    while (this.#kept.length > countMax) this.#thin();
    while (this.#weight > weightMax && this.#kept.length > 2) this.#thin();
  }

  /** The last one at or before an event. O(log checkpoints). */
  before(events: number): World | undefined {
    let low = -1;
    for (let high = this.#kept.length - 1; low < high; ) {
      const middle = (low + high + 1) >>> 1;
      if ((this.#kept[middle] as Checkpoint).world.events <= events) low = middle;
      else high = middle - 1;
    }
    return this.#kept[low]?.world;
  }

  #thin(): void {
    this.#kept = this.#kept.filter((_, at) => at % 2 === 0);
    this.#weight = this.#kept.reduce((sum, { weight }) => sum + weight, 0);
    this.#spacing *= 2;
  }
}

/** Parts of plain data in a world, roughly: what copying it costs. O(that). */
function weigh(world: World): number {
  const { history, parties, queue, roster } = world;
  let parts = history.length + 8 * parties.length + 4 * queue.size;
  for (const state of roster.states) parts += partsOf(state);
  for (const { node } of parties) if (node !== undefined) parts += partsOf(node.disk.durable);
  return parts + partsOf(world.generatorState);
}

function partsOf(value: unknown): number {
  if (typeof value === 'string') return 1 + (value.length >>> 5);
  if (typeof value !== 'object' || value === null) return 1;
  let parts = 1;
  if (value instanceof Map) {
    for (const [key, inner] of value) parts += partsOf(key) + partsOf(inner);
  } else if (value instanceof Set || Array.isArray(value)) {
    for (const inner of value) parts += partsOf(inner);
  } else {
    for (const inner of Object.values(value)) parts += partsOf(inner);
  }
  return parts;
}
