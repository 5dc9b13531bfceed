// Cycles in words: who the transactions are, then each dependency with its reason, in the manner of
// Elle: "T1 appended 3 to x, and T2 read [3]". Source: Kingsbury & Alvaro 2020, §5.

import { showValue } from '../../history/value.js';
import { unreachable } from '../../kernel/assert.js';
import type { Anomaly } from '../checker.js';
import { when } from '../words.js';
import type { Cycle, Step } from './cycles.js';
import { edge } from './graph.js';
import type { Ledger } from './ledger.js';

/** How a workload speaks of its operations. */
export interface Wording {
  /** `appended 3 to x`. */
  readonly wrote: (value: string, key: string) => string;
  /** Whether a result shows a written value as the last that was written. */
  readonly shows: (result: unknown, value: unknown) => boolean;
  /** Whether a result has a written value at all. */
  readonly has: (result: unknown, value: unknown) => boolean;
  /** Whether one write comes before another of the same key. */
  readonly precedes: (write: number, later: number) => boolean;
}

/** How much of a cycle is told. */
const stepsMax = 8;
const textMax = 60;

/** `T3` is the transaction that operation 3 invoked. */
export function nameOf(ledger: Ledger, txn: number): string {
  return `T${ledger.invoked[txn]}`;
}

/** The indices of what a transaction's invocation and completion are. */
export function opsOf(ledger: Ledger, txns: readonly number[]): readonly number[] {
  const all = txns.flatMap((txn) => [ledger.invoked[txn] ?? -1, ledger.completed[txn] ?? -1]);
  return [...new Set(all.filter((index) => index >= 0))].sort((a, b) => a - b);
}

/** `T3 = process 0's [["r","x",null]] at 0.003000 s`. */
export function introduced(ledger: Ledger, txn: number): string {
  const invocation = ledger.ops[ledger.invoked[txn] ?? -1];
  const done = ledger.ops[ledger.completed[txn] ?? -1];
  const value = done?.type === 'ok' ? done.value : invocation?.value;
  const at = invocation === undefined ? '' : ` ${when(invocation)}`;
  const name = nameOf(ledger, txn);
  return `${name} = process ${invocation?.process}'s ${showValue(value, textMax)}${at}`;
}

/** What an operation's key is called. */
export function keyName(ledger: Ledger, operation: number): string {
  const name = ledger.keyNames[ledger.keys[operation] ?? -1];
  return typeof name === 'string' ? name : showValue(name);
}

/** A cycle as an anomaly: `let T1 = …; then T1 < T2, because …; but T2 < T1, because …`. */
export function explained(ledger: Ledger, cycle: Cycle, wording: Wording): Anomaly {
  const { kind, steps } = cycle;
  const txns = [...new Set(steps.map(({ source }) => source))];
  const told =
    steps.length <= stepsMax ? steps : [...steps.slice(0, stepsMax - 1), ...steps.slice(-1)];
  const named = txns.slice(0, stepsMax).map((txn) => introduced(ledger, txn));
  const reasons = told.map((step, at) => {
    const but = at === told.length - 1 ? 'but ' : '';
    const gap = but !== '' && told.length < steps.length;
    const more = gap ? `… ${steps.length - told.length} more steps; ` : '';
    const order = `${nameOf(ledger, step.source)} < ${nameOf(ledger, step.target)}`;
    return `${more}${but}${order}, because ${reasonOf(ledger, step, wording)}`;
  });
  const about = `let ${named.join(', ')}; then ${reasons.join('; ')}: a contradiction`;
  return { kind, about, ops: opsOf(ledger, txns) };
}

function reasonOf(ledger: Ledger, step: Step, wording: Wording): string {
  const [source, target] = [nameOf(ledger, step.source), nameOf(ledger, step.target)];
  const text = (value: unknown): string => showValue(value, textMax);
  const key = keyName(ledger, step.label);
  const value = ledger.values[step.label];
  const write = (at: number): string => wording.wrote(text(ledger.values[at]), key);
  switch (step.kind) {
    case edge.wr: {
      const read = readBy(ledger, step, (result) => wording.shows(result, value));
      return `${source} ${write(step.label)}, and ${target} read ${text(ledger.values[read])}`;
    }
    case edge.rw: {
      const read = readBy(ledger, step, (result) => !wording.has(result, value));
      const result = text(ledger.values[read] ?? null);
      return `${source} read ${key} as ${result}, before ${target} ${write(step.label)}`;
    }
    case edge.ww: {
      const before = write(writeBefore(ledger, step, wording));
      return `${source} ${before}, before ${target} ${write(step.label)}`;
    }
    case edge.process: {
      const client = ledger.ops[ledger.invoked[step.source] ?? -1]?.process;
      return `process ${client} ran ${source} before ${target}`;
    }
    case edge.realtime: {
      const [done, begun] = [ledger.completed[step.source], ledger.invoked[step.target]];
      const [ended, began] = [ledger.ops[done ?? -1], ledger.ops[begun ?? -1]];
      const at = ended === undefined ? '' : ` ${when(ended)}`;
      const later = began === undefined ? '' : ` ${when(began)}`;
      return `${source} completed${at}, before ${target} was invoked${later}`;
    }
    default:
      return unreachable(step.kind as never);
  }
}

/** The operation of the reader of a wr or rw step that shows the dependency; −1 if none does. */
function readBy(ledger: Ledger, step: Step, shows: (result: unknown) => boolean): number {
  const reader = step.kind === edge.wr ? step.target : step.source;
  const end = ledger.starts[reader + 1] ?? 0;
  for (let at = ledger.starts[reader] ?? 0; at < end; at++) {
    if (ledger.writes[at] === 1 || ledger.keys[at] !== ledger.keys[step.label]) continue;
    if (shows(ledger.values[at])) return at;
  }
  return -1;
}

/** What the source of a ww step wrote to its key last before the target did. */
function writeBefore(ledger: Ledger, step: Step, { precedes }: Wording): number {
  const start = ledger.starts[step.source] ?? 0;
  for (let at = (ledger.starts[step.source + 1] ?? 0) - 1; at >= start; at--) {
    if (ledger.writes[at] !== 1 || ledger.keys[at] !== ledger.keys[step.label]) continue;
    if (precedes(at, step.label)) return at;
  }
  return step.label;
}
