// Faults by chance: a generator plans, before the run, when faults strike, which kinds, and whom.
// All that is drawn for the i-th fault comes from a stream named after it, so that leaving one out
// leaves the others as they were. Source of the timing: Jepsen's `stagger` over `flip-flop`, as
// Maelstrom uses it.
//
//   start 0     stop 0    start 1  stop 1          start 2
//   ├───────────┤─────────├────────┤───────────────├──────▶
//      lasts       rests     lasts      rests
import { assert } from '../kernel/assert.js';
import { type Random, stream } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { PlannedFault } from './fault.js';
import { type Choices, fill, templates } from './templates.js';

/** A generator of faults. */
export interface ScheduleSpec extends Partial<Choices> {
  /** Its faults are called `${id}/0`, `${id}/1` … */
  readonly id: string;
  /** The mean time from the start of one fault to the start of the next. */
  readonly everyUs: Micros;
  /**
   * How long each lasts; the next one waits for its end. `undefined`: as in Maelstrom, where a
   * fault starts or stops every `everyUs` on average.
   */
  readonly forUs: Micros | undefined;
  /** The first fault strikes now; none strikes at or lasts beyond `untilUs`. */
  readonly fromUs: Micros;
  readonly untilUs: Micros;
  /** Kinds to draw from, with equal chance: names of `templates`. */
  readonly faults: readonly string[];
  /** `staggered`, the default: gaps uniform in [0, 2 × mean). `fixed`: gaps of the mean. */
  readonly spacing?: 'staggered' | 'fixed';
}

/** Shapes of partitions unless a generator names others: Maelstrom's. */
const defaultShapes: readonly string[] = ['one', 'minority-third', 'majority', 'majorities-ring'];

/** Whom other faults strike unless a generator says so. */
const defaultTargets: readonly string[] = ['one', 'minority'];

/** The kinds of faults that a generator can draw: those that last. */
export const drawable: ReadonlySet<string> = new Set(templates.keys());

/** More than a run can use. */
const faultsMax = 100_000;

/** The faults that a generator makes of a seed, in the order of their times. */
export function schedule(
  spec: ScheduleSpec,
  nodes: readonly NodeId[],
  seed: string,
): PlannedFault[] {
  const { id, everyUs, forUs, fromUs, untilUs, spacing = 'staggered' } = spec;
  assert(everyUs > 0, 'faults come at a distance', { id, everyUs });
  const planned: PlannedFault[] = [];
  let atUs = fromUs;
  while (atUs < untilUs && planned.length < faultsMax) {
    const name = `${id}/${planned.length}`;
    const random = stream(seed, `nemesis/${name}`);
    const gapUs = (): Micros => (spacing === 'fixed' ? everyUs : gapOf(everyUs, random));
    const lastsUs = Math.min(Math.max(1, forUs ?? gapUs()), untilUs - atUs);
    const nextUs = atUs + (forUs === undefined ? lastsUs + gapUs() : Math.max(lastsUs, gapUs()));
    planned.push({ id: name, atUs, forUs: lastsUs, fault: drawn(spec, nodes, random) });
    atUs = nextUs;
  }
  return planned;
}

/** A draw from [0, 2 × meanUs), in whole milliseconds where the mean is more than half an hour. */
function gapOf(meanUs: Micros, random: Random): Micros {
  const boundUs = 2 * meanUs;
  return boundUs <= 2 ** 32 ? random.below(boundUs) : 1_000 * random.below(boundUs / 1_000);
}

function drawn(spec: ScheduleSpec, nodes: readonly NodeId[], random: Random) {
  const { faults, shapes = defaultShapes, targets = defaultTargets } = spec;
  const name = random.pick(faults);
  const template = templates.get(name);
  assert(template !== undefined, 'a generator draws from known kinds of faults', { name });
  return fill(template, nodes, { shapes, targets }, random);
}
