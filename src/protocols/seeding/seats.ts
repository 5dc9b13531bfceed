// Seats: a node's duty as a seed of a topo. It takes at most r of them; a request that it has no
// room for it hands on to the next available node (seed 000: "it will hand-off its responsibility
// to the next available node"), so often that every node can have been asked, and no oftener.
import type { NodeId } from '../../node/message.js';
import type { Saying, SeedRequest } from './bodies.js';
import { compare, never } from './epoch.js';
import { isAlive, isOwned, nodeNote, noteTopo, seatsMost, topoNote } from './gossip.js';
import { keep } from './journal.js';
import { type Config, configsIn } from './log.js';
import type { Settled } from './proposal.js';
import { isProposing, propose } from './register.js';
import { ringOf } from './ring.js';
import type { TopoId } from './spec.js';
import { type Env, say, type Watch } from './state.js';

/** A request for a seat. The same one twice is answered twice and counted once. */
export function seedRequest(env: Env, request: SeedRequest): void {
  const { state } = env;
  const { topo, round, coordinator } = request;
  const seat = state.durable.seats.get(topo);
  if (seat !== undefined) {
    if (round > seat.round) sit(env, request);
    say(env, coordinator, { type: 'seed-req_ok', topo, round });
    return;
  }
  if (seatsTaken(env) >= seatsMost(env)) return handOn(env, request);
  sit(env, request);
  say(env, coordinator, { type: 'seed-req_ok', topo, round });
}

function sit(env: Env, { topo, round, spec, packages }: SeedRequest): void {
  const { state, ctx } = env;
  for (const { hash, text } of packages) {
    if (!state.durable.packages.has(hash)) keep(state, { kind: 'package', hash, text }, ctx);
  }
  keep(state, { kind: 'seat', topo, spec, round }, ctx);
  watch(env, topo);
}

/** A seat is taken from when it is given, not from when the disk has it. */
function seatsTaken({ state, rules }: Env): number {
  const { seats } = state.durable;
  if (rules.seats === 'by topo') return seats.size;
  const unstored = [...state.journal.unsynced.values()].filter((e) => e.record.kind === 'seat');
  return seats.size - unstored.length;
}

/** The next available node gets the request, unless it has come by all of them. */
function handOn(env: Env, request: SeedRequest): void {
  const { state, ctx, rules } = env;
  const { topo, round, coordinator } = request;
  const hops = request.hops + 1;
  const tried = [...request.tried, ctx.self];
  state.hopsMost = Math.max(state.hopsMost, hops);
  const next = nextAvailable(env, topo, tried);
  if (next !== undefined && (hops < ctx.nodes.length || rules.hops === 'unlimited')) {
    say(env, next, { ...request, type: 'seed-req', hops, tried });
    return;
  }
  say(env, coordinator, { type: 'no-seat', topo, round, hops });
}

function nextAvailable(env: Env, topo: TopoId, tried: readonly NodeId[]): NodeId | undefined {
  const { ctx, rules } = env;
  const ring = ringOf(topo, ctx.nodes);
  if (rules.hops === 'unlimited') return ring[(ring.indexOf(ctx.self) + 1) % ring.length];
  const others = ring.filter((node) => !tried.includes(node));
  const roomy = others.find(
    (node) => isAlive(env, node) && (nodeNote(env, node)?.seedFree ?? 0) > 0,
  );
  return roomy ?? others.find((node) => isAlive(env, node));
}

/** This seed is in the seed set. */
export function confirm(env: Env, topo: TopoId, config: Config): void {
  const { state, ctx } = env;
  const seat = state.durable.seats.get(topo);
  if (seat === undefined || !config.seeds.includes(ctx.self)) return;
  if ((seat.config?.version ?? 0) >= config.version) return;
  keep(state, { kind: 'confirm', topo, config }, ctx);
  const { version, seeds } = config;
  const note = topoNote(env, topo);
  const { epoch = never, owner } = note ?? {};
  const { priority } = seat.spec;
  noteTopo(env, {
    kind: 'topo',
    ...{ topo, status: 'assigned', epoch, owner },
    ...{ seeds, version, priority },
  });
}

/** The version of a seed set that a node was to join, and that was never committed. */
export const strayVersion = -1;

/** The topo does not need this seat: the home has gone on to another round. */
export function release({ state, ctx }: Env, { topo, round }: Saying<'release'>): void {
  const seat = state.durable.seats.get(topo);
  if (seat === undefined || seat.config !== undefined || seat.round !== round) return;
  unseat({ state, ctx }, topo);
}

/** Another seed has taken over, and the home says so. */
export function drop({ state, ctx }: Env, { topo, version, epoch }: Saying<'drop'>): void {
  const seat = state.durable.seats.get(topo);
  if (seat === undefined) return;
  // What was accepted in an earlier epoch, and is not in this owner's log, never counts.
  if (version === strayVersion) {
    if (compare(seat.accepted, epoch) < 0) unseat({ state, ctx }, topo);
    return;
  }
  const latest = configsIn(seat.log).at(-1);
  const known = Math.max(latest?.version ?? 0, seat.config?.version ?? 0);
  const member = known >= version && (latest ?? seat.config)?.seeds.includes(ctx.self) === true;
  if (!member || known < version) unseat({ state, ctx }, topo);
}

