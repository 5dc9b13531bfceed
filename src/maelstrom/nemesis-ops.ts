// Faults as lines of the history, as Jepsen has them: an `info` of the process `nemesis` where one
// begins and where it ends. Checkers pass over them.
import { type History, historyOf } from '../history/history.js';
import type { Op } from '../history/op.js';
import { writeFault } from '../scenario/faults.js';
import type { FaultReport, RunResult } from '../sim/result.js';

/** The history with the faults that struck, numbered anew. */
export function withNemesis({ history, faults }: Pick<RunResult, 'history' | 'faults'>): History {
  const lines = faults.flatMap(linesOf).sort((a, b) => a.timeUs - b.timeUs);
  if (lines.length === 0) return historyOf(history);
  const merged: Op[] = [];
  let next = 0;
  const add = (op: Omit<Op, 'index'>): number => merged.push({ ...op, index: merged.length });
  for (const op of history) {
    for (let line = lines[next]; line !== undefined && line.timeUs <= op.timeUs; ) {
      add(line);
      line = lines[++next];
    }
    add(op);
  }
  for (const line of lines.slice(next)) add(line);
  return historyOf(merged);
}

function linesOf({ fault, startUs, endUs }: FaultReport): readonly Omit<Op, 'index'>[] {
  if (startUs === undefined) return [];
  const { fault: name, ...value } = writeFault(fault);
  const line = { process: 'nemesis' as const, type: 'info' as const, value };
  const start = { ...line, timeUs: startUs, f: `start-${name}` };
  const isMoment = endUs === undefined || endUs === startUs;
  return isMoment
    ? [start]
    : [start, { ...line, timeUs: endUs, f: `stop-${name}`, value: undefined }];
}
