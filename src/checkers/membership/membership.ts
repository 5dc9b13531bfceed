// Who is there must be known to all in the end, and the dead stay dead. The judge has no list of
// who was up: a node that answers is there, one that says that it leaves is not, and one that
// answers nothing for long has failed. So it judges histories of real clusters too. Invariants of
// group membership: completeness, accuracy, no resurrection, agreement; Chandra & Toueg 1996; SWIM,
// §2.
import type { History } from '../../history/history.js';
import { assert } from '../../kernel/assert.js';
import type { Checker, CheckerOptions, Judgement } from '../checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { quantilesOf } from '../quantiles.js';
import { count, enumeration } from '../words.js';
import { judgeFinals } from './finals.js';
import {
  answeredAll,
  answeredAround,
  type Reading,
  readingOf,
  type Silence,
  silencesIn,
  type View,
} from './reading.js';
import { falseFailure, forged, leaverFailed, resurrected, undetected } from './witnesses.js';

export const membership: Checker = {
  name: 'membership',
  about: 'In the end all nodes see the same members, those that are there, and the dead stay dead.',
  options: {
    /** A node that answers nothing for this long is known to be gone; 0: however long it takes. */
    detectUs: 0,
    /** `never`: nobody who answers is ever held to be failed. `allowed`: they are only counted. */
    falseFailures: 'allowed',
  },
  check: checkMembership,
};

const kinds = [
  'split',
  'ghost',
  'disagreement',
  'resurrected',
  'incarnation-back',
  'leaver-failed',
  'undetected',
  'false-failure',
];

function checkMembership(history: History, options: CheckerOptions): Judgement {
  const { detectUs, falseFailures } = options;
  assert(typeof detectUs === 'number' && detectUs >= 0, 'detectUs is a duration', { detectUs });
  assert(falseFailures === 'never' || falseFailures === 'allowed', 'falseFailures is known');
  const reading = readingOf(history);
  const findings = noFindings(kinds);
  judgeFinals(reading, findings, detectUs);
  for (const views of reading.viewsOf.values()) judgeReader(views, reading, findings);
  judgeIncarnations(reading, findings);
  const silences = silencesIn(reading);
  if (detectUs > 0)
    for (const silence of silences) judgeSilence(silence, reading, findings, detectUs);
  const wrong = falseFailuresIn(reading);
  if (falseFailures === 'never') {
    for (const [view, node] of wrong)
      find(findings, 'false-failure', () => falseFailure(view, node));
  }
  const stats = {
    views: reading.views.length,
    finalViews: reading.views.filter(({ final }) => final).length,
    silences: silences.length,
    falseFailures: wrong.length,
    ...detection(silences, reading),
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubtsOf(reading)), stats };
}

/** What one reader says must not go back while it remembers what it said. */
function judgeReader(views: readonly View[], { left }: Reading, findings: Findings): void {
  let before: View | undefined;
  for (const view of views) {
    for (const [node, { status, incarnation }] of view.standings) {
      const leaver = left.get(node);
      if (status === 'failed' && leaver !== undefined && leaver.op.index < view.invoked.index) {
        if (incarnation <= leaver.incarnation) {
          find(findings, 'leaver-failed', () => leaverFailed(view, node, leaver.op));
        }
      }
      const then = before?.own === view.own ? before.standings.get(node) : undefined;
      const wasGone = then?.status === 'failed' || then?.status === 'left';
      const isBack = status === 'alive' || status === 'suspect';
      if (wasGone && isBack && incarnation <= then.incarnation) {
        find(findings, 'resurrected', () => resurrected(before as View, view, node));
      }
    }
    before = view;
  }
}

