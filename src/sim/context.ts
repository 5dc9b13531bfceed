// The context: a protocol's only door, one object per world, turned to the node whose event is
// being handled. What goes through it is copied and recorded; nothing takes place here.
import { clone, type Plain } from '../kernel/plain.js';
import type { KeyedRandom, Random } from '../kernel/random.js';
import { type Micros, timeUsMax } from '../kernel/time.js';
import { answering, type Body, type Message, type NodeId } from '../node/message.js';
import type { Context, Store, Timer, TimerId } from '../node/protocol.js';
import { clearAtOnce, sendAtOnce, setAtOnce } from './at-once.js';
import { read as readClock, stretch } from './clock.js';
import { type AtOnce, CLEAR, type Effects, NOTE, SEND, SYNC, TIMER, WRITE } from './effects.js';
import { programAt } from './parties.js';
import { guess } from './roster.js';
import { type NodeState, touch, type World } from './world.js';

const missing = -1;
/** The party number of a destination that does not exist. */
export const nowhere = missing;

/** What is imported, as constants of this module: V8 looks imports up at every use. */
const known = { clearAtOnce, guess, sendAtOnce, setAtOnce } as const;

export class NodeContext implements Context {
  readonly #world: World;
  readonly #atOnce: AtOnce;
  readonly #effects: Effects;
  readonly #store: NodeStore;
  /** The node whose handler runs; −1: none does. */
  #index = -1;
  readonly #random: KeyedRandom;
  /** Those of the node's program, once its handler has asked. */
  #options: object | undefined;

  constructor(world: World) {
    this.#world = world;
    this.#atOnce = world.scratch.atOnce;
    this.#effects = world.scratch.effects;
    this.#random = world.scratch.random;
    this.#store = new NodeStore(world, this);
  }

  /** Turns to a node for the length of one handler. */
  open(index: number): void {
    this.#index = index;
    this.#options = undefined;
  }

  close(): void {
    this.#index = -1;
    this.#options = undefined;
  }

