// A building block: how keys come from one instance to another. An old instance freezes and puts
// its rows into the store; a new one finds there what the next ring gives it, and keeps that aside
// until the ring is decided; then each has what is its own, and no more. Until then all can be
// taken back.
//
//   old   ──takes records──▶ freeze, checkpoint ─────────────── adopt: drop what has moved
//   new   ────────────────────────────────────▶ restore, ready ─ adopt: take what was kept aside
import type { Message, NodeId } from '../../node/message.js';
import { type Answer, ask } from '../leaning/asks.js';
import type { Bodies, Ctx, Register, Row, Rules, Staged, State } from './bodies.js';
import { put, remove } from './disk.js';
import { awaken } from './operator.js';
import { partitionsOf, reroute, sendBuffered } from './parents.js';
import { ownerOf } from './ring.js';
import { copyOf, mergeInto } from './rows.js';

type Asked<T extends Bodies['type']> = Message<Extract<Bodies, { readonly type: T }>>;

/** Takes note of what is decided, if it is news. */
export function learn(state: State, register: Register, rules: Rules, ctx: Ctx): void {
  const { register: known, operator } = state;
  const attempt = ({ next }: Register): number => next?.attempt ?? 0;
  const behind = register.highest < known.highest;
  if (behind) return;
  if (register.highest === known.highest && attempt(register) <= attempt(known)) return;
  state.register = register;
  state.looks = 0;
  const { ring, highest } = register;
  if (ring.epoch > operator.epoch) adopt(state, rules, ctx);
  else if (operator.frozen > 0 && operator.frozen <= highest) thaw(state, rules, ctx);
  for (const parent of state.parents.values()) {
    if (parent.paused > 0 && parent.paused <= highest) parent.paused = 0;
    if (ring.epoch > known.ring.epoch) reroute(state, parent, ctx);
    sendBuffered(state, parent, ctx);
  }
}

/** Whose parents are not told that there is a rescale. */
export function untold({ paused }: Rules, ctx: Ctx): NodeId | undefined {
  const last = ctx.nodes[(ctx.options.partitions - 1) % ctx.nodes.length];
  return paused === 'all but one' ? last : undefined;
}

/** Whether all that was sent under the old ring has come. */
function drained({ operator, register }: State, rules: Rules, ctx: Ctx): boolean {
  if (operator.waters.epoch !== register.next?.ring.epoch) return false;
  const silent = untold(rules, ctx);
  for (let partition = 0; partition < ctx.options.partitions; partition++) {
    if (silent !== undefined && partitionsOf(silent, ctx).includes(partition)) continue;
    if (!operator.waters.of.has(partition)) return false;
  }
  return true;
}

export function takeWatermark({ operator }: State, { body }: Asked<'watermark'>): void {
  const { waters } = operator;
  if (body.epoch < waters.epoch) return;
  if (body.epoch > waters.epoch) waters.of.clear();
  waters.epoch = body.epoch;
  waters.of.set(body.partition, body);
}

export function checkpoint(state: State, message: Asked<'checkpoint'>, rules: Rules, ctx: Ctx) {
  const { src: by, body } = message;
  learn(state, body.register, rules, ctx);
  const { register, operator } = state;
  const epoch = register.next?.ring.epoch;
  if (epoch === undefined || epoch !== body.register.next?.ring.epoch) return;
  if (operator.epoch !== register.ring.epoch) return;
  // After a crash, too: the watermarks say of which records this is the state.
  if (rules.drain && !drained(state, rules, ctx)) return;
  if (operator.frozen === epoch) {
    if (operator.saved) tellCheckpoint(state, epoch, by, ctx);
    else saveCheckpoint(state, epoch, by, ctx);
  } else {
    // The fence is up before anything is copied.
    Object.assign(operator, { frozen: epoch, saved: false });
    putRegister(state, ctx);
    ctx.store.sync({ type: 'saved', after: { do: 'frozen', epoch, by } });
  }
}

/** Puts all rows into the store, unless that is under way. */
export function saveCheckpoint(state: State, epoch: number, by: NodeId, ctx: Ctx): void {
  const { asks, operator } = state;
  const busy = [...asks.open.values()].some(({ aim }) => aim.do === 'checkpointed');
  if (busy || operator.frozen !== epoch) return;
  const key = checkpointKey(epoch, ctx.self);
  const body = { type: 'put', key, value: [...operator.rows] };
  ask(asks, [ctx.options.store, body], { do: 'checkpointed', epoch, by }, ctx);
}

export function checkpointed(
  state: State,
  { epoch, by }: { readonly epoch: number; readonly by: NodeId },
  answer: Answer,
  ctx: Ctx,
): void {
  if (!answer.ok || state.operator.frozen !== epoch) return; // It will be asked for again.
  state.operator.saved = true;
  tellCheckpoint(state, epoch, by, ctx);
}

