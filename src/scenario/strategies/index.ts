// The registry of strategies: ways to look for failures.
import type { Strategy } from '../strategy.js';
import { crashPoints } from './crash-points.js';
import { novelty } from './novelty.js';
import { partitions } from './partitions.js';
import { pct } from './pct.js';
import { swarm } from './swarm.js';
import { uniform } from './uniform.js';

/** Strategies by name; the first is the one that hunts use unless told otherwise. */
export const strategies: ReadonlyMap<string, Strategy> = new Map(
  [swarm, uniform, pct, crashPoints, partitions, novelty].map((strategy) => [
    strategy.name,
    strategy,
  ]),
);
