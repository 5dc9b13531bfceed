// The one loop. Takes the next event, lets it happen, and chains it into the digest. Most events of
// a long run are deliveries and timers at healthy nodes on a quiet network: those take the short
// way (`quiet.ts`), which does the same with fewer questions.

import { clone } from '../kernel/plain.js';
import { A, B, CAUSE, KEY_HI, KEY_LO, KIND, noSlot, slotAt } from '../kernel/queue.js';
import { happen } from './events.js';
import { strikeByEdit } from './faults.js';
import { mustWait } from './lifecycle.js';
import { journalFault, observe } from './observe.js';
import { askOfAll, askOverdue, askProperties } from './properties.js';
import { conclude, happenQuietly, isQuiet } from './quiet.js';
import { happensAtNode, kindOf, kinds, tagOf } from './schedule.js';
import { sendAhead } from './transmit.js';
import type { Watch } from './watch.js';
import type { NodeState, World } from './world.js';

/** As a constant of this module: V8 looks imports up at every use. */
const happenShortly = happenQuietly;

/**
 * Runs one event. False when the run is over (`world.end` says why). Throws `DeterminismError` in
 * strict mode; what protocols throw is recorded, not thrown.
 */
export function step(world: World): boolean {
  return advance(world, 1);
}

/** Runs up to `count` events; true while the run goes on. Throws like `step`. */
export function advance(world: World, count: number): boolean {
  const { limits } = world.spec;
  const { queue } = world;
  const goal = world.events + count;
  let quiet = isQuiet(world);
  while (world.events < goal) {
    if (world.events >= limits.eventsMax || queue.size > limits.pendingMax) limitMet(world);
    if (world.end !== undefined) return false;
    const slot = queue.take();
    if (quiet) {
      // No quiet event ends anything but what is overdue.
      const { watch } = world;
      if (watch !== undefined && watch.dueUs < queue.nowUs) askBefore(world, watch, kinds.timer);
      if (happenShortly(world, slot)) continue;
    }
    takePlace(world, slot);
    quiet = isQuiet(world);
  }
  return world.end === undefined;
}

function limitMet(world: World): void {
  const { eventsMax } = world.spec.limits;
  world.end ??= world.events >= eventsMax ? 'events-limit' : 'pending-limit';
}

/** Lets the event in `slot` happen, unless it has to wait for its node. */
function takePlace(world: World, slot: number): void {
  const { queue, scratch } = world;
  if (slot === noSlot) {
    if (world.watch !== undefined) askBefore(world, world.watch, -1);
    world.end = 'done';
    return;
  }
  const { words } = queue;
  const at = slotAt(slot);
  const tag = words[at + KIND] as number;
  const kind = kindOf(tag);
  const a = words[at + A] as number;
  if (world.awaiting.size > 0 && sendAhead(world, slot)) return;
  const b = words[at + B] as number;
  if (happensAtNode(kind) && world.roster.isOdd(a)) {
    if (mustWait(world, world.parties[a]?.node as NodeState, slot)) return;
  }
  const cause = words[at + CAUSE] as number;
  const payload = queue.payload(slot);
  // What is overdue showed after the event before this one.
  if (world.watch !== undefined) askBefore(world, world.watch, kind);
  scratch.hi = words[at + KEY_HI] as number;
  scratch.lo = words[at + KEY_LO] as number;
  queue.release(slot);
  scratch.isolator.hash = 0;
  scratch.outcome = '';
  scratch.crash = undefined;
  // A handler may change its copy of a message: an observer is told what arrived.
  const told = world.observer === undefined ? payload : clone(payload);
  happen(world, kind, tagOf(tag), a, b, payload);
  if (world.edits !== undefined) strikeByEdit(world);
  if (world.watch !== undefined) askAfterAny(world, world.watch, kind, a);
  conclude(world, kind, a, b, cause);
  if (world.observer !== undefined) observe(world, kind, a, b, cause, told);
  if (world.journal !== undefined) journalFault(world, world.journal, kind, a);
  world.events++;
}

/** Deadlines that pass with this event, which has not happened yet; −1: nothing more will. */
function askBefore(world: World, watch: Watch, kind: number): void {
  const ends = kind === -1 || (kind === kinds.phase && world.phase === 'recovery');
  while (watch.dueUs < world.queue.nowUs || (ends && watch.dueUs < Number.POSITIVE_INFINITY)) {
    askOverdue(world, watch);
  }
}

/** Clients' own events change no node, nor does a message that nobody got. */
function askAfterAny(world: World, watch: Watch, kind: number, a: number): void {
  const { roster, scratch } = world;
  const isAtNode = kind === kinds.start || happensAtNode(kind);
  const isNobodys = kind === kinds.deliver && (scratch.outcome !== '' || roster.isClient(a));
  if (isAtNode && !isNobodys) askProperties(world, watch, roster.names[a]);
  if (kind === kinds.faultEnd || kind === kinds.phase) watch.struck = true;
  askOfAll(world, watch);
}