function tellCheckpoint({ operator }: State, epoch: number, by: NodeId, ctx: Ctx): void {
  const clock = [...operator.waters.of.values()].map(
    ({ partition, offset }) => [partition, offset] as const,
  );
  const state = [...operator.rows].map(([key, { count }]) => [key, count] as const);
  ctx.send(by, { type: 'checkpointed', epoch, clock, state });
}

function checkpointKey(epoch: number, node: NodeId): string {
  return `checkpoint/${epoch}/${node}`;
}

export function restore(state: State, message: Asked<'restore'>, rules: Rules, ctx: Ctx): void {
  const { src: by, body } = message;
  learn(state, body.register, rules, ctx);
  const { register, operator, asks } = state;
  const { staged } = operator;
  const epoch = register.next?.ring.epoch;
  if (epoch === undefined || epoch !== body.register.next?.ring.epoch) return;
  if (staged.epoch !== epoch) begin(staged, epoch);
  if (staged.whole && rules.restore === 'once') return ctx.send(by, { type: 'ready', epoch });
  if (staged.whole) begin(staged, epoch, staged.rows);
  for (const from of register.ring.members) {
    const asked = [...asks.open.values()].some(
      ({ aim }) => aim.do === 'found' && aim.from === from,
    );
    if (asked || staged.from.has(from) || from === ctx.self) continue;
    const find = { type: 'find', key: checkpointKey(epoch, from) };
    ask(asks, [ctx.options.store, find], { do: 'found', epoch, from, by }, ctx);
  }
  finishRestore(state, by, ctx);
}

function begin(staged: Staged, epoch: number, rows?: ReadonlyMap<string, Row>): void {
  if (rows === undefined) staged.rows.clear();
  Object.assign(staged, { epoch, whole: false });
  staged.from.clear();
}

export function found(
  state: State,
  aim: { readonly epoch: number; readonly from: NodeId; readonly by: NodeId },
  { answer, rules }: { readonly answer: Answer; readonly rules: Rules },
  ctx: Ctx,
): void {
  const { operator, register } = state;
  const { staged } = operator;
  const next = register.next?.ring;
  if (!answer.ok || next?.epoch !== aim.epoch || staged.epoch !== aim.epoch) return;
  if (staged.from.has(aim.from)) return;
  staged.from.add(aim.from);
  for (const [key, row] of answer.body.value as readonly (readonly [string, Row])[]) {
    if (ownerOf(next, key, ctx.options.vnodes) !== ctx.self) continue;
    const known = staged.rows.get(key);
    const copy = copyOf(row);
    if (rules.timers === 'are lost') copy.timers.clear();
    if (known === undefined) staged.rows.set(key, copy);
    else mergeInto(known, copy);
  }
  finishRestore(state, aim.by, ctx);
}

function finishRestore({ operator, register, disk }: State, by: NodeId, ctx: Ctx): void {
  const { staged } = operator;
  const others = register.ring.members.filter((member) => member !== ctx.self);
  if (staged.whole || others.some((member) => !staged.from.has(member))) return;
  staged.whole = true;
  put(disk, 'staged', { epoch: staged.epoch, rows: staged.rows }, ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'staged', epoch: staged.epoch, by } });
}

/** The ring is decided: each has what it gives him. In an order that a crash may cut anywhere. */
function adopt(state: State, rules: Rules, ctx: Ctx): void {
  const { operator, register, disk } = state;
  const { ring } = register;
  const { rows, ghosts, staged } = operator;
  Object.assign(operator, { epoch: ring.epoch, frozen: 0, saved: false });
  for (const [key, row] of rows) {
    if (ownerOf(ring, key, ctx.options.vnodes) === ctx.self) continue;
    rows.delete(key);
    remove(disk, `row/${key}`, ctx);
    if (rules.timers === 'stay too') ghosts.set(key, row);
  }
  if (staged.epoch === ring.epoch && staged.whole) {
    for (const [key, row] of staged.rows) {
      rows.set(key, row);
      put(disk, `row/${key}`, row, ctx);
    }
  }
  putRegister(state, ctx);
  begin(staged, 0);
  remove(disk, 'staged', ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'nothing' } });
  awaken(state, [...rows.keys(), ...ghosts.keys()], rules, ctx);
}

/** The next ring was given up: all goes on as it was. */
function thaw(state: State, rules: Rules, ctx: Ctx): void {
  Object.assign(state.operator, { frozen: 0, saved: false });
  putRegister(state, ctx);
  ctx.store.sync({ type: 'saved', after: { do: 'nothing' } });
  awaken(state, [...state.operator.rows.keys()], rules, ctx);
}

function putRegister({ disk, register, operator }: State, ctx: Ctx): void {
  const { epoch, frozen } = operator;
  put(disk, 'register', { register, epoch, frozen }, ctx);
}