export function unseat({ state, ctx }: Pick<Env, 'state' | 'ctx'>, topo: TopoId): void {
  keep(state, { kind: 'unseat', topo }, ctx);
  state.watches.delete(topo);
}

/** Begins to wait for word of the owner. */
export function watch({ state, ctx }: Pick<Env, 'state' | 'ctx'>, topo: TopoId): void {
  const { takeOverUs } = ctx.options;
  const known = state.watches.get(topo);
  const fresh: Watch = {
    heardUs: ctx.nowUs,
    patienceUs: takeOverUs + ctx.random.below(takeOverUs),
    ...{ owner: known?.owner, epoch: known?.epoch ?? never, commit: known?.commit ?? 0 },
  };
  state.watches.set(topo, fresh);
}

/**
 * A reserved seat that nobody has confirmed for long: the home says whether it is needed. If its
 * round is still open the home closes it, and so no seed set of that round will be chosen.
 */
export function expireSeats(env: Env): void {
  const { state, ctx, rules } = env;
  if (rules.reservation === 'held' || rules.seedSet === 'gossip only') return;
  for (const [topo, { config, round }] of state.durable.seats) {
    const heardUs = state.watches.get(topo)?.heardUs ?? 0;
    if (config !== undefined || ctx.nowUs - heardUs < ctx.options.reserveUs) continue;
    if (isProposing(env, topo, 'expiry')) continue;
    propose(env, topo, { kind: 'withdraw', round }, { kind: 'expiry', round });
  }
}

/** What the home said of a seat that had expired, or of a topo that has come to its end. */
export function expired(env: Env, { topo, value, ok }: Settled): void {
  const { state, ctx } = env;
  const seat = state.durable.seats.get(topo);
  if (seat === undefined || !ok) return;
  const { version = 0, seeds = [], status } = value ?? {};
  if (status === 'done') return unseat(env, topo);
  if (seeds.includes(ctx.self)) return confirm(env, topo, { kind: 'config', version, seeds });
  const accepted = configsIn(seat.log).at(-1);
  const mayJoin = accepted?.seeds.includes(ctx.self) === true && accepted.version > version;
  const roundOver = status !== undefined && (seat.round < 0 || (value?.round ?? 0) > seat.round);
  if (!mayJoin && (roundOver || status === 'assigned')) return unseat(env, topo);
  watch(env, topo);
  // It was to join, and the home does not know it: only an owner can say that nothing came of it.
  const owner = topoNote(env, topo)?.owner;
  if (owner !== undefined) say(env, owner, { type: 'stray', topo });
}

/** A node that may take over a seat from one of the seeds, as far as is known. */
export function heirOf(env: Env, topo: TopoId, seeds: readonly NodeId[]): NodeId | undefined {
  return ringOf(topo, env.ctx.nodes).find(
    (node) =>
      !seeds.includes(node) && isAlive(env, node) && (nodeNote(env, node)?.seedFree ?? 0) > 0,
  );
}

/**
 * A node that has more seats than it may asks owners to find others for what is too much: first for
 * those topos that somebody could take, as who has room may seed the others already.
 */
export function relieve(env: Env): void {
  const { state, rules } = env;
  const { seats, r } = state.durable;
  if (r === undefined || seats.size <= r || rules.surplus === 'kept') return;
  const confirmed = [...seats].flatMap(([topo, { config }]) =>
    config === undefined ? [] : [{ topo, lasts: heirOf(env, topo, config.seeds) === undefined }],
  );
  confirmed.sort((a, b) => Number(a.lasts) - Number(b.lasts)); // Stable: else as they were taken.
  for (const { topo } of confirmed.slice(0, seats.size - r)) {
    const owner = state.watches.get(topo)?.owner ?? topoNote(env, topo)?.owner;
    if (rules.surplus === 'forgotten') unseat(env, topo);
    else if (owner !== undefined) say(env, owner, { type: 'relieve', topo });
  }
}

/** Seeds that have not heard of the owner for long. */
export function silentSeats({ state, ctx }: Env): readonly TopoId[] {
  return [...state.durable.seats].flatMap(([topo, { config }]) => {
    const found = state.watches.get(topo);
    if (config === undefined || found === undefined) return [];
    return ctx.nowUs - found.heardUs >= found.patienceUs ? [topo] : [];
  });
}

/** Whether another topo, more urgent than this one, waits for an owner. */
export function isMoreUrgentWaiting(env: Env, priority: number, than: TopoId): boolean {
  return [...env.state.notes.values()].some(({ content }) => {
    if (content.kind !== 'topo' || content.status !== 'assigned' || content.topo === than) {
      return false;
    }
    return content.priority > priority && !isOwned(env, content.topo);
  });
}

/** The latest epoch that a seat has heard of. */
export function knownEpoch({ state }: Env, topo: TopoId) {
  const promised = state.durable.seats.get(topo)?.promised ?? never;
  const heard = state.watches.get(topo)?.epoch ?? never;
  return compare(promised, heard) < 0 ? heard : promised;
}
