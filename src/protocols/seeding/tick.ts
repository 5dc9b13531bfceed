// What a node does of itself, again and again: whatever got no answer is asked for anew, so that a
// lost message costs time and nothing else.
import { replay } from './acker.js';
import { choke } from './choking.js';
import { retryClaim, shouldYield, takeOver } from './claims.js';
import { compare } from './epoch.js';
import { gossip, topoNote } from './gossip.js';
import { append, stepDown } from './ownership.js';
import type { Settled } from './proposal.js';
import { retryProposals } from './register.js';
import { finishTopo, goOnHandOff, repair } from './repair.js';
import { expireSeats, relieve } from './seats.js';
import { pull, retryPassing } from './sources.js';
import type { Env, Ownership } from './state.js';
import { retrySubmissions, tryQueued } from './submission.js';
import { expireLeases } from './units.js';
import { retryWorks, want } from './worker.js';

/** Returns changes at homes that are given up. */
export function tick(env: Env): readonly Settled[] {
  const { state, ctx } = env;
  const given = retryProposals(env);
  retrySubmissions(env);
  tryQueued(env);
  expireSeats(env);
  takeOver(env);
  retryClaim(env);
  for (const own of [...state.owns.values()]) lookAfter(env, own);
  retryPassing(env);
  retryWorks(env);
  choke(env);
  if (ctx.nowUs >= state.wantAtUs) {
    state.wantAtUs = ctx.nowUs + ctx.options.retryUs;
    want(env);
    relieve(env);
  }
  gossip(env);
  return given;
}

function lookAfter(env: Env, own: Ownership): void {
  const over = whyOver(env, own);
  if (over !== undefined) return stepDown(env, own.topo, over);
  if (shouldYield(env, own.topo)) {
    return stepDown(env, own.topo, 'a more urgent topo has no owner');
  }
  expireLeases(env, own);
  if (env.rules.acker !== 'edge set') {
    for (const root of replay(env, own)) append(env, own, { kind: 'complete', root });
  }
  repair(env, own);
  goOnHandOff(env, own);
  pull(env, own);
  finishTopo(env, own);
}

/**
 * An owner that slept for long may find that its seeds have forgotten the topo, and tell it nothing
 * of the next owner. Gossip grants nothing, but whoever commits nothing may well take its word.
 */
function whyOver(env: Env, { topo, epoch, followers }: Ownership): string | undefined {
  const { ctx } = env;
  const note = topoNote(env, topo);
  if (note?.status === 'done') return 'it is done';
  if (note === undefined || compare(note.epoch, epoch) <= 0) return undefined;
  const silenceUs = 2 * ctx.options.takeOverUs;
  const silent = [...followers.values()].every(({ heardUs }) => ctx.nowUs - heardUs > silenceUs);
  return silent ? `epoch ${note.epoch[0]} of ${note.epoch[1]} has begun` : undefined;
}
