// Maelstrom's g-counter and pn-counter: final reads must be a sum that the adds allow, as
// Maelstrom has it, and every other read must be what some of the adds that had begun can come to.
// Where `reads` is `current` a read must have all that was acknowledged before it began, too;
// where it is `final` only final reads count. A `growing` counter never shows a client less than
// it showed it before. Sources: Maelstrom, workload/pn_counter.clj; jepsen.checker/counter.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { when, where } from './words.js';

export const counter: Checker = {
  name: 'counter',
  about: 'A counter shows what was added to it, in the end and on the way.',
  options: { reads: 'bounded', growing: false, sumsMax: 100_000 },
  check: checkCounter,
};

interface Add {
  readonly delta: number;
  readonly invoked: Op;
  /** Undefined where nobody knows whether it happened. */
  readonly ok: Op | undefined;
}

interface Read {
  readonly value: number;
  readonly invoked: Op;
  readonly done: Op;
}

function checkCounter(history: History, options: CheckerOptions): Judgement {
  const { reads: rule, growing, sumsMax } = rulesOf(options);
  const { adds, reads, doubts } = readCounter(history);
  const findings = noFindings(['wrong-final', 'out-of-bounds', 'went-back']);
  const sums = sumsOf(adds, sumsMax);
  if (sums === undefined) doubts.push(`more than sumsMax = ${sumsMax} sums are possible`);
  for (const read of reads) {
    if (read.invoked.final === true) judgeFinal(read, adds, { sums, findings });
  }
  if (rule !== 'final') judgeBounds(adds, reads, { current: rule === 'current', findings });
  if (growing && adds.some(({ delta }) => delta < 0)) doubts.push('a growing counter fell');
  else if (growing) judgeGrowth(reads, findings);
  const finals = reads.filter(({ invoked }) => invoked.final === true);
  if (!finals.some((read) => isLast(read, adds))) doubts.push('no final read comes after all adds');
  const stats = {
    adds: adds.length,
    reads: reads.length,
    finalReads: finals.map(({ value }) => value).slice(0, 64),
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubts), stats };
}

function rulesOf({ reads, growing, sumsMax }: CheckerOptions) {
  const rule = ['bounded', 'current', 'final'].find((each) => each === reads);
  if (rule === undefined) throw new Error('reads is one of bounded, current, final');
  if (typeof growing !== 'boolean') throw new Error('growing is true or false');
  return { reads: rule, growing, sumsMax: Number(sumsMax) };
}

function readCounter(history: History) {
  const adds: Add[] = [];
  const reads: Read[] = [];
  const strange: Op[] = [];
  for (const invoked of history.ops) {
    if (invoked.process === 'nemesis' || invoked.type !== 'invoke') continue;
    const done = history.completionOf(invoked);
    if (invoked.f === 'add' && done?.type !== 'fail') {
      const delta = numberIn(invoked.value, 'delta');
      if (delta === undefined) strange.push(invoked);
      else adds.push({ delta, invoked, ok: done?.type === 'ok' ? done : undefined });
    } else if (invoked.f === 'read' && done?.type === 'ok') {
      const value = numberIn(done.value, 'value');
      if (value === undefined) strange.push(done);
      else reads.push({ value, invoked, done });
    }
  }
  const [first] = strange;
  if (first === undefined) return { adds, reads, doubts: [] as string[] };
  // Without one of the adds nothing is known of any sum.
  const reason = `operation ${first.index} has ${showValue(first.value)}, which is no whole number`;
  return { adds: [], reads: [], doubts: [reason] };
}

/** A whole number, or the field of a record that has one. */
function numberIn(value: unknown, field: string): number | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const found = isRecord ? (value as Readonly<Record<string, unknown>>)[field] : value;
  return Number.isSafeInteger(found) ? (found as number) : undefined;
}

