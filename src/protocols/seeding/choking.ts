// Seeds serve the payload of units, as BitTorrent's peers serve pieces: to a few workers at a time,
// those that take most, and to one more that is not chosen for what it takes: the optimistic slot,
// without which a new worker would never be served. Choices are made again every `choke` (10 s),
// the optimistic slot goes on every third time (30 s). The slot of a worker that wants nothing any
// more is free before that, as only who is interested counts.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { chunksOf } from './code.js';
import { compare } from './epoch.js';
import { type Entry, type Line, read, rootId, type UnitId } from './log.js';
import type { TopoSpec } from './spec.js';
import { type Choking, type Env, say } from './state.js';

/** Choices between two turns of the optimistic slot. */
const optimisticEvery = 3;

export function noChoking(): Choking {
  const sinceUs = 0;
  return { interested: new Map(), unchoked: [], optimistic: undefined, rounds: 0, sinceUs };
}

/** A worker wants the payload of a unit that it has a lease for. */
export function fetch(env: Env, src: NodeId, body: Saying<'fetch'>): void {
  const { state } = env;
  const { topo, epoch, unit, attempt } = body;
  const seat = state.durable.seats.get(topo);
  if (seat === undefined) return;
  if (compare(epoch, seat.promised) < 0) {
    say(env, src, { type: 'fenced', topo, epoch, promised: seat.promised });
    return;
  }
  if (!serves(env, src)) {
    say(env, src, { type: 'choked', topo, epoch, unit, attempt });
    return;
  }
  const payload = payloadOf(seat.log, seat.spec, unit);
  if (payload !== undefined)
    say(env, src, { type: 'fetch_ok', topo, epoch, unit, attempt, payload });
}

function serves(env: Env, worker: NodeId): boolean {
  const { choking } = env.state;
  const { interested, unchoked } = choking;
  const { served = 0, servedUs = -1 } = interested.get(worker) ?? {};
  if (!unchoked.includes(worker)) takeFree(env, worker);
  const open = unchoked.includes(worker) || choking.optimistic === worker;
  const { nowUs: askedUs } = env.ctx;
  const fresh = open ? { served: served + 1, servedUs: askedUs } : { served, servedUs };
  interested.set(worker, { askedUs, ...fresh });
  return open;
}

/** Who has asked for nothing as long as a lease lasts waits for nothing: its slot is free. */
function takeFree({ state: { choking }, ctx }: Env, worker: NodeId): void {
  const { interested, unchoked, optimistic } = choking;
  const { uploads, leaseUs } = ctx.options;
  const isIdle = (other: NodeId): boolean =>
    ctx.nowUs - (interested.get(other)?.askedUs ?? 0) >= leaseUs;
  const busy = unchoked.filter((other) => !isIdle(other));
  if (busy.length < uploads) unchoked.splice(0, unchoked.length, ...busy, worker);
  else if (optimistic !== undefined && isIdle(optimistic)) choking.optimistic = worker;
}

/** Chooses anew whom to serve. */
export function choke({ state, ctx, rules }: Env): void {
  const { choking } = state;
  const { chokeUs, uploads } = ctx.options;
  if (ctx.nowUs - choking.sinceUs < chokeUs) return;
  choking.sinceUs = ctx.nowUs;
  choking.rounds++;
  const asking = [...choking.interested].filter(([, { askedUs }]) => ctx.nowUs - askedUs < chokeUs);
  const best = asking.toSorted(([a, x], [b, y]) => y.served - x.served || (a < b ? -1 : 1));
  choking.unchoked.splice(0, choking.unchoked.length, ...best.slice(0, uploads).map(([w]) => w));
  if (rules.choking === 'optimistic slot') takeTurns(choking, best.slice(uploads));
  for (const [worker, entry] of choking.interested) {
    choking.interested.set(worker, { ...entry, served: 0 });
  }
}

type Asking = readonly (readonly [NodeId, { readonly servedUs: Micros }])[];

/** The optimistic slot goes to whoever has waited longest, and stays there for three choices. */
function takeTurns(choking: Choking, others: Asking): void {
  const stays = others.some(([worker]) => worker === choking.optimistic);
  if (stays && choking.rounds % optimisticEvery !== 0) return;
  const next = others
    .filter(([worker]) => worker !== choking.optimistic)
    .toSorted(([a, x], [b, y]) => x.servedUs - y.servedUs || (a < b ? -1 : 1))[0];
  choking.optimistic = next?.[0] ?? (stays ? choking.optimistic : undefined);
}

/** The payload of a unit, as it stands in the log. O(log). */
function payloadOf(log: readonly Line[], spec: TopoSpec, unit: UnitId) {
  const record = unit.slice(0, unit.lastIndexOf('>'));
  const root = record.split('>', 1)[0] ?? '';
  const accept = find(log, 'accept', ({ stream, seq }) => rootId(stream, seq) === root);
  if (accept === undefined) return undefined;
  const { key } = accept;
  if (record === root) return { key, value: accept.value };
  const parent = record.slice(0, record.lastIndexOf('.'));
  const nth = Number(record.slice(record.lastIndexOf('.') + 1));
  const vertex = parent.slice(parent.lastIndexOf('>') + 1);
  const types = spec.vertices.find(({ name }) => name === vertex)?.produces.length ?? 1;
  const done = find(log, 'done', (entry) => entry.unit === parent);
  const value = done?.values[Math.floor(nth / types)];
  return value === undefined ? undefined : { key, value };
}

/** The latest entry of a kind that fits; what is asked for is mostly new. */
function find<K extends Entry['kind']>(
  log: readonly Line[],
  kind: K,
  fits: (entry: Extract<Entry, { kind: K }>) => boolean,
): Extract<Entry, { kind: K }> | undefined {
  const start = `{"kind":"${kind}"`;
  for (let at = log.length - 1; at >= 0; at--) {
    const line = log[at] as Line;
    if (!line.startsWith(start)) continue;
    const entry = read(line) as Extract<Entry, { kind: K }>;
    if (fits(entry)) return entry;
  }
  return undefined;
}

/** A worker wants a piece of a package. */
export function codeWanted(env: Env, src: NodeId, body: Saying<'code-want'>): void {
  const text = env.state.durable.packages.get(body.hash);
  if (text === undefined) return;
  const chunks = chunksOf(text);
  const { hash, chunk } = body;
  const piece = chunks[chunk];
  if (piece === undefined) return;
  say(env, src, { type: 'code-chunk', hash, chunk, chunks: chunks.length, text: piece });
}
