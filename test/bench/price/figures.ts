// The four figures of a kind of stream, and what a crash did to its outputs.
import { mean, seedsFor } from '../published/row.js';
import { observed } from './observe.js';
import {
  crash,
  crashOf,
  flood,
  pressing,
  scenarioOf,
  slowSink,
  steady,
  type Variant,
} from './variants.js';

export interface Price extends Variant {
  /** Records a virtual second, when more come than it can take: first append to last output. */
  readonly perSecond: number;
  /** From the log to the world, under a steady load. */
  readonly medianMs: number;
  readonly p95Ms: number;
  /** Messages between nodes and services, a record. */
  readonly messages: number;
  /** From the crash until outputs are no later than they ever are without one. */
  readonly recoveryMs: number;
  /** Of the run with the crash: records that never had an output, and outputs shown again. */
  readonly lost: number;
  readonly repeats: number;
  /** From one snapshot to the next where the way to the sink is slow; NaN: it has none. */
  readonly snapshotMs: number;
}

const seeds = seedsFor('price', 3);

export function priceOf(variant: Variant): Price {
  const runs = seeds.map((seed) => once(variant, seed));
  const of = (figure: keyof (typeof runs)[number]): number => mean(runs.map((run) => run[figure]));
  return {
    ...variant,
    ...{ perSecond: of('perSecond'), medianMs: of('medianMs'), p95Ms: of('p95Ms') },
    ...{ messages: of('messages'), recoveryMs: of('recoveryMs') },
    ...{ lost: of('lost'), repeats: of('repeats'), snapshotMs: of('snapshotMs') },
  };
}

function once(variant: Variant, seed: string) {
  const full = observed(scenarioOf(variant, flood, []), seed);
  const begin = Math.min(...full.inputs.values());
  const seconds = (Math.max(...full.outputs.values()) - begin) / 1e6;
  const healthy = observed(scenarioOf(variant, steady, []), seed);
  const latencies = latenciesOf(healthy).map(({ latencyUs }) => latencyUs);
  const sorted = latencies.toSorted((a, b) => a - b);
  const at = (share: number): number => (sorted[Math.floor(share * sorted.length)] ?? 0) / 1_000;
  const struck = observed(scenarioOf(variant, steady, crashOf(variant)), seed);
  const latest = Math.max(...latencies);
  const late = latenciesOf(struck).filter(({ latencyUs }) => latencyUs > latest);
  const normalUs = late.reduce((last, { seenUs }) => Math.max(last, seenUs), crash.atUs);
  const named = new Set([...struck.outputs.keys()].map((name) => name.replace(/\/[^/]*$/, '')));
  return {
    perSecond: full.inputs.size / seconds,
    ...{ medianMs: at(0.5), p95Ms: at(0.95) },
    messages: healthy.messages / healthy.inputs.size,
    recoveryMs: (normalUs - crash.atUs) / 1_000,
    lost: [...struck.inputs.keys()].filter((name) => !named.has(name)).length,
    repeats: struck.repeats,
    snapshotMs: variant.commits ? intervalMs(variant, seed) : Number.NaN,
  };
}

/** While there is more than the slow way takes. */
function intervalMs(variant: Variant, seed: string): number {
  const { commits } = observed(scenarioOf(variant, pressing, slowSink), seed);
  const during = commits.filter((atUs) => atUs < pressing.seconds * 1e6);
  if (during.length < 2) return Number.POSITIVE_INFINITY;
  const [first = 0, last = 0] = [during[0], during.at(-1)];
  return (last - first) / 1_000 / (during.length - 1);
}

function latenciesOf({ inputs, outputs }: ReturnType<typeof observed>) {
  return [...outputs].map(([name, seenUs]) => {
    const appendedUs = inputs.get(name.replace(/\/[^/]*$/, '')) ?? seenUs;
    return { seenUs, latencyUs: seenUs - appendedUs };
  });
}
