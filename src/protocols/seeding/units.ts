// Units of computation, as their owner sees them (streams §2.9): workers that have room say how
// many they want, and get no more; a grant is a lease with an attempt number; what comes back of an
// earlier attempt, or from an earlier epoch, changes nothing (M10).
//
//   available ── want, grant ──▶ leased ── done ──▶ an entry of the log
//       ▲                          │
//       └── the lease expires ─────┘  attempt + 1
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { same } from './epoch.js';
import type { UnitId } from './log.js';
import { isOpen, routeOf, type Unit, vertexOf } from './machine.js';
import { append, seedsOf } from './ownership.js';
import { streamOf } from './spec.js';
import { type Env, type Ownership, say } from './state.js';

/** Units that may be given out now. */
export function offer(own: Ownership, units: readonly Unit[]): void {
  for (const { id } of units) if (isOpen(own.machine, id)) own.available.push(id);
}

/** A worker has room for so many units, and has not more. */
export function wanted(env: Env, src: NodeId, { topo, credits }: Saying<'want'>): void {
  const own = env.state.owns.get(topo);
  if (own === undefined) return;
  own.credits.set(src, credits);
}

/** No owner gives a worker as many units. */
const grantsMax = 2 ** 32;

/**
 * Gives out units as long as there are some and somebody wants them, to whoever has least to do,
 * and of those to whoever was given least.
 */
export function grant(env: Env, own: Ownership): void {
  if (own.handOff !== undefined || own.available.length === 0) return;
  const held = new Map<NodeId, number>();
  for (const { worker } of own.leases.values()) held.set(worker, (held.get(worker) ?? 0) + 1);
  const wanting = new Set([...own.credits].flatMap(([worker, left]) => (left > 0 ? [worker] : [])));
  while (wanting.size > 0) {
    const load = (worker: NodeId): number =>
      (held.get(worker) ?? 0) * grantsMax + (own.granted.get(worker) ?? 0);
    const worker = [...wanting].reduce((best, each) => (load(each) < load(best) ? each : best));
    const unit = take(env, own, worker);
    const left = (own.credits.get(worker) ?? 0) - 1;
    if (unit === undefined || left <= 0) wanting.delete(worker);
    if (unit === undefined) continue;
    lease(env, own, unit, worker);
    held.set(worker, (held.get(worker) ?? 0) + 1);
    own.granted.set(worker, (own.granted.get(worker) ?? 0) + 1);
    own.credits.set(worker, left);
  }
}

/** The first available unit for whose vertex the worker may have the code. */
function take(env: Env, own: Ownership, worker: NodeId): Unit | undefined {
  const { available, machine, lacking, leases } = own;
  for (let at = 0; at < available.length; at++) {
    const id = available[at] as UnitId;
    const unit = machine.units.get(id);
    const gone = unit === undefined || !isOpen(machine, id) || leases.has(id);
    if (!gone && lacking.has(`${worker}/${unit.vertex}`)) continue;
    available.splice(at, 1);
    if (!gone) return unit;
    at--;
  }
  return undefined;
}

function lease(env: Env, own: Ownership, unit: Unit, worker: NodeId): void {
  const { ctx } = env;
  const { topo, epoch, graph } = own;
  const attempt = (own.attempts.get(unit.id) ?? 0) + 1;
  const { leaseUs } = ctx.options;
  own.attempts.set(unit.id, attempt);
  own.leases.set(unit.id, { worker, attempt, untilUs: ctx.nowUs + leaseUs });
  const vertex = vertexOf(graph, unit.vertex);
  const code = vertex?.code ?? { kind: 'module', name: '', hash: '' };
  const { key, value, root } = unit;
  const payload = graph.spec.ack ? undefined : { key, value };
  const seeds = seedsOf(own);
  const token = { topo, epoch, unit: unit.id, attempt };
  const takers = (vertex?.produces ?? []).map(
    (type) => routeOf(graph, streamOf(unit.vertex, type))?.vertices ?? [],
  );
  say(env, worker, { type: 'grant', ...token, leaseUs, code, seeds, payload, root, takers });
}

/** A result has come. One of a former attempt or epoch is fenced: nothing comes of it. */
export function done(env: Env, src: NodeId, body: Saying<'done'>): void {
  const { topo, unit, attempt, hash, values } = body;
  const own = env.state.owns.get(topo);
  if (own === undefined || !isCurrent(env, own, src, body)) return;
  own.leases.delete(unit);
  own.attempts.delete(unit);
  append(env, own, { kind: 'done', unit, worker: src, attempt, hash, values });
}

function isCurrent(env: Env, own: Ownership, src: NodeId, body: Saying<'done'>): boolean {
  const { unit, attempt, epoch } = body;
  const held = own.leases.get(unit);
  if (env.rules.attempts === 'ignored') return own.machine.units.has(unit);
  if (!same(own.epoch, epoch) || held?.worker !== src || held.attempt !== attempt) return false;
  return isOpen(own.machine, unit);
}

/** A worker cannot do it: others may. */
export function nacked(env: Env, src: NodeId, body: Saying<'nack'>): void {
  const own = env.state.owns.get(body.topo);
  const held = own?.leases.get(body.unit);
  if (own === undefined || held?.worker !== src || held.attempt !== body.attempt) return;
  const vertex = own.machine.units.get(body.unit)?.vertex ?? '';
  if (body.why === 'no_code') own.lacking.add(`${src}/${vertex}`);
  own.credits.set(src, 0);
  own.leases.delete(body.unit);
  own.available.unshift(body.unit);
}

/**
 * Leases that have run out. Without acking what was in them is lost (seed 000: "fewer guarantees").
 */
export function expireLeases({ ctx }: Env, own: Ownership): void {
  for (const [unit, { untilUs }] of own.leases) {
    if (ctx.nowUs < untilUs) continue;
    own.leases.delete(unit);
    if (own.graph.spec.ack && isOpen(own.machine, unit)) own.available.push(unit);
  }
}
