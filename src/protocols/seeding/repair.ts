// Repair of the seed set, hand-off of ownership, and the end of a topo: what an owner does beside
// its work. A seed that has been silent for long, is no member any more, or has more seats than
// its r allows, is replaced, one at a time:
//
//   heir takes a seat ─▶ has the whole log ─▶ entry config(version + 1), committed by a majority of
//   the old seeds and one of the new ─▶ the home knows ─▶ only then the old seed may forget
//
// The quorum is never made smaller on suspicion (streams §2.11).
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { freeNodes, noteTopo, topoNote } from './gossip.js';
import { type Config, configsIn } from './log.js';
import { append, follow, noteOwner, seedsOf, stepDown } from './ownership.js';
import type { Settled } from './proposal.js';
import { isProposing, propose } from './register.js';
import { heirOf, strayVersion } from './seats.js';
import type { TopoId } from './spec.js';
import { type Env, type Ownership, say } from './state.js';

/** No version of a seed set is as high. */
const versionMax = 2 ** 40;

/** Looks after the seeds. */
export function repair(env: Env, own: Ownership): void {
  const { ctx } = env;
  publish(env, own);
  const [config, next] = own.configs;
  if (config === undefined || next !== undefined || own.published < config.version) return;
  if (ctx.options.repairUs === 0) return;
  if (own.repair === undefined) return replace(env, own, config);
  const { gone, heir, sinceUs } = own.repair;
  const back = !isToGo(env, own, gone);
  if (back || ctx.nowUs - sinceUs > ctx.options.reserveUs) {
    own.repair = undefined; // The heir's seat expires.
    return;
  }
  const matched = heir === undefined ? -1 : (own.followers.get(heir)?.matched ?? -1);
  if (heir === undefined || matched < own.commit) return;
  own.repair = undefined;
  const seeds = config.seeds.map((seed) => (seed === gone ? heir : seed));
  const entry: Config = { kind: 'config', version: config.version + 1, seeds };
  append(env, own, entry);
  if (env.rules.repair === 'joint') return;
  own.configs = [entry]; // The old seeds are not asked.
  say(env, gone, { type: 'drop', topo: own.topo, version: entry.version, epoch: own.epoch });
}

/** Whether a seed has to be replaced. */
function isToGo({ ctx, rules }: Env, own: Ownership, seed: NodeId): boolean {
  if (rules.leavers === 'awaited' && !ctx.nodes.includes(seed)) return false;
  if (ctx.nowUs - heardUs(own, seed) >= ctx.options.repairUs) return true;
  return !ctx.nodes.includes(seed) || (own.relieving.get(seed) ?? 0) > ctx.nowUs;
}

/** A seed has more seats than it may. It keeps this one until another has taken it over. */
export function relieved({ state, ctx }: Env, src: NodeId, topo: TopoId): void {
  state.owns.get(topo)?.relieving.set(src, ctx.nowUs + ctx.options.suspectUs);
}

function heardUs({ followers, sinceUs }: Ownership, seed: NodeId): number {
  return followers.get(seed)?.heardUs ?? sinceUs;
}

/** Looks for an heir of a seed that has to go. */
function replace(env: Env, own: Ownership, { seeds }: Config): void {
  const { ctx, state } = env;
  const { topo, graph } = own;
  const gone = seeds.find((seed) => isToGo(env, own, seed));
  if (gone === undefined) return;
  const heir = heirOf(env, topo, seeds);
  if (heir === undefined) return;
  own.repair = { gone, heir: undefined, sinceUs: ctx.nowUs };
  const { spec } = graph;
  const packages = [...state.durable.packages].map(([hash, text]) => ({ hash, text }));
  const duty = {
    topo,
    spec,
    packages,
    round: -1,
    coordinator: ctx.self,
    hops: 0,
    tried: [...seeds],
  };
  say(env, heir, { type: 'seed-req', ...duty });
}

/** A node has taken a seat as a replacement. */
export function inherits(env: Env, src: NodeId, { topo }: Saying<'seed-req_ok'>): void {
  const own = env.state.owns.get(topo);
  if (own?.repair === undefined || own.repair.heir !== undefined) return;
  if (own.configs.some(({ seeds }) => seeds.includes(src))) return;
  own.repair = { ...own.repair, heir: src };
  follow(env, own, src);
}

