// Claims: how a node becomes the owner of a topo. It picks an epoch higher than any it knows of,
// asks all seeds to promise that they will accept nothing older, and with a majority goes on from
// the log that was accepted in the highest epoch (streams §2.6, rules 1 and 2; it is the first
// phase of Paxos, or VR's view change). Suspicion may be wrong: safety does not depend on it.
//
//   Y ─▶ home: read                     which seed set is the latest
//   Y ─▶ seeds: claim(epoch)            ─▶ vote(accepted, log), or fenced(promised)
//   logs that name a later seed set     that one has to agree as well
import type { NodeId } from '../../node/message.js';
import type { Saying, Vote } from './bodies.js';
import { compare, type Epoch, majority, never, same } from './epoch.js';
import { freeNodes, highestCounter, topoNote } from './gossip.js';
import { keep } from './journal.js';
import { type Config, configsIn, type Line } from './log.js';
import type { Settled } from './proposal.js';
import { isProposing, propose } from './register.js';
import { confirm, expired, isMoreUrgentWaiting, knownEpoch, silentSeats, watch } from './seats.js';
import type { TopoId, TopoSpec } from './spec.js';
import { type Claim, type Env, say } from './state.js';

/** What a claim has come to: the logs to go on from, and whose agreement is needed henceforth. */
export interface Elected {
  readonly claim: Claim;
  readonly log: readonly Line[];
  readonly configs: readonly Config[];
}

/** A node owns one topo at most: one that owns or claims one takes no other. */
export function isFree({ state, rules }: Pick<Env, 'state' | 'rules'>): boolean {
  if (rules.owns === 'many') return state.claim === undefined;
  return state.claim === undefined && state.owns.size === 0;
}

/** A seed that has waited long enough claims for itself if it is free, else it invites another. */
export function takeOver(env: Env): void {
  const { state } = env;
  for (const topo of silentSeats(env)) {
    const seat = state.durable.seats.get(topo);
    if (seat?.config === undefined) continue;
    watch(env, topo);
    if (state.owns.has(topo)) continue;
    const { spec, config } = seat;
    if (isFree(env)) begin(env, { topo, spec, config });
    else {
      const [next] = freeNodes(env, topo, config.seeds).filter((node) => node !== env.ctx.self);
      if (next !== undefined) say(env, next, { type: 'invite', topo, spec, config });
      // It may be that the topo is done, or that others seed it now.
      if (!isProposing(env, topo, 'expiry')) {
        propose(env, topo, { kind: 'read' }, { kind: 'expiry', round: 0 });
      }
    }
  }
}

interface Prospect {
  readonly topo: TopoId;
  readonly spec: TopoSpec;
  readonly config: Config;
}

/** An invitation, or an offer of hand-off, makes a free node claim; nothing more. */
export function invited(env: Env, { topo, spec, config }: Prospect): void {
  if (!isFree(env) || env.state.owns.has(topo)) return;
  const { mode } = env.ctx.options;
  if (mode === 'priority' && isMoreUrgentWaiting(env, spec.priority, topo)) return;
  begin(env, { topo, spec, config });
}

function begin(env: Env, prospect: Prospect): void {
  const { ctx, rules, state } = env;
  const { topo, spec, config } = prospect;
  const untilUs = ctx.nowUs + 2 * ctx.options.takeOverUs;
  state.claim = { topo, spec, config, epoch: never, votes: new Map(), sentUs: ctx.nowUs, untilUs };
  const alone = rules.seedSet === 'gossip only' || rules.quorum === 'none';
  if (alone) stake(env, state.claim);
  else propose(env, topo, { kind: 'read' }, { kind: 'claim' });
}

/** The home has said which seed set is the latest: now the claim can be made. */
export function homeRead(env: Env, settled: Settled): void {
  const { topo, value, ok } = settled;
  const { state } = env;
  const { claim } = state;
  if (claim?.topo !== topo || !same(claim.epoch, never)) return;
  if (ok) expired(env, settled);
  if (!ok || value?.status !== 'assigned') {
    state.claim = undefined;
    return;
  }
  const { version, seeds } = value;
  claim.config = { kind: 'config', version, seeds };
  stake(env, claim);
}

function stake(env: Env, found: Claim): void {
  const { state, ctx, rules } = env;
  const { topo } = found;
  const local = rules.epoch === 'local';
  const seen = Math.max(knownEpoch(env, topo)[0], highestCounter(env, topo));
  const counter = (local ? seen : Math.max(seen, state.durable.counter)) + 1;
  const epoch: Epoch = [counter, local ? '' : ctx.self];
  keep(state, { kind: 'claim', topo, counter }, ctx);
  const claim: Claim = { ...found, epoch, sentUs: ctx.nowUs };
  state.claim = claim;
  for (const seed of claim.config.seeds) askVote(env, claim, seed);
}

