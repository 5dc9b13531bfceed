// Tells an observer what an event was and did, in full. Costs far more than the event itself, and
// nothing when nobody listens.
import { hex64 } from '../kernel/mix.js';
import type { Body, Message } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import type { SyncPayload } from './apply.js';
import type { Journal } from './journal.js';
import { numberAt } from './op-plan.js';
import { messageOf } from './parties.js';
import { kinds } from './schedule.js';
import type { Happening } from './step.js';
import type { Party, World } from './world.js';

/** Calls the observer with the step of the event that has just been concluded. */
export function observe(
  world: World,
  kind: number,
  a: number,
  b: number,
  cause: number,
  payload: unknown,
): void {
  const { scratch } = world;
  const effects = scratch.rows;
  const { crash } = scratch;
  scratch.rows = [];
  world.observer?.({
    index: world.events,
    atUs: world.queue.nowUs,
    key: hex64(scratch.hi, scratch.lo),
    cause,
    happening: happeningOf(world, kind, a, b, payload),
    effects,
    crash,
    digest: world.digest.toString(),
  });
}

/** Tells a journal of a fault that has begun or ended what it interrupts in nodes' lives. */
export function journalFault(world: World, journal: Journal, kind: number, number: number): void {
  if (kind !== kinds.fault && kind !== kinds.faultEnd) return;
  const { fault } = world.faults[number] as World['faults'][number];
  if (!('nodes' in fault)) return;
  const text = kind === kinds.fault ? fault.f : `${fault.f} ends`;
  for (const node of fault.nodes) journal.logged(node, world.queue.nowUs, text);
}

function happeningOf(
  world: World,
  kind: number,
  a: number,
  b: number,
  payload: unknown,
): Happening {
  const nameOf = (index: number): string => (world.parties[index] as Party).name;
  switch (kind) {
    case kinds.start:
      return { kind: 'start', node: nameOf(a) };
    case kinds.deliver:
      return delivery(world, messageOf(world, b, a, payload as Body));
    case kinds.timer:
      return { kind: 'timer', node: nameOf(a), id: b, timer: payload as Timer };
    case kinds.synced: {
      const { done } = payload as SyncPayload;
      return { kind: 'synced', node: nameOf(a), done, error: world.scratch.outcome || undefined };
    }
    case kinds.disconnected:
      return { kind: 'disconnected', node: nameOf(a), peer: nameOf(b) };
    case kinds.invoke:
      return {
        kind: 'invoke',
        worker: world.plan.workers[a] as number,
        op: numberAt(world.plan, a),
      };
    case kinds.timeout:
      return { kind: 'timeout', worker: a, op: b };
    case kinds.phase:
      return { kind: 'phase', phase: world.phase };
    default: {
      const { id, fault } = world.faults[a] as World['faults'][number];
      return { kind: kind === kinds.fault ? 'fault' : 'fault-end', id, fault };
    }
  }
}

function delivery(world: World, message: Message): Happening {
  const { outcome } = world.scratch;
  const node = message.dest;
  if (outcome === '') return { kind: 'deliver', node, message };
  if (outcome === 'held') return { kind: 'held', node, message };
  return { kind: 'lost', node, message, why: outcome };
}
