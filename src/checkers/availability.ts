// What share of the operations was acknowledged, as Maelstrom counts it: definite failures count as
// not available. Source: Maelstrom, checker.clj (availability-checker).
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { assert } from '../kernel/assert.js';
import { formatInstant } from '../kernel/time.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, find, listedMax, noFindings, verdictOf } from './findings.js';
import { count } from './words.js';

export const availability: Checker = {
  name: 'availability',
  about: 'At least a given share of the operations is acknowledged; without one, only the figures.',
  options: { minPpm: 0 },
  check: checkAvailability,
};

interface Tally {
  readonly invoked: number;
  readonly ok: number;
  readonly failed: number;
  /** Ended as info, or never. */
  readonly unknown: number;
  /** The first invocations that were not acknowledged. */
  readonly missed: readonly Op[];
}

function checkAvailability(history: History, options: CheckerOptions): Judgement {
  const { minPpm } = options;
  assert(typeof minPpm === 'number', 'minPpm is a number');
  assert(minPpm >= 0 && minPpm <= 1_000_000, 'minPpm is a share', { minPpm });
  const findings = noFindings(['unavailable']);
  const tally = tallyOf(history);
  const { invoked, ok, failed, unknown } = tally;
  const short = ok * 1_000_000 < minPpm * invoked;
  if (short) find(findings, 'unavailable', () => unavailable(tally, minPpm, history));
  const doubts = minPpm > 0 && invoked === 0 ? ['no operation was invoked'] : [];
  const okFraction = invoked === 0 ? 1 : ok / invoked;
  const effective = invoked - failed;
  const stats = {
    ...{ invoked, ok, failed, unknown },
    okFraction,
    /** Of the operations that did not definitely fail. */
    okFractionWithoutFailures: effective === 0 ? 1 : ok / effective,
    anomalies: countsOf(findings),
    maelstrom: { 'valid?': !short, 'ok-fraction': okFraction },
  };
  return { ...verdictOf(findings, doubts), stats };
}

function tallyOf(history: History): Tally {
  const missed: Op[] = [];
  let [invoked, ok, failed] = [0, 0, 0];
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    invoked++;
    const type = history.completionOf(op)?.type;
    if (type === 'ok') ok++;
    else if (missed.length < listedMax) missed.push(op);
    if (type === 'fail') failed++;
  }
  return { invoked, ok, failed, unknown: invoked - ok - failed, missed };
}

function unavailable(tally: Tally, minPpm: number, history: History) {
  const { invoked, ok, failed, unknown, missed } = tally;
  const asked = minPpm === 1_000_000 ? 'all' : `at least ${minPpm / 10_000} %`;
  const gap = longestGap(history);
  const [from, until] = [gap?.fromUs ?? 0, gap?.untilUs ?? 0].map(formatInstant);
  const silence = gap === undefined ? '' : `; nothing was acknowledged from ${from} to ${until} s`;
  return {
    about:
      `of ${count(invoked, 'operation')} ${ok} were acknowledged, ${asked} should have been: ` +
      `${failed} failed, ${unknown} ended unknown${silence}`,
    ops: missed.map((op) => op.index),
  };
}

/** The longest time from an invocation to the next acknowledgement of any operation. */
function longestGap(history: History) {
  let fromUs: number | undefined;
  let longest = { fromUs: 0, untilUs: 0 };
  for (const { process, type, timeUs } of history.ops) {
    if (process === 'nemesis') continue;
    if (type === 'invoke') fromUs ??= timeUs;
    const sinceUs = fromUs ?? timeUs;
    if (timeUs - sinceUs > longest.untilUs - longest.fromUs) {
      longest = { fromUs: sinceUs, untilUs: timeUs };
    }
    if (type === 'ok') fromUs = undefined;
  }
  return longest.untilUs > longest.fromUs ? longest : undefined;
}
