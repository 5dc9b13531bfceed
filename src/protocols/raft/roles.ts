// Followers and their election timers (§3.3, §3.4): what a server does when it hears of another
// term or another leader.
import type { NodeId } from '../../node/message.js';
import type { Ctx } from './bodies.js';
import { afterSync, writeHardState } from './disk.js';
import { configuration } from './log.js';
import type { State } from './state.js';

/** §3.3: a later term ends whatever one was, and no vote has been given in it. */
export function adoptTerm(state: State, term: number, ctx: Ctx): void {
  if (term <= state.term) return;
  state.term = term;
  state.vote = undefined;
  state.leader = undefined;
  writeHardState(state, ctx);
  becomeFollower(state, ctx);
}

/** What only candidates and leaders have is gone. Followers keep their timer. */
export function becomeFollower(state: State, ctx: Ctx): void {
  if (state.role === 'follower') return;
  if (state.role === 'leader') awaitElection(state, ctx);
  state.role = 'follower';
  if (state.leader === state.self) state.leader = undefined;
  state.votes = new Set();
  state.lead = undefined;
}

/** §3.4: a leader was heard; for a minimum election timeout nobody else gets a vote (§4.2.3). */
export function hearLeader(state: State, leader: NodeId, ctx: Ctx): void {
  becomeFollower(state, ctx);
  state.leader = leader;
  awaitSilence(state, ctx);
}

/** Also at the start: a server may have heard from a leader just before it crashed (§6.4.1). */
export function awaitSilence(state: State, ctx: Ctx): void {
  ctx.clearTimer(state.timer);
  state.heard = true;
  state.timer = ctx.setTimer({ type: 'quiet' }, ctx.options.electionUs);
}

/** The leader has been silent for a minimum election timeout; the rest is drawn by chance. */
export function quiet(state: State, ctx: Ctx): void {
  state.heard = false;
  const { electionSpreadUs } = ctx.options;
  state.timer = ctx.setTimer({ type: 'election' }, ctx.random.below(electionSpreadUs));
}

/** §3.4: a whole election timeout, drawn anew, begins. */
export function awaitElection(state: State, ctx: Ctx): void {
  const { electionUs, electionSpreadUs } = ctx.options;
  ctx.clearTimer(state.timer);
  state.heard = false;
  const delayUs = electionUs + ctx.random.below(electionSpreadUs);
  state.timer = ctx.setTimer({ type: 'election' }, delayUs);
}

/** Puts the largest first, in place: a cluster is small, and `sort` makes lists of its own. */
export function descend(numbers: number[]): void {
  for (let i = 1; i < numbers.length; i++) {
    const number = numbers[i] as number;
    let at = i;
    for (; at > 0 && (numbers[at - 1] as number) < number; at--) {
      numbers[at] = numbers[at - 1] as number;
    }
    numbers[at] = number;
  }
}

/** A majority of the latest configuration (§4.1). */
export function isQuorum({ log }: State, has: (member: NodeId) => boolean): boolean {
  const { members } = configuration(log);
  let count = 0;
  for (const member of members) if (has(member)) count++;
  return count > members.length / 2;
}

/** Tells every other member once the disk has what it relies on. */
export function tellMembers(state: State, body: Parameters<typeof afterSync>[2]): void {
  for (const member of configuration(state.log).members) {
    if (member !== state.self) afterSync(state, member, body);
  }
}
