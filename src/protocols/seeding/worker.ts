// A worker: asks owners for as many units as it has room for ("as a node's resources become
// available more units … are requested"), has their payload from the seeds, runs the code whose
// hash the specification names, and sends what came out.
//
//   want ─▶ grant ─▶ fetch from a seed ─▶ (code by chunks) ─▶ compute ─▶ done
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { hashOf, run } from './code.js';
import { compare, type Epoch } from './epoch.js';
import { isAlive, topoNotes } from './gossip.js';
import { outId, type UnitId, unitId } from './log.js';
import type { TopoId } from './spec.js';
import { type Env, say, type Work } from './state.js';

/** Tells owners how many units this node has room for. */
export function want(env: Env): void {
  const { state, ctx } = env;
  const { workers, mode } = ctx.options;
  const free = workers - state.works.size;
  const owners = topoNotes(env).flatMap(({ topo, owner, seeds, status }) => {
    const mine = mode === 'pool' || owner === ctx.self || seeds.includes(ctx.self);
    const there = owner !== undefined && isAlive(env, owner);
    return status === 'assigned' && there && mine ? [{ topo, owner }] : [];
  });
  if (owners.length === 0) return;
  // A share for each owner, and what is left over to one that is drawn by chance.
  const share = Math.floor(Math.max(0, free) / owners.length);
  const lucky = ctx.random.below(owners.length);
  for (const [at, { topo, owner }] of owners.entries()) {
    const credits = share + (at === lucky ? Math.max(0, free) - share * owners.length : 0);
    say(env, owner, { type: 'want', topo, credits });
  }
}

const nameOf = (topo: TopoId, unit: UnitId): string => `${topo}/${unit}`;

export function granted(env: Env, src: NodeId, body: Saying<'grant'>): void {
  const { state, ctx } = env;
  const { topo, epoch, unit, attempt, leaseUs } = body;
  const name = nameOf(topo, unit);
  const known = state.works.get(name);
  if (known !== undefined && known.attempt === attempt) return;
  if (known !== undefined) state.works.delete(name); // An attempt that is over.
  const token = { topo, epoch, unit, attempt };
  if (state.works.size >= ctx.options.workers) {
    say(env, src, { type: 'nack', ...token, why: 'overload' });
    return;
  }
  const work: Work = {
    owner: src,
    ...token,
    untilUs: ctx.nowUs + leaseUs,
    ...{ code: body.code, seeds: body.seeds, root: body.root, takers: body.takers },
    ...{ payload: body.payload, step: 'fetch', asked: ctx.random.below(64), refusals: 0 },
    askedUs: ctx.nowUs - ctx.options.retryUs,
  };
  state.works.set(name, work);
  proceed(env, work);
}

/** The next thing that a piece of work needs. */
function proceed(env: Env, work: Work): void {
  const { state, ctx } = env;
  const { topo, unit, epoch, attempt, owner, code } = work;
  if (work.step === 'compute') return;
  const text = textOf(env, work);
  if (text === undefined && code.kind === 'module') {
    state.works.delete(nameOf(topo, unit));
    say(env, owner, { type: 'nack', topo, epoch, unit, attempt, why: 'no_code' });
    return;
  }
  if (text !== undefined && work.payload !== undefined) {
    work.step = 'compute';
    ctx.setTimer({ type: 'computed', lease: nameOf(topo, unit), attempt }, ctx.options.workUs);
    return;
  }
  if (ctx.nowUs - work.askedUs < ctx.options.retryUs) return;
  work.askedUs = ctx.nowUs;
  const seed = work.seeds[work.asked++ % work.seeds.length] ?? owner;
  if (text === undefined) {
    const chunk = state.chunks.get(code.hash)?.length ?? 0;
    say(env, seed, { type: 'code-want', topo, hash: code.hash, chunk });
  } else say(env, seed, { type: 'fetch', topo, epoch, unit, attempt });
}

