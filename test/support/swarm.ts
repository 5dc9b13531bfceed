// Swarm testing: each scenario enables some faults and some kinds of network, drawn from its
// number, and leaves the others out, so that none drowns the rest. Source: Groce et al. 2012,
// "Swarm testing".
import { type Random, stream } from '../../src/kernel/random.js';
import { templates } from '../../src/nemesis/templates.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { unserved } from '../../src/scenario/fit.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { services } from '../../src/services/index.js';
import { workloads } from '../../src/workloads/index.js';
import type { Workload } from '../../src/workloads/workload.js';

/**
 * The workload that a protocol is for: the one of the name before its slash, or the first whose
 * requests it has handlers for.
 */
export function workloadFor(protocol: AnyProtocol): Workload | undefined {
  const serves = (workload: Workload) =>
    unserved(protocol, workload, workload.options).length === 0;
  const own = workloads.get(protocol.name.replace(/\/.*/, ''));
  return own !== undefined && serves(own) ? own : [...workloads.values()].find(serves);
}

/** The scenario with this number: seconds of a small cluster in trouble, none of it `spared`. */
export function swarm(
  protocol: AnyProtocol,
  number: number,
  spared: readonly string[] = [],
): ScenarioInput {
  const random = stream('swarm', `${protocol.name}/${number}`);
  const workload = workloadFor(protocol);
  const nodes = random.pick([1, 2, 3, 5, 7]);
  return {
    protocol,
    nodes,
    ...(workload !== undefined && {
      workload: { name: workload, rate: 40, concurrency: nodes, timeout: '700ms' },
    }),
    network: { ...networkOf(random), ...(spared.includes('duplicate') && { duplicate: '0%' }) },
    services: [...services.keys()],
    disk: { sync: random.pick(['0s', '1ms', '30ms']) },
    faults: faultsOf(random, spared),
    duration: '4s',
    recovery: '6s',
  };
}

function networkOf(random: Random): NonNullable<ScenarioInput['network']> {
  const maybe = (share: string): string => random.pick(['0%', '0%', share]);
  return {
    transport: random.pick(['datagram', 'connection']),
    clients: random.pick(['instant', 'network']),
    latency: random.pick([
      '0s',
      '20ms',
      { shape: 'exponential', mean: '30ms' },
      { shape: 'long-tail', min: '2ms', max: '2s' },
    ] as const),
    loss: maybe('5%'),
    duplicate: maybe('10%'),
    reorder: maybe('20%'),
  };
}

function faultsOf(random: Random, spared: readonly string[]): NonNullable<ScenarioInput['faults']> {
  const kinds = [...templates.keys()].filter((name) => !spared.includes(name));
  const faults = random.shuffle(kinds).slice(0, 1 + random.below(4));
  const targets = random.shuffle(['one', 'minority', 'majority', 'all']).slice(0, 2);
  const lost = random.pick(['none', 'suffix', 'torn', 'all'] as const);
  const at = `${500 + random.below(3_000)}ms`;
  const generator = { every: '500ms', faults, targets, shapes: ['one', 'components', 'bridge'] };
  if (spared.includes('crash')) return [generator];
  return [generator, { at, for: '400ms', fault: 'crash', nodes: ['n0'], lost }];
}
