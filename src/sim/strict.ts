// Strict mode: every handler runs twice, once on a clone of the state, and both runs must agree on
// the state and on every effect. A handler that reads a clock, draws foreign chance or keeps
// something outside its state is caught at the event where it shows. Source: DSLabs' --checks
// (Michael et al. 2019).
import { type Difference, firstDifference } from '../kernel/difference.js';
import { clone } from '../kernel/plain.js';
import { formatInstant } from '../kernel/time.js';
import { nowhere } from './context.js';
import type { Double } from './double.js';
import { type Effects, SEND, TIMER, WRITE } from './effects.js';
import { checkReturned, type Handler } from './program.js';
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
  /** What it ran on; `init` makes a state of its own. */
  readonly double: Double | undefined;
  readonly effects: readonly unknown[];
  /** The effects' payloads themselves. */
  readonly payloads: readonly unknown[];
  /** The message of what it threw. */
  readonly thrown: string | undefined;
}

/** Runs the handler on a clone of the node's state and takes back all that it recorded. */
export function rehearse(world: World, index: number, handler: Handler, input: unknown): Rehearsal {
  const double = world.scratch.doubles.of(world.roster.states[index]);
  const call = (): unknown => {
    checkReturned(handler(double.state, double.copyOf(input), world.context));
    return double.state;
  };
  return rehearseCall(world, index, call, double);
}

/** The same for `init`, which makes the state. */
export function rehearseCall(
  world: World,
  index: number,
  call: () => unknown,
  double?: Double,
): Rehearsal {
  const { context, roster, scratch } = world;
  const timerNext = roster.timerNext(index);
  const { hash } = scratch.isolator;
  context.open(index);
  let rehearsal: Rehearsal;
  try {
    const state = call();
    const { effects } = scratch;
    const payloads = effects.payload.slice(0, effects.count);
    rehearsal = { state, double, effects: rowsOf(effects), payloads, thrown: undefined };
  } catch (error) {
    const thrown = messageOf(error);
    rehearsal = { state: undefined, double, effects: [], payloads: [], thrown };
  }
  context.close();
  scratch.effects.clear();
  scratch.isolator.hash = hash;
  scratch.random.rekey(scratch.hi, scratch.lo);
  roster.setTimerNext(index, timerNext);
  return rehearsal;
}

/** Compares with what the run that counts has done; throws `DeterminismError`. O(state). */
export function verify(world: World, index: number, handler: string, rehearsal: Rehearsal): void {
  const { roster, scratch } = world;
  const state = roster.states[index];
  const { double } = rehearsal;
  const isCopy =
    double !== undefined && double.state === rehearsal.state && scratch.doubles.keep(state, double);
  const difference =
    firstDifference(rehearsal.thrown, undefined, 'thrown') ??
    (isCopy ? undefined : firstDifference(rehearsal.state, state, 'state')) ??
    firstDifference(rehearsal.effects, rowsOf(scratch.effects), 'effects');
  if (difference !== undefined) {
    throw new DeterminismError(world, roster.names[index] as string, handler, difference);
  }
  if (isCopy) scratch.doubles.match(state, double, scratch.effects, rehearsal.payloads);
}

/** The same for a run that threw. */
export function verifyThrown(
  world: World,
  index: number,
  handler: string,
  { rehearsal, error }: { readonly rehearsal: Rehearsal; readonly error: unknown },
): void {
  const difference = firstDifference(rehearsal.thrown, messageOf(error), 'thrown');
  if (difference === undefined) return;
  throw new DeterminismError(world, world.roster.names[index] as string, handler, difference);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function rowsOf(effects: Effects): unknown[] {
  return Array.from({ length: effects.count }, (_, row) => {
    const what = effects.what[row] as number;
    const where = effects.where[row];
    const payload = clone(effects.payload[row]);
    if (what === TIMER) return { what, where, payload, delayUs: effects.delayUs[row] };
    const hasKey = what === WRITE || (what === SEND && where === nowhere);
    return hasKey ? { what, where, payload, key: effects.key[row] } : { what, where, payload };
  });
}

function show(value: unknown): string {
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
