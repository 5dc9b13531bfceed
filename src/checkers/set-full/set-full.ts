// Values that were added must be found, on every node, in the end; reads return each once and none
// that nobody added. Judges broadcast (`broadcast`) and grow-only sets (`add`); `read` returns all
// values. Stricter than the checker of the same name that it comes from: whatever Maelstrom
// refuses, it refuses too, see fates.ts. Source: jepsen.checker/set-full.
import type { History } from '../../history/history.js';
import { compareValues, showValue } from '../../history/value.js';
import type { Checker, CheckerOptions, Judgement } from '../checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { quantilesOf } from '../quantiles.js';
import { asMaelstrom } from '../strictness.js';
import { count, enumeration } from '../words.js';
import { type Fate, fatesOf, lastFinals } from './fates.js';
import { maelstromFigures } from './maelstrom.js';
import { sightingsIn } from './sightings.js';
import { type Read, type Timeline, timelineOf } from './timeline.js';
import { diverged, duplicate, failedButRead, lost, phantom, vanished } from './witnesses.js';

export const setFull: Checker = {
  name: 'set-full',
  about: 'What was added is on every node in the end, once, and nothing else is.',
  options: { strictness: 'stormglass' },
  check: checkSetFull,
};

/** How many values a figure or a reason names. */
const namedMax = 8;

function checkSetFull(history: History, options: CheckerOptions): Judgement {
  const timeline = timelineOf(history);
  const { elements, reads } = timeline;
  const sightings = sightingsIn(reads, elements, ({ firstAdd }) => firstAdd?.index ?? -1);
  const sinceLast = elements.some(({ adds }) => adds > 1)
    ? sightingsIn(reads, elements, ({ lastAdd }) => lastAdd?.index ?? -1)
    : sightings;
  const lenient = asMaelstrom(options);
  const fates = fatesOf(timeline, sightings, lenient);
  const maelstrom = maelstromFigures(elements, reads, sinceLast);
  const findings = lenient ? lostIn(fates, maelstrom.lost) : findingsIn(timeline, fates);
  const figures = {
    attempted: elements.filter(({ firstAdd }) => firstAdd !== undefined).length,
    acknowledged: elements.filter(({ acked }) => acked !== undefined).length,
    stable: fates.filter(({ stable }) => stable).length,
    unread: unreadOf(fates).length,
    reads: reads.length,
    finalReads: lastFinals(reads).length,
    ...latencies(timeline, fates),
    anomalies: countsOf(findings),
    maelstrom: maelstrom.figures,
  };
  const doubts = lenient ? maelstrom.doubts : doubtsOf(timeline, fates);
  return { ...verdictOf(findings, doubts), stats: figures };
}

/** What is lost to Maelstrom: nothing else is wrong there. */
function lostIn(fates: readonly Fate[], elements: ReadonlySet<unknown>): Findings {
  const findings = noFindings(['lost']);
  for (const fate of fates) {
    if (elements.has(fate.element)) find(findings, 'lost', () => lost(fate));
  }
  return findings;
}

function findingsIn({ elements, reads }: Timeline, fates: readonly Fate[]): Findings {
  const findings = noFindings([
    'lost',
    'vanished',
    'diverged',
    'duplicate',
    'phantom',
    'failed-but-read',
  ]);
  for (const fate of fates) {
    if (fate.missingFrom.length === 0) continue;
    if (fate.element.acked !== undefined) find(findings, 'lost', () => lost(fate));
    else if (fate.keepers > 0) find(findings, 'diverged', () => diverged(fate));
    else find(findings, 'vanished', () => vanished(fate));
  }
  const everSeen = sightingsIn(reads, elements, () => -1);
  for (const element of elements) {
    if (element.repeats > 0) find(findings, 'duplicate', () => duplicate(element));
    const read = reads[everSeen.firstPresent[element.number] ?? -1];
    if (read === undefined) continue;
    if (element.firstAdd === undefined || read.done.index < element.firstAdd.index) {
      find(findings, 'phantom', () => phantom(element, read));
    } else if (element.failedAdds === element.adds) {
      find(findings, 'failed-but-read', () => failedButRead(element, read));
    }
  }
  return findings;
}

/** Why the history cannot show that all is well, although it shows nothing wrong. */
function doubtsOf(timeline: Timeline, fates: readonly Fate[]): readonly string[] {
  const doubts: string[] = [];
  const { elements, malformed, silent } = timeline;
  if (elements.every(({ firstAdd }) => firstAdd === undefined)) doubts.push('nothing was added');
  else if (!fates.some(({ stable }) => stable))
    doubts.push('no value that was added was read back');
  const unread = unreadOf(fates).map(({ element }) => showValue(element.value));
  if (unread.length > 0) {
    const values = count(unread.length, 'acknowledged value');
    doubts.push(`${values} could not be read back: ${enumeration(unread, namedMax)}`);
  }
  if (silent.length > 0) {
    doubts.push(`no final read from ${enumeration(silent, namedMax)}`);
  }
  if (malformed.length > 0) {
    const at = malformed.map(({ index }) => String(index));
    doubts.push(`reads returned no list: operations ${enumeration(at, namedMax)}`);
  }
  return doubts;
}

/** Acknowledged elements of which no later read tells whether they are there. */
function unreadOf(fates: readonly Fate[]): readonly Fate[] {
  return fates.filter(
    ({ element, stable, missingFrom }) =>
      element.acked !== undefined && !stable && missingFrom.length === 0,
  );
}

interface Latency {
  readonly value: unknown;
  readonly knownUs: number;
  readonly addedUs: number;
  /** The read that lacked it last. */
  readonly absent: Read | undefined;
}

/**
 * How long after a stable element was known (or its add was invoked) reads that lacked it began.
 * Final reads do not count: before them clients pause, and the pause is not the protocol's. The
 * time from the invocation cannot be bettered by acknowledging late.
 */
function latencies({ elements, reads }: Timeline, fates: readonly Fate[]) {
  const main = reads.filter(({ final }) => !final);
  const sightings = sightingsIn(main, elements, ({ firstAdd }) => firstAdd?.index ?? -1);
  const measured = fates
    .filter(({ stable }) => stable)
    .map((fate) => latencyOf(fate, main[sightings.lastAbsent[fate.element.number] ?? -1]));
  const worst = measured
    .filter(({ knownUs }) => knownUs > 0)
    .sort((a, b) => b.knownUs - a.knownUs || compareValues(a.value, b.value))
    .slice(0, namedMax)
    .map(({ value, knownUs, absent }) => ({ value, latencyUs: knownUs, place: absent?.place }));
  const stableUs = quantilesOf(measured.map(({ knownUs }) => knownUs));
  if (stableUs === undefined) return {};
  const sinceAddUs = quantilesOf(measured.map(({ addedUs }) => addedUs));
  return { stableUs, stableSinceAddUs: sinceAddUs, worst };
}

function latencyOf(fate: Fate, absent: Read | undefined): Latency {
  const since = (from: { readonly timeUs: number } | undefined): number =>
    absent === undefined || from === undefined
      ? 0
      : Math.max(0, absent.invoked.timeUs - from.timeUs);
  const { value, firstAdd } = fate.element;
  return { value, knownUs: since(fate.known), addedUs: since(firstAdd), absent };
}
