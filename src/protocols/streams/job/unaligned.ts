// A building block: barriers that overtake. On the first one a processor takes its snapshot at once
// and sends the barrier on, ahead of all that waits for room; what was overtaken is part of the
// snapshot: what has come and is not worked off, what comes on other channels before their
// barriers, and what waits to be sent. A slow channel delays nobody's barrier. Source: Flink,
// FLIP-76, "Unaligned checkpoints"; the states of channels are those of Chandy & Lamport 1985.
import { take } from '../topology/monoids.js';
import { monoidOf, operatorOf, type Plan, routeOf } from '../topology/plan.js';
import { type InChannel, type Item, waiting } from './channels.js';
import { sendEnds } from './flow.js';
import type { Bolt, JobCtx, JobState, Processor, Recording, Sink } from './job.js';
import { save, sinkPart } from './processors.js';

/** An item has come: it may be a barrier, or something that one has overtaken. */
export function came(
  state: JobState,
  processor: Processor,
  item: Item,
  channel: InChannel,
  ctx: JobCtx,
): void {
  if (processor.kind === 'spout') return;
  if (item.type === 'end' && item.g > processor.g) begin(state, processor, item.g, ctx);
  const { recording } = processor;
  if (recording === undefined || !recording.open.has(channel.from)) return;
  if (item.type === 'data') record(state, recording, [item]);
  else if (item.g === recording.g) recording.open.delete(channel.from);
  if (recording.open.size === 0) finish(state, processor, recording, ctx);
}

function begin(state: JobState, processor: Bolt | Sink, g: number, ctx: JobCtx): void {
  const channels = [...processor.in.values()];
  const part =
    processor.kind === 'bolt' ? new Map(processor.a) : sinkPart(state, processor, g, ctx);
  const outs = [...processor.out.values()].flatMap((out) => waiting(out));
  const open = new Set(channels.map(({ from }) => from));
  const recording = { g, part, ins: [], outs, open };
  // The barrier itself is the last of its channel's queue, or everything behind it is.
  for (const { queue } of [processor.kept, ...channels]) {
    record(state, recording, before(queue, g));
  }
  processor.recording = recording;
  processor.g = g;
  sendEnds(processor, g, ctx);
}

/** What is to be worked off before the barrier, if that has come. */
function before(queue: readonly Item[], g: number): readonly Item[] {
  const at = queue.findIndex((item) => item.type === 'end' && item.g === g);
  return at < 0 ? queue : queue.slice(0, at);
}

function record({ flags, plan }: JobState, { ins }: Recording, items: readonly Item[]): void {
  for (const item of items) {
    const forgotten = flags['forget-channel'] === true && item.from === plan.bolts[0];
    if (item.type === 'data' && !forgotten) ins.push(item);
  }
}

function finish(
  state: JobState,
  processor: Bolt | Sink,
  { g, part, ins, outs }: Recording,
  ctx: JobCtx,
): void {
  processor.recording = undefined;
  save(state, processor, { g, part, flight: { ins, outs } }, ctx);
}

/**
 * What becomes of states when all that was under way is worked off: what a snapshot stands for.
 * Mutates the states, which are by processor.
 */
export function drain(
  plan: Plan,
  states: ReadonlyMap<number, Map<string, number>>,
  items: readonly Item[],
): void {
  const queue: { readonly to: number; readonly key: string; readonly value: number }[] =
    items.flatMap((item) => (item.type === 'data' ? [item] : []));
  for (const { to, key, value } of queue) {
    const operator = operatorOf(plan, to);
    if (operator.kind !== 'bolt') continue;
    const state = states.get(to) ?? new Map<string, number>();
    const monoid = monoidOf(operator);
    const amount = operator.amount({ key, value });
    const held = monoid === undefined ? 0 : (take(state, key, amount, monoid) ?? 0);
    const { downs = [] } = plan.vertices[plan.vertexOf[to] ?? 0] ?? {};
    for (const output of operator.emit({ key, value }, held)) {
      for (const down of downs) {
        const below = routeOf(plan, down, output.key);
        queue.push({ to: below, ...output });
      }
    }
  }
}
