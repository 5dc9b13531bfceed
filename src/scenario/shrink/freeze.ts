// A run as a scenario that tells everything: the operations that the generator made, one by one,
// the faults that the seed drew, each with its identity. What is left out of such a list leaves the
// rest as it was, since chance hangs on identities. Source: QuickCheck's and Hypothesis's rule,
// shrink what was generated, not the seed.
import { formatDuration } from '../../kernel/time.js';
import { instantaneous, type PlannedFault } from '../../nemesis/fault.js';
import { createWorld } from '../../sim/create.js';
import type { Edit } from '../../sim/edit.js';
import { advance } from '../../sim/loop.js';
import { numberAt } from '../../sim/op-plan.js';
import type { Invocation } from '../../workloads/workload.js';
import { writeEdit } from '../edits.js';
import { writeFault } from '../faults.js';
import { resolve } from '../resolve.js';
import { sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { OperationFile, ScenarioFile } from '../schema.js';
import type { FaultEntryFile } from '../schema-faults.js';

/** The scenario that tells what this seed makes of `scenario`. Costs one run. */
export function freeze(scenario: Scenario, seed: string, edits: readonly Edit[]): ScenarioFile {
  const { file, nodes, durationUs, recoveryUs } = scenario;
  const { faults } = resolve(scenario, { seed, edits: [], strict: false });
  const all = [...(file.edits ?? []), ...edits.map(writeEdit)];
  const { edits: _, ...rest } = file;
  return {
    ...rest,
    seed,
    nodes: [...nodes],
    ...(file.workload !== undefined && { workload: frozenWorkload(scenario, seed, edits) }),
    faults: [
      ...faults.map(plannedFile),
      ...(file.faults ?? []).filter((entry) => 'when' in entry),
    ] as FaultEntryFile[],
    duration: formatDuration(durationUs),
    recovery: formatDuration(recoveryUs),
    ...(all.length > 0 && { edits: all }),
  };
}

function plannedFile({ id, atUs, forUs, fault }: PlannedFault) {
  // What is drawn now and then has a length, be it of a fault that happens at once.
  const isShort = forUs === undefined || instantaneous.has(fault.f);
  const lasts = isShort ? {} : { for: formatDuration(forUs) };
  return { id, at: formatDuration(atUs), ...lasts, ...writeFault(fault) };
}

function frozenWorkload(scenario: Scenario, seed: string, edits: readonly Edit[]) {
  const { workload } = scenario.file;
  const { rate: _, ...given } =
    typeof workload === 'object' ? workload : { name: workload as string, rate: undefined };
  const concurrency = scenario.clients?.concurrency ?? 1;
  return { ...given, concurrency, operations: operationsOf(scenario, seed, edits) };
}

/** Runs to the end of the main phase and keeps what the generator makes. */
function operationsOf(scenario: Scenario, seed: string, edits: readonly Edit[]): OperationFile[] {
  const { clients } = scenario;
  if (clients === undefined) return [];
  const made: Invocation[] = [];
  const { generator } = clients.workload;
  const next: typeof generator.next = (state, ctx) => {
    const step = generator.next(state, ctx);
    if (step !== undefined) made.push(step.op);
    return step;
  };
  const workload = { ...clients.workload, generator: { ...generator, next } };
  const spec = resolve(scenario, { seed, edits, strict: false });
  const world = createWorld({ ...spec, clients: { ...clients, workload } });
  while (world.phase === 'main' && advance(world, sliceEvents));
  const { atUs, workers } = world.plan;
  const ops = clients.script?.map(({ op }) => op) ?? made;
  return ops.map(({ f, value }, place) => ({
    op: numberAt(world.plan, place),
    at: formatDuration(atUs[place] as number),
    worker: workers[place] as number,
    ...(clients.script?.[place]?.node !== undefined && { node: clients.script[place].node }),
    f,
    value,
  }));
}