  /** Throws when no handler runs: what a callback did later would be another event's doing. */
  checkOpen(): void {
    if (this.#index < 0) refuse();
  }

  /** The number of the node whose handler runs; throws when none does. */
  get index(): number {
    this.checkOpen();
    return this.#index;
  }

  get node(): NodeState {
    return this.#world.parties[this.index]?.node as NodeState;
  }

  get self(): NodeId {
    return this.#world.roster.names[this.index] as NodeId;
  }

  get random(): Random {
    this.checkOpen();
    return this.#random;
  }

  get options(): object {
    this.#options ??= programAt(this.#world, this.index).options;
    return this.#options;
  }

  get nodes(): readonly NodeId[] {
    return this.#world.members;
  }

  get incarnation(): number {
    return this.node.incarnation;
  }

  get store(): Store {
    return this.#store;
  }

  get nowUs(): Micros {
    const world = this.#world;
    if (!world.roster.isOdd(this.index)) return world.queue.nowUs;
    const { node } = this;
    touchClock(world, node);
    return readClock(node.clock, world.queue.nowUs);
  }

  send(dest: NodeId, body: Body): void {
    this.checkOpen();
    const world = this.#world;
    if (typeof body?.type !== 'string') throw new TypeError('a message body has a type');
    const effects = this.#effects;
    const target = numberOf(world, dest, this.#random.drawn);
    if (target === missing) effects.key[effects.count] = String(dest);
    else if (this.#atOnce.open && effects.count === 0 && !world.roster.isClient(target)) {
      return known.sendAtOnce(world, this.#index, target, body);
    }
    effects.add(SEND, target, world.scratch.isolator.copy(body));
  }

  reply(request: Message, body: Body): void {
    const { msg_id } = request.body;
    this.send(request.src, msg_id === undefined ? body : answering(body, msg_id));
  }

  setTimer(timer: Timer, delayUs: Micros): TimerId {
    const world = this.#world;
    const { index } = this;
    checkDelay(world, delayUs);
    const id = world.roster.timerNext(index);
    world.roster.setTimerNext(index, id + 1);
    const effects = this.#effects;
    world.scratch.isolator.absorb(timer as Timer & Record<string, unknown>);
    world.scratch.isolator.stir(delayUs | 0);
    if (this.#atOnce.open && effects.count === 0) {
      known.setAtOnce(world, index, id, timer, delayUs);
      return id;
    }
    const odd = world.roster.isOdd(index);
    effects.delayUs[effects.count] = odd ? this.#stretched(delayUs) : delayUs;
    effects.add(TIMER, id, timer);
    return id;
  }

  /** What a delay of this node's drifting clock is in virtual time. */
  #stretched(delayUs: Micros): Micros {
    const { node } = this;
    if (node.clock.driftPpm !== 0) touchClock(this.#world, node);
    return stretch(node.clock, delayUs);
  }

  clearTimer(id: TimerId): void {
    this.checkOpen();
    this.#world.scratch.isolator.stir(id);
    if (this.#atOnce.open && this.#effects.count === 0) {
      return known.clearAtOnce(this.#world, this.#index, id);
    }
    this.#effects.add(CLEAR, id, undefined);
  }

  note(text: string): void {
    this.checkOpen();
    this.#effects.add(NOTE, 0, this.#world.scratch.isolator.copy(String(text)));
  }
}

/** The part of the context that is the node's disk. */
class NodeStore implements Store {
  readonly #world: World;
  readonly #context: NodeContext;

  constructor(world: World, context: NodeContext) {
    this.#world = world;
    this.#context = context;
  }

  read(key: string): Plain {
    this.#context.checkOpen();
    const written = this.#world.scratch.effects.written(key);
    if (written !== undefined) return clone(written.value) as Plain;
    return clone(this.#context.node.disk.cache.get(key));
  }

  keys(): readonly string[] {
    this.#context.checkOpen();
    const { effects } = this.#world.scratch;
    const keys = new Set(this.#context.node.disk.cache.keys());
    for (let row = 0; row < effects.count; row++) {
      if (effects.what[row] !== WRITE) continue;
      if (effects.payload[row] === undefined) keys.delete(effects.key[row] as string);
      else keys.add(effects.key[row] as string);
    }
    return [...keys];
  }

  write(key: string, value: Plain): void {
    this.#context.checkOpen();
    const { effects, isolator } = this.#world.scratch;
    if (typeof key !== 'string') throw new TypeError('a key of the store is a string');
    effects.key[effects.count] = isolator.copy(key);
    effects.add(WRITE, 0, isolator.copy(value));
  }

  sync(done: Timer): void {
    this.#context.checkOpen();
    const { effects, isolator } = this.#world.scratch;
    isolator.absorb(done as Timer & Record<string, unknown>);
    effects.add(SYNC, 0, done);
  }
}

/** Short, so that V8 never calls `checkOpen`. */
function refuse(): never {
  throw new TypeError('a context is valid only while its handler runs');
}

/**
 * The party of this name; `nowhere` if there is none. A protocol that sends to whoever chance picks
 * has just drawn the number in most cases: to read a name takes four times as long.
 */
const numberOf = (world: World, name: NodeId, drawn: number): number => {
  const { names } = world.roster;
  if (drawn < names.length && names[drawn] === name) return drawn;
  const guessed = known.guess(name);
  if (names[guessed] === name) return guessed;
  return world.partyOf.get(name) ?? missing;
};

const checkDelay = (world: World, delayUs: Micros): void => {
  if (Number.isInteger(delayUs) && delayUs >= 0 && delayUs < endUs - world.queue.nowUs) return;
  throw new RangeError(`a timer's delay is a whole number of microseconds ≥ 0, not ${delayUs}`);
};

const endUs = timeUsMax;

function touchClock(world: World, node: NodeState): void {
  for (const { fault, what } of node.afflictions) {
    if (what.f === 'clock-offset' || what.f === 'clock-drift') touch(world, fault);
  }
  for (const fault of node.jumps) touch(world, fault);
}
