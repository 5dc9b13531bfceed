// What a handler recorded takes place: messages go to the network, timers and syncs into the queue,
// writes to the disk's cache. Every effect gets its key here, from the event's key, its kind, its
// destination and its number among those of that kind to that destination.
import { keyOf } from '../kernel/key.js';
import { hex64 } from '../kernel/mix.js';
import { clone, type Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, NodeId } from '../node/message.js';
import type { Timer } from '../node/protocol.js';
import { nowhere } from './context.js';
import { write, writesSoFar } from './disk.js';
import { CLEAR, NOTE, SEND, SYNC, TIMER, WRITE } from './effects.js';
import type { Journal } from './journal.js';
import { withdraw } from './lifecycle.js';
import { noteReached } from './milestones.js';
import { beginCounting, nthTo, numbered } from './nth.js';
import { kinds, tagged } from './schedule.js';
import { fateOf, transmit, transmitNowhere } from './transmit.js';
import { type NodeState, touch, type World } from './world.js';

/** However slow disks are made: 200 days, which no run lasts. */
const syncUsMax = 2 ** 44;

/** Applies and forgets the recorded effects of the handler that just returned at a node. */
export function applyEffects(world: World, index: number): void {
  const { scratch } = world;
  const { atOnce, effects } = scratch;
  if (atOnce.sends < 2) beginCounting(world, atOnce.sends === 1 ? atOnce.firstTarget : -1);
  let { timers } = atOnce;
  let syncs = 0;
  for (let row = 0; row < effects.count; row++) {
    switch (effects.what[row]) {
      case SEND:
        applySend(world, index, row);
        break;
      case TIMER:
        applyTimer(world, index, row, timers++);
        break;
      case CLEAR:
        applyClear(world, index, effects.where[row] as number);
        break;
      case WRITE:
        applyWrite(
          world,
          nodeAt(world, index),
          effects.key[row] as string,
          effects.payload[row] as Plain,
        );
        break;
      case SYNC:
        applySync(world, nodeAt(world, index), effects.payload[row] as Timer, syncs++);
        break;
      case NOTE:
        applyNote(world, nodeAt(world, index), effects.payload[row] as string);
        break;
    }
  }
  effects.clear();
}

function nodeAt(world: World, index: number): NodeState {
  return world.parties[index]?.node as NodeState;
}

function applySend(world: World, source: number, row: number): void {
  const { effects, key, hi, lo, isolator } = world.scratch;
  const body = effects.payload[row] as Body;
  const target = effects.where[row] as number;
  if (target === nowhere) {
    const { hi: destHi, lo: destLo } = keyOf(effects.key[row] as string);
    key.derive(hi, lo, SEND, destHi, destLo);
    transmitNowhere(world);
  } else {
    const { roster } = world;
    const { linkKeys } = world;
    if (linkKeys !== undefined && roster.programOf(source) === 0) {
      linkKeys.next(world, source, target);
    } else {
      const word = numbered(SEND, nthTo(world, target));
      key.derive(hi, lo, word, roster.keyHi(target), roster.keyLo(target));
    }
    isolator.hash = (isolator.hash ^ key.lo) | 0;
    const { envelope } = world.scratch;
    envelope.source = source;
    envelope.target = target;
    envelope.body = body;
    envelope.hi = key.hi;
    envelope.lo = key.lo;
    envelope.cause = world.events;
    transmit(world, envelope);
    key.set(envelope.hi, envelope.lo);
  }
  if (world.journal !== undefined) journalSend(world, world.journal, source, row);
  if (world.observer === undefined) return;
  const dest = target === nowhere ? effects.key[row] : world.roster.names[target];
  const fate = fateOf(world);
  world.scratch.rows.push({
    effect: 'send',
    key: key.toString(),
    dest: dest as string,
    body: plain(body),
    fate,
  });
}

function journalSend(world: World, journal: Journal, source: number, row: number): void {
  const { network, queue, roster, scratch } = world;
  const { effects, key } = scratch;
  const target = effects.where[row] as number;
  const src = roster.names[source] as NodeId;
  const dest = (target === nowhere ? effects.key[row] : roster.names[target]) as NodeId;
  const body = effects.payload[row] as Body;
  const { hi, lo } = key;
  journal.sent({ src, dest, body, hi, lo, atUs: queue.nowUs }, network.decision);
}

function applyTimer(world: World, index: number, row: number, nth: number): void {
  const { effects, key, hi, lo, rows } = world.scratch;
  const id = effects.where[row] as number;
  const timer = effects.payload[row] as Timer;
  const atUs = world.queue.nowUs + (effects.delayUs[row] as Micros);
  const { roster } = world;
  key.derive(hi, lo, numbered(TIMER, nth), roster.keyHi(index), roster.keyLo(index));
  const slot = world.queue.add(atUs, kinds.timer, index, id, key.hi, key.lo, world.events, timer);
  world.timers.set(index, id, slot);
  if (world.observer !== undefined) {
    rows.push({ effect: 'timer', key: hex64(key.hi, key.lo), id, timer: plain(timer), atUs });
  }
}

function applyClear(world: World, index: number, id: number): void {
  if (world.observer !== undefined) world.scratch.rows.push({ effect: 'clear', id });
  const slot = world.timers.take(index, id);
  if (slot === 0) return;
  if (world.roster.isOdd(index)) withdraw(world, nodeAt(world, index), slot);
  else world.queue.remove(slot);
}

function applyWrite(world: World, node: NodeState, key: string, value: Plain): void {
  if (world.observer !== undefined) {
    world.scratch.rows.push({ effect: 'write', key, value: plain(value) });
  }
  for (const { fault, what } of node.afflictions) {
    if (what.f !== 'disk-full') continue;
    touch(world, fault);
    node.disk.refused = true;
    return;
  }
  write(node.disk, key, value);
}

function applySync(world: World, node: NodeState, done: Timer, nth: number): void {
  let takesUs = world.spec.disk.syncUs;
  for (const { fault, what } of node.afflictions) {
    if (what.f !== 'disk-slow') continue;
    const slowerUs = Math.min(Math.floor(takesUs * what.factor), syncUsMax);
    if (slowerUs !== takesUs) touch(world, fault);
    takesUs = slowerUs;
  }
  const { hi, key, lo } = world.scratch;
  const { roster } = world;
  const { index } = node;
  key.derive(hi, lo, numbered(SYNC, nth), roster.keyHi(index), roster.keyLo(index));
  const atUs = world.queue.nowUs + takesUs;
  const payload: SyncPayload = {
    done,
    count: writesSoFar(node.disk),
    refused: node.disk.refused,
  };
  node.disk.refused = false;
  const kind = tagged(kinds.synced, node.incarnation);
  world.queue.add(atUs, kind, index, 0, key.hi, key.lo, world.events, payload);
  if (world.observer !== undefined) {
    world.scratch.rows.push({ effect: 'sync', done: plain(done), atUs });
  }
}

/** What a sync carries: it makes the first `count` writes of the disk durable. */
export interface SyncPayload {
  readonly done: Timer;
  readonly count: number;
  readonly refused: boolean;
}

function applyNote(world: World, node: NodeState, text: string): void {
  if (world.observer !== undefined) world.scratch.rows.push({ effect: 'note', text });
  world.journal?.logged(node.name, world.queue.nowUs, text);
  if (world.spec.milestones.length > 0) noteReached(world, node, text);
}

/** A copy for the observer, who may keep it. */
function plain<T>(value: T): T & Plain {
  return clone(value) as T & Plain;
}
