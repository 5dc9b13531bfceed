// The properties of one world: what each remembers, what it has found, when the next deadline is.
// Asking them is sim/properties.ts's.
import { clone, type cloner } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { AnyProperty, Cluster, Eventually, View } from '../node/property.js';
import type { EventKey } from './edit.js';
import type { Program } from './program.js';
import type { WorldSpec } from './spec.js';

/** Where a property was broken, or found missing. */
export interface Breach {
  readonly about: string;
  readonly atUs: Micros;
  /** The index of the event after which it showed. */
  readonly event: number;
  readonly key: EventKey;
  readonly node: NodeId | undefined;
}

/** `open`: nothing has been said yet. `gave-up`: it threw, and `breach` has what. */
export type Standing = 'open' | 'held' | 'broken' | 'reached' | 'undecided' | 'gave-up';

/** What properties look at, and whether the event at hand changed it. */
interface ViewState {
  readonly view: View;
  memory: unknown;
  changed: boolean;
}

/** What a property is asked after an event: its `broken`, `reached` or `observe`. */
type Question = (
  cluster: Cluster<never>,
  node: NodeId | undefined,
  memory: unknown,
  seen: unknown,
) => unknown;

interface PropertyState {
  readonly property: AnyProperty;
  /** Kept here: properties are objects of many kinds, and V8 is slow to look into those. */
  readonly question: Question | undefined;
  memory: unknown;
  standing: Standing;
  breach: Breach | undefined;
}

/** Properties that look at the same: at a view, or, without one, at everything. */
interface Group {
  readonly view: ViewState | undefined;
  /** Those that an event can settle, and has not yet. */
  asked: readonly PropertyState[];
}

/** The properties of one world and what became of them. */
export interface Watch {
  readonly groups: readonly Group[];
  readonly states: readonly PropertyState[];
  /** When the next deadline is over; infinite: none is left. */
  dueUs: Micros;
  /** True time as properties see it. */
  nowUs: Micros;
  /** A fault has struck at the event at hand: any node may have changed. */
  struck: boolean;
}

/** Those of the scenario, of what members run, and of each service, each name once. */
export function createWatch(spec: WorldSpec, programs: readonly Program[]): Watch | undefined {
  const found = new Map<string, AnyProperty>();
  const own = programs.flatMap(({ protocol }) => protocol.properties ?? []);
  for (const property of [...spec.properties, ...own]) {
    if (!found.has(property.name)) found.set(property.name, property);
  }
  if (found.size === 0) return undefined;
  const states = [...found.values()].map((property): PropertyState => {
    const memory = clone(property.memory) as unknown;
    const question = questionOf(property);
    return { property, question, memory, standing: 'open', breach: undefined };
  });
  const views = new Set(states.map(({ property }) => property.view));
  return {
    groups: [...views].map((view) => groupOf(view && seenFirst(view), states)),
    states,
    dueUs: nextDue(spec, states),
    nowUs: 0,
    struck: false,
  };
}

function questionOf(property: AnyProperty): Question | undefined {
  if (property.kind === 'always') return property.broken;
  return property.kind === 'sometimes' ? property.reached : property.observe;
}

function seenFirst(view: View): ViewState {
  return { view, memory: clone(view.memory), changed: true };
}

function groupOf(view: ViewState | undefined, states: readonly PropertyState[]): Group {
  return { view, asked: states.filter((state) => isAsked(state, view)) };
}

function isAsked(state: PropertyState, seen: ViewState | undefined): boolean {
  const { property, question, standing } = state;
  return standing === 'open' && question !== undefined && property.view === seen?.view;
}

/** Asks no more what has been settled. */
export function regroup({ groups }: Watch): void {
  for (const group of groups) group.asked = groupOf(group.view, group.asked).asked;
}

export function forkWatch(
  watch: Watch | undefined,
  copy: ReturnType<typeof cloner>,
): Watch | undefined {
  if (watch === undefined) return undefined;
  const states = watch.states.map((state) => ({ ...state, memory: copy(state.memory) }));
  const groups = watch.groups.map(({ view }) =>
    groupOf(view && { ...view, memory: copy(view.memory) }, states),
  );
  return { ...watch, groups, states };
}

/** When the next deadline is over. */
export function nextDue(spec: WorldSpec, states: readonly PropertyState[]): Micros {
  let due = Number.POSITIVE_INFINITY;
  for (const { property, standing } of states) {
    if (property.kind !== 'eventually' || standing !== 'open') continue;
    due = Math.min(due, dueOf(spec, property));
  }
  return due;
}

/** A recovery that is shorter than what is granted cuts it short. */
export function dueOf({ durationUs, recoveryUs }: WorldSpec, { withinUs }: Eventually): Micros {
  return durationUs + Math.min(recoveryUs, withinUs ?? recoveryUs);
}
