// How far behind polls were, in time: a poll lags by how long it had been known, when it began,
// that the log goes on behind what it returned. The figure is that of Jepsen's kafka workload.

import type { ValueKey } from '../../history/value.js';
import type { Micros } from '../../kernel/time.js';
import { quantilesOf } from '../quantiles.js';
import type { Log } from './log.js';
import type { Step } from './reading.js';

interface Lag {
  readonly key: ValueKey;
  readonly process: number | 'nemesis';
  /** When the poll began. */
  readonly timeUs: Micros;
  readonly lagUs: Micros;
}

interface Lags {
  readonly worst: Lag | undefined;
  readonly quantilesUs: unknown;
}

/** Of all polls that ended ok. O(n log n). */
export function lagsOf(steps: readonly Step[], logs: ReadonlyMap<ValueKey, Log>): Lags {
  const known = sinceWhen(steps, logs);
  const positions = new Map<string, number>();
  const all: Lag[] = [];
  for (const { invoked, done, moves } of steps) {
    if (done?.type !== 'ok') continue;
    for (const move of moves) {
      const log = logs.get(move.key);
      if (move.f !== 'poll' || log === undefined) continue;
      const { key } = move;
      const { process, timeUs } = invoked;
      const client = `${process} ${typeof key} ${String(key)}`;
      const before = move.from === undefined ? positions.get(client) : move.from - 1;
      const last = move.records.reduce((most, { offset }) => Math.max(most, offset), before ?? -1);
      positions.set(client, last);
      const sinceUs = known.get(key)?.[firstBeyond(log, last)] ?? Number.POSITIVE_INFINITY;
      all.push({ key, process, timeUs, lagUs: Math.max(0, timeUs - sinceUs) });
    }
  }
  let worst: Lag | undefined;
  for (const lag of all) if (lag.lagUs > (worst?.lagUs ?? 0)) worst = lag;
  return { worst, quantilesUs: quantilesOf(all.map(({ lagUs }) => lagUs)) };
}

/** By log, for each known offset: when it was first known that there is one at least as high. */
function sinceWhen(
  steps: readonly Step[],
  logs: ReadonlyMap<ValueKey, Log>,
): ReadonlyMap<ValueKey, Float64Array> {
  const since = new Map<ValueKey, Float64Array>();
  for (const [key, { offsets }] of logs) {
    since.set(key, new Float64Array(offsets.length).fill(Number.POSITIVE_INFINITY));
  }
  for (const { done, moves } of steps) {
    for (const move of moves) {
      const [log, column] = [logs.get(move.key), since.get(move.key)];
      if (log === undefined || column === undefined || done === undefined) continue;
      const seen = move.f === 'poll' ? move.records : [move];
      for (const { offset } of seen) {
        if (offset === undefined) continue;
        const place = firstBeyond(log, offset) - 1;
        column[place] = Math.min(column[place] ?? 0, done.timeUs);
      }
    }
  }
  for (const column of since.values()) {
    for (let i = column.length - 2; i >= 0; i--) {
      column[i] = Math.min(column[i] ?? 0, column[i + 1] ?? 0);
    }
  }
  return since;
}

function firstBeyond({ offsets }: Log, offset: number): number {
  let [low, high] = [0, offsets.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((offsets[middle] ?? 0) <= offset) low = middle + 1;
    else high = middle;
  }
  return low;
}
