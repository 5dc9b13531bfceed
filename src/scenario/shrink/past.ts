// What a violation can have come from: operations and faults outside its causal past go at once,
// in one run instead of many. The past is Lamport's (1978, §1), and it is a bold guess: that a
// message did not come leaves no trace in it. So each guess is run, and kept only if it fails.
import { formatDuration } from '../../kernel/time.js';
import { numberAt } from '../../sim/op-plan.js';
import type { FaultReport } from '../../sim/result.js';
import { kinds } from '../../sim/schedule.js';
import { idOf } from '../faults.js';
import { type Run, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { ScenarioFile } from '../schema.js';
import { extendTrack, openTrack, type Track, type Violation } from '../walk.js';
import { endingAt, lengthIn, operationsIn, unitIn, withFaults, withOperations } from './parts.js';
import type { Shrinking } from './shrinking.js';

/** Leaves out, in a few bold steps, what the violation cannot have come from. */
export function* keepPast(
  shrinking: Shrinking,
  variantOf: (file: ScenarioFile) => Scenario,
): Generator<void, void> {
  const scenario = variantOf(shrinking.file);
  const track = openTrack(scenario, scenario.seed);
  while (extendTrack(track, sliceEvents)) yield;
  const { failure } = shrinking;
  const violation = track.violations.find(
    ({ checker, kind }) => checker === failure.judge && kind === failure.kind,
  );
  if (track.run === undefined || violation === undefined) return;
  const all = allBefore(track.run, violation, track);
  for (const past of [pastOf(track, track.run, violation), all]) {
    const left = withPast(shrinking.file, scenario, past);
    // What shows in the main phase needs none of what comes after it.
    const unitUs = unitIn(left);
    const us = (Math.floor(past.untilUs / unitUs) + 1) * unitUs;
    if (us < lengthIn(left) && (yield* shrinking.take(endingAt(left, us)))) break;
    if (yield* shrinking.take(left)) break;
  }
  if (isBuiltIn(violation) && all.untilUs < scenario.durationUs) {
    yield* shrinking.take({ ...shrinking.file, recovery: formatDuration(0) });
  }
}

/** A handler that threw, or a property that was broken: what comes later changes nothing. */
function isBuiltIn({ checker }: Violation): boolean {
  return checker === 'properties' || checker === 'crashes';
}

/** What is kept: operations by number, faults by id, and all that lies before an instant. */
interface Past {
  readonly operations: ReadonlySet<number>;
  readonly faults: ReadonlySet<string>;
  readonly untilUs: number;
}

/** What led to the violation: messages, and what happened before at the same node. */
function pastOf(track: Track, run: Run, violation: Violation): Past {
  const { timeline, lineage } = track;
  const { front: world } = timeline;
  const roots = violation.ops.map((index) => timeline.eventOfOp(index)).filter((at) => at >= 0);
  const events = lineage.pastOf([...roots, violation.event]);
  const operations = new Set<number>();
  /** When something that counts happened last at each node. */
  const lastUs = new Map<string, number>();
  for (const event of events) {
    const row = timeline.row(event);
    if (row === undefined) continue;
    if (row.kind === kinds.invoke) operations.add(numberAt(world.plan, row.node));
    const node = world.parties[row.node]?.name;
    if (row.kind <= kinds.disconnected && node !== undefined) lastUs.set(node, row.atUs);
  }
  const counts = ({ fault, startUs }: FaultReport): boolean =>
    !('nodes' in fault) ||
    fault.nodes.some((node) => (lastUs.get(node) ?? -1) >= (startUs ?? Number.POSITIVE_INFINITY));
  const before = allBefore(run, violation, track);
  const ids = run.result.faults.filter(counts).map(({ id }) => id);
  return { ...before, operations, faults: new Set(ids.filter((id) => before.faults.has(id))) };
}

/** All operations begun and all faults that had changed anything when the violation showed. */
function allBefore({ result }: Run, { event }: Violation, { timeline }: Track): Past {
  const { plan } = timeline.front;
  const untilUs = timeline.row(event)?.atUs ?? result.virtualUs;
  const places = [...plan.atUs.keys()].filter((place) => (plan.atUs[place] as number) <= untilUs);
  const faults = result.faults.filter(
    ({ effective, startUs }) => effective && startUs !== undefined && startUs <= untilUs,
  );
  return {
    operations: new Set(places.map((place) => numberAt(plan, place))),
    faults: new Set(faults.map(({ id }) => id)),
    untilUs,
  };
}

function withPast(file: ScenarioFile, scenario: Scenario, past: Past): ScenarioFile {
  const operations = operationsIn(file).filter(({ op }, place) => past.operations.has(op ?? place));
  const ids = scenario.faults.map(idOf);
  const faults = (file.faults ?? []).filter((_, place) => past.faults.has(ids[place] as string));
  return withFaults(withOperations(file, operations), faults);
}
