// The `network` of a scenario file as the engine's specification.
import { type Micros, parseDuration } from '../kernel/time.js';
import type { Latency, NetworkSpec } from '../network/spec.js';
import { complain, type Report } from './complaint.js';
import { defaults } from './scenario.js';
import type { LatencyFile, NetworkFile } from './schema.js';
import { parseBandwidth, parseShare } from './units.js';
import type { Path } from './usage-error.js';

/** The network that a file describes, defaults filled in; what is wrong is reported. */
export function readNetwork(file: NetworkFile | undefined, report: Report): NetworkSpec {
  const network = file ?? {};
  const { shares } = defaults;
  return {
    latency: readLatency(network.latency, ['network', 'latency'], report),
    links: (network.links ?? []).map(({ from, to, latency }, index) => ({
      from,
      to,
      latency: readLatency(latency, ['network', 'links', index, 'latency'], report),
    })),
    lossPpm: shareOr(network.loss, shares.lossPpm),
    duplicatePpm: shareOr(network.duplicate, shares.duplicatePpm),
    reorderPpm: shareOr(network.reorder, shares.reorderPpm),
    reorderWindowUs: durationOr(network['reorder-window'], defaults.reorderWindowUs),
    bytesPerSecond: bytesOf(network.bandwidth),
    transport: network.transport ?? defaults.transport,
    clients: network.clients ?? defaults.clients,
  };
}

/** A duration that the schema has accepted, or what stands for none. */
export function durationOr(text: string | undefined, fallback: Micros): Micros {
  return (text === undefined ? undefined : parseDuration(text)) ?? fallback;
}

/** A share that the schema has accepted, or what stands for none. */
function shareOr(text: string | undefined, fallback: number): number {
  return (text === undefined ? undefined : parseShare(text)) ?? fallback;
}

function bytesOf(bandwidth: NetworkFile['bandwidth']): number | undefined {
  return typeof bandwidth === 'string' ? parseBandwidth(bandwidth) : bandwidth;
}

function readLatency(file: LatencyFile | undefined, path: Path, report: Report): Latency {
  if (file === undefined) return defaults.latency;
  if (typeof file === 'string') return { shape: 'constant', us: durationOr(file, 0) };
  const minUs = durationOr(file.min, defaults.latencyUsMin);
  const maxUs = durationOr(file.max, defaults.latencyUsMax);
  if (maxUs < minUs) complain(report, [...path, 'max'], '"max" lies below "min"');
  if (file.shape !== 'exponential') return { shape: file.shape, minUs, maxUs };
  const meanUs = durationOr(file.mean, minUs);
  if (meanUs < minUs) complain(report, [...path, 'mean'], '"mean" lies below "min"');
  if (meanUs > maxUs) {
    const hint = 'Write a "max" beside it; the mean is that before the cut.';
    complain(report, [...path, 'mean'], '"mean" lies above "max"', { hint });
  }
  return { shape: 'exponential', minUs, meanUs, maxUs };
}
