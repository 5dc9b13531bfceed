// Two faults that strike alike become one that strikes longer, or strikes more.
import { formatDuration, parseDuration } from '../../kernel/time.js';
import type { FaultEntryFile, PlannedFile } from '../schema-faults.js';
import { withFaults } from './parts.js';
import type { Shrinking } from './shrinking.js';

/** More faults than this are not tried: that takes half their square of runs. */
const mergedMax = 24;

/** Two faults of a kind become one, of the first one's form or of the second's. */
export function* mergeFaults(shrinking: Shrinking): Generator<void, void> {
  const faults = (): readonly FaultEntryFile[] => shrinking.file.faults ?? [];
  for (let b = faults().length - 1; b > 0 && faults().length <= mergedMax; b--) {
    for (let a = b - 1; a >= 0; a--) {
      const merged = mergedOf(faults()[a], faults()[b]);
      let isTaken = false;
      for (const one of merged) {
        const left = faults().with(a, one).toSpliced(b, 1);
        isTaken ||= yield* shrinking.take(withFaults(shrinking.file, left));
      }
      if (isTaken) break;
    }
  }
}

/** What may stand for both: from the start of the earlier one to the end of the later. */
function mergedOf(
  a: FaultEntryFile | undefined,
  b: FaultEntryFile | undefined,
): readonly FaultEntryFile[] {
  if (a === undefined || b === undefined || !('at' in a) || !('at' in b)) return [];
  if (a.fault !== b.fault) return [];
  const [from, to] = [Math.min(startOf(a), startOf(b)), Math.max(endOf(a), endOf(b))];
  const over = (entry: PlannedFile): PlannedFile => {
    const { for: _, ...rest } = entry;
    const lasts = Number.isFinite(to) ? { for: formatDuration(to - from) } : {};
    return { ...rest, at: formatDuration(from), ...lasts };
  };
  const forms = [a, b, ...united(a, b)];
  return [...new Map(forms.map((form) => [JSON.stringify(over(form)), over(form)])).values()];
}

/** Both strike nodes, or links: one that strikes all of them. */
function united(a: PlannedFile, b: PlannedFile): readonly PlannedFile[] {
  if ('nodes' in a && 'nodes' in b) {
    return [{ ...a, nodes: [...new Set([...a.nodes, ...b.nodes])] } as PlannedFile];
  }
  if ('links' in a && 'links' in b && a.links !== undefined && b.links !== undefined) {
    const links = new Map([...a.links, ...b.links].map((link) => [link.join(' '), link]));
    return [{ ...a, links: [...links.values()] } as PlannedFile];
  }
  return [];
}

function startOf({ at }: PlannedFile): number {
  return parseDuration(at) ?? 0;
}

function endOf(entry: PlannedFile): number {
  if (entry.for === undefined) return Number.POSITIVE_INFINITY;
  return startOf(entry) + (parseDuration(entry.for) ?? 0);
}
