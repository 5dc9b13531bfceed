// Maelstrom's g-counter and pn-counter: final reads must be a sum that the adds allow, as
// Maelstrom has it, and every other read must be what some of the adds that had begun come to:
// exactly, unless too many sums are possible; then only their least and greatest are known.
// Where `reads` is `current` a read must have all that was acknowledged before it began, too;
// where it is `final` only final reads count. A `growing` counter never shows a client less than
// it showed it before. What only adds explain that were refused is said as that; to Maelstrom they
// may have taken place. Sources: Maelstrom, workload/pn_counter.clj; jepsen.checker/counter.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { isRefused } from './refused.js';
import { asMaelstrom } from './strictness.js';
import { Sums } from './sums.js';
import { enumeration, when, where } from './words.js';

export const counter: Checker = {
  name: 'counter',
  about: 'A counter shows what was added to it, in the end and on the way.',
  options: { reads: 'bounded', growing: false, sumsMax: 4_096, strictness: 'stormglass' },
  check: checkCounter,
};

interface Add {
  readonly delta: number;
  readonly invoked: Op;
  /** Undefined where nobody knows whether it happened, and where it did not. */
  readonly ok: Op | undefined;
}

/** An add that certainly did not happen, and how it ended. */
interface FailedAdd extends Add {
  readonly refused: Op;
}

interface Read {
  readonly value: number;
  readonly invoked: Op;
  readonly done: Op;
}

function checkCounter(history: History, options: CheckerOptions): Judgement {
  if (asMaelstrom(options)) return checkFinals(history, options);
  const { reads: rule, growing, sumsMax } = rulesOf(options);
  const { adds, failed, reads, doubts } = readCounter(history);
  const findings = noFindings([
    'wrong-final',
    'out-of-bounds',
    'impossible-sum',
    'failed-but-counted',
    'went-back',
  ]);
  const sums = sumsOf(adds, sumsMax);
  if (!sums.exact) doubts.push(`more than sumsMax = ${sumsMax} ranges of sums are possible`);
  for (const read of reads) {
    const last = read.invoked.final === true && isLast(read, adds);
    if (last) judgeFinal(read, adds, { sums, failed, findings });
  }
  const place = { current: rule === 'current', sumsMax, failed, findings };
  const others = reads.filter((read) => read.invoked.final !== true || !isLast(read, adds));
  const inexact = rule === 'final' ? 0 : judgeReads(adds, others, place);
  if (growing && adds.some(({ delta }) => delta < 0)) doubts.push('a growing counter fell');
  else if (growing) judgeGrowth(reads, findings);
  const finals = reads.filter(({ invoked }) => invoked.final === true);
  if (!finals.some((read) => isLast(read, adds))) doubts.push('no final read comes after all adds');
  const stats = {
    adds: adds.length,
    reads: reads.length,
    readsJudged: { exactly: rule === 'final' ? 0 : others.length - inexact, byBounds: inexact },
    finalReads: finals.map(({ value }) => value).slice(0, 64),
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubts), stats };
}

/** Maelstrom's verdict: every final read is a sum, whenever it was; all other reads are right. */
function checkFinals(history: History, options: CheckerOptions): Judgement {
  const { adds: others, failed, reads, doubts } = readCounter(history, Math.trunc);
  const adds = [...others, ...failed.filter(({ refused }) => refused.type === 'info')];
  const sums = sumsOf(adds, rulesOf(options).sumsMax);
  const findings = noFindings(['wrong-final']);
  const finals = reads.filter(({ invoked }) => invoked.final === true);
  for (const read of finals) judgeFinal(read, adds, { sums, failed: [], findings });
  if (!sums.exact) doubts.push('too many ranges of sums are possible');
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

/** `whole` makes a whole number of what is read. */
function readCounter(history: History, whole = (value: number): number => value) {
  const adds: Add[] = [];
  const failed: FailedAdd[] = [];
  const reads: Read[] = [];
  const strange: Op[] = [];
  for (const invoked of history.ops) {
    if (invoked.process === 'nemesis' || invoked.type !== 'invoke') continue;
    const done = history.completionOf(invoked);
    if (invoked.f === 'add') {
      const delta = numberIn(invoked.value, 'delta', whole);
      const refused = done !== undefined && isRefused(done) ? done : undefined;
      if (delta === undefined) {
        if (done?.type !== 'fail') strange.push(invoked);
      } else if (refused !== undefined) failed.push({ delta, invoked, ok: undefined, refused });
      else adds.push({ delta, invoked, ok: done?.type === 'ok' ? done : undefined });
    } else if (invoked.f === 'read' && done?.type === 'ok') {
      const value = numberIn(done.value, 'value', whole);
      if (value === undefined) strange.push(done);
      else reads.push({ value, invoked, done });
    }
  }
  const [first] = strange;
  if (first === undefined) return { adds, failed, reads, doubts: [] as string[] };
  // Without one of the adds nothing is known of any sum.
  const reason = `operation ${first.index} has ${showValue(first.value)}, which is no whole number`;
  return { adds: [], failed: [], reads: [], doubts: [reason] };
}

/** A whole number, or the field of a record that has one. */
function numberIn(
  value: unknown,
  field: string,
  whole: (value: number) => number,
): number | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  const found = isRecord ? (value as Readonly<Record<string, unknown>>)[field] : value;
  const number = typeof found === 'number' ? whole(found) : undefined;
  return Number.isSafeInteger(number) ? number : undefined;
}

/** What adds of unknown outcome may come to, beside the others. */
function sumsOf(adds: readonly Add[], sumsMax: number): Sums {
  const sums = new Sums(sumsMax);
  for (const { delta, ok } of adds) if (ok === undefined) sums.add(delta);
  return sums;
}

