// Strict mode: every handler runs twice, once on a clone of the state, and both runs must agree on
// the state and on every effect. A handler that reads a clock, draws foreign chance or keeps
// something outside its state is caught at the event where it shows. Source: DSLabs' --checks
// (Michael et al. 2019).
import { clone, type Difference, deepFreeze, firstDifference } from '../kernel/plain.js';
import { formatInstant } from '../kernel/time.js';
import type { Effects } from './effects.js';
import type { Handler } from './program.js';
import type { World } from './world.js';

/** Two runs of the same thing differ: at this event, at this node, in this handler, here. */
export class DeterminismError extends Error {
  override readonly name = 'DeterminismError';
  readonly event: number;
  readonly atUs: number;
  readonly node: string;
  readonly handler: string;
  readonly difference: Difference;

  constructor(world: World, node: string, handler: string, difference: Difference) {
    const { path, left, right } = difference;
    const place = `event ${world.events} at ${formatInstant(world.queue.nowUs)} s`;
    super(
      `${handler} of ${node} is not deterministic (${place}): run twice, ` +
        `${path} was ${show(left)} and ${show(right)}`,
    );
    this.event = world.events;
    this.atUs = world.queue.nowUs;
    this.node = node;
    this.handler = handler;
    this.difference = difference;
  }
}

/** What the run on a clone left behind. */
export interface Rehearsal {
  readonly state: unknown;
  readonly effects: readonly unknown[];
}

/** Runs the handler on a clone of the node's state and takes back all that it recorded. */
export function rehearse(
  world: World,
  index: number,
  handler: Handler,
  input: unknown,
): Rehearsal | undefined {
  return rehearseCall(world, index, (state) => {
    handler(state, deepFreeze(clone(input)), world.context);
    return state;
  });
}

/** The same for `init`, which makes the state. */
export function rehearseCall(
  world: World,
  index: number,
  call: (state: unknown) => unknown,
): Rehearsal | undefined {
  const { context, roster, scratch } = world;
  const timerNext = roster.timerNext(index);
  const { hash } = scratch.isolator;
  context.open(index);
  let rehearsal: Rehearsal | undefined;
  try {
    const state = call(clone(roster.states[index]));
    rehearsal = { state, effects: rowsOf(scratch.effects) };
  } catch {
    // The run that counts will throw too, and that one is reported.
  }
  context.close();
  scratch.effects.clear();
  scratch.isolator.hash = hash;
  scratch.random.rekey(scratch.hi, scratch.lo);
  roster.setTimerNext(index, timerNext);
  return rehearsal;
}

/** Compares with what the run that counts has done; throws `DeterminismError`. */
export function verify(world: World, index: number, handler: string, rehearsal: Rehearsal): void {
  const { names, states } = world.roster;
  const difference =
    firstDifference(rehearsal.state, states[index], 'state') ??
    firstDifference(rehearsal.effects, rowsOf(world.scratch.effects), 'effects');
  if (difference === undefined) return;
  throw new DeterminismError(world, names[index] as string, handler, difference);
}

function rowsOf(effects: Effects): unknown[] {
  return Array.from({ length: effects.count }, (_, row) => ({
    what: effects.what[row],
    where: effects.where[row],
    payload: clone(effects.payload[row]),
  }));
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
