// What is committed is applied, in order (§3.5), and whoever waits for it hears of it.

import type { Ctx } from './bodies.js';
import { takeSnapshot } from './compaction.js';
import { type Command, entryAt } from './log.js';
import { execute, type Result } from './machine.js';
import { answerCommand, answerReads } from './requests.js';
import type { State } from './state.js';

export function advanceApplied(state: State, ctx: Ctx): void {
  while (state.applied < state.commit) {
    const index = ++state.applied;
    const entry = entryAt(state.log, index);
    if (entry?.kind !== 'command') continue;
    const { command } = entry;
    const result = execute(state.machine, { command, index }, ctx.options);
    if (result !== undefined) tell(state, command, result, ctx);
  }
  answerReads(state, ctx);
  const { applied, log } = state;
  if (applied - log.snapshotIndex >= ctx.options.snapshotEvery) takeSnapshot(state, ctx);
}

/** The node that the client asked answers; the leader tells it. */
function tell(state: State, { client, seq }: Command, result: Result, ctx: Ctx): void {
  answerCommand(state, { client, seq, result }, ctx);
  const proposal = state.lead?.proposals.get(client);
  if (proposal?.seq !== seq) return;
  state.lead?.proposals.delete(client);
  if (proposal.via === state.self) return;
  ctx.send(proposal.via, { type: 'proposed', client, seq, result });
}
