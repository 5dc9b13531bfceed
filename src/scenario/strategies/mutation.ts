// Small changes of a scenario file: a fault more or less, earlier or later, shorter or longer.
// Before that, what generators would draw is written out, each fault at its time.
import type { Random } from '../../kernel/random.js';
import { formatDuration, type Micros } from '../../kernel/time.js';
import { drawable, schedule } from '../../nemesis/schedule.js';
import { fill, templates } from '../../nemesis/templates.js';
import type { NodeId } from '../../node/message.js';
import { writeFault } from '../faults.js';
import { durationOr } from '../network.js';
import { defaults, type Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import type { FaultEntryFile, PlannedFile } from '../schema-faults.js';

/** The file of a scenario with the faults that its generators make of a seed written out. */
export function explicit(scenario: Scenario, seed: string): ScenarioFile {
  const { file, faults, nodes } = scenario;
  if (!faults.some(({ kind }) => kind === 'generator')) return file;
  const entries = (file.faults ?? []).flatMap((entry, place): readonly FaultEntryFile[] => {
    const read = faults[place];
    if (read?.kind !== 'generator') return [entry];
    return schedule(read.generator, nodes, seed).map(({ id, atUs, forUs, fault }) => ({
      ...{ id, at: formatDuration(atUs) },
      ...(forUs !== undefined && { for: formatDuration(forUs) }),
      ...(writeFault(fault) as Omit<PlannedFile, 'at'>),
    })) as readonly FaultEntryFile[];
  });
  return { ...file, faults: [...entries] };
}

/** Kinds of faults that a scenario has and that can be drawn. */
export function kindsOf({ faults }: Scenario): readonly string[] {
  const kinds = faults.flatMap((entry): readonly string[] => {
    if (entry.kind === 'generator') return entry.generator.faults;
    return [entry.fault.f].filter((kind) => drawable.has(kind));
  });
  return [...new Set(kinds)];
}

/** What a change goes by. */
interface Around {
  readonly scenario: Scenario;
  readonly kinds: readonly string[];
  /** When something new was seen last: faults are best put here. */
  readonly newAtUs: Micros;
}

/** Faults that a file is given at most. */
const faultsMax = 12;

/** The file with one change, or a few. */
export function mutated(file: ScenarioFile, around: Around, random: Random): ScenarioFile {
  let faults = file.faults ?? [];
  for (let left = 1 + random.below(3); left > 0; left--) {
    faults = changed(faults, file, around, random);
  }
  return { ...file, faults };
}

function changed(
  faults: FaultEntryFile[],
  file: ScenarioFile,
  around: Around,
  random: Random,
): FaultEntryFile[] {
  const planned = faults.flatMap((entry, place) => ('at' in entry ? [place] : []));
  const choice = random.below(4);
  if (choice === 0 || planned.length === 0) {
    const more = faults.length < faultsMax ? drawn(file, around, random) : undefined;
    return more === undefined ? faults : [...faults, more];
  }
  const place = random.pick(planned);
  if (choice === 1) return faults.filter((_, other) => other !== place);
  const entry = faults[place] as PlannedFile;
  const next = choice === 2 ? moved(entry, file, random) : stretched(entry, random);
  return faults.map((other, at) => (at === place ? next : other));
}

/** One fault more, of a kind that the scenario has, near where something new was seen. */
function drawn(
  file: ScenarioFile,
  { scenario, kinds, newAtUs }: Around,
  random: Random,
): FaultEntryFile | undefined {
  const kind = kinds.length === 0 ? undefined : random.pick(kinds);
  const template = kind === undefined ? undefined : templates.get(kind);
  if (template === undefined) return undefined;
  const nodes = nodesOf(file, scenario);
  const choices = { shapes: ['one', 'majority', 'majorities-ring'], targets: ['one', 'minority'] };
  const endUs = lengthUs(file);
  const atUs = random.below(2) === 0 ? random.below(endUs) : Math.min(newAtUs, endUs - 1);
  const forUs = 1 + random.below(Math.max(1, Math.floor(endUs / 4)));
  return {
    at: formatDuration(Math.max(0, atUs)),
    for: formatDuration(forUs),
    ...(writeFault(fill(template, nodes, choices, random)) as Omit<PlannedFile, 'at'>),
  } as FaultEntryFile;
}

function nodesOf({ nodes }: ScenarioFile, scenario: Scenario): readonly NodeId[] {
  return typeof nodes === 'number' ? scenario.nodes.slice(0, nodes) : nodes;
}

/** By up to an eighth of the run, earlier or later. */
function moved(entry: PlannedFile, file: ScenarioFile, random: Random): PlannedFile {
  const endUs = lengthUs(file);
  const reachUs = Math.max(1, Math.floor(endUs / 8));
  const byUs = random.below(2 * reachUs) - reachUs;
  const atUs = Math.min(Math.max(0, durationOr(entry.at, 0) + byUs), endUs - 1);
  return { ...entry, at: formatDuration(atUs) };
}

function stretched(entry: PlannedFile, random: Random): PlannedFile {
  if (entry.for === undefined) return entry;
  const factor = random.pick([0.25, 0.5, 2, 4]);
  const forUs = Math.max(1, Math.floor(durationOr(entry.for, 1) * factor));
  return { ...entry, for: formatDuration(forUs) };
}

/** The length of the main phase, as far as 32 random bits reach. */
function lengthUs(file: ScenarioFile): Micros {
  return Math.min(durationOr(file.duration, defaults.durationUs), 2 ** 32 - 1);
}
