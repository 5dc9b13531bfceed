// Probabilistic concurrency testing (Burckhardt, Kothari, Musuvathi, Nagarakatte: A Randomized
// Scheduler with Probabilistic Guarantees of Finding Bugs, ASPLOS 2010, §2) for messages: every
// directed link has a priority, and at d − 1 points of the run one link falls below all others. In
// a simulator with a clock the priority is a latency: what a low one sends is overtaken by what
// others send. All of it is network latencies and slow links in a scenario file. The bound of the
// paper, and of its like for messages (Ozkan et al., OOPSLA 2018), holds for schedulers without a
// clock; here it is the idea that is taken over.
import { type Random, stream } from '../../kernel/random.js';
import { formatDuration, type Micros, ms } from '../../kernel/time.js';
import { meanLatencyUs } from '../../network/latency.js';
import type { NodeId } from '../../node/message.js';
import { seedAt } from '../hunt/seeds.js';
import { durationOr, readNetwork } from '../network.js';
import { defaults, type Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';
import { independent, type Strategy } from '../strategy.js';
import { swarmed, swarmFiles, variantMaker } from './swarm.js';

export const pct: Strategy = {
  name: 'pct',
  about: 'Links have priorities, and at up to four points one falls behind all others.',
  bySeed: true,
  plan: ({ scenario, seed, seeds }) => {
    const make = variantMaker(scenario);
    return independent(seeds, (index) => {
      const chosen = seedAt(seed, index);
      const random = stream(chosen, 'pct');
      const files = swarmFiles(scenario, random).map((file) => prioritized(file, scenario, random));
      return swarmed(make, [...files, scenario.file], chosen);
    });
  },
};

type Link = readonly [from: NodeId, to: NodeId];

/** Beyond this many links only some have a priority of their own. */
const linksMax = 60;

/** The lowest priority's latency is so many times the highest's: 4 raised to one. */
const spread = 4;

/** A scenario with priorities and change points. */
function prioritized(file: ScenarioFile, scenario: Scenario, random: Random): ScenarioFile {
  const nodes = nodesOf(file, scenario);
  const links = random.shuffle(pairs(nodes)).slice(0, linksMax);
  if (links.length === 0) return file;
  const meanUs = Math.max(ms(1), meanLatencyUs(readNetwork(file.network, () => {}).latency));
  const own = file.network?.links ?? [];
  const ranked = links.map(([from, to], rank) => {
    const middleUs = (meanUs / 2) * (1 + ((spread - 1) * rank) / links.length);
    const latency = { shape: 'uniform', min: rounded(middleUs / 2), max: rounded(middleUs * 1.5) };
    return { from, to, latency: latency as { shape: 'uniform'; min: string; max: string } };
  });
  const changes = Array.from({ length: 1 + random.below(4) }, (_, nth) =>
    changePoint(file, { links, meanUs, nth }, random),
  );
  return {
    ...file,
    network: { ...file.network, links: [...own, ...ranked] },
    faults: [...(file.faults ?? []), ...changes],
  };
}

interface Changing {
  readonly links: readonly Link[];
  readonly meanUs: Micros;
  readonly nth: number;
}

/** A link, or all that one node sends or hears, falls behind: for one message, or for long. */
function changePoint(
  file: ScenarioFile,
  { links, meanUs, nth }: Changing,
  random: Random,
): FaultEntryFile {
  const durationUs = durationOr(file.duration, defaults.durationUs);
  const [from, to] = random.pick(links);
  const behind = random.pick([
    [from, to],
    [from, to],
    [from, '*'],
    ['*', to],
  ] as [string, string][]);
  const atUs = random.below(Math.min(durationUs, 2 ** 32));
  const forUs = Math.max(1, Math.floor(meanUs * random.pick([0.5, 2, 10, 100])));
  const extraUs = Math.floor(meanUs * random.pick([2, 5, 20, 50, 200]));
  return {
    id: `pct-${nth}`,
    at: formatDuration(atUs),
    for: formatDuration(forUs),
    fault: 'slow-link',
    extra: formatDuration(extraUs),
    links: [behind],
  };
}

function nodesOf({ nodes }: ScenarioFile, scenario: Scenario): readonly NodeId[] {
  return typeof nodes === 'number' ? scenario.nodes.slice(0, nodes) : nodes;
}

function pairs(nodes: readonly NodeId[]): Link[] {
  return nodes.flatMap((from) => nodes.flatMap((to): Link[] => (from === to ? [] : [[from, to]])));
}

function rounded(us: number): string {
  return formatDuration(Math.floor(us));
}
