// Consistency models: which are stronger than which, and which anomalies each rules out. A history
// with an anomaly violates every model that rules it out and all that are stronger.
// Sources: Adya 1999, chapter 4; Cerone & Gotsman 2018; Kingsbury & Alvaro 2020, §5.
import { assert } from '../../kernel/assert.js';

interface Model {
  readonly name: string;
  /** The next weaker models; what these rule out, it rules out too. */
  readonly implies: readonly string[];
  /** What it rules out that these do not. */
  readonly anomalies: readonly string[];
}

/** Cycles of a kind, and those that need the order of a process or of real time. */
const cycles = (suffix: string, ...kinds: readonly string[]): readonly string[] =>
  kinds.map((kind) => kind + suffix);

/** Weakest first: each comes after all that it implies. */
const models: readonly Model[] = [
  model('read-uncommitted', [], ['reply-mismatch', 'garbage-read', 'duplicate-elements', 'G0']),
  model(
    'read-committed',
    ['read-uncommitted'],
    ['G1a', 'G1b', 'G1c', 'dirty-update', 'incompatible-order', 'cyclic-versions'],
  ),
  model('monotonic-atomic-view', ['read-committed'], ['OTV']),
  model('read-atomic', ['monotonic-atomic-view'], ['internal', 'future-read', 'fractured-read']),
  model('update-atomic', ['read-atomic'], ['lost-update', 'missed-update']),
  model('cursor-stability', ['read-committed'], ['lost-update', 'G-cursor']),
  model('consistent-view', ['monotonic-atomic-view', 'cursor-stability'], ['G-single']),
  model('repeatable-read', ['consistent-view'], ['G-nonadjacent', 'G2-item']),
  model('snapshot-isolation', ['consistent-view', 'update-atomic'], ['G-nonadjacent']),
  model('serializable', ['snapshot-isolation', 'repeatable-read'], ['not-serializable']),
  model('strong-session-read-uncommitted', ['read-uncommitted'], ['G0-process']),
  model(
    'strong-session-read-committed',
    ['read-committed', 'strong-session-read-uncommitted'],
    ['G1c-process'],
  ),
  model(
    'strong-session-snapshot-isolation',
    ['snapshot-isolation', 'strong-session-read-committed'],
    cycles('-process', 'G-single', 'G-nonadjacent'),
  ),
  model(
    'strong-session-serializable',
    ['serializable', 'strong-session-snapshot-isolation'],
    ['G2-item-process'],
  ),
  model('strong-read-uncommitted', ['strong-session-read-uncommitted'], ['G0-realtime']),
  model(
    'strong-read-committed',
    ['strong-session-read-committed', 'strong-read-uncommitted'],
    ['G1c-realtime'],
  ),
  model(
    'strong-snapshot-isolation',
    ['strong-session-snapshot-isolation', 'strong-read-committed'],
    cycles('-realtime', 'G-single', 'G-nonadjacent'),
  ),
  model(
    'strict-serializable',
    ['strong-session-serializable', 'strong-snapshot-isolation'],
    ['G2-item-realtime', 'not-strict-serializable'],
  ),
];

/** Adya's names, and another that is in use. */
const aliases: ReadonlyMap<string, string> = new Map([
  ['PL-1', 'read-uncommitted'],
  ['PL-2', 'read-committed'],
  ['PL-2+', 'consistent-view'],
  ['PL-2.99', 'repeatable-read'],
  ['PL-SI', 'snapshot-isolation'],
  ['PL-3', 'serializable'],
  ['PL-SS', 'strict-serializable'],
  ['strong-serializable', 'strict-serializable'],
]);

/** All names of models, weakest first, then the aliases. */
export const modelNames: readonly string[] = [...models.map(({ name }) => name), ...aliases.keys()];

/** Each model with itself and all that it implies. */
const closures: ReadonlyMap<string, ReadonlySet<string>> = closed();

function model(name: string, implies: readonly string[], anomalies: readonly string[]): Model {
  return { name, implies, anomalies };
}

function closed(): ReadonlyMap<string, ReadonlySet<string>> {
  const found = new Map<string, ReadonlySet<string>>();
  for (const { name, implies } of models) {
    const weaker = implies.flatMap((weak) => [...(found.get(weak) ?? [])]);
    found.set(name, new Set([...weaker, name]));
  }
  return found;
}

/** Whether `name` is `other` or stronger. */
function covers(name: string, other: string): boolean {
  return closures.get(name)?.has(other) ?? false;
}

/** The models that an option names, by their own names. Throws when there is no such model. */
export function modelsNamed(option: unknown): readonly string[] {
  const names: readonly unknown[] = Array.isArray(option) ? option : [option];
  assert(names.length > 0, 'models names at least one consistency model');
  return names.map((name) => {
    const known = aliases.get(String(name)) ?? String(name);
    const all = models.map((one) => one.name).join(', ');
    assert(closures.has(known), `models are among ${all}`, { found: known });
    return known;
  });
}

/** All anomalies that any of the models rules out. */
export function proscribedBy(names: readonly string[]): ReadonlySet<string> {
  const ruled = models.filter((weak) => names.some((name) => covers(name, weak.name)));
  return new Set(ruled.flatMap(({ anomalies }) => anomalies));
}

/** What anomalies say about the models. */
interface Standing {
  /** The weakest models that the history violates. */
  readonly not: readonly string[];
  /** The stronger ones, which it violates therefore. */
  readonly alsoNot: readonly string[];
  /** The strongest models that it was checked for and that it may have. */
  readonly mayBe: readonly string[];
}

/** Where anomalies of these kinds leave a history that was checked for `names`. */
export function standingOf(kinds: readonly string[], names: readonly string[]): Standing {
  const violated = models.filter(({ name }) => {
    const ruled = proscribedBy([name]);
    return kinds.some((kind) => ruled.has(kind));
  });
  const isViolated = new Set(violated.map(({ name }) => name));
  const isWeakest = (name: string): boolean =>
    ![...isViolated].some((other) => other !== name && covers(name, other));
  const held = models
    .map(({ name }) => name)
    .filter((name) => !isViolated.has(name) && names.some((asked) => covers(asked, name)));
  return {
    not: [...isViolated].filter(isWeakest),
    alsoNot: [...isViolated].filter((name) => !isWeakest(name)),
    mayBe: held.filter((name) => !held.some((other) => other !== name && covers(other, name))),
  };
}
