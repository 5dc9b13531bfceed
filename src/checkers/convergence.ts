// Strong eventual consistency of a document of data types: in the end all nodes show the same
// (Shapiro et al. 2011, §2.2), and where what clients were told decides it, what they were told: a
// grow-only set has every element whose addition was acknowledged, and a counter the sum. Mutations
// without an answer may have happened or not.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { keyOf, showValue } from '../history/value.js';
import type { Checker, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { enumeration, when, where } from './words.js';

export const convergence: Checker = {
  name: 'convergence',
  about: 'All nodes show the same document in the end, with all that was acknowledged.',
  options: {},
  check: checkConvergence,
};

/** An acknowledged final read, by the objects it shows. */
interface Shown {
  readonly op: Op;
  readonly objects: ReadonlyMap<unknown, unknown>;
}

interface Mutation {
  readonly invoked: Op;
  readonly type: unknown;
  readonly op: unknown;
  readonly arg: unknown;
  readonly fate: 'ok' | 'unknown';
}

function checkConvergence(history: History): Judgement {
  const findings = noFindings(['diverged', 'lost', 'phantom', 'wrong-count']);
  const mutations = mutationsIn(history);
  const shown = finalsIn(history);
  const [first, ...others] = shown;
  for (const other of others) if (first !== undefined) compare(first, other, findings);
  for (const one of shown) {
    judgeSet(one, mutations, findings);
    for (const type of ['g-counter', 'pn-counter']) judgeCount(one, type, mutations, findings);
  }
  const acknowledged = mutations.filter(({ fate }) => fate === 'ok').length;
  const stats = {
    mutations: mutations.length,
    acknowledged,
    finalReads: shown.length,
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubtsOf(history, shown, acknowledged)), stats };
}

function mutationsIn(history: History): Mutation[] {
  return history.ops.flatMap((invoked): Mutation[] => {
    if (invoked.process === 'nemesis' || invoked.f !== 'mutate' || invoked.type !== 'invoke')
      return [];
    const completion = history.completionOf(invoked)?.type;
    if (completion === 'fail' || !Array.isArray(invoked.value)) return [];
    const [type, op, arg] = invoked.value as readonly unknown[];
    return [{ invoked, type, op, arg, fate: completion === 'ok' ? 'ok' : 'unknown' }];
  });
}

function finalsIn(history: History): Shown[] {
  return history.ops.flatMap((op): Shown[] => {
    if (op.process === 'nemesis' || op.f !== 'read' || op.type !== 'ok' || op.final !== true)
      return [];
    const isDocument = Array.isArray(op.value) && op.value.every((entry) => Array.isArray(entry));
    if (!isDocument) return [];
    return [{ op, objects: new Map(op.value as [unknown, unknown][]) }];
  });
}

function compare(a: Shown, b: Shown, findings: Findings): void {
  for (const [type, value] of a.objects) {
    if (keyOf(value) === keyOf(b.objects.get(type))) continue;
    find(findings, 'diverged', () => ({
      about:
        `${String(type)} is ${showValue(value)} at ${where(a.op)} ${when(a.op)} ` +
        `and ${showValue(b.objects.get(type))} at ${where(b.op)} ${when(b.op)}`,
      ops: [a.op.index, b.op.index],
    }));
  }
}

function judgeSet(
  { op, objects }: Shown,
  mutations: readonly Mutation[],
  findings: Findings,
): void {
  const value = objects.get('g-set');
  if (!Array.isArray(value)) return;
  const held = new Set((value as readonly unknown[]).map(keyOf));
  const added = new Set<unknown>();
  for (const { type, arg, fate, invoked } of mutations) {
    if (type !== 'g-set') continue;
    added.add(keyOf(arg));
    if (fate !== 'ok' || held.has(keyOf(arg))) continue;
    find(findings, 'lost', () => ({
      about:
        `${showValue(arg)}, added ${when(invoked)}, ` +
        `is not in g-set at ${where(op)} ${when(op)}`,
      ops: [invoked.index, op.index],
    }));
  }
  for (const element of value as readonly unknown[]) {
    if (added.has(keyOf(element))) continue;
    find(findings, 'phantom', () => ({
      about: `${showValue(element)} is in g-set at ${where(op)} ${when(op)}; nobody added it`,
      ops: [op.index],
    }));
  }
}

function judgeCount(
  { op, objects }: Shown,
  type: string,
  mutations: readonly Mutation[],
  findings: Findings,
): void {
  const value = objects.get(type);
  if (typeof value !== 'number') return;
  let [least, most] = [0, 0];
  for (const mutation of mutations) {
    if (mutation.type !== type) continue;
    const amount = mutation.op === 'decrement' ? -Number(mutation.arg) : Number(mutation.arg);
    if (mutation.fate === 'ok' || amount < 0) least += amount;
    if (mutation.fate === 'ok' || amount > 0) most += amount;
  }
  if (value >= least && value <= most) return;
  const expected = least === most ? `${least}` : `${least} to ${most}`;
  find(findings, 'wrong-count', () => ({
    about:
      `${type} is ${value} at ${where(op)} ${when(op)}; ` +
      `what was acknowledged makes ${expected}`,
    ops: [op.index],
  }));
}

function doubtsOf(history: History, shown: readonly Shown[], acknowledged: number): string[] {
  const doubts: string[] = [];
  if (acknowledged === 0) doubts.push('no mutation was acknowledged');
  if (shown.length === 0) doubts.push('nobody read the document in the end');
  const places = new Set(shown.map(({ op }) => where(op)));
  const silent = history.ops
    .filter((op) => op.final === true && op.type === 'invoke' && !places.has(where(op)))
    .map(where);
  if (silent.length > 0) doubts.push(`no final read from ${enumeration([...new Set(silent)], 8)}`);
  return doubts;
}
