// Whether snapshots of a cluster are consistent cuts: no message is received in one that is not
// sent in it, what is sent and not received is under way, and the sum of what nodes and channels
// hold never changes. `snapshot` returns {id, accounts: [{node, balance, sent: [{to, count}],
// received: [{from, upTo, beyond}]}], channels: [{from, to, payments: [[seq, amount]]}]}, where
// messages of one node to another are numbered from 1. Sources: Chandy & Lamport 1985, §2 and §4;
// Mattern 1993 for counts.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { count, enumeration, when, where } from './words.js';

export const cut: Checker = {
  name: 'cut',
  about: 'Snapshots are consistent cuts, and hold all that there is.',
  options: {
    /** What there is; −1: what the first snapshot holds. */
    total: -1,
    /** `final`: a snapshot that is asked for in the end must be completed. */
    owed: 'final',
  },
  check: checkCuts,
};

interface Snapshot {
  readonly op: Op;
  readonly balances: number;
  /** By sender and receiver: how many messages were sent, which were received, which under way. */
  readonly links: ReadonlyMap<string, Link>;
}

interface Link {
  readonly name: string;
  sent: number;
  upTo: number;
  beyond: readonly number[];
  readonly underWay: (readonly [number, number])[];
}

const kinds = ['orphan', 'missing', 'ahead', 'wrong-total', 'incomplete'];
const shownMax = 4;

function checkCuts(history: History, options: CheckerOptions): Judgement {
  const { owed } = options;
  if (owed !== 'final' && owed !== 'none') throw new Error('owed is final or none');
  const findings = noFindings(kinds);
  const doubts: string[] = [];
  let total = options.total === -1 ? undefined : Number(options.total);
  let [cuts, moving] = [0, 0];
  for (const invoked of history.ops) {
    if (invoked.process === 'nemesis' || invoked.f !== 'snapshot') continue;
    if (invoked.type !== 'invoke') continue;
    const done = history.completionOf(invoked);
    if (done?.type !== 'ok') {
      if (owed === 'final' && invoked.final) find(findings, 'incomplete', () => owing(invoked));
      continue;
    }
    const snapshot = snapshotIn(done);
    if (snapshot === undefined) {
      doubts.push(`operation ${done.index} is no snapshot: ${showValue(done.value).slice(0, 80)}`);
      continue;
    }
    const sum = judgeSnapshot(snapshot, findings);
    total ??= sum;
    if (sum !== total) find(findings, 'wrong-total', () => wrongTotal(done, sum, total));
    cuts += 1;
    if ([...snapshot.links.values()].some(({ underWay }) => underWay.length > 0)) moving += 1;
  }
  if (cuts === 0) doubts.push('no snapshot was completed');
  const stats = { cuts, withMessagesUnderWay: moving, total, anomalies: countsOf(findings) };
  return { ...verdictOf(findings, doubts.slice(0, 3)), stats };
}

/** What is wrong with each link; returns what the snapshot holds. */
function judgeSnapshot({ op, balances, links }: Snapshot, findings: Findings): number {
  let sum = balances;
  for (const link of links.values()) {
    const { name, sent, upTo, beyond, underWay } = link;
    for (const [, amount] of underWay) sum += amount;
    const has = (what: string, numbers: readonly number[]) => ({
      about:
        `the snapshot of ${where(op)} ${when(op)} has ${what} ` +
        `${count(numbers.length, 'message')} ${name}: number ` +
        `${enumeration(numbers.map(String), shownMax)}; ${sent} were sent`,
      ops: [op.index],
    });
    const received = new Set(beyond);
    const isReceived = (seq: number): boolean => seq <= upTo || received.has(seq);
    const early = [...range(sent + 1, upTo), ...beyond.filter((seq) => seq > Math.max(sent, upTo))];
    if (early.length > 0) find(findings, 'orphan', () => has('as received and not sent', early));
    const moving = new Set(underWay.map(([seq]) => seq));
    const missing = range(upTo + 1, sent).filter((seq) => !isReceived(seq) && !moving.has(seq));
    if (missing.length > 0) find(findings, 'missing', () => has('neither here nor there', missing));
    const ahead = underWay.map(([seq]) => seq).filter((seq) => seq > sent || isReceived(seq));
    if (ahead.length > 0) {
      find(findings, 'ahead', () => has('under way, received already or not sent,', ahead));
    }
  }
  return sum;
}

/** More than these are not looked at one by one. */
const rangeMax = 10_000;

function range(from: number, to: number): number[] {
  const length = Math.min(Math.max(0, to - from + 1), rangeMax);
  return Array.from({ length }, (_, i) => from + i);
}

function wrongTotal(op: Op, sum: number, total: number | undefined) {
  const about = `the snapshot of ${where(op)} ${when(op)} holds ${sum}; there is ${total}`;
  return { about, ops: [op.index] };
}

function owing(op: Op) {
  const about = `the snapshot that ${where(op)} was asked for in the end was never completed`;
  return { about, ops: [op.index] };
}

type Fields = Readonly<Record<string, unknown>>;

/** Undefined where an operation's value has not the shape of a snapshot. */
function snapshotIn(op: Op): Snapshot | undefined {
  const fields = fieldsOf(op.value);
  const [accounts, channels] = [recordsOf(fields?.accounts), recordsOf(fields?.channels)];
  if (accounts === undefined || channels === undefined) return undefined;
  const links = new Map<string, Link>();
  const between = (from: unknown, to: unknown): Link => {
    const name = `from ${String(from)} to ${String(to)}`;
    const link = links.get(name) ?? { name, sent: 0, upTo: 0, beyond: [], underWay: [] };
    links.set(name, link);
    return link;
  };
  let balances = 0;
  for (const { node, balance, sent, received } of accounts) {
    const [out, come] = [recordsOf(sent), recordsOf(received)];
    if (!isWhole(balance) || out === undefined || come === undefined) return undefined;
    balances += balance;
    for (const { to, count: sentCount } of out) {
      if (!isWhole(sentCount)) return undefined;
      between(node, to).sent = sentCount;
    }
    for (const { from, upTo, beyond } of come) {
      if (!isWhole(upTo) || !Array.isArray(beyond) || !beyond.every(isWhole)) return undefined;
      Object.assign(between(from, node), { upTo, beyond });
    }
  }
  for (const { from, to, payments } of channels) {
    if (!Array.isArray(payments) || !payments.every(isPayment)) return undefined;
    between(from, to).underWay.push(...payments);
  }
  return { op, balances, links };
}

function fieldsOf(value: unknown): Fields | undefined {
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? (value as Fields) : undefined;
}

function recordsOf(value: unknown): readonly Fields[] | undefined {
  if (!Array.isArray(value)) return undefined;
  return value.every((item) => fieldsOf(item) !== undefined) ? value : undefined;
}

function isWhole(value: unknown): value is number {
  return Number.isSafeInteger(value);
}

function isPayment(value: unknown): value is readonly [number, number] {
  return Array.isArray(value) && value.length === 2 && value.every(isWhole);
}
