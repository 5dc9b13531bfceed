// Asks a world's properties: after every event, and, where one has a deadline, before the first
// event beyond it. What they say is kept beside the run and enters no digest.
import { hex64 } from '../kernel/mix.js';
import type { NodeId } from '../node/message.js';
import { type Breach, dueOf, nextDue, regroup, type Standing, type Watch } from './watch.js';
import type { World } from './world.js';

/** After an event, at `node` or at none in particular. */
export function askProperties(world: World, watch: Watch, node: NodeId | undefined): void {
  watch.nowUs = world.queue.nowUs;
  for (const { view, asked } of watch.groups) {
    if (view !== undefined && asked.length > 0) look(world, view, node);
    if (view !== undefined && !view.changed) continue;
    for (const state of asked) ask(world, state, node, view?.memory);
  }
}

/** If a fault has struck, any node may have changed. */
export function askOfAll(world: World, watch: Watch): void {
  if (watch.struck) askProperties(world, watch, undefined);
  watch.struck = false;
}

/** A view that throws may have been about to say yes: its properties find out. */
function look(
  world: World,
  seen: NonNullable<Watch['groups'][number]['view']>,
  node: NodeId | undefined,
): void {
  try {
    seen.changed = seen.view.changed(world.cluster, node, seen.memory as never);
  } catch {
    seen.changed = true;
  }
}

function ask(
  world: World,
  state: Watch['states'][number],
  node: NodeId | undefined,
  seen: unknown,
): void {
  const { property, question, memory } = state;
  try {
    const said = question?.call(property, world.cluster as never, node, memory, seen);
    if (said !== undefined && said !== false) hear(world, state, node, said);
  } catch (error) {
    settle(world, state, 'gave-up', { about: textOf(error), node });
  }
}

function hear(
  world: World,
  state: Watch['states'][number],
  node: NodeId | undefined,
  said: unknown,
): void {
  const { kind, about } = state.property;
  if (kind === 'always') settle(world, state, 'broken', { about: said as string, node });
  else if (kind === 'sometimes' && said) settle(world, state, 'reached', { about, node });
}

/** Before an event later than `watch.dueUs`, or the one that ends the recovery. */
export function askOverdue(world: World, watch: Watch): void {
  const { spec } = world;
  watch.nowUs = watch.dueUs;
  for (const state of watch.states) {
    const { property } = state;
    if (property.kind !== 'eventually' || state.standing !== 'open') continue;
    if (dueOf(spec, property) > watch.dueUs) continue;
    try {
      const about = property.missing(world.cluster, state.memory);
      const early = (property.withinUs ?? 0) > spec.recoveryUs;
      if (about === undefined) state.standing = 'held';
      else settle(world, state, early ? 'undecided' : 'broken', { about, node: undefined });
    } catch (error) {
      settle(world, state, 'gave-up', { about: textOf(error), node: undefined });
    }
  }
  regroup(watch);
  watch.dueUs = nextDue(spec, watch.states);
}

function settle(
  { events, scratch, watch }: World,
  state: Watch['states'][number],
  standing: Standing,
  what: Pick<Breach, 'about' | 'node'>,
): void {
  const isLate = state.property.kind === 'eventually';
  const event = isLate ? Math.max(0, events - 1) : events;
  const key = hex64(scratch.hi, scratch.lo);
  state.standing = standing;
  if (watch !== undefined) regroup(watch);
  state.breach = { ...what, atUs: watch?.nowUs ?? 0, event, key };
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