interface FinalPlace {
  readonly sums: Sums;
  readonly failed: readonly FailedAdd[];
  readonly findings: Findings;
}

function judgeFinal(read: Read, adds: readonly Add[], place: FinalPlace): void {
  const { sums, failed, findings } = place;
  let sure = 0;
  for (const { delta, ok } of adds) if (ok !== undefined) sure += delta;
  if (sums.has(read.value - sure)) return;
  const counted = countedThough(failed, read, sums);
  if (counted?.has(read.value - sure) === true) {
    find(findings, 'failed-but-counted', () => failedButCounted(read, failed));
    return;
  }
  const unknown = sums.count > 1 ? `, and ${sums.count} sums are possible` : '';
  find(findings, 'wrong-final', () => ({
    about:
      `the final read of ${where(read.invoked)} ${when(read.done)} is ${read.value}; ` +
      `${sure} was certainly added${unknown}`,
    ops: [read.done.index],
  }));
}

/** What may be added if adds that failed by the end of a read count; undefined if none did. */
function countedThough(failed: readonly FailedAdd[], { done }: Read, sums: Sums): Sums | undefined {
  const before = failed.filter(({ invoked }) => invoked.index < done.index);
  if (before.length === 0) return undefined;
  const all = sums.copy();
  for (const { delta } of before) all.add(delta);
  return all;
}

/** How many operations a witness names. */
const namedMax = 8;

function failedButCounted({ value, invoked, done }: Read, failed: readonly FailedAdd[]) {
  const before = failed.filter((add) => add.delta !== 0 && add.invoked.index < done.index);
  const named = before.slice(0, namedMax);
  const adds = named.map((add) => `${add.delta} at ${where(add.invoked)} ${when(add.invoked)}`);
  return {
    about:
      `${where(invoked)} read ${value} ${when(done)}, which only adds that definitely failed ` +
      `explain, such as ${enumeration(adds, namedMax)}`,
    ops: [...named.map((add) => add.refused.index), done.index].sort((a, b) => a - b),
  };
}

/** Adds beside or after a final read make it one like any other. */
function isLast({ invoked: { index } }: Read, adds: readonly Add[]): boolean {
  return adds.every(({ invoked, ok }) => invoked.index < index && (ok?.index ?? -1) < index);
}

interface ReadPlace {
  /** Whether what was acknowledged before a read must be in it. */
  readonly current: boolean;
  readonly sumsMax: number;
  readonly failed: readonly FailedAdd[];
  readonly findings: Findings;
}

/**
 * Each read must be the sum of all adds that must be in it and of some that may. Where reads may be
 * behind, that is any set of adds that had begun. How many reads were judged by bounds alone.
 */
function judgeReads(adds: readonly Add[], reads: readonly Read[], place: ReadPlace): number {
  const { current, sumsMax, failed, findings } = place;
  const acked = adds
    .flatMap(({ ok, delta }) => (ok === undefined ? [] : [{ at: ok.index, delta }]))
    .sort((a, b) => a.at - b.at);
  const sure = sweep(acked);
  const open = new OpenAdds(adds);
  const sums = new Sums(sumsMax);
  let [begun, inexact] = [0, 0];
  for (const read of [...reads].sort((a, b) => a.done.index - b.done.index)) {
    const { value, invoked, done } = read;
    for (let add = adds[begun]; add !== undefined; add = adds[++begun]) {
      if (add.invoked.index > done.index) break;
      if (!current || add.ok === undefined) sums.add(add.delta);
    }
    const possible = current ? sums.copy() : sums;
    if (current) for (const delta of open.beside(invoked.index, begun)) possible.add(delta);
    const base = current ? sure(invoked.index) : 0;
    if (!possible.exact) inexact++;
    if (possible.has(value - base)) continue;
    if (countedThough(failed, read, possible)?.has(value - base) === true) {
      find(findings, 'failed-but-counted', () => failedButCounted(read, failed));
      continue;
    }
    const [low, high] = [base + possible.least, base + possible.greatest];
    const within = value >= low && value <= high;
    const why = within ? 'which no adds come to' : `it can be from ${low} to ${high}`;
    find(findings, within ? 'impossible-sum' : 'out-of-bounds', () => ({
      about: `${where(invoked)} read ${value} ${when(done)}${within ? ', ' : '; '}${why}`,
      ops: [done.index],
    }));
  }
  return inexact;
}

/** Acknowledged adds, to find those that were under way during a read. */
class OpenAdds {
  readonly #adds: readonly Add[];
  /** By position the last acknowledgement of this add and all before it. */
  readonly #latest: Float64Array;

  constructor(adds: readonly Add[]) {
    this.#adds = adds;
    this.#latest = new Float64Array(adds.length);
    let latest = -1;
    for (const [at, { ok }] of adds.entries()) {
      latest = Math.max(latest, ok?.index ?? -1);
      this.#latest[at] = latest;
    }
  }

  /** What those of the first `begun` added that were not acknowledged before `since`. */
  beside(since: number, begun: number): readonly number[] {
    const deltas: number[] = [];
    for (let at = begun - 1; at >= 0 && (this.#latest[at] ?? -1) > since; at--) {
      const { ok, delta } = this.#adds[at] as Add;
      if (ok !== undefined && ok.index > since) deltas.push(delta);
    }
    return deltas;
  }
}

interface Change {
  readonly at: number;
  readonly delta: number;
}

/** The sum of what changed before an index. `changes` ascend. O(log n) a call. */
function sweep(changes: readonly Change[]): (index: number) => number {
  const sums = [0];
  for (const { delta } of changes) sums.push((sums.at(-1) ?? 0) + delta);
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