/** Nobody knows of a higher incarnation of a node than the node itself, later. */
function judgeIncarnations({ viewsOf }: Reading, findings: Findings): void {
  const highest = new Map<string, { incarnation: number; view: View }>();
  const all = [...viewsOf.values()].flat().sort((a, b) => a.done.index - b.done.index);
  for (const [node, own] of viewsOf) {
    highest.clear();
    let next = 0;
    for (const view of own) {
      while ((all[next]?.done.index ?? Infinity) < view.invoked.index) {
        const seen = all[next++] as View;
        const incarnation = seen.standings.get(node)?.incarnation ?? -1;
        if (incarnation > (highest.get(node)?.incarnation ?? -1)) {
          highest.set(node, { incarnation, view: seen });
        }
      }
      const known = highest.get(node);
      if (known !== undefined && view.own >= 0 && known.incarnation > view.own) {
        find(findings, 'incarnation-back', () => forged(known.view, view, node));
      }
    }
  }
}

/** Whoever was up all the while should know by then. */
function judgeSilence(
  silence: Silence,
  reading: Reading,
  findings: Findings,
  detectUs: number,
): void {
  const { node, from, until } = silence;
  const dueUs = from.timeUs + detectUs;
  const incarnations = reading.views
    .filter(({ done }) => done.timeUs < dueUs)
    .map(({ standings }) => standings.get(node)?.incarnation ?? -1);
  const lastKnown = Math.max(-1, ...incarnations);
  for (const view of reading.views) {
    const { reader, invoked, done, standings } = view;
    const { status, incarnation = -1 } = standings.get(node) ?? {};
    if (reader === node || (status !== 'alive' && status !== 'suspect')) continue;
    if (incarnation > lastKnown) continue; // It is back, and no client has asked it yet.
    if (invoked.timeUs < dueUs || reading.left.has(reader)) continue;
    if (until !== undefined && done.index >= until.index) continue;
    if (!answeredAll(reading, reader, from.timeUs, done.timeUs)) continue;
    find(findings, 'undetected', () => undetected(view, silence));
  }
}

/** Views in which a node that answers is failed and was not in the reader's view before. */
function falseFailuresIn(reading: Reading): [View, string][] {
  const wrong: [View, string][] = [];
  for (const views of reading.viewsOf.values()) {
    let before: View | undefined;
    for (const view of views) {
      for (const [node, { status }] of view.standings) {
        if (status !== 'failed' || before?.standings.get(node)?.status === 'failed') continue;
        if (answeredAround(reading, node, view)) wrong.push([view, node]);
      }
      before = view;
    }
  }
  return wrong;
}

/** From the first unanswered operation to the first view that knows, and to everybody's. */
function detection(silences: readonly Silence[], { viewsOf }: Reading) {
  const first: number[] = [];
  const everywhere: number[] = [];
  for (const { node, from, until } of silences) {
    const known = [...viewsOf].flatMap(([reader, views]) => {
      const knows = ({ standings }: View) => standings.get(node)?.status === 'failed';
      const before = views.findLast(({ done }) => done.index < from.index);
      if (reader === node || (before !== undefined && knows(before))) return [];
      const view = views.find(
        (found) =>
          found.invoked.index > from.index &&
          (until === undefined || found.done.index < until.index) &&
          knows(found),
      );
      return [view === undefined ? Infinity : view.done.timeUs - from.timeUs];
    });
    const [least, most] = [Math.min(...known), Math.max(...known)];
    if (Number.isFinite(least)) first.push(least);
    if (Number.isFinite(most) && known.length > 0) everywhere.push(most);
  }
  return { firstDetectionUs: quantilesOf(first), knownEverywhereUs: quantilesOf(everywhere) };
}

function doubtsOf({ views, malformed, contactsOf }: Reading): string[] {
  const doubts: string[] = [];
  const finals = new Set(views.filter(({ final }) => final).map(({ reader }) => reader));
  if (views.length === 0) doubts.push('nobody said who is a member');
  else if (finals.size === 0) doubts.push('nobody said in the end who is a member');
  const silent = [...contactsOf]
    .filter(([node, contacts]) => !finals.has(node) && contacts.some((c) => c.invoked.final))
    .map(([node]) => node);
  if (silent.length > 0) doubts.push(`no final view from ${enumeration(silent, 8)}`);
  if (malformed.length > 0) doubts.push(`${count(malformed.length, 'view')} had no members`);
  return doubts;
}
