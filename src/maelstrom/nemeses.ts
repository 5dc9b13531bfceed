// The faults that `--nemesis` names: Maelstrom's, those that its users ask for, and every other
// that a generator of ours can draw. Each has a schedule of its own, as in Maelstrom: it starts and
// stops, with gaps uniform in [0, 2 × interval).
import { formatDuration, type Micros } from '../kernel/time.js';
import { drawable } from '../nemesis/schedule.js';
import type { ScenarioInput } from '../scenario/scenario.js';

type Faults = NonNullable<ScenarioInput['faults']>;

/** What a generator draws for a nemesis. */
interface Nemesis {
  readonly faults: readonly [string];
  readonly shapes?: readonly string[];
}

/** Shapes of partitions in which one side still hears the other. */
const oneWayShapes: readonly string[] = ['one', 'minority-third', 'majority'].flatMap((shape) => [
  `${shape}-send-only`,
  `${shape}-receive-only`,
]);

const nicknames: ReadonlyMap<string, Nemesis> = new Map<string, Nemesis>([
  ['one-way', { faults: ['partition'], shapes: oneWayShapes }],
  ['kill', { faults: ['crash'] }],
  ['slow', { faults: ['slow-link'] }],
  ['clock', { faults: ['clock-jump'] }],
]);

/** All names that `--nemesis` takes, Maelstrom's first. */
export const nemesisNames: readonly string[] = [
  ...new Set(['partition', 'one-way', 'kill', 'pause', ...drawable, ...nicknames.keys()]),
];

/** The faults of a scenario in which these nemeses are at work. */
export function faultsOf(names: readonly string[], intervalUs: Micros): Faults {
  return names.map((name) => {
    const { faults, shapes } = nicknames.get(name) ?? { faults: [name] as [string] };
    return {
      id: name,
      every: formatDuration(intervalUs),
      faults: [...faults],
      ...(shapes !== undefined && { shapes: [...shapes] }),
    };
  });
}
