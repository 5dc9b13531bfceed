// A fault that waits for the sixth sync needs all that leads to the sixth. The same fault at the
// time at which it struck does not.
import { formatDuration } from '../../kernel/time.js';
import type { PlannedFault } from '../../nemesis/fault.js';
import { idOf, writeFault } from '../faults.js';
import { advance, begin, finish, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import type { FaultEntryFile, PlannedFile } from '../schema-faults.js';
import { mergeFaults } from './merge.js';
import { leaveOut, withFaults } from './parts.js';
import type { Shrinking } from './shrinking.js';
import { sizeOf } from './simplify.js';

type VariantOf = (file: ScenarioFile) => Scenario;

/**
 * Faults that wait for a milestone strike at a time instead: what only led up to the milestone can
 * go. Where nothing can, milestones stay, since they say why.
 */
export function* tellMilestones(shrinking: Shrinking, variantOf: VariantOf): Generator<void, void> {
  const before = shrinking.file;
  const struck = struckIn(before, variantOf);
  const faults = before.faults ?? [];
  for (const [place, entry] of faults.entries()) {
    const at = struck[place];
    if (at === undefined || !('when' in entry)) continue;
    // As an event of the plan it comes before what happens at the same instant.
    for (const laterUs of [0, 1]) {
      const told = plannedFile(at, laterUs);
      const left = (shrinking.file.faults ?? []).with(place, told);
      if (yield* shrinking.take(withFaults(shrinking.file, left))) break;
    }
  }
  if (shrinking.file === before) return;
  yield* leaveOut(shrinking);
  yield* mergeFaults(shrinking);
  if (sizeOf(shrinking.file) >= sizeOf(before)) shrinking.file = before;
}

/** By place, when the faults that waited for milestones struck, and whom. Costs one run. */
function struckIn(file: ScenarioFile, variantOf: VariantOf): readonly (PlannedFault | undefined)[] {
  if (!(file.faults ?? []).some((entry) => 'when' in entry)) return [];
  const scenario = variantOf(file);
  const running = begin(scenario);
  while (advance(running, sliceEvents));
  const { result } = finish(running);
  return scenario.faults.map((entry) => {
    const id = idOf(entry);
    const found = result.faults.find((report) => report.id === id);
    if (entry.kind !== 'milestone' || found?.startUs === undefined) return undefined;
    return { id, atUs: found.startUs, fault: found.fault, forUs: entry.milestone.forUs };
  });
}

function plannedFile({ id, atUs, forUs, fault }: PlannedFault, laterUs: number): FaultEntryFile {
  const lasts = forUs === undefined ? {} : { for: formatDuration(forUs) };
  return { id, at: formatDuration(atUs + laterUs), ...lasts, ...writeFault(fault) } as PlannedFile;
}
