// From the steps of a simulated run to its journal and its nodes' logs: who sent what is known from
// the step, which message arrived from its key.
import type { Op } from '../../history/op.js';
import { Key, parseKey } from '../../kernel/key.js';
import type { NodeId } from '../../node/message.js';
import type { EffectRow, Happening, Step } from '../../sim/step.js';
import { copyWord } from '../../sim/transmit.js';
import type { JournalEvent, Listener } from './journal.js';

type Send = Extract<EffectRow, { readonly effect: 'send' }>;
type Arrival = Extract<Happening, { readonly kind: 'deliver' | 'lost' | 'held' }>;

const none: readonly Op[] = [];

/** An observer of a run that tells `listener` of its messages. `history` grows as the run goes. */
export function journalOfSteps(
  listener: Listener,
  history: () => readonly Op[],
): (step: Step) => void {
  const ids = new Map<string, number>();
  let sent = 0;
  let known = 0;

  const send = (src: NodeId, { key, dest, body, fate }: Send, timeUs: number): void => {
    const id = sent++;
    const event = { timeUs, id, src, dest, body };
    listener.message({ event: 'send', ...event });
    if (fate.fate === 'lost') return listener.message({ event: 'drop', ...event, why: fate.why });
    if (fate.fate === 'held') listener.message({ event: 'hold', ...event });
    ids.set(key, id);
    if (fate.fate === 'sent' && fate.copies > 1) ids.set(keyOfCopy(key), id);
  };

  const arrive = (happening: Arrival, { key, atUs: timeUs }: Step): void => {
    const { src, dest, body } = happening.message;
    let id = ids.get(key);
    if (id === undefined) {
      // Set-up requests come straight from the administrator, and released copies by new keys.
      id = sent++;
      listener.message({ event: 'send', timeUs, id, src, dest, body });
    }
    listener.message(arrivalOf(happening, { timeUs, id, src, dest, body }));
    if (happening.kind !== 'held') ids.delete(key);
  };

  return (step) => {
    const { happening, effects, atUs, crash } = step;
    const ops = history();
    const invoked =
      ops.length === known ? none : ops.slice(known).filter(({ type }) => type === 'invoke');
    known = ops.length;
    if (isArrival(happening)) arrive(happening, step);
    const node = 'node' in happening ? happening.node : '';
    if (happening.kind === 'start') listener.log(node, atUs, 'started');
    let sends = 0;
    for (const row of effects) {
      if (row.effect === 'send') send(sourceOf(node, invoked[sends++]), row, atUs);
      else if (row.effect === 'note') listener.log(node, atUs, row.text);
    }
    if (crash !== undefined) listener.log(node, atUs, `crashed: ${crash}`);
    if (happening.kind === 'fault' || happening.kind === 'fault-end')
      logFault(listener, happening, atUs);
  };
}

function arrivalOf(happening: Arrival, event: Omit<JournalEvent, 'event'>): JournalEvent {
  switch (happening.kind) {
    case 'deliver':
      return { event: 'recv', ...event };
    case 'held':
      return { event: 'hold', ...event };
    case 'lost':
      return { event: 'drop', ...event, why: happening.why };
  }
}

function isArrival(happening: Happening): happening is Arrival {
  return happening.kind === 'deliver' || happening.kind === 'lost' || happening.kind === 'held';
}

/** Nodes send from where the step is; what clients send are the operations that were invoked. */
function sourceOf(node: NodeId, invoked: Op | undefined): NodeId {
  return invoked === undefined ? node : `c${invoked.process}`;
}

function keyOfCopy(text: string): string {
  const { hi, lo } = parseKey(text) ?? new Key();
  const copy = new Key();
  copy.derive(hi, lo, copyWord, 0, 0);
  return copy.toString();
}

/** Faults that end or interrupt a node's life stand in its log. */
function logFault(
  listener: Listener,
  { kind, fault }: Extract<Happening, { readonly kind: 'fault' | 'fault-end' }>,
  timeUs: number,
): void {
  if (!('nodes' in fault)) return;
  const text = kind === 'fault' ? fault.f : `${fault.f} ends`;
  for (const node of fault.nodes) listener.log(node, timeUs, text);
}
