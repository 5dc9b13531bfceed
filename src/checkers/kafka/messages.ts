// What became of each message: whether it was sent at all, is where it should be, once, and was
// seen.
//
// Lost is what was acknowledged, or what one poll went past, and nobody ever polled, although
// somebody polled beyond it. A poll that says where it begins goes past what lies between; of one
// that does not, as in Jepsen's histories, all is assumed to lie behind it.
import type { Op } from '../../history/op.js';
import { keyOf, showValue, type ValueKey } from '../../history/value.js';
import { type Findings, find } from '../findings.js';
import { count, when } from '../words.js';
import type { Log } from './log.js';
import type { Step } from './reading.js';

type Message = Log['messages'] extends ReadonlyMap<unknown, infer M> ? M : never;

interface Judging {
  readonly findings: Findings;
  /**
   * Whether to judge as Maelstrom: wherever a poll began, all before what it returns counts as
   * passed; what nobody polled is unseen, whoever made a final poll; and what nobody sent is right.
   */
  readonly lenient: boolean;
}

/** Fills `findings`; the answer is what could not be decided. O(n log n). */
export function judgeMessages(
  steps: readonly Step[],
  logs: ReadonlyMap<ValueKey, Log>,
  { findings, lenient }: Judging,
): string[] {
  const reach = reachOf(steps, lenient);
  let unpolled = 0;
  for (const log of logs.values()) {
    for (const message of log.messages.values()) {
      judgeSource(log, message, { findings, lenient });
      judgePlaces(log, message, { findings, lenient });
      if (message.polled.size > 0) continue;
      for (const [offset, step] of message.acked) {
        if (passed(reach.get(log.key), offset)) {
          find(findings, 'lost-write', () => lost(log, message, { offset, step }));
        } else if (lenient || finalAfter(steps, step, log.key)) {
          find(findings, 'unseen', () => unseen(log, message, { offset, step }));
        } else unpolled++;
      }
    }
  }
  if (!lenient) judgeHalves(steps, logs, findings);
  return unpolled === 0
    ? []
    : [`${count(unpolled, 'acknowledged message')} may lie where nobody has polled yet`];
}

/** Where polls of a key began, ascending, with the furthest that any of those so far came. */
interface Reach {
  readonly from: number;
  to: number;
}

function reachOf(
  steps: readonly Step[],
  lenient: boolean,
): ReadonlyMap<ValueKey, readonly Reach[]> {
  const reach = new Map<ValueKey, Reach[]>();
  for (const { moves } of steps) {
    for (const move of moves) {
      if (move.f !== 'poll' || move.records.length === 0) continue;
      let to = Number.NEGATIVE_INFINITY;
      for (const { offset } of move.records) to = Math.max(to, offset);
      const list = reach.get(move.key) ?? [];
      reach.set(move.key, list);
      const from = lenient ? undefined : move.from;
      list.push({ from: from ?? Number.NEGATIVE_INFINITY, to });
    }
  }
  for (const list of reach.values()) {
    list.sort((a, b) => (a.from < b.from ? -1 : a.from > b.from ? 1 : a.to - b.to));
    let furthest = Number.NEGATIVE_INFINITY;
    for (const each of list) {
      furthest = Math.max(furthest, each.to);
      each.to = furthest;
    }
  }
  return reach;
}