/** The code of a piece of work, if it is here and is what the specification names. */
function textOf({ state, rules }: Env, { code }: Work): string | undefined {
  if (code.kind === 'package') return state.loaded.get(code.hash);
  const text = state.modules.get(code.name);
  if (text === undefined || rules.code === 'by name') return text;
  return hashOf(text) === code.hash ? text : undefined;
}

export function fetched(env: Env, body: Saying<'fetch_ok'>): void {
  const work = current(env, body);
  if (work === undefined) return;
  env.state.choked = undefined;
  work.payload = body.payload;
  proceed(env, work);
}

/** A seed serves others: another seed may not. */
export function choked(env: Env, body: Saying<'choked'>): void {
  const work = current(env, body);
  if (work === undefined) return;
  const { nowUs } = env.ctx;
  work.refusals++;
  if (work.refusals < work.seeds.length) work.askedUs = nowUs - env.ctx.options.retryUs;
  else env.state.choked = { sinceUs: env.state.choked?.sinceUs ?? nowUs, lastUs: nowUs };
  proceed(env, work);
}

type Token = Pick<Work, 'topo' | 'epoch' | 'unit' | 'attempt'>;

function current({ state }: Env, { topo, unit, attempt }: Token): Work | undefined {
  const work = state.works.get(nameOf(topo, unit));
  return work?.attempt === attempt ? work : undefined;
}

/** Leases of epochs that are over. */
export function fencedWork({ state }: Env, topo: TopoId, promised: Epoch): void {
  for (const [name, work] of state.works) {
    if (work.topo === topo && compare(work.epoch, promised) < 0) state.works.delete(name);
  }
}

/** A piece of a package. The whole counts only if it has the hash that was asked for. */
export function chunk(env: Env, body: Saying<'code-chunk'>): void {
  const { state } = env;
  const { hash, chunk: at, chunks, text } = body;
  if (state.loaded.has(hash)) return;
  const parts = state.chunks.get(hash) ?? [];
  if (at !== parts.length) return; // It came twice.
  parts.push(text);
  state.chunks.set(hash, parts);
  if (parts.length === chunks) {
    state.chunks.delete(hash);
    const whole = parts.join('');
    if (hashOf(whole) === hash) state.loaded.set(hash, whole);
  }
  for (const work of [...state.works.values()]) {
    if (work.code.hash !== hash) continue;
    work.askedUs = env.ctx.nowUs - env.ctx.options.retryUs;
    proceed(env, work);
  }
}

export function computed(env: Env, lease: string, attempt: number): void {
  const work = env.state.works.get(lease);
  if (work?.attempt !== attempt || work.payload === undefined) return;
  const text = textOf(env, work);
  env.state.works.delete(lease);
  if (text === undefined) return;
  const { owner, topo, epoch, unit } = work;
  const values = run(text, work.payload.value);
  const token = { topo, epoch, unit, attempt };
  say(env, owner, { type: 'done', ...token, hash: hashOf(text), values });
  tellAcker(env, work, values.length);
}

/** Where the acker hears of edges apart from results: see acker.ts. */
function tellAcker(env: Env, work: Work, values: number): void {
  const { acker } = env.rules;
  if (acker === 'edge set') return;
  const { owner, topo, epoch, unit, takers, root } = work;
  const anchored = Array.from({ length: values * takers.length }, (_, at) =>
    (takers[at % takers.length] ?? []).map((vertex) => unitId(outId(unit, at), vertex)),
  ).flat();
  const news = { topo, epoch, root };
  if (acker === 'split set' || acker === 'split xor') {
    say(env, owner, { type: 'ack', ...news, anchored: [], acked: [unit] });
    say(env, owner, { type: 'ack', ...news, anchored, acked: [] });
  } else {
    say(env, owner, { type: 'ack', ...news, anchored, acked: [unit] });
  }
}

/** Asks again for what has not come, and drops what takes longer than its lease. */
export function retryWorks(env: Env): void {
  const { state, ctx } = env;
  for (const [name, work] of [...state.works]) {
    if (ctx.nowUs >= work.untilUs) state.works.delete(name);
    else {
      work.refusals = 0;
      proceed(env, work);
    }
  }
}
