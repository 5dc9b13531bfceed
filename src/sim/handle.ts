// One handler of one node, run to its end: the context is opened, the handler mutates the state,
// what it recorded is applied. A handler that throws crashes its node, and nothing it did counts.
import { AssertionError } from '../kernel/assert.js';
import { hex64 } from '../kernel/mix.js';
import type { Body } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { applyEffects } from './apply.js';
import { takeBack } from './at-once.js';
import { crashNode } from './lifecycle.js';
import { statesReached } from './milestones.js';
import { programAt } from './parties.js';
import { checkReturned, type Handler } from './program.js';
import { type Rehearsal, rehearse, verify, verifyThrown } from './strict.js';
import type { NodeState, World } from './world.js';

/** So many crashes that differ in node, handler or message are reported. */
const crashesMax = 1_000;

/** Runs `handler` at the node with this number and applies its effects. */
export function handle(world: World, index: number, handler: Handler, input: unknown): void {
  const { scratch, context, roster } = world;
  scratch.random.rekey(scratch.hi, scratch.lo);
  if (world.edits !== undefined) forceDraws(world);
  let rehearsal: Rehearsal | undefined;
  try {
    if (world.spec.strict) rehearsal = rehearse(world, index, handler, input);
  } catch (error) {
    return threw(world, index, nameOf(world, index, handler, input), error);
  }
  context.open(index);
  try {
    checkReturned(handler(roster.states[index], input, context));
  } catch (error) {
    context.close();
    const name = nameOf(world, index, handler, input);
    if (rehearsal !== undefined) verifyThrown(world, index, name, { rehearsal, error });
    return threw(world, index, name, error);
  }
  context.close();
  if (rehearsal !== undefined)
    verify(world, index, nameOf(world, index, handler, input), rehearsal);
  roster.setHandled(index, true);
  settle(world, index);
}

/** After a handler, or `init`, has returned: its effects take place, its invariant is checked. */
export function settle(world: World, index: number): void {
  if (world.scratch.effects.count > 0) applyEffects(world, index);
  if (world.spec.milestones.length > 0) lookForMilestones(world, index);
  if (!world.invariants) return;
  const { protocol } = programAt(world, index);
  if (protocol.invariant === undefined) return;
  try {
    protocol.invariant(world.roster.states[index] as object);
  } catch (error) {
    report(world, index, 'invariant', error);
  }
}

/** A predicate that throws says nothing, and is reported. */
function lookForMilestones(world: World, index: number): void {
  try {
    statesReached(world, nodeAt(world, index));
  } catch (error) {
    if (error instanceof AssertionError) throw error;
    report(world, index, 'milestones', error);
  }
}

/** A handler threw: its node crashes, what it recorded is forgotten. */
export function threw(world: World, index: number, handler: string, error: unknown): void {
  const { effects, hi, lo } = world.scratch;
  effects.clear();
  takeBack(world);
  report(world, index, handler, error);
  crashNode(world, nodeAt(world, index), 'none', -1, hi, lo);
}

function nodeAt(world: World, index: number): NodeState {
  return world.parties[index]?.node as NodeState;
}

function report(world: World, index: number, handler: string, error: unknown): void {
  const { hi, lo } = world.scratch;
  const known = error instanceof Error;
  const message = known ? error.message : String(error);
  const node = world.roster.names[index] as string;
  world.scratch.crash = message;
  world.journal?.logged(node, world.queue.nowUs, `crashed: ${message}`);
  world.scratch.isolator.copy(message);
  const same = world.crashes.find(
    (crash) => crash.node === node && crash.handler === handler && crash.message === message,
  );
  if (same !== undefined) same.count++;
  if (same !== undefined || world.crashes.length >= crashesMax) return;
  world.crashes.push({
    node,
    atUs: world.queue.nowUs,
    event: world.events,
    key: hex64(hi, lo),
    handler,
    message,
    count: 1,
    stack: known ? (error.stack ?? message) : message,
  });
}

/** What a person calls the handler: `on.read`, `timers.retry`, `disconnected`, `program`. */
export function nameOf(world: World, index: number, handler: Handler, input: unknown): string {
  const { on, other, protocol, timers } = programAt(world, index);
  // Nobody wrote handlers there: the program itself has ended, and the message says how.
  if (protocol.hosted !== undefined) return 'program';
  if (typeof input === 'string') return 'disconnected';
  const { type, body } = input as Timer & { readonly body?: Body };
  if (body !== undefined && on.get(body.type) === handler) return `on.${body.type}`;
  if (body !== undefined && other === handler) return 'other';
  return timers.get(type) === handler ? `timers.${type}` : 'diskFailed';
}

/** Edits may decide draws of `ctx.random` at this event. */
export function forceDraws(world: World): void {
  if (world.edits?.draws.size === 0) return;
  const { hi, lo, random } = world.scratch;
  const forced = world.edits?.draws.get(hex64(hi, lo));
  random.forced = forced?.values;
  if (forced !== undefined) for (const position of forced.positions) world.applied.add(position);
}
