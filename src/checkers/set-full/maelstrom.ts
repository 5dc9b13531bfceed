// The figures of Maelstrom's set-full, to the letter, so that a run here can be compared with one
// there. Its holes are kept: it reports no duplicates and no phantoms. Our verdict does not use it
// but where it says lost. Source: jepsen.checker/set-full at c4c7473.
import { compareValues } from '../../history/value.js';
import type { Sightings } from './sightings.js';
import { type Element, earlier, type Read } from './timeline.js';

/** How many elements a list names; the counts are of all. */
const listedMax = 48;
const worstMax = 8;
const points = [0, 0.5, 0.95, 0.99, 1];

interface Outcome {
  readonly element: Element;
  readonly outcome: 'stable' | 'lost' | 'never-read';
  /** Of stable and lost elements. */
  readonly latencyMs: number;
}

/** Maelstrom's figures, and what they come to. */
interface Figures {
  /** Keys and units (ms) are Maelstrom's. */
  readonly figures: Readonly<Record<string, unknown>>;
  /** Elements that are lost. */
  readonly lost: ReadonlySet<Element>;
  /** Why nobody can tell. */
  readonly doubts: readonly string[];
}

/** `sightings` since each element's latest add. */
export function maelstromFigures(
  elements: readonly Element[],
  reads: readonly Read[],
  sightings: Sightings,
): Figures {
  const outcomes = elements
    .filter(({ lastAdd }) => lastAdd !== undefined)
    .map((element) => outcomeOf(element, reads, sightings));
  const of = (kind: Outcome['outcome']) => outcomes.filter(({ outcome }) => outcome === kind);
  const [stable, lost, neverRead] = [of('stable'), of('lost'), of('never-read')];
  const stale = stable.filter(({ latencyMs }) => latencyMs > 0);
  const figures = {
    'valid?': lost.length > 0 ? false : stable.length === 0 ? 'unknown' : true,
    'attempt-count': outcomes.length,
    'stable-count': stable.length,
    'lost-count': lost.length,
    lost: valuesOf(lost),
    'never-read-count': neverRead.length,
    'never-read': valuesOf(neverRead),
    'stale-count': stale.length,
    stale: valuesOf(stale),
    'worst-stale': worstOf(stale),
    ...(stable.length > 0 && { 'stable-latencies': distribution(stable) }),
    ...(lost.length > 0 && { 'lost-latencies': distribution(lost) }),
    'duplicated-count': 0,
    duplicated: {},
  };
  const doubts = stable.length > 0 ? [] : ['no value that was added was read back'];
  return { figures, lost: new Set(lost.map(({ element }) => element)), doubts };
}

function outcomeOf(element: Element, reads: readonly Read[], sightings: Sightings): Outcome {
  const lastPresent = sightings.lastPresent[element.number] ?? -1;
  const lastAbsent = sightings.lastAbsent[element.number] ?? -1;
  const firstPresent = sightings.firstPresent[element.number] ?? -1;
  const present = reads[lastPresent]?.invoked;
  const absent = reads[lastAbsent]?.invoked;
  const known = earlier(element.ackedAnew, reads[firstPresent]?.done);
  const latencyMs = (since: { readonly timeUs: number } | undefined): number => {
    if (known === undefined || since === undefined) return 0;
    return Math.max(0, Math.floor((since.timeUs - known.timeUs) / 1_000));
  };
  if (lastAbsent < lastPresent) {
    return { element, outcome: 'stable', latencyMs: latencyMs(absent) };
  }
  if (known !== undefined && absent !== undefined && known.index < absent.index) {
    return { element, outcome: 'lost', latencyMs: latencyMs(present) };
  }
  return { element, outcome: 'never-read', latencyMs: 0 };
}

/** Sorted, as Maelstrom has them. */
function valuesOf(outcomes: readonly Outcome[]): readonly unknown[] {
  const values = outcomes.map(({ element }) => element.value);
  return values.sort(compareValues).slice(0, listedMax);
}

function worstOf(stale: readonly Outcome[]): readonly unknown[] {
  const sorted = [...stale].sort(
    (a, b) => b.latencyMs - a.latencyMs || compareValues(a.element.value, b.element.value),
  );
  return sorted.slice(0, worstMax).map(({ element, latencyMs }) => ({
    element: element.value,
    'stable-latency': latencyMs,
  }));
}

function distribution(outcomes: readonly Outcome[]): Readonly<Record<string, number>> {
  const sorted = outcomes.map(({ latencyMs }) => latencyMs).sort((a, b) => a - b);
  const last = sorted.length - 1;
  return Object.fromEntries(
    points.map((q) => [String(q), sorted[Math.min(last, Math.floor(sorted.length * q))] ?? 0]),
  );
}
