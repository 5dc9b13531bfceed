// Replication of a topo's log from its owner to its seeds (streams §2.6, rule 3): a seed accepts
// what is of an epoch no older than it has promised; an entry is committed when a majority of every
// seed set that counts has accepted it. A seed that has promised a later epoch says so, and the
// owner steps down.
import type { NodeId } from '../../node/message.js';
import type { Replicate, Saying } from './bodies.js';
import { quorumOf } from './claims.js';
import { compare, same } from './epoch.js';
import { noteTopo, topoNote } from './gossip.js';
import { keep } from './journal.js';
import { seedsOf } from './ownership.js';
import { watch } from './seats.js';
import { type Env, type Ownership, say } from './state.js';

/** Entries in one message. */
const batchMax = 64;

/** Sends every seed what it lacks, and now and then a sign of life. */
export function replicate(env: Env, own: Ownership): void {
  const { ctx } = env;
  for (const seed of seedsOf(own)) {
    const follower = own.followers.get(seed);
    if (follower === undefined) continue;
    const rested = ctx.nowUs - follower.sentUs >= ctx.options.retryUs;
    const behind = follower.matched < own.log.length;
    if (!rested && (follower.waiting || !behind)) continue;
    follower.sentUs = ctx.nowUs;
    follower.waiting = true;
    const { topo, epoch, commit } = own;
    const from = follower.matched;
    // The first message of an epoch replaces the log: it has to be whole.
    const entries = own.log.slice(from, from === 0 ? undefined : from + batchMax);
    Object.assign(follower, { from, to: from + entries.length });
    say(env, seed, { type: 'replicate', topo, epoch, from, entries, commit });
  }
}

/** A seed hears of its owner. */
export function replicated(env: Env, src: NodeId, body: Replicate): void {
  const { state } = env;
  const { topo, epoch, from, entries, commit } = body;
  const seat = state.durable.seats.get(topo);
  if (seat === undefined) return;
  if (compare(epoch, seat.promised) < 0) {
    say(env, src, { type: 'fenced', topo, epoch, promised: seat.promised });
    return;
  }
  const current = same(seat.accepted, epoch);
  if (from > 0 && (!current || seat.log.length < from)) {
    say(env, src, { type: 'gap', topo, epoch, from, length: current ? seat.log.length : 0 });
  } else {
    // Of one epoch there is one owner, whose log only grows: what is shorter came late.
    const news = !current || from + entries.length > seat.log.length;
    if (news) keep(state, { kind: 'log', topo, epoch, from, entries }, env.ctx);
    say(env, src, { type: 'replicated', topo, epoch, length: seat.log.length });
  }
  heardOwner(env, src, { topo, epoch, commit });
}

function heardOwner(
  env: Env,
  owner: NodeId,
  { topo, epoch, commit }: Pick<Replicate, 'topo' | 'epoch' | 'commit'>,
): void {
  watch(env, topo);
  const found = env.state.watches.get(topo);
  if (found !== undefined) Object.assign(found, { owner, epoch, commit });
  const note = topoNote(env, topo);
  if (note !== undefined && compare(note.epoch, epoch) < 0) {
    noteTopo(env, { ...note, status: 'assigned', epoch, owner });
  }
}

/** A seed has accepted so much, or lacks it. */
export function followed(env: Env, src: NodeId, body: Saying<'replicated' | 'gap'>): void {
  const own = env.state.owns.get(body.topo);
  const follower = own?.followers.get(src);
  if (own === undefined || follower === undefined || !same(own.epoch, body.epoch)) return;
  follower.heardUs = env.ctx.nowUs;
  const length = Math.min(body.length, own.log.length);
  if (body.type === 'gap') {
    if (!follower.waiting || body.from !== follower.from) return; // It came late.
    follower.matched = length;
    follower.waiting = false;
  } else {
    follower.matched = Math.max(follower.matched, length);
    if (length >= follower.to) follower.waiting = false;
  }
}

/** How many entries are committed. */
export function committedLength(env: Env, own: Ownership): number {
  return Math.min(
    ...own.configs.map(({ seeds }) => {
      const quorum = quorumOf(env, seeds.length);
      if (quorum === 0) return own.log.length;
      const matched = seeds.map((seed) => own.followers.get(seed)?.matched ?? 0);
      matched.sort((a, b) => b - a);
      return matched[quorum - 1] ?? 0;
    }),
  );
}