function askVote(env: Env, { topo, epoch, spec, config }: Claim, seed: NodeId): void {
  say(env, seed, { type: 'claim', topo, epoch, spec, config });
}

/** A seed is asked to promise. */
export function claimed(env: Env, src: NodeId, body: Saying<'claim'>): void {
  const { state, ctx } = env;
  const { topo, epoch, config } = body;
  confirm(env, topo, config);
  const seat = state.durable.seats.get(topo);
  if (seat === undefined) return;
  const order = compare(epoch, seat.promised);
  if (order < 0) {
    say(env, src, { type: 'fenced', topo, epoch, promised: seat.promised });
    return;
  }
  if (order > 0) keep(state, { kind: 'promise', topo, epoch }, ctx);
  watch(env, topo);
  const { accepted, log } = seat;
  say(env, src, { type: 'vote', topo, epoch, accepted, log: [...log] });
}

/** A vote has come: enough of them make an owner. */
export function voted(env: Env, src: NodeId, body: Vote): Elected | undefined {
  const { claim } = env.state;
  if (claim?.topo !== body.topo || compare(claim.epoch, body.epoch) !== 0) return undefined;
  claim.votes.set(src, body);
  return elected(env, claim);
}

/** O(seeds × log). */
export function elected(env: Env, claim: Claim): Elected | undefined {
  const { rules } = env;
  const log = chosenLog(env, claim);
  const later = configsIn(log).filter(({ version }) => version > claim.config.version);
  const configs = [claim.config, ...later];
  for (const seed of new Set(later.flatMap(({ seeds }) => seeds))) {
    const known = claim.config.seeds.includes(seed) || claim.votes.has(seed);
    if (!known) askVote(env, claim, seed);
  }
  const agrees = ({ seeds }: Config): boolean =>
    seeds.filter((seed) => claim.votes.has(seed)).length >= quorumOf(env, seeds.length);
  if (rules.quorum === 'majority' && !configs.every(agrees)) return undefined;
  if (rules.quorum === 'one seed' && claim.votes.size === 0) return undefined;
  return { claim, log, configs };
}

export function quorumOf({ rules }: Pick<Env, 'rules'>, count: number): number {
  if (rules.quorum === 'majority') return majority(count);
  return rules.quorum === 'one seed' ? 1 : 0;
}

/** Every entry that was committed is in it, since two majorities have a seed in common. */
function chosenLog({ state, rules }: Env, { topo, votes }: Claim): readonly Line[] {
  const own = state.durable.seats.get(topo);
  if (rules.adopt === 'own log' && own !== undefined) return own.log;
  let best: Pick<Vote, 'accepted' | 'log'> = { accepted: never, log: [] };
  for (const vote of votes.values()) {
    const order = rules.adopt === 'longest log' ? 0 : compare(vote.accepted, best.accepted);
    if (order > 0 || (order === 0 && vote.log.length > best.log.length)) best = vote;
  }
  return best.log;
}

/** A seed has promised a later epoch: this claim is over. */
export function refused(env: Env, { topo, epoch, promised }: Saying<'fenced'>): void {
  const { state } = env;
  state.durable.counter = Math.max(state.durable.counter, promised[0]);
  const { claim } = state;
  if (claim?.topo === topo && compare(claim.epoch, epoch) === 0) abandon(env);
}

export function abandon({ state, ctx }: Env): void {
  if (state.claim === undefined) return;
  keep(state, { kind: 'disown', topo: state.claim.topo }, ctx);
  state.claim = undefined;
}

/** A claim that is not answered is made again for a while, and then given up. */
export function retryClaim(env: Env): void {
  const { state, ctx } = env;
  const { claim } = state;
  if (claim === undefined) return;
  if (ctx.nowUs >= claim.untilUs) return abandon(env);
  if (same(claim.epoch, never) || ctx.nowUs - claim.sentUs < ctx.options.retryUs) return;
  claim.sentUs = ctx.nowUs;
  for (const seed of claim.config.seeds) if (!claim.votes.has(seed)) askVote(env, claim, seed);
}

/** In a priority queue, who owns a topo makes room for one that is more urgent and has no owner. */
export function shouldYield(env: Env, topo: TopoId): boolean {
  const { ctx } = env;
  if (ctx.options.mode !== 'priority') return false;
  const { priority, seeds } = topoNote(env, topo) ?? { priority: 0, seeds: [] };
  return isMoreUrgentWaiting(env, priority, topo) && freeNodes(env, topo, seeds).length === 0;
}
