// Layer by layer: all configurations of a register that wait at one return before any that waits at
// a later one. As all of a layer are at hand, those that others dominate are forgotten, which no
// depth-first search can do. A layer may be cut to the most promising: what is then found valid is
// valid, but a dead end proves nothing, and one can go back some layers and look more broadly.
import type { Bounds } from './bounds.js';
import { Layer } from './layer.js';
import type { RegisterPart } from './register-part.js';
import { Moves, RegisterWalk } from './register-walk.js';
import type { Window } from './windows.js';

/** How many layers there are between two that are kept to go back to, and how many are kept. */
const snapshotEvery = 16;
const snapshotsMax = 32;
/** Configurations visited at one return for each that is kept there. */
const visitsEach = 8;

/** What came of a search. */
export interface Layered {
  readonly verdict: 'valid' | 'dead' | 'unknown';
  /** The farthest rank at which a return is impossible, as far as was looked. */
  readonly reached: number;
  /** Whether nothing was cut: then a dead end is a proof. */
  readonly complete: boolean;
}

/** Layers that wait, all of ranks from `rank` on. */
interface Snapshot {
  readonly rank: number;
  readonly layers: ReadonlyMap<number, Layer>;
  readonly complete: boolean;
  /** Brings back the names of what had been used. */
  readonly rename: () => void;
}

export class LayeredSearch {
  configurations = 0;
  readonly #walk: RegisterWalk;
  readonly #bounds: Bounds;
  readonly #events: number;
  #layers = new Map<number, Layer>();
  #snapshots: Snapshot[] = [];
  readonly #moves = new Moves();
  #complete = true;
  #reached = 0;
  #passed = 0;

  constructor(registers: RegisterPart, bounds: Bounds) {
    this.#walk = new RegisterWalk(registers);
    this.#bounds = bounds;
    this.#events = registers.part.events.length;
  }

  /** Searches a window from its beginning, with at most `widthMax` configurations of a layer. */
  start({ initial, optional }: Window, widthMax: number, frugal = false): Layered {
    for (const value of initial) {
      this.#walk.pending.back(0);
      this.#walk.masks.fill(0);
      for (const operation of optional) this.#walk.free(operation);
      this.#walk.value = value;
      if (this.#arrive()) return this.#result('valid');
    }
    const wideUntil = frugal ? -1 : this.#events;
    return this.#run({ from: 0, narrow: widthMax, wide: widthMax, wideUntil });
  }

  /** Goes back `steps` snapshots, and looks more broadly until the place is well behind. */
  retry(steps: number, narrow: number, wide: number): Layered {
    const at = Math.max(0, this.#snapshots.length - steps);
    const snapshot = this.#snapshots[at];
    if (snapshot === undefined) return this.#result('dead');
    this.#snapshots.length = at + 1;
    this.#layers = copied(snapshot.layers);
    this.#complete = snapshot.complete;
    snapshot.rename();
    const from = snapshot.rank;
    const wideUntil = this.#reached + (this.#reached - from);
    this.#reached = 0;
    this.#walk.pending.back(from);
    return this.#run({ from, narrow, wide, wideUntil });
  }

  #run(course: {
    readonly from: number;
    readonly narrow: number;
    readonly wide: number;
    readonly wideUntil: number;
  }): Layered {
    for (let rank = course.from; rank < this.#events; rank++) {
      const layer = this.#layers.get(rank);
      if (layer === undefined) continue;
      this.#keep(rank);
      this.#layers.delete(rank);
      this.#walk.pending.goTo(rank);
      const wide = rank <= course.wideUntil;
      this.#walk.frugal = !wide;
      if (this.#pass(layer, wide ? course.wide : course.narrow)) {
        return this.#result('valid');
      }
      if (this.#isSpent()) return this.#result('unknown');
      if ((rank & 255) === 0) this.#bounds.progress?.(rank / this.#events);
    }
    return this.#result('dead');
  }

  #result(verdict: Layered['verdict']): Layered {
    return { verdict, reached: this.#reached, complete: this.#complete };
  }

  #isSpent(): boolean {
    const { configurationsMax, bytesMax } = this.#bounds;
    return this.configurations > configurationsMax || this.#walk.used.bytes > bytesMax;
  }

  /** Now and then keeps the layers that wait, and sets apart what all of them have used. */
  #keep(rank: number): void {
    if (this.#passed++ % snapshotEvery !== 0) return;
    const { used } = this.#walk;
    const layers = [...this.#layers.values()];
    const names = used.rebase(layers.flatMap((layer) => layer.used()));
    for (const layer of layers) layer.rename(names);
    this.#snapshots.push({
      rank,
      layers: copied(this.#layers),
      complete: this.#complete,
      rename: used.mark(),
    });
    if (this.#snapshots.length <= snapshotsMax) return;
    // Of older ones every second will do.
    this.#snapshots = this.#snapshots.filter((_, at) => at % 2 === 0 || at > snapshotsMax / 2);
  }

  /** Goes on from all of a layer. True at the end of the history. */
  #pass(layer: Layer, widthMax: number): boolean {
    const rows = layer.best(widthMax);
    if (rows.length < layer.kept().length || this.#walk.frugal) this.#complete = false;
    let next = layer.count;
    let visits = 0;
    for (let at = 0; ; at++) {
      const row = at < rows.length ? (rows[at] as number) : next++;
      if (row >= layer.count) return false;
      if (layer.isForgotten(row)) continue;
      if (visits++ > visitsEach * widthMax || this.#isSpent()) {
        this.#complete = false;
        return false;
      }
      this.configurations++;
      if (this.#expand(layer, row)) return true;
    }
  }

  #expand(layer: Layer, row: number): boolean {
    const walk = this.#walk;
    const start = row * walk.width;
    walk.length = 0;
    walk.load(layer.rows, start);
    this.#moves.end = 0;
    walk.list(this.#moves);
    const { rank } = walk.pending;
    for (let at = 0; at < this.#moves.end; at++) {
      walk.load(layer.rows, start);
      walk.make(this.#moves.rows[at] as number);
      if (this.#arrive(rank, layer)) return true;
    }
    walk.load(layer.rows, start);
    return false;
  }

  /** Puts the walk's configuration into its layer. True at the end of the history. */
  #arrive(own = -1, same?: Layer): boolean {
    const walk = this.#walk;
    if (walk.settle()) return true;
    const doom = walk.doom();
    const { rank } = walk.pending;
    this.#reached = Math.max(this.#reached, doom, rank);
    if (doom >= 0) return false;
    let layer = rank === own ? same : this.#layers.get(rank);
    if (layer === undefined) {
      layer = new Layer(walk);
      this.#layers.set(rank, layer);
    }
    layer.add();
    return false;
  }
}

function copied(layers: ReadonlyMap<number, Layer>): Map<number, Layer> {
  return new Map([...layers].map(([rank, layer]) => [rank, layer.copy()]));
}