/** The home gets to know the seed set that has been committed. */
function publish(env: Env, own: Ownership): void {
  const { topo, epoch, log, published, configs } = own;
  const committed = configs[0]?.version ?? 0;
  for (const [seed, version] of own.dropping) {
    if (published >= version) say(env, seed, { type: 'drop', topo, version, epoch });
  }
  if (published >= committed || isProposing(env, topo, 'published')) return;
  const version = published + 1;
  const entry = configsIn(log).find((each) => each.version === version);
  if (entry === undefined) return;
  const { seeds } = entry;
  propose(env, topo, { kind: 'reseed', version, seeds }, { kind: 'published' });
}

export function published(env: Env, { topo, value, ok }: Settled): void {
  const own = env.state.owns.get(topo);
  if (own === undefined || !ok || value === undefined) return;
  own.published = Math.max(own.published, value.version);
  const [config] = own.configs;
  if (config === undefined || config.version !== own.published) return;
  for (const seed of config.seeds) say(env, seed, { type: 'confirm', topo, config });
  noteOwner(env, own);
}

/** A node has a seat that a former owner gave it. An owner that has committed knows its seeds. */
export function stray(env: Env, src: NodeId, { topo }: Saying<'stray'>): void {
  const own = env.state.owns.get(topo);
  if (own === undefined || own.commit <= own.adopted || seedsOf(own).includes(src)) return;
  say(env, src, { type: 'drop', topo, version: strayVersion, epoch: own.epoch });
}

/** A former seed has forgotten the topo. */
export function dropped(env: Env, src: NodeId, { topo }: Saying<'dropped'>): void {
  env.state.owns.get(topo)?.dropping.delete(src);
}

/** Somebody wants the topo to have another owner: it is offered to a free node. */
export function beginHandOff(env: Env, own: Ownership): void {
  const { ctx } = env;
  const seeds = own.configs[0]?.seeds ?? [];
  const to = freeNodes(env, own.topo, seeds).find((node) => node !== ctx.self);
  if (to === undefined || own.handOff !== undefined) return;
  own.handOff = { to, sinceUs: ctx.nowUs, offeredUs: ctx.nowUs - ctx.options.retryUs };
  for (const [unit] of own.leases) own.available.unshift(unit); // Revoked: late results are fenced.
  own.leases.clear();
}

/** Once all is committed the offer is made; whoever takes it makes a claim like any other. */
export function goOnHandOff(env: Env, own: Ownership): void {
  const { ctx } = env;
  const { handOff, topo, epoch, graph, configs } = own;
  const [config] = configs;
  if (handOff === undefined || config === undefined) return;
  if (ctx.nowUs - handOff.sinceUs > 2 * ctx.options.takeOverUs) {
    own.handOff = undefined; // Nobody took it.
    return;
  }
  const rested = ctx.nowUs - handOff.offeredUs >= ctx.options.retryUs;
  if (own.commit < own.log.length || !rested) return;
  handOff.offeredUs = ctx.nowUs;
  say(env, handOff.to, { type: 'offer', topo, epoch, spec: graph.spec, config });
}

/** A topo that is closed and has nothing left to do is done. */
export function finishTopo(env: Env, own: Ownership): void {
  const { topo, settled, commit, log, emissions } = own;
  if (!settled.closed || commit < log.length || isProposing(env, topo, 'finished')) return;
  for (const tree of settled.trees.values()) if (tree.open > 0) return;
  for (const [sink, outputs] of settled.outputs) {
    if ((emissions.get(sink)?.upTo ?? 0) < outputs.length) return;
  }
  propose(env, topo, { kind: 'finish' }, { kind: 'finished' });
}

export function finished(env: Env, { topo, value }: Settled): void {
  const own = env.state.owns.get(topo);
  if (own === undefined || value?.status !== 'done') return;
  for (const seed of own.followers.keys()) {
    say(env, seed, { type: 'drop', topo, version: versionMax, epoch: own.epoch });
  }
  const note = topoNote(env, topo);
  if (note !== undefined) noteTopo(env, { ...note, status: 'done' });
  stepDown(env, topo, 'it is done');
}
