// Maelstrom's kafka: a log for each key. What was sent and acknowledged is polled, once, at one
// offset, in order and without gaps; committed offsets are kept. Offsets may be sparse and large.
// Source: jepsen.tests.kafka, Maelstrom's workload/kafka.clj; what differs is said beside it.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { showValue } from '../../history/value.js';
import type { Checker, CheckerOptions, Judgement } from '../checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { asMaelstrom } from '../strictness.js';
import { enumeration, when } from '../words.js';
import { commitFaults } from './commits.js';
import { flowCycles } from './cycles.js';
import { lagsOf } from './lag.js';
import { type Log, logsOf } from './log.js';
import { judgeMessages } from './messages.js';
import { type Step, stepsOf } from './reading.js';
import { slipsIn } from './sequences.js';

export const kafka: Checker = {
  name: 'kafka',
  about: 'Logs lose, repeat and reorder nothing, and keep the offsets committed to them.',
  options: { strictness: 'stormglass' },
  check: checkKafka,
};

/**
 * As Jepsen: a transaction's own sends need not lie side by side, nor those of one that came
 * before. And where keys are given by subscription, a client may begin anew at any poll.
 */
const tolerated: ReadonlySet<string> = new Set([
  ...['int-send-skip', 'G0', 'G0-process', 'G0-realtime'],
]);
const subscribed: ReadonlySet<string> = new Set(['poll-skip', 'nonmonotonic-poll']);
/** What a subscription that changes in the middle of a poll may explain. */
const rebalanced: ReadonlySet<string> = new Set(['int-poll-skip', 'int-nonmonotonic-poll']);

const kinds = [
  ...['lost-write', 'lost-commit', 'inconsistent-offsets', 'duplicate', 'phantom', 'G1a'],
  ...['G1c', 'G1c-process', 'G1c-realtime'],
  ...['poll-skip', 'nonmonotonic-poll', 'int-poll-skip', 'int-nonmonotonic-poll'],
  ...['nonmonotonic-send', 'int-nonmonotonic-send', 'int-send-skip'],
  ...['precommitted-read', 'phantom-commit', 'refused-commit', 'unseen', 'half-seen'],
] as const;

function checkKafka(history: History, options: CheckerOptions): Judgement {
  const lenient = asMaelstrom(options);
  const steps = stepsOf(history);
  const logs = logsOf(steps);
  const findings = noFindings(kinds);
  const allowed = noFindings([...tolerated, ...subscribed, ...rebalanced]);
  const subscribes = steps.some(({ invoked }) => invoked.f === 'subscribe');
  const allows = (kind: string): boolean =>
    tolerated.has(kind) || (subscribes && (subscribed.has(kind) || rebalanced.has(kind)));
  const doubts = judgeMessages(steps, logs, { findings, lenient });
  for (const log of logs.values()) findConflicts(log, findings);
  slipsIn(steps, logs, lenient, (slip) => {
    const into = allows(slip.kind) ? allowed : findings;
    find(into, slip.kind, () => {
      const skipped = slip.skipped === undefined ? '' : `, leaving out ${slip.skipped}`;
      return {
        about:
          `${whoText(slip.after)} went, in the log ${showValue(slip.key)}, ` +
          `from ${slip.from} to ${slip.to}${skipped}`,
        ops: indices([slip.before, slip.after]),
      };
    });
  });
  for (const { kind, about, steps: ring } of flowCycles(steps, logs)) {
    find(allows(kind) ? allowed : findings, kind, () => ({ about, ops: indices(ring) }));
  }
  if (!lenient) findLostCommits(history, findings);
  const polled = steps.some(({ moves }) => moves.some(({ f }) => f === 'poll'));
  if (!polled && !lenient) doubts.push('nothing was polled');
  if (Object.keys(countsOf(allowed)).some((kind) => rebalanced.has(kind))) {
    doubts.push('a subscription may have changed in the middle of a poll');
  }
  const stats = {
    keys: logs.size,
    steps: steps.length,
    lag: lagsOf(steps, logs),
    consumeCounts: consumeCounts(steps),
    anomalies: countsOf(findings),
    tolerated: countsOf(allowed),
  };
  return { ...verdictOf(findings, doubts), stats };
}

function findConflicts({ key, at }: Log, findings: Findings): void {
  for (const [offset, messages] of at) {
    if (messages.size < 2) continue;
    find(findings, 'inconsistent-offsets', () => {
      const values = [...messages.keys()].map((value) => showValue(value));
      return {
        about: `the log ${showValue(key)} has ${enumeration(values, 4)} at the offset ${offset}`,
        ops: sorted([...messages.values()].slice(0, 4)),
      };
    });
  }
}

function findLostCommits(history: History, findings: Findings): void {
  commitFaults(history, ({ kind, key, list, found, commit, expected }) => {
    find(findings, kind, () => {
      const has = found === undefined ? 'no committed offset' : `the committed offset ${found}`;
      const what = kind === 'refused-commit' ? 'was definitely refused' : 'was committed';
      const was = commit === undefined ? '' : `; ${expected} ${what} ${when(commit)}`;
      const why = kind === 'phantom-commit' ? ', which nobody committed' : '';
      const ops = commit === undefined ? [list] : [commit, list];
      return {
        about: `the log ${showValue(key)} has ${has} ${when(list)}${why}${was}`,
        ops: sorted(ops),
      };
    });
  });
}

/** How many records were polled how often by one client: 1 where each was polled once. */
function consumeCounts(steps: readonly Step[]): Readonly<Record<string, number>> {
  const times = new Map<string, number>();
  for (const { invoked, moves } of steps) {
    for (const move of moves) {
      if (move.f !== 'poll') continue;
      for (const { offset } of move.records) {
        const record = `${invoked.process} ${offset} ${typeof move.key} ${String(move.key)}`;
        times.set(record, (times.get(record) ?? 0) + 1);
      }
    }
  }
  const counts = new Map<number, number>();
  for (const n of times.values()) counts.set(n, (counts.get(n) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([a], [b]) => a - b));
}

function whoText({ invoked }: Step): string {
  return `process ${invoked.process} ${when(invoked)}`;
}

function indices(steps: readonly Step[]): readonly number[] {
  return sorted(steps.map(({ done, invoked }) => done ?? invoked));
}

function sorted(ops: readonly Op[]): readonly number[] {
  return [...new Set(ops.map(({ index }) => index))].sort((a, b) => a - b);
}
