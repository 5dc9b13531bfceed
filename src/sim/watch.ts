// The properties of one world: what each remembers, what it has found, when the next deadline is.
// Asking them is sim/properties.ts's.
import { clone, type cloner } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { AnyProperty, Eventually, View } from '../node/property.js';
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

interface PropertyState {
  readonly property: AnyProperty;
  /** Which of the watch's views it has; −1: none, and it is asked after every event. */
  readonly view: number;
  memory: unknown;
  standing: Standing;
  breach: Breach | undefined;
}

/** The properties of one world and what became of them. */
export interface Watch {
  readonly views: readonly ViewState[];
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
  const views = [...new Set([...found.values()].flatMap(({ view }) => view ?? []))];
  const states = [...found.values()].map((property): PropertyState => {
    const memory = clone(property.memory) as unknown;
    const view = property.view === undefined ? -1 : views.indexOf(property.view);
    return { property, view, memory, standing: 'open', breach: undefined };
  });
  return {
    views: views.map(seenFirst),
    states,
    dueUs: nextDue(spec, states),
    nowUs: 0,
    struck: false,
  };
}

function seenFirst(view: View): ViewState {
  return { view, memory: clone(view.memory), changed: true };
}

export function forkWatch(
  watch: Watch | undefined,
  copy: ReturnType<typeof cloner>,
): Watch | undefined {
  if (watch === undefined) return undefined;
  const views = watch.views.map((state) => ({ ...state, memory: copy(state.memory) }));
  const states = watch.states.map((state) => ({ ...state, memory: copy(state.memory) }));
  return { ...watch, views, states };
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
