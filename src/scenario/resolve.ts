// The last step before a world: a scenario with a seed. Shapes and generators become faults here,
// each from a stream of chance of its own, so that the entries do not disturb each other.
import { stream } from '../kernel/random.js';
import type { Fault, Milestone, PlannedFault } from '../nemesis/fault.js';
import { schedule } from '../nemesis/schedule.js';
import { faultOfCut, shapeOf } from '../nemesis/shapes.js';
import type { NodeId } from '../node/message.js';
import type { Edit } from '../sim/edit.js';
import type { WorldSpec } from '../sim/spec.js';
import type { FaultPlan, Scenario } from './scenario.js';
import { usageError } from './usage-error.js';

/** What a run takes beside its scenario. */
interface RunChoices {
  readonly seed: string;
  /** Beside those of the scenario. */
  readonly edits: readonly Edit[];
  /** Run every handler twice on clones: slower, finds protocols that cheat. */
  readonly strict: boolean;
}

/** All that a world is made from. */
export function resolve(scenario: Scenario, { seed, edits, strict }: RunChoices): WorldSpec {
  const { nodes, services, protocol, options, clients, network, disk, properties } = scenario;
  if (strict) refuseHosted(scenario);
  const { durationUs, recoveryUs, limits } = scenario;
  // What is planned comes first, the spread after it: once for every run, and the other way round
  // V8 takes twenty times as long.
  return {
    faults: plannedFaults(scenario, seed),
    milestones: milestonesOf(scenario, seed),
    edits: [...scenario.edits, ...edits],
    ...{ seed, protocol, options, nodes, services, clients, network, disk, properties },
    ...{ durationUs, recoveryUs, limits, strict },
  };
}

/** Strict mode runs handlers twice, on clones; what a hosted program holds cannot be cloned. */
function refuseHosted({ protocol, services }: Scenario): void {
  const hosted = [protocol, ...services.map((service) => service.protocol)].find(
    (candidate) => candidate.hosted !== undefined,
  );
  if (hosted === undefined) return;
  throw usageError(`${hosted.name} cannot run strictly`, {
    expected: 'protocols whose state is plain data; this one runs programs of others',
  });
}

/** Every fault that a seed plans, in the order of the entries that plan them. */
function plannedFaults(scenario: Scenario, seed: string): readonly PlannedFault[] {
  return scenario.faults.flatMap((entry): readonly PlannedFault[] => {
    if (entry.kind === 'milestone') return [];
    if (entry.kind === 'generator') return schedule(entry.generator, scenario.nodes, seed);
    const { id, atUs, forUs } = entry;
    return [{ id, atUs, forUs, fault: completed(entry.fault, scenario.nodes, { id, seed }) }];
  });
}

function milestonesOf(scenario: Scenario, seed: string): readonly Milestone[] {
  return scenario.faults.flatMap((entry) => {
    if (entry.kind !== 'milestone') return [];
    const { id } = entry.milestone;
    const fault = completed(entry.fault, scenario.nodes, { id, seed });
    return [{ ...entry.milestone, fault }];
  });
}

/** A shape becomes groups, drawn from the seed and the fault's identity. */
function completed(
  plan: FaultPlan,
  nodes: readonly NodeId[],
  { id, seed }: { readonly id: string; readonly seed: string },
): Fault {
  if (plan.f !== 'partition' || 'components' in plan) return plan;
  return faultOfCut(shapeOf(plan.shape, nodes, stream(seed, `shape/${id}`)), plan.mode);
}
