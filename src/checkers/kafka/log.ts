// What a history tells of each key's log: which message is at which offset, who sent it, who saw
// it. Offsets may be anything: nothing here is as long as they are large.
import type { Op } from '../../history/op.js';
import { keyOf, type ValueKey } from '../../history/value.js';
import type { Step } from './reading.js';

/** A message of a key. */
interface Message {
  readonly value: unknown;
  /** Its sends; of those that failed only the number. */
  readonly sends: Step[];
  failed: number;
  /** The step that was told its offset first, and the one that polled it first, by offset. */
  readonly acked: Map<number, Step>;
  readonly polled: Map<number, Step>;
}

/** The log of a key. */
export interface Log {
  readonly key: ValueKey;
  readonly messages: ReadonlyMap<ValueKey, Message>;
  /** What lies at each known offset, and the step that said so first. */
  readonly at: ReadonlyMap<number, ReadonlyMap<ValueKey, Op>>;
  /** Known offsets, ascending. */
  readonly offsets: Float64Array;
}

/** O(n log n). */
export function logsOf(steps: readonly Step[]): ReadonlyMap<ValueKey, Log> {
  const drafts = new Map<ValueKey, Draft>();
  const draftOf = (key: ValueKey): Draft => {
    const known = drafts.get(key) ?? { messages: new Map(), at: new Map() };
    drafts.set(key, known);
    return known;
  };
  for (const step of steps) {
    for (const move of step.moves) {
      const draft = draftOf(move.key);
      if (move.f === 'poll') {
        for (const { offset, message } of move.records) {
          const found = messageOf(draft, message);
          if (!found.polled.has(offset)) found.polled.set(offset, step);
          place(draft, offset, message, step);
        }
        continue;
      }
      const sent = messageOf(draft, move.message);
      if (step.done?.type === 'fail') sent.failed++;
      else sent.sends.push(step);
      if (move.offset === undefined) continue;
      if (!sent.acked.has(move.offset)) sent.acked.set(move.offset, step);
      place(draft, move.offset, move.message, step);
    }
  }
  return new Map([...drafts].map(([key, draft]) => [key, logOf(key, draft)]));
}

interface Draft {
  readonly messages: Map<ValueKey, Message>;
  readonly at: Map<number, Map<ValueKey, Op>>;
}

function logOf(key: ValueKey, { messages, at }: Draft): Log {
  return { key, messages, at, offsets: Float64Array.from(at.keys()).sort((a, b) => a - b) };
}

function messageOf({ messages }: Draft, value: unknown): Message {
  const key = keyOf(value);
  const known = messages.get(key);
  if (known !== undefined) return known;
  const fresh = { value, sends: [], failed: 0, acked: new Map(), polled: new Map() };
  messages.set(key, fresh);
  return fresh;
}

function place({ at }: Draft, offset: number, message: unknown, step: Step): void {
  const there = at.get(offset) ?? new Map<ValueKey, Op>();
  at.set(offset, there);
  const key = keyOf(message);
  if (!there.has(key)) there.set(key, step.done ?? step.invoked);
}

/** The first known offset in [from, to), if there is one. O(log n). */
export function knownBetween({ offsets }: Log, from: number, to: number): number | undefined {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) < from) low = middle + 1;
    else high = middle;
  }
  const found = offsets[low];
  return found !== undefined && found < to ? found : undefined;
}
