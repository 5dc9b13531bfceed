// A subset of a scenario's faults, some of them seldomer, oftener or shorter. Ids stay, so that
// reports can say of an entry what became of it over all seeds.
import type { Random } from '../../kernel/random.js';
import { formatDuration, parseDuration } from '../../kernel/time.js';
import { idOf } from '../faults.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import type { FaultEntryFile, GeneratorFile } from '../schema-faults.js';

type Faults = readonly FaultEntryFile[];

/** One seed in so many leaves out every fault; of the others each keeps one at least. */
const calmEvery = 16;

/** Each entry stays with a chance of one half; generators draw from a subset of their kinds. */
export function fewerFaults(
  file: ScenarioFile,
  { faults }: Scenario,
  random: Random,
): ScenarioFile {
  const entries = file.faults ?? [];
  if (entries.length === 0) return file;
  const named = entries.map((entry, place) => ({ ...entry, id: idOfEntry(faults, place) }));
  const kept = random.below(calmEvery) === 0 ? [] : subset(named, random);
  return {
    ...file,
    faults: kept.map((entry) => ('every' in entry ? other(entry, random) : entry)),
  };
}

function idOfEntry(faults: Scenario['faults'], place: number): string | undefined {
  const entry = faults[place];
  return entry && idOf(entry);
}

function other(entry: GeneratorFile, random: Random): FaultEntryFile {
  const { shapes, targets } = entry;
  return {
    ...entry,
    every: times(entry.every, random.pick([0.5, 1, 1, 2, 4])),
    ...(entry.for !== undefined && { for: times(entry.for, random.pick([0.25, 0.5, 1, 1])) }),
    faults: subset(entry.faults, random),
    ...(shapes !== undefined && { shapes: subset(shapes, random) }),
    ...(targets !== undefined && { targets: subset(targets, random) }),
  };
}

/** Entries of faults at a shorter main phase: all times shrink alike. */
export function sooner(entries: Faults, factor: number): readonly FaultEntryFile[] {
  const fields = ['at', 'after', 'for', 'every', 'from', 'until'];
  return entries.map((entry) => {
    const scaled = Object.entries(entry).map(([name, value]) =>
      fields.includes(name) && typeof value === 'string'
        ? [name, times(value, factor)]
        : [name, value],
    );
    return Object.fromEntries(scaled) as FaultEntryFile;
  });
}

/** Each item with a chance of one half, one at least, in their order. */
function subset<T>(items: readonly T[], random: Random): T[] {
  const kept = items.filter(() => random.below(2) === 0);
  return kept.length > 0 || items.length === 0 ? kept : [random.pick(items)];
}

/** A duration times a factor, in whole microseconds, never less than one unless it was zero. */
function times(text: string, factor: number): string {
  const us = parseDuration(text) ?? 0;
  return us === 0 ? text : formatDuration(Math.max(1, Math.floor(us * factor)));
}
