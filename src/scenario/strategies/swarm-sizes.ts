// How large and how busy a variant of a scenario is: nodes, time, operations, the network.
import type { Random } from '../../kernel/random.js';
import { formatDuration } from '../../kernel/time.js';
import { meanLatencyUs } from '../../network/latency.js';
import { readNetwork } from '../network.js';
import { defaults, type Scenario } from '../scenario.js';
import type { NetworkFile, ScenarioFile } from '../schema.js';
import { formatShare, parseShare } from '../units.js';
import { sooner } from './swarm-faults.js';

/**
 * Most failures need three nodes (Yuan et al., OSDI 2014: 98 % need three or fewer), some need
 * five: twenty draws, in these shares.
 */
const sizes: readonly number[] = [
  ...Array<number>(10).fill(3),
  ...Array<number>(4).fill(4),
  ...Array<number>(5).fill(5),
  7,
];

/** Fewer nodes; those that the file names anywhere stay. The file itself, if it has to have all. */
export function fewerNodes({ file, nodes }: Scenario, random: Random): ScenarioFile {
  const size = random.pick(sizes);
  const whole = random.below(5) === 0;
  const { about: _about, nodes: own, ...rest } = file;
  const needed = nodes.findLastIndex((node) => mentions(rest, node)) + 1;
  const count = Math.max(size, needed);
  if (whole || count >= nodes.length) return file;
  return { ...file, nodes: typeof own === 'number' ? count : own.slice(0, count) };
}

function mentions(value: unknown, node: string): boolean {
  if (typeof value === 'string') return value === node;
  if (typeof value !== 'object' || value === null) return false;
  return Object.values(value).some((inner) => mentions(inner, node));
}

/** A main phase of the same, half or a quarter of the length, faults and all. */
export function shorter(
  file: ScenarioFile,
  { durationUs }: Scenario,
  random: Random,
): ScenarioFile {
  const factor = random.pick([1, 1, 0.5, 0.25]);
  if (factor === 1) return file;
  const duration = formatDuration(Math.ceil(durationUs * factor));
  return { ...file, duration, ...(file.faults && { faults: [...sooner(file.faults, factor)] }) };
}

/** Clients that ask less often, or twice as often. */
export function otherRate(file: ScenarioFile, random: Random): ScenarioFile {
  const factor = random.pick([0.25, 0.5, 1, 1, 2]);
  const { workload } = file;
  if (workload === undefined || factor === 1) return file;
  const given = typeof workload === 'string' ? { name: workload } : workload;
  const rate = (given.rate ?? defaults.ratePerSecond) * factor;
  return { ...file, workload: { ...given, rate } };
}

/** Less or nothing of what the network may do to messages; other latencies with the same mean. */
export function otherNetwork(file: ScenarioFile, random: Random): ScenarioFile {
  const { network } = file;
  const latency = otherLatency(network, random);
  const shares = (['loss', 'duplicate', 'reorder'] as const).map((name) => {
    const factor = random.pick([0, 0, 1, 1, 0.5, 0.1]);
    const ppm = parseShare(network?.[name] ?? '0%') ?? 0;
    return [name, formatShare(Math.floor(ppm * factor))] as const;
  });
  const given = shares.filter(([name]) => network?.[name] !== undefined);
  return { ...file, network: { ...network, ...Object.fromEntries(given), ...latency } };
}

/** Latencies that a scenario leaves to chance may have another shape; constant ones stay. */
function otherLatency(file: NetworkFile | undefined, random: Random): Partial<NetworkFile> {
  const shape = random.pick(['own', 'own', 'own', 'constant', 'uniform', 'exponential'] as const);
  const { latency } = readNetwork(file, () => {});
  if (shape === 'own' || latency.shape === 'constant') return {};
  const meanUs = Math.max(1, Math.floor(meanLatencyUs(latency)));
  const maxUs = Math.min(2 * meanUs, latency.maxUs);
  const mean = formatDuration(meanUs);
  if (shape === 'constant') return { latency: mean };
  if (shape === 'uniform') return { latency: { shape, min: '0s', max: formatDuration(maxUs) } };
  return { latency: { shape, min: '0s', mean, max: formatDuration(latency.maxUs) } };
}
