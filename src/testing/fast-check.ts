// `stormglass/fast-check`: arbitraries for what a scenario is made of. Everything they make is
// plain data in the form of scenario files, so that fast-check shrinks it: fewer faults, fewer
// operations, fewer nodes, earlier, shorter.
import * as fc from 'fast-check';
import { formatDuration, type Micros, ms, seconds } from '../kernel/time.js';
import type { ScenarioInput } from '../scenario/scenario.js';
import type { FaultEntryFile } from '../scenario/schema-faults.js';
import type { Invocation } from '../workloads/workload.js';
import { assertHolds, HoldsError } from './testing.js';

export { playing } from './operations.js';

/** Bounds of clusters. */
export interface ClusterBounds {
  /** 1 to 5 unless given. */
  readonly min?: number;
  readonly max?: number;
}

const clusterMax = 5;

/** How many nodes a scenario has; shrinks towards the fewest. */
export function clusters({ min = 1, max = clusterMax }: ClusterBounds = {}): fc.Arbitrary<number> {
  return fc.integer({ min, max });
}

/** What faults may be. */
export interface FaultBounds {
  /** How many nodes there are: n0, n1 … */
  readonly nodes: number;
  /** The length of the main phase. */
  readonly durationUs: Micros;
  /** How many faults there are at most: 4 unless given. */
  readonly max?: number;
  /** Kinds to choose from. */
  readonly kinds?: readonly FaultKind[];
}

export type FaultKind = 'partition' | 'cut' | 'loss' | 'crash' | 'pause' | 'slow-link';

const kindsUsual: readonly FaultKind[] = [
  'partition',
  'cut',
  'loss',
  'crash',
  'pause',
  'slow-link',
];

/** Entries of `faults`, each at a time of its own. */
export function faultSchedules(bounds: FaultBounds): fc.Arbitrary<FaultEntryFile[]> {
  const kinds = (bounds.kinds ?? kindsUsual).filter(
    (kind) => bounds.nodes > 1 || !needsTwo.has(kind),
  );
  if (kinds.length === 0) return fc.constant([]);
  const one = fc.oneof(...kinds.map((kind) => faultOf(kind, bounds)));
  return fc.array(one, { maxLength: bounds.max ?? 4 });
}

const needsTwo: ReadonlySet<FaultKind> = new Set(['partition', 'cut', 'slow-link']);

/** Times are whole milliseconds, so that they stay readable. */
function faultOf(
  kind: FaultKind,
  { nodes, durationUs }: FaultBounds,
): fc.Arbitrary<FaultEntryFile> {
  const endMs = Math.max(1, Math.floor(durationUs / 1_000));
  const names = namesOf(nodes);
  const node = fc.constantFrom(...names);
  const pair = fc.tuple(node, node).filter(([from, to]) => from !== to);
  const duration = (count: number): string => formatDuration(ms(count));
  const when = {
    at: fc.integer({ min: 0, max: endMs - 1 }).map(duration),
    for: fc.integer({ min: 1, max: endMs }).map(duration),
  };
  const entry = (more: object): fc.Arbitrary<FaultEntryFile> =>
    fc.record({ ...when, fault: fc.constant(kind), ...more }) as fc.Arbitrary<FaultEntryFile>;
  switch (kind) {
    case 'partition':
      return entry({
        components: fc
          .subarray(names, { minLength: 1, maxLength: nodes - 1 })
          .map((side) => [side]),
      });
    case 'cut':
      return entry({ links: fc.array(pair, { minLength: 1, maxLength: 3 }) });
    case 'slow-link':
      return entry({
        links: fc.array(pair, { minLength: 1, maxLength: 3 }),
        extra: fc.integer({ min: 1, max: 1_000 }).map(duration),
      });
    case 'loss':
      return entry({ probability: fc.integer({ min: 1, max: 100 }).map((share) => `${share}%`) });
    default:
      return entry({ nodes: fc.subarray(names, { minLength: 1 }) });
  }
}

/** Lists of operations; give them to `playing(workload, operations)`. */
export function operationLists(
  operation: fc.Arbitrary<Invocation>,
  { max = 20 }: { readonly max?: number } = {},
): fc.Arbitrary<Invocation[]> {
  return fc.array(operation, { maxLength: max });
}

/** What may differ between the scenarios that are made of one. */
export interface ScenarioBounds {
  readonly cluster?: ClusterBounds;
  readonly faults?: Partial<Omit<FaultBounds, 'nodes' | 'durationUs'>>;
  /** The length of the main phase: 2 s unless given. */
  readonly durationUs?: Micros;
}

/** Scenarios like `base` with other nodes, faults and seeds. */
export function scenarios(
  base: Omit<ScenarioInput, 'nodes' | 'faults' | 'seed' | 'duration'>,
  { cluster, faults, durationUs = seconds(2) }: ScenarioBounds = {},
): fc.Arbitrary<ScenarioInput> {
  const most = cluster?.max ?? clusterMax;
  const drawn = fc.record({
    nodes: clusters(cluster),
    faults: faultSchedules({ nodes: most, durationUs, ...faults }),
    seed: fc.nat({ max: 999_999 }),
  });
  return drawn.map(({ nodes, faults: all, seed }): ScenarioInput => {
    const among = new Set(namesOf(nodes));
    const entries = all.flatMap((entry) => within(entry, among));
    return { ...base, nodes, faults: entries, seed, duration: formatDuration(durationUs) };
  });
}

/** A fault among fewer nodes, if it strikes any of them; so both can shrink by themselves. */
function within(entry: FaultEntryFile, nodes: ReadonlySet<string>): readonly FaultEntryFile[] {
  const kept = <T>(items: readonly T[], isIn: (item: T) => boolean): T[] => items.filter(isIn);
  const has = (node: string): boolean => nodes.has(node);
  if ('components' in entry && entry.components !== undefined) {
    const components = entry.components.map((side) => kept(side, has));
    return components.every((side) => side.length > 0) ? [{ ...entry, components }] : [];
  }
  if ('links' in entry && entry.links !== undefined) {
    const links = kept(entry.links, (link) => link.every(has));
    return links.length > 0 ? [{ ...entry, links }] : [];
  }
  if (!('nodes' in entry)) return [entry];
  const struck = kept(entry.nodes, has);
  return struck.length > 0 ? [{ ...entry, nodes: struck }] : [];
}

function namesOf(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `n${index}`);
}

/**
 * Throws unless all of the scenarios hold. The message has the smallest that does not, and the call
 * that has it again: fast-check's seed and path.
 */
export function assertScenarios(
  made: fc.Arbitrary<ScenarioInput>,
  parameters: fc.Parameters<[ScenarioInput]> = {},
): void {
  const details = fc.check(
    fc.property(made, (scenario) => void assertHolds(scenario)),
    parameters,
  );
  if (!details.failed) return;
  const [scenario] = details.counterexample ?? [];
  const reason = details.errorInstance instanceof Error ? details.errorInstance.message : '';
  const path = details.counterexamplePath;
  const again = `{ seed: ${details.seed}, path: '${path}', endOnFailure: true }`;
  const { protocol: _protocol, ...plain } = scenario ?? { protocol: '' };
  const about = [
    `a scenario of ${details.numRuns} does not hold, shrunk in ${details.numShrinks} steps:`,
    `  ${JSON.stringify(plain)}`,
    reason,
    `  or, from the start: assertScenarios(scenarios, ${again})`,
  ].join('\n');
  const error = new HoldsError(about);
  Error.captureStackTrace(error, assertScenarios);
  throw error;
}