/** What adds of unknown outcome may come to, beside the others; undefined if that is too much. */
function sumsOf(adds: readonly Add[], sumsMax: number): ReadonlySet<number> | undefined {
  let sums = new Set([0]);
  for (const { delta, ok } of adds) {
    if (ok !== undefined || delta === 0) continue;
    const more = new Set(sums);
    for (const sum of sums) more.add(sum + delta);
    if (more.size > sumsMax) return undefined;
    sums = more;
  }
  return sums;
}

interface FinalPlace {
  readonly sums: ReadonlySet<number> | undefined;
  readonly findings: Findings;
}

function judgeFinal(read: Read, adds: readonly Add[], { sums, findings }: FinalPlace): void {
  if (sums === undefined) return;
  if (!isLast(read, adds)) return;
  let sure = 0;
  for (const { delta, ok } of adds) if (ok !== undefined) sure += delta;
  if (sums.has(read.value - sure)) return;
  const unknown = sums.size > 1 ? `, and ${sums.size} sums are possible` : '';
  find(findings, 'wrong-final', () => ({
    about:
      `the final read of ${where(read.invoked)} ${when(read.done)} is ${read.value}; ` +
      `${sure} was certainly added${unknown}`,
    ops: [read.done.index],
  }));
}

/** Adds beside or after a final read make it one like any other. */
function isLast({ invoked: { index } }: Read, adds: readonly Add[]): boolean {
  return adds.every(({ invoked, ok }) => invoked.index < index && (ok?.index ?? -1) < index);
}

interface BoundPlace {
  /** Whether what was acknowledged before a read must be in it. */
  readonly current: boolean;
  readonly findings: Findings;
}

/**
 * Sweeps through all invocations and completions: at each, what may and what must have been added.
 * Where reads may be behind, any set of adds that had begun is allowed.
 */
function judgeBounds(
  adds: readonly Add[],
  reads: readonly Read[],
  { current, findings }: BoundPlace,
): void {
  const begun = adds.map(({ invoked, delta }) => ({ at: invoked.index, delta }));
  const acked = adds
    .flatMap(({ ok, delta }) => (ok === undefined ? [] : [{ at: ok.index, delta }]))
    .sort((a, b) => a.at - b.at);
  const [up, down] = [sweep(begun, (d) => Math.max(d, 0)), sweep(begun, (d) => Math.min(d, 0))];
  const [sureUp, sureDown] = [
    sweep(acked, (d) => Math.max(d, 0)),
    sweep(acked, (d) => Math.min(d, 0)),
  ];
  for (const { value, invoked, done } of reads) {
    // What was acknowledged before must be there, and what had begun before its end can be.
    const low = down(done.index) + (current ? sureUp(invoked.index) : 0);
    const high = up(done.index) + (current ? sureDown(invoked.index) : 0);
    if (value >= low && value <= high) continue;
    find(findings, 'out-of-bounds', () => ({
      about: `${where(invoked)} read ${value} ${when(done)}; it can be from ${low} to ${high}`,
      ops: [done.index],
    }));
  }
}

interface Change {
  readonly at: number;
  readonly delta: number;
}

/** The sum of what changed before an index. `changes` ascend. O(log n) a call. */
function sweep(changes: readonly Change[], part: (delta: number) => number) {
  const sums = [0];
  for (const { delta } of changes) sums.push((sums.at(-1) ?? 0) + part(delta));
  return (index: number): number => {
    let [low, high] = [0, changes.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((changes[middle]?.at ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return sums[low] ?? 0;
  };
}

function judgeGrowth(reads: readonly Read[], findings: Findings): void {
  const last = new Map<string, Read>();
  for (const read of reads) {
    const { process, node } = read.invoked;
    const client = `${process} ${node}`;
    const before = last.get(client);
    if (before === undefined || before.value <= read.value) {
      last.set(client, read);
      continue;
    }
    find(findings, 'went-back', () => ({
      about:
        `process ${process} read ${read.value} ${when(read.done)} ` +
        `after it had read ${before.value} ${when(before.done)}`,
      ops: [before.done.index, read.done.index],
    }));
  }
}
