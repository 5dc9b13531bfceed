// Whether operations that send and poll saw each other's messages in a circle: Adya's G1c, of what
// was polled alone, with the order of each process, or with real time. Sends that lie in another
// order than that of processes or time (G0) are a matter of course in a log, as in Jepsen, and only
// counted.
import type { ValueKey } from '../../history/value.js';
import { showValue } from '../../history/value.js';
import { type Cycle, cyclesIn } from '../transactions/cycles.js';
import { edge, GraphBuilder } from '../transactions/graph.js';
import { fate } from '../transactions/ledger.js';
import { addProcesses, addRealtime, type Runs } from '../transactions/sessions.js';
import { when } from '../words.js';
import type { Log } from './log.js';
import type { Step } from './reading.js';

interface FlowCycle {
  readonly kind: string;
  readonly about: string;
  readonly steps: readonly Step[];
}

/** How many edges the search for short circles may look at. */
const stepsMax = 5_000_000;
/** How many steps of a circle are told. */
const toldMax = 6;

/** Circles of each kind that occurs. O(n log n). */
export function flowCycles(
  steps: readonly Step[],
  logs: ReadonlyMap<ValueKey, Log>,
): readonly FlowCycle[] {
  const flow: Flow = { steps, numbers: new Map(steps.map((step, at) => [step, at])), texts: [] };
  const runs = runsOf(steps);
  const present = new Uint8Array(steps.length).fill(1);
  return (['wr', 'ww'] as const).flatMap((dependency) => {
    const builder = new GraphBuilder(steps.length);
    for (const log of logs.values()) {
      if (dependency === 'wr') addPolls(builder, flow, log);
      else addSends(builder, flow, log);
    }
    addProcesses(builder, runs);
    addRealtime(builder, runs, present);
    const { found } = cyclesIn(builder.build(), steps.length, stepsMax);
    return found.map((cycle) => told(flow, cycle));
  });
}

interface Flow {
  readonly steps: readonly Step[];
  readonly numbers: ReadonlyMap<Step, number>;
  /** What an edge is about, by its label. */
  readonly texts: string[];
}

function runsOf(steps: readonly Step[]): Runs {
  const last = steps.reduce((most, { done }) => Math.max(most, done?.index ?? 0), 0);
  return {
    count: steps.length,
    end: last + 1,
    fates: Uint8Array.from(steps, ({ done }) =>
      done?.type === 'ok' ? fate.committed : fate.unknown,
    ),
    invoked: Int32Array.from(steps, ({ invoked }) => invoked.index),
    completed: Int32Array.from(steps, ({ done }) => done?.index ?? -1),
    processOf: (at) => steps[at]?.invoked.process,
  };
}

/** Who sent a message before those who polled it; a message that was sent twice tells nothing. */
function addPolls(builder: GraphBuilder, flow: Flow, { key, messages }: Log): void {
  for (const { value, sends, polled } of messages.values()) {
    const [sender] = sends;
    if (sender === undefined || sends.length > 1) continue;
    for (const poller of polled.values()) {
      // What was polled before it was sent is a phantom, and no more.
      if ((poller.done?.index ?? 0) < sender.invoked.index) continue;
      const about = `polled ${showValue(value)} of ${showValue(key)}, which the one before sent`;
      const label = flow.texts.push(about) - 1;
      builder.add(numberOf(flow, sender), numberOf(flow, poller), edge.wr, label);
    }
  }
}

/** Who sent what lies at one offset before who sent what lies at the next. */
function addSends(builder: GraphBuilder, flow: Flow, { key, messages }: Log): void {
  const places = [...messages.values()].flatMap(({ value, sends, acked, polled }) => {
    const [sender] = sends;
    const [offset] = new Map([...acked, ...polled]).keys();
    if (sender === undefined || sends.length > 1 || offset === undefined) return [];
    return [{ sender: numberOf(flow, sender), offset, value }];
  });
  places.sort((a, b) => a.offset - b.offset || a.sender - b.sender);
  for (const [at, { sender, value }] of places.entries()) {
    const before = places[at - 1];
    if (before === undefined) continue;
    const about = `sent ${showValue(value)} to ${showValue(key)}, behind that of the one before`;
    builder.add(before.sender, sender, edge.ww, flow.texts.push(about) - 1);
  }
}

function numberOf({ numbers }: Flow, step: Step): number {
  return numbers.get(step) ?? -1;
}

function told({ steps, texts }: Flow, { kind, steps: path }: Cycle): FlowCycle {
  const ring = path.flatMap(({ target }) => steps[target] ?? []);
  const links = path.slice(0, toldMax).map(({ target, kind: by, label }) => {
    const step = steps[target];
    const who = step === undefined ? '' : `process ${step.invoked.process} ${when(step.invoked)}`;
    if (by === edge.process) return `${who} came after it`;
    if (by === edge.realtime) return `${who} began after that had ended`;
    return `${who} ${texts[label] ?? ''}`;
  });
  const first = steps[path[0]?.source ?? -1];
  const start =
    first === undefined ? '' : `process ${first.invoked.process} ${when(first.invoked)}`;
  const more = path.length > toldMax ? `; and ${path.length - toldMax} more` : '';
  return { kind, about: `in a circle from ${start}: ${links.join('; ')}${more}`, steps: ring };
}
