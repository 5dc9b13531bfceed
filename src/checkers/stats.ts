// How many operations of each function ended how, how long they took, and what they cost in
// messages. Source: jepsen.checker/stats and Maelstrom, net/checker.clj: messages between servers,
// lost ones included, over all invocations by clients.
import type { Counts } from '../history/counts.js';
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { compareTexts } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, find, listedMax, noFindings, verdictOf } from './findings.js';
import { quantilesOf } from './quantiles.js';
import { count, enumeration } from './words.js';

export const stats: Checker = {
  name: 'stats',
  about: 'Operations, latencies and messages in figures; every function succeeds at least once.',
  options: {},
  check: checkStats,
};

/** What became of the operations of one function. */
interface Tally {
  readonly f: string;
  invoked: number;
  ok: number;
  fail: number;
  info: number;
  open: number;
  readonly latencies: number[];
  /** How often each error occurred, in the order in which they first did. */
  readonly errors: Map<string, number>;
  readonly invocations: Op[];
}

function checkStats(history: History, _options: CheckerOptions, counts?: Counts): Judgement {
  const tallies = talliesOf(history);
  const findings = noFindings(['never-ok']);
  for (const tally of tallies) {
    if (isHopeless(tally)) find(findings, 'never-ok', () => neverOk(tally));
  }
  const doubts = tallies.length === 0 ? ['no operation was invoked'] : [];
  const figures = {
    ...totalOf(tallies),
    byFunction: Object.fromEntries(tallies.map((tally) => [tally.f, figuresOf(tally)])),
    ...(counts !== undefined && messageFigures(tallies, counts)),
    anomalies: countsOf(findings),
    maelstrom: { 'valid?': !tallies.some(isHopeless) },
  };
  return { ...verdictOf(findings, doubts), stats: figures };
}

/** Functions that never succeed, as in Jepsen: a client that crashes has no answer. */
const neverAnswered: ReadonlySet<string> = new Set(['crash', 'debug-topic-partitions']);

function isHopeless({ f, ok }: Tally): boolean {
  return ok === 0 && !neverAnswered.has(f);
}

/** By name of the function. */
function talliesOf(history: History): readonly Tally[] {
  const tallies = new Map<string, Tally>();
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    const tally = tallies.get(op.f) ?? emptyTally(op.f);
    tallies.set(op.f, tally);
    add(tally, op, history.completionOf(op));
  }
  return [...tallies.values()].sort((a, b) => compareTexts(a.f, b.f));
}

function emptyTally(f: string): Tally {
  const none = { invoked: 0, ok: 0, fail: 0, info: 0, open: 0 };
  return { f, ...none, latencies: [], errors: new Map(), invocations: [] };
}

function add(tally: Tally, op: Op, completion: Op | undefined): void {
  tally.invoked++;
  if (tally.invocations.length < listedMax) tally.invocations.push(op);
  if (completion === undefined) {
    tally.open++;
    return;
  }
  const { type, error } = completion;
  if (type === 'ok') {
    tally.ok++;
    tally.latencies.push(completion.timeUs - op.timeUs);
  } else if (type === 'fail') {
    tally.fail++;
  } else {
    tally.info++;
  }
  if (error !== undefined) tally.errors.set(error, (tally.errors.get(error) ?? 0) + 1);
}

/** `latencyUs`: from the invocation to its acknowledgement. */
function figuresOf({ invoked, ok, fail, info, open, latencies, errors }: Tally) {
  const latencyUs = quantilesOf(latencies);
  return {
    invoked,
    ...{ ok, fail, info, open },
    ...(latencyUs !== undefined && { latencyUs }),
    ...(errors.size > 0 && { errors: Object.fromEntries(errors) }),
  };
}

function totalOf(tallies: readonly Tally[]) {
  const sum = (of: (tally: Tally) => number): number =>
    tallies.reduce((total, tally) => total + of(tally), 0);
  const latencyUs = quantilesOf(tallies.flatMap(({ latencies }) => latencies));
  return {
    invoked: sum(({ invoked }) => invoked),
    ok: sum(({ ok }) => ok),
    fail: sum(({ fail }) => fail),
    info: sum(({ info }) => info),
    open: sum(({ open }) => open),
    ...(latencyUs !== undefined && { latencyUs }),
  };
}

/**
 * `messagesPerOp` is Maelstrom's `msgs-per-op`. `messagesPerWrite` leaves reads out of the
 * invocations, so that it does not depend on how often clients look.
 */
function messageFigures(tallies: readonly Tally[], { messages }: Counts) {
  const invoked = tallies.reduce((total, tally) => total + tally.invoked, 0);
  const reads = tallies.find(({ f }) => f === 'read')?.invoked ?? 0;
  const { sent } = messages.servers;
  return {
    messages,
    ...(invoked > 0 && { messagesPerOp: sent / invoked }),
    ...(invoked > reads && { messagesPerWrite: sent / (invoked - reads) }),
  };
}

function neverOk({ f, invoked, fail, info, open, errors, invocations }: Tally) {
  const causes = [...errors].map(([error, times]) => `${error} (${times})`);
  const why = causes.length === 0 ? '' : `: ${enumeration(causes, 4)}`;
  return {
    about:
      `no ${f} was ever acknowledged: of ${count(invoked, 'invocation')} ${fail} failed, ` +
      `${info + open} ended unknown${why}`,
    ops: invocations.map((op) => op.index),
  };
}