/** Whether some poll that began at or before `offset` came beyond it. */
function passed(reach: readonly Reach[] | undefined, offset: number): boolean {
  let [low, high] = [0, reach?.length ?? 0];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((reach?.[middle]?.from ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return (reach?.[low - 1]?.to ?? Number.NEGATIVE_INFINITY) > offset;
}

/** Whether somebody made a final poll of the key after an acknowledgement. */
function finalAfter(steps: readonly Step[], { done }: Step, key: ValueKey): boolean {
  const after = done?.index ?? Number.POSITIVE_INFINITY;
  for (let at = steps.length - 1; at >= 0; at--) {
    const step = steps[at];
    if (step === undefined || step.invoked.index < after) return false;
    const { f, final, value } = step.invoked;
    if (final !== true || (f !== 'poll' && f !== 'txn') || step.done?.type !== 'ok') continue;
    const offsets = (value as { readonly offsets?: unknown } | undefined)?.offsets;
    if (offsets === undefined || Object.hasOwn(Object(offsets), String(key))) return true;
  }
  return false;
}

function judgeSource(log: Log, message: Message, { findings, lenient }: Judging): void {
  const [first] = message.polled.values();
  if (first === undefined) return;
  const [send] = message.sends;
  const name = `the message ${showValue(message.value)} of the log ${showValue(log.key)}`;
  const seen = first.done ?? first.invoked;
  if (send === undefined) {
    const kind = message.failed > 0 ? 'G1a' : 'phantom';
    if (lenient && kind === 'phantom') return;
    const why = message.failed > 0 ? 'its send definitely failed' : 'nobody sent it';
    const about = `${name} was polled ${when(seen)}, but ${why}`;
    find(findings, kind, () => ({ about, ops: [seen.index] }));
    return;
  }
  for (const poll of message.polled.values()) {
    const done = poll.done ?? poll.invoked;
    if (done.index < send.invoked.index && !lenient) {
      const about = `${name} was polled ${when(done)}, before it was sent ${when(send.invoked)}`;
      find(findings, 'phantom', () => ({ about, ops: [done.index, send.invoked.index] }));
    }
    if (poll === send && message.sends.length === 1) {
      const about = `${name} was polled ${when(done)} by the operation that sent it`;
      find(findings, 'precommitted-read', () => ({ about, ops: [done.index] }));
    }
  }
}

/** A message lies at one offset for each time that it may have been sent. */
function judgePlaces(log: Log, message: Message, { findings, lenient }: Judging): void {
  const places = new Map([...message.acked, ...message.polled]);
  const sends = lenient ? 1 : message.sends.length; // There every message is sent once.
  if (places.size <= Math.max(1, sends)) return;
  find(findings, 'duplicate', () => {
    const offsets = [...places.keys()].sort((a, b) => a - b).join(', ');
    const sent = count(message.sends.length, 'time');
    const name = `the message ${showValue(message.value)}, sent ${sent}`;
    return {
      about: `${name}, lies at the offsets ${offsets} of the log ${showValue(log.key)}`,
      ops: indices([...places.values()].map(({ done, invoked }) => done ?? invoked)),
    };
  });
}

/**
 * Of a transaction without an answer one message was polled: so it took place, and its other
 * messages must be polled in the end.
 */
function judgeHalves(
  steps: readonly Step[],
  logs: ReadonlyMap<ValueKey, Log>,
  findings: Findings,
): void {
  for (const step of steps) {
    if (step.done?.type === 'ok' || step.done?.type === 'fail') continue;
    const sent = step.moves.flatMap((move) => {
      const message =
        move.f === 'send' ? logs.get(move.key)?.messages.get(keyOf(move.message)) : undefined;
      return message?.sends.length === 1 ? [{ key: move.key, message }] : [];
    });
    const polls = sent.flatMap(({ message }) => [...message.polled.values()]);
    const [seen] = polls.sort((a, b) => (a.done?.index ?? 0) - (b.done?.index ?? 0));
    if (seen === undefined) continue;
    for (const { key, message } of sent) {
      if (message.polled.size > 0 || !finalAfter(steps, seen, key)) continue;
      const { invoked } = step;
      const name = `the message ${showValue(message.value)} of the log ${showValue(key)}`;
      const rest = `another of the same operation was polled ${when(seen.done ?? seen.invoked)}`;
      find(findings, 'half-seen', () => ({
        about: `${name} was not polled in the end, although ${rest}`,
        ops: indices([invoked, seen.done ?? seen.invoked]),
      }));
    }
  }
}

interface Place {
  readonly offset: number;
  readonly step: Step;
}

function lost({ key }: Log, { value }: Message, { offset, step }: Place) {
  const done = step.done ?? step.invoked;
  return {
    about:
      `the message ${showValue(value)}, acknowledged ${when(done)} at the offset ${offset} of ` +
      `the log ${showValue(key)}, was never polled, although polls came beyond it`,
    ops: [done.index],
  };
}

function unseen({ key }: Log, { value }: Message, { offset, step }: Place) {
  const done = step.done ?? step.invoked;
  return {
    about:
      `the message ${showValue(value)}, acknowledged ${when(done)} at the offset ${offset} of ` +
      `the log ${showValue(key)}, was not polled in the end`,
    ops: [done.index],
  };
}

function indices(ops: readonly Op[]): readonly number[] {
  return [...new Set(ops.map(({ index }) => index))].sort((a, b) => a - b);
}
