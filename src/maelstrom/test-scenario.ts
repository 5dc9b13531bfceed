// The scenario that a test is: plain data, so that it can be run again, exported, edited and
// shrunk like any other. Maelstrom's defaults are written out; nothing is left to ours.

import { formatDuration } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { AnyProtocol } from '../node/protocol.js';
import { writeOptions } from '../scenario/options.js';
import type { ScenarioInput } from '../scenario/scenario.js';
import { formatShare } from '../scenario/units.js';
import { workloads } from '../workloads/index.js';
import type { Workload } from '../workloads/workload.js';
import { faultsOf } from './nemeses.js';
import type { TestOptions } from './test-options.js';

/** What the nodes run, for a scenario: a name, or a constant and what to call it. */
interface Program {
  readonly protocol: string | AnyProtocol;
  readonly label: string;
}

/** What nodes can lean on in every test. */
const maelstromServices: readonly string[] = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];

/** The scenario of a test. Pure. */
export function scenarioOfTest(options: TestOptions, program: Program): ScenarioInput {
  const workload = workloads.get(options.workload) as Workload;
  const given = workloadOptions(options, workload);
  return {
    version: 1,
    about: `${program.label} under Maelstrom's workload ${options.workload}.`,
    expect: 'valid',
    seed: options.seed,
    protocol: program.protocol,
    nodes: nodesText(options.nodes),
    services: maelstromServices,
    workload: {
      name: options.workload,
      rate: options.ratePerSecond,
      concurrency: options.concurrency,
      ...(Object.keys(given).length > 0 && { options: given }),
    },
    network: networkOf(options),
    ...(options.nemeses.length > 0 && {
      faults: faultsOf(options.nemeses, options.nemesisIntervalUs),
    }),
    duration: formatDuration(options.timeLimitUs),
    recovery: formatDuration(options.recoveryUs),
    checkers: checkersOf(options, workload),
  };
}

/** Options that were given and that the workload does not have, as they are typed. */
export function unusedFlags(options: TestOptions): readonly string[] {
  const known = writeOptions((workloads.get(options.workload) as Workload).options);
  const given = Object.entries(options.workloadFlags).filter(([, value]) => value !== undefined);
  const unused = given.flatMap(([flag]) => (Object.hasOwn(known, flag) ? [] : [`--${flag}`]));
  const models = options.consistencyModels.length > 0 && !isTransactional(options.workload);
  return models ? [...unused, '--consistency-models'] : unused;
}

/** A count where the names are the usual ones. */
function nodesText(nodes: readonly NodeId[]): ScenarioInput['nodes'] {
  return nodes.every((name, index) => name === `n${index}`) ? nodes.length : [...nodes];
}

function workloadOptions(options: TestOptions, workload: Workload): Record<string, unknown> {
  const known = writeOptions(workload.options);
  const given = Object.entries(options.workloadFlags).filter(
    ([flag, value]) => value !== undefined && Object.hasOwn(known, flag),
  );
  return Object.fromEntries(given);
}

function networkOf(options: TestOptions): NonNullable<ScenarioInput['network']> {
  const { lossPpm, duplicatePpm } = options;
  return {
    latency: latencyOf(options),
    ...(lossPpm > 0 && { loss: formatShare(lossPpm) }),
    ...(duplicatePpm > 0 && { duplicate: formatShare(duplicatePpm) }),
  };
}

/** Draws of more than this many means are one in a hundred million. */
const meansMax = 20;

function latencyOf({ latencyUs, latencyDist }: TestOptions) {
  const mean = formatDuration(latencyUs);
  if (latencyUs === 0 || latencyDist === 'constant') return mean;
  if (latencyDist === 'uniform') {
    return { shape: 'uniform' as const, min: '0s', max: formatDuration(2 * latencyUs) };
  }
  const max = formatDuration(meansMax * latencyUs);
  return { shape: 'exponential' as const, min: '0s', mean, max };
}

/** The workload's own, then the two of Maelstrom's that judge every run. */
function checkersOf(options: TestOptions, workload: Workload) {
  const { availabilityPpm, consistencyModels } = options;
  const asked = isTransactional(options.workload) && consistencyModels.length > 0;
  const models = asked ? { models: [...consistencyModels] } : undefined;
  const own = workload.checkers.map((choice) => {
    const { name, options: set } =
      typeof choice === 'string' ? { name: choice, options: {} } : choice;
    const all = { ...set, ...models };
    return Object.keys(all).length === 0 ? name : { name, options: all };
  });
  const availability =
    availabilityPpm === undefined
      ? 'availability'
      : { name: 'availability', options: { min: formatShare(availabilityPpm) } };
  return [...own, 'stats', availability];
}

function isTransactional(workload: string): boolean {
  return workload.startsWith('txn-');
}
