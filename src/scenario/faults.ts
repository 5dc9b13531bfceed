// Faults between a scenario file's form and the engine's: other names of fields, texts instead of
// numbers, defaults, and the identity of each entry.
import { unreachable } from '../kernel/assert.js';
import { keyOf } from '../kernel/key.js';
import { formatDuration, parseDuration } from '../kernel/time.js';
import type { Fault } from '../nemesis/fault.js';
import type { ScheduleSpec } from '../nemesis/schedule.js';
import { durationOr } from './network.js';
import { defaults, type FaultEntry, type FaultPlan } from './scenario.js';
import type { FaultEntryFile, GeneratorFile } from './schema-faults.js';
import {
  formatShare,
  formatSignedDuration,
  formatSignedShare,
  parseShare,
  parseSignedDuration,
  parseSignedShare,
} from './units.js';

/** A field that is text in the file and a number in the engine. */
interface Field {
  readonly file: string;
  readonly engine: string;
  readonly read: (text: string) => number | undefined;
  readonly write: (value: number) => string;
}

const durationField = (file: string): Field => ({
  file,
  engine: `${file}Us`,
  read: parseSignedDuration,
  write: formatSignedDuration,
});

const probability: Field = {
  file: 'probability',
  engine: 'ppm',
  read: parseShare,
  write: formatShare,
};

const drift: Field = {
  file: 'drift',
  engine: 'ppm',
  read: parseSignedShare,
  write: formatSignedShare,
};

const fields: readonly Field[] = [
  probability,
  ...['window', 'extra', 'service', 'offset', 'by'].map(durationField),
];

const { mode, lost, links, factor, extraUs, diskFailPpm } = defaults.fault;

/** What each kind of fault may leave out. */
export const fallbacks: ReadonlyMap<string, object> = new Map<string, object>([
  ['partition', { mode }],
  ['cut', { mode, links }],
  ['loss', { links }],
  ['duplicate', { links }],
  ['reorder', { links, windowUs: defaults.reorderWindowUs }],
  ['slow-link', { links, factor, extraUs }],
  ['crash', { lost }],
  ['disk-fail', { ppm: diskFailPpm }],
]);

/** Fields of an entry that say when and which, not what. */
const timing = new Set(['id', 'at', 'for', 'when', 'node', 'count', 'after', 'edit', 'fault']);

/** The fault that an entry or edit of a file describes; the schema has accepted it. */
export function readFault(file: { readonly fault: string }): FaultPlan {
  const known = fieldsOf(file.fault);
  const given = Object.entries(file).flatMap(([key, value]) => {
    if (timing.has(key) || value === undefined) return [];
    const field = known.find((candidate) => candidate.file === key);
    return [field === undefined ? [key, value] : [field.engine, field.read(String(value))]];
  });
  // The schema has one variant per kind of fault, with the kind's fields.
  return { f: file.fault, ...fallbacks.get(file.fault), ...Object.fromEntries(given) } as FaultPlan;
}

/** The inverse of `readFault`; what was left out is written. */
export function writeFault(fault: Fault): { readonly fault: string } & Record<string, unknown> {
  const { f, ...rest } = fault;
  const known = fieldsOf(f);
  const entries = Object.entries(rest).map(([key, value]) => {
    const field = known.find((candidate) => candidate.engine === key);
    return field === undefined ? [key, value] : [field.file, field.write(Number(value))];
  });
  return { fault: f, ...Object.fromEntries(entries) };
}

function fieldsOf(fault: string): readonly Field[] {
  return fault === 'clock-drift' ? [drift] : fields;
}

/** All entries of a file with their ids; `durationUs` is where generators end by default. */
export function readFaults(
  entries: readonly FaultEntryFile[],
  durationUs: number,
): readonly FaultEntry[] {
  const counts = new Map<string, number>();
  return entries.map((entry) => {
    const base = entry.id ?? identity(entry);
    const nth = (counts.get(base) ?? 0) + 1;
    counts.set(base, nth);
    return readEntry(entry, nth === 1 ? base : `${base}#${nth}`, durationUs);
  });
}

function readEntry(entry: FaultEntryFile, id: string, durationUs: number): FaultEntry {
  if ('every' in entry)
    return { kind: 'generator', generator: readGenerator(entry, id, durationUs) };
  const forUs = entry.for === undefined ? undefined : parseDuration(entry.for);
  const fault = readFault(entry);
  if ('at' in entry) return { kind: 'planned', id, atUs: durationOr(entry.at, 0), forUs, fault };
  const milestone = {
    id,
    when: entry.when,
    node: entry.node,
    count: entry.count ?? defaults.milestone.count,
    afterUs: durationOr(entry.after, defaults.milestone.afterUs),
    forUs,
  };
  return { kind: 'milestone', milestone, fault };
}

function readGenerator(file: GeneratorFile, id: string, durationUs: number): ScheduleSpec {
  const { faults, shapes, targets, spacing } = file;
  return {
    id,
    everyUs: durationOr(file.every, 0),
    forUs: file.for === undefined ? undefined : parseDuration(file.for),
    fromUs: durationOr(file.from, 0),
    untilUs: Math.min(durationUs, durationOr(file.until, durationUs)),
    faults,
    ...(shapes !== undefined && { shapes }),
    ...(targets !== undefined && { targets }),
    ...(spacing !== undefined && { spacing }),
  };
}

/** The id of an entry. */
export function idOf(entry: FaultEntry): string {
  switch (entry.kind) {
    case 'planned':
      return entry.id;
    case 'milestone':
      return entry.milestone.id;
    case 'generator':
      return entry.generator.id;
    default:
      return unreachable(entry);
  }
}

/** `crash-n1@3s`: what, whom and when, so that it does not depend on the entries around it. */
function identity(entry: FaultEntryFile): string {
  if ('every' in entry) return `every-${entry.every}-${brief(entry.faults.join('+'))}`;
  const targets = brief(targetsOf(entry));
  const name = targets === '' ? entry.fault : `${entry.fault}-${targets}`;
  if ('at' in entry) return `${name}@${normal(entry.at)}`;
  const when = 'note' in entry.when ? entry.when.note : entry.when.state;
  return `${name}@${brief(when.trim().replace(/\s+/g, '-'))}`;
}

function normal(duration: string): string {
  return formatDuration(durationOr(duration, 0));
}

function targetsOf(entry: Exclude<FaultEntryFile, GeneratorFile>): string {
  if ('nodes' in entry) return entry.nodes.join('+');
  if ('shape' in entry && entry.shape !== undefined) return entry.shape;
  if ('components' in entry && entry.components !== undefined) {
    return entry.components.map((component) => component.join('+')).join('/');
  }
  if (!('links' in entry) || entry.links === undefined) return '';
  const end = (name: string): string => (name === '*' ? 'all' : name);
  return entry.links.map(([from, to]) => `${end(from)}:${end(to)}`).join('+');
}

/** Long texts become a digest of themselves. */
function brief(text: string): string {
  return text.length <= 32 ? text : keyOf(text).toString().slice(0, 8);
}
