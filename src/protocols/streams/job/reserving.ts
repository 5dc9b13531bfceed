// A building block: spouts that send nothing twice. Before a spout sends records it notes in the
// store that it has; after a crash it goes on behind that note, so what it had not sent by then, or
// what got lost on the way, nobody ever sees. The note carries the epoch: a spout that has been
// replaced can make none. Source: Kafka's consumers that commit before they process; reference in
// docs/streams.md, "At most once".
import { type Answer, ask } from '../../leaning/asks.js';
import type { Aim, JobCtx, JobState, Spout } from './job.js';

const keyOf = ({ partition }: Spout): string => `reserved/${partition}`;

/** Finds out how far the spout has come, whoever it was. `seq` is the negotiator's number. */
export function seek(state: JobState, spout: Spout, seq: number, ctx: JobCtx): void {
  const { id, e } = spout;
  const aim: Aim = { do: 'load', processor: id, e, g: seq };
  const body = { type: 'find', key: keyOf(spout), epoch: e };
  ask(state.asks, [ctx.options.store, body], aim, ctx);
}

/** The store has answered `seek`: where to go on. */
export function soughtIn(answer: Answer): number {
  return answer.ok ? Number(answer.body.value) : 0;
}

/** Notes that all that was read is sent. */
export function reserve(state: JobState, spout: Spout, next: number, ctx: JobCtx): void {
  const { id, e } = spout;
  spout.fetching = true;
  const body = { type: 'put', key: keyOf(spout), value: next, epoch: e, seq: next };
  ask(state.asks, [ctx.options.store, body], { do: 'reserve', processor: id, e, g: next }, ctx);
}
