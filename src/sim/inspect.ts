// Looking at a world without touching it.
import { Digest, digestOf } from '../kernel/digest.js';
import { clone, NotPlainError, type Plain } from '../kernel/plain.js';
import { CAUSE, KIND, noSlot, slotAt } from '../kernel/queue.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import { read } from './clock.js';
import { nodeNamed } from './parties.js';
import type { NodeState, Status, World } from './world.js';

/** A node as it is now: copies, to be kept or changed at will. */
export interface NodeView {
  readonly name: NodeId;
  readonly status: Status;
  readonly incarnation: number;
  readonly state: Plain;
  readonly durable: ReadonlyMap<string, Plain>;
  /** Writes that no sync has made durable yet. */
  readonly unsynced: number;
  readonly clockUs: Micros;
  readonly timers: readonly number[];
  /** Faults that lie on it. */
  readonly faults: readonly string[];
}

/** The node of this name; `undefined` if there has never been one. O(size of its state). */
export function inspect(world: World, name: NodeId): NodeView | undefined {
  const node = nodeNamed(world, name);
  if (node === undefined) return undefined;
  return {
    name,
    status: node.status,
    incarnation: node.incarnation,
    state: clone(world.roster.states[node.index]) as Plain,
    durable: clone(node.disk.durable),
    unsynced: node.disk.unsynced.length,
    clockUs: read(node.clock, world.queue.nowUs),
    timers: world.timers.idsOf(node.index),
    faults: node.afflictions.map(({ fault }) => world.faults[fault]?.id ?? ''),
  };
}

/**
 * A digest of everything in the world, where `world.digest` covers what has happened: two worlds
 * with the same one go on alike. O(size of the world).
 */
export function digestWorld(world: World): string {
  const digest = new Digest();
  digest.word(world.digest.hi);
  digest.word(world.digest.lo);
  for (const { node } of world.parties) if (node !== undefined) absorbNode(digest, world, node);
  for (const slot of world.queue.waiting()) absorbEvent(digest, world, slot);
  const { connections, busyUntilUs, rules } = world.network;
  digest.plain({ connections, busyUntilUs, rules });
  const { counts, faults, heldMessages, members, milestones, workers } = world;
  digest.plain({ counts, faults, heldMessages, members, milestones });
  if (world.awaiting.size > 0) digest.plain(world.awaiting);
  digest.plain(
    workers.map((worker) => ({ ...worker, open: { ...worker.open, timeoutSlot: undefined } })),
  );
  digest.plain(world.watch?.states.map(({ memory, standing }) => ({ memory, standing })));
  const { applied, generatorDone, generatorState, history, opNext, phase } = world;
  digest.plain({ applied, generatorDone, generatorState, history, opNext, phase });
  return digest.toString();
}

/** Slots are where the queue happens to keep events: what is in them counts. */
function absorbNode(digest: Digest, world: World, node: NodeState): void {
  const { admitted, held, starting } = node;
  const waits = { admitted: admitted !== noSlot, starting: starting !== noSlot };
  digest.plain({ ...node, ...waits, held: held.length });
  for (const slot of held) absorbEvent(digest, world, slot);
  digest.plain(world.roster.states[node.index]);
  digest.plain(world.timers.idsOf(node.index));
  digest.word(world.roster.timerNext(node.index));
}

function absorbEvent(digest: Digest, { queue }: World, slot: number): void {
  digest.number(queue.timeOf(slot));
  const at = slotAt(slot);
  for (let word = KIND; word <= CAUSE; word++) digest.word(queue.words[at + word] as number);
  digest.plain(queue.payload(slot));
}

/** The digest of one node's state alone; '' while it has none, and why not if it is not plain. */
export function digestState(world: World, name: NodeId): string {
  const state = world.roster.states[world.partyOf.get(name) ?? -1];
  try {
    return state === undefined ? '' : digestOf(state);
  } catch (error) {
    if (error instanceof NotPlainError) return error.message;
    throw error;
  }
}
