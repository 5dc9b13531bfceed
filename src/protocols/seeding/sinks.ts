// Outputs leave the topo once the entry that made them is committed, each with its position and the
// owner's epoch: the sink ignores positions that it has, and refuses epochs older than one it has
// seen (streams §2.6, rule 4). After a take-over the new owner says again what may not have
// arrived.
import type { NodeId } from '../../node/message.js';
import type { Saying } from './bodies.js';
import { same } from './epoch.js';
import { emittedTo } from './machine.js';
import { append, stepDown } from './ownership.js';
import { type Emission, type Env, type Ownership, say } from './state.js';

/** Positions that are under way to one sink. */
const windowMax = 32;
/** Positions that a sink has are written into the log so many at a time. */
const notedEvery = 8;

function emissionOf({ machine, emissions }: Ownership, sink: NodeId): Emission {
  const fresh = { next: emittedTo(machine, sink), had: new Set<number>(), sentUs: 0 };
  const emission = emissions.get(sink) ?? { ...fresh, upTo: fresh.next };
  emissions.set(sink, emission);
  return emission;
}

/** Tells sinks what they may know and may not have. */
export function emit(env: Env, own: Ownership): void {
  const { ctx, rules } = env;
  const loose = !own.graph.spec.ack;
  const source = rules.output === 'before commit' || loose ? own.machine : own.settled;
  for (const [sink, outputs] of source.outputs) {
    const emission = emissionOf(own, sink);
    const again = !loose && ctx.nowUs - emission.sentUs >= ctx.options.retryUs;
    const from = again ? emission.upTo : emission.next;
    const to = Math.min(outputs.length, emission.upTo + windowMax);
    if (from >= to) continue;
    emission.sentUs = ctx.nowUs;
    emission.next = Math.max(emission.next, to);
    for (let position = from; position < to; position++) {
      if (emission.had.has(position)) continue;
      const output = outputs[position];
      if (output === undefined) continue;
      const { topo, epoch } = own;
      const at = output.lastIndexOf('=');
      const [record, value] = [output.slice(0, at), Number(output.slice(at + 1))];
      say(env, sink, { type: 'emit', topo, epoch, position, record, value, loose });
      if (loose) emission.upTo = position + 1; // Once, and no more.
    }
  }
}

/** A sink has a position, or will have nothing of this epoch. */
export function emitted(env: Env, sink: NodeId, body: Saying<'emit_ok'>): void {
  const { topo, epoch, position, fenced } = body;
  const own = env.state.owns.get(topo);
  if (own === undefined || !same(own.epoch, epoch)) return;
  if (fenced) return stepDown(env, topo, `${sink} knows a later epoch`);
  const emission = emissionOf(own, sink);
  if (position >= emission.upTo) emission.had.add(position);
  while (emission.had.delete(emission.upTo)) emission.upTo++;
  const outputs = own.settled.outputs.get(sink)?.length ?? 0;
  const noted = emittedTo(own.machine, sink);
  const upTo = Math.min(emission.upTo, outputs);
  if (upTo - noted >= notedEvery || (upTo === outputs && upTo > noted)) {
    append(env, own, { kind: 'emitted', sink, upTo });
  }
}
