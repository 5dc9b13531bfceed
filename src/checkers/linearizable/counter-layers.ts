// Counters, layer by layer: all configurations that wait at one return before any that waits at a
// later one, and of each layer the most promising only. What is found valid so is valid, and a dead
// end says where to look for a proof.
import type { Bounds } from './bounds.js';
import { CounterExplored } from './counter-explored.js';
import type { CounterLimits } from './counter-limits.js';
import type { CounterPart } from './counter-part.js';
import { CounterWalk, type Frame } from './counter-walk.js';

/** Ways to go on that are tried from a configuration. */
const waysMax = 32;
/** Values of counts that are tried to find them. */
const looksMax = 1_000;

/** What came of it: a history that is not found valid may be so all the same. */
interface Tried {
  readonly valid: boolean;
  /** No configuration got beyond this rank. */
  readonly reached: number;
  readonly configurations: number;
}

/** Tries with so many configurations of a layer. */
export function tryLayers(
  given: CounterPart,
  limits: CounterLimits,
  widthMax: number,
  { bytesMax }: Bounds,
): Tried {
  const end = given.part.events.length;
  const walk = new CounterWalk(given, limits, { from: 0, end });
  const explored = new CounterExplored(given.amounts, walk.tallies, walk.words);
  const layers = new Map<number, Frame[]>();
  let [reached, configurations] = [0, 0];
  /** True at the end of the history. */
  const arrive = (): boolean => {
    if (walk.isDoomed()) return false;
    if (walk.settle()) return true;
    const frame = walk.visit(explored);
    if (frame === undefined) return false;
    const layer = layers.get(frame.rank);
    if (layer === undefined) layers.set(frame.rank, [frame]);
    else layer.push(frame);
    return false;
  };
  const tried = (valid: boolean): Tried => ({ valid, reached, configurations });
  if (arrive()) return tried(true);
  for (let rank = 0; rank < end && explored.bytes < bytesMax; rank++) {
    for (let layer = layers.get(rank); layer !== undefined; layer = layers.get(rank)) {
      layers.delete(rank);
      for (const frame of best(layer, widthMax)) {
        [reached, configurations] = [rank, configurations + 1];
        if (goOn(walk, frame, arrive)) return tried(true);
      }
    }
  }
  return tried(false);
}

/** Goes on from a configuration in some ways; true if one of them gets to the end. */
function goOn(walk: CounterWalk, frame: Frame, arrive: () => boolean): boolean {
  const looks = walk.looks + looksMax;
  for (let way = 0; way < waysMax; way++) {
    walk.restore(frame);
    if (!walk.advance(frame, looks)) return false;
    if (arrive()) return true;
  }
  return false;
}

/** Of few who wait, and little that was added by those of unknown outcome. */
function best(layer: Frame[], widthMax: number): readonly Frame[] {
  if (layer.length <= widthMax) return layer;
  const used = ({ usedSum }: Frame) => Math.abs(usedSum);
  return layer.sort((a, b) => a.waiting - b.waiting || used(a) - used(b)).slice(0, widthMax);
}
