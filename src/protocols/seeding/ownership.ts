// Ownership of a topo: the log that the owner writes, the fold of it, and the end of it. An owner
// may believe that it is one long after another has taken over; what it cannot do is commit.
import type { NodeId } from '../../node/message.js';
import { treeChanged } from './acker.js';
import type { Elected } from './claims.js';
import { noteTopo } from './gossip.js';
import { keep } from './journal.js';
import { type Config, type Entry, read, write } from './log.js';
import { apply, emptyMachine } from './machine.js';
import { isPlan, resolve, type TopoId } from './spec.js';
import type { Env, Follower, Ownership } from './state.js';

/** The claim has succeeded: the log that was agreed on is this owner's, to be committed anew. */
export function own(env: Env, { claim, log, configs }: Elected): Ownership {
  const { state, ctx } = env;
  const { topo, spec, epoch } = claim;
  const plan = resolve(spec);
  const forgets = env.rules.attempts === 'checked';
  const ownership: Ownership = {
    topo,
    ...{ epoch, graph: { spec, plan: isPlan(plan) ? plan : [] }, log: [], commit: 0 },
    ...{ machine: emptyMachine(forgets), settled: emptyMachine(forgets), configs: [...configs] },
    ...{ followers: new Map(), available: [], leases: new Map(), attempts: new Map() },
    ...{
      credits: new Map(),
      granted: new Map(),
      lacking: new Set(),
      askers: new Map(),
      emissions: new Map(),
    },
    ...{ acker: new Map(), pulls: new Map(), repair: undefined, relieving: new Map() },
    ...{ handOff: undefined, sinceUs: ctx.nowUs, adopted: log.length, dropping: new Map() },
    published: claim.config.version,
  };
  for (const line of log) {
    ownership.log.push(line);
    apply(ownership.machine, ownership.graph, read(line));
  }
  state.claim = undefined;
  state.owns.set(topo, ownership);
  for (const seed of seedsOf(ownership)) follow(env, ownership, seed);
  append(env, ownership, { kind: 'begin', owner: ctx.self });
  noteOwner(env, ownership);
  ctx.note(`owns ${topo} in epoch ${epoch[0]} of ${epoch[1]}`);
  return ownership;
}

/** Tells the others, by gossip, who owns the topo. */
export function noteOwner(env: Env, { topo, epoch, graph, configs }: Ownership): void {
  const { version, seeds } = configs[0] as Config;
  const { priority } = graph.spec;
  const owner = env.ctx.self;
  noteTopo(env, {
    kind: 'topo',
    ...{ topo, status: 'assigned', epoch, owner },
    ...{ seeds, version, priority },
  });
}

/** All who have to agree, now or soon. */
export function seedsOf({ configs, repair }: Ownership): readonly NodeId[] {
  const seeds: NodeId[] = [];
  const add = (seed: NodeId): void => {
    if (!seeds.includes(seed)) seeds.push(seed);
  };
  for (const config of configs) for (const seed of config.seeds) add(seed);
  if (repair?.heir !== undefined) add(repair.heir);
  return seeds;
}

export function follow({ ctx }: Env, { followers }: Ownership, seed: NodeId): Follower {
  const follower = followers.get(seed) ?? {
    ...{
      matched: 0,
      waiting: false,
      from: 0,
      to: 0,
      sentUs: ctx.nowUs - ctx.options.retryUs,
      heardUs: ctx.nowUs,
    },
  };
  followers.set(seed, follower);
  return follower;
}

/** Writes an entry. What it makes takes effect when it is committed. */
export function append(env: Env, ownership: Ownership, entry: Entry): void {
  ownership.log.push(write(entry));
  const made = apply(ownership.machine, ownership.graph, entry);
  const early = !ownership.graph.spec.ack || env.rules.output === 'before commit';
  if (early) for (const { id } of made) ownership.available.push(id);
  if (entry.kind === 'config') {
    ownership.configs.push(entry);
    for (const seed of entry.seeds) follow(env, ownership, seed);
  }
  for (const root of treeChanged(env, ownership, entry)) {
    append(env, ownership, { kind: 'complete', root });
  }
}

/** Another epoch has begun: what this owner still computes counts for nothing. */
export function stepDown({ state, ctx }: Env, topo: TopoId, why: string): void {
  if (!state.owns.delete(topo)) return;
  keep(state, { kind: 'disown', topo }, ctx);
  ctx.note(`steps down from ${topo}: ${why}`);
}
