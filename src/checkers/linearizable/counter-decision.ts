// Counters: limits first, then a search from sum to sum. Where it is stuck, the stretch before may
// show by itself that nobody gets on: whatever adds had happened before it, since an add can always
// take effect, all that is forgotten is what others had read.
import type { Bounds, Outcome, Searched } from './bounds.js';
import { tryLayers } from './counter-layers.js';
import { type CounterLimits, counterLimitsOf } from './counter-limits.js';
import { type CounterPart, counterPartOf } from './counter-part.js';
import { CounterSearch } from './counter-search.js';
import type { Model } from './model.js';
import type { Part } from './timeline.js';

/** Configurations for each event of the first search, and how many times as many each later has. */
const firstEach = 2;
const furtherTimes = 8;
/** Configurations of a layer, where one layer after the other is tried between searches. */
const layersWidths = [16, 128, 512];
/** Events of the first stretch that is looked at, of the last, and configurations for each. */
const stretchMin = 2;
const stretchMax = 2048;
const stretchEach = 32;
const stretchLeast = 500;

/** Decides a part; undefined where its model is no counter. */
export function decideCounter(part: Part, model: Model, bounds: Bounds): Searched | undefined {
  const given = counterPartOf(part, model);
  if (given === undefined) return undefined;
  if ('verdict' in given) return { outcome: given, configurations: 0 };
  const limits = counterLimitsOf(given);
  if ('verdict' in limits) return { outcome: limits, configurations: 0 };
  return decided(given, limits, bounds);
}

function decided(given: CounterPart, limits: CounterLimits, bounds: Bounds): Searched {
  const { configurationsMax } = bounds;
  const end = given.part.events.length;
  const search = new CounterSearch(given, limits, { from: 0, end });
  let spent = 0;
  const isStuck = (rank: number): boolean => {
    const shown = refuted(given, limits, rank, bounds);
    spent += shown.configurations;
    return shown.stuck;
  };
  const widths = [...layersWidths];
  for (let few = 1_000 + firstEach * end; ; few *= furtherTimes) {
    const limited = { ...bounds, configurationsMax: Math.min(few, configurationsMax) };
    const { outcome, configurations } = search.run(limited);
    const found = (own: Outcome) => ({ outcome: own, configurations: configurations + spent });
    const invalid = (stuck: number) => found({ verdict: 'invalid', stuck, certain: true });
    if (outcome.verdict !== 'unknown' || few >= configurationsMax) return found(outcome);
    if (isStuck(outcome.reached)) return invalid(outcome.reached);
    const width = widths.shift();
    if (width === undefined) continue;
    const tried = tryLayers(given, limits, width, bounds);
    spent += tried.configurations;
    if (tried.valid) return found({ verdict: 'valid' });
    if (isStuck(tried.reached)) return invalid(tried.reached);
  }
}

/** Whether a stretch before a rank shows that nobody gets beyond it. */
function refuted(
  given: CounterPart,
  limits: CounterLimits,
  reached: number,
  { bytesMax }: Bounds,
): { readonly stuck: boolean; readonly configurations: number } {
  let configurations = 0;
  for (let length = stretchMin; length <= stretchMax && length < reached; length *= 2) {
    const stretch = { from: reached + 1 - length, end: reached + 1 };
    const search = new CounterSearch(given, limits, stretch);
    const looked = search.run({ configurationsMax: stretchLeast + stretchEach * length, bytesMax });
    configurations += looked.configurations;
    if (looked.outcome.verdict === 'invalid') return { stuck: true, configurations };
  }
  return { stuck: false, configurations };
}
