// A run to walk through: its timeline, its rows, its verdict, and the places where it went wrong.
// The run as it is is one track; each what-if is another one, with edits of its own.
import type { Anomaly } from '../checkers/checker.js';
import { createWorld } from '../sim/create.js';
import type { Edit } from '../sim/edit.js';
import { Timeline } from '../sim/timeline.js';
import { Lineage } from './diagram/lineage.js';
import { Rows } from './diagram/rows.js';
import { resolve } from './resolve.js';
import { finish, type Run } from './run.js';
import type { Scenario } from './scenario.js';

/** One run of the scenario, with its edits. */
export interface Track {
  readonly scenario: Scenario;
  readonly seed: string;
  /** Beside those of the scenario. */
  readonly edits: readonly Edit[];
  /** It is a recording: nobody knows what its programs would have said otherwise. */
  readonly fixed: boolean;
  readonly timeline: Timeline;
  readonly rows: Rows;
  readonly lineage: Lineage;
  /** Once it has run to its end and been judged. */
  run: Run | undefined;
  violations: readonly Violation[];
}

/** Something that a checker objects to, and the event at which it could be seen. */
export interface Violation extends Anomaly {
  readonly checker: string;
  readonly event: number;
}

/**
 * A track before its first event. `anew` gives the scenario for one more world of the same run,
 * where worlds cannot share it: a recording is played from its start in each.
 */
export function openTrack(
  scenario: Scenario,
  seed: string,
  edits: readonly Edit[] = [],
  anew?: () => Scenario,
): Track {
  const specOf = (of: Scenario) => resolve(of, { seed, edits, strict: false });
  const spec = specOf(scenario);
  const begin = anew === undefined ? () => createWorld(spec) : () => createWorld(specOf(anew()));
  const timeline = new Timeline(begin);
  const rows = new Rows(timeline);
  const lineage = new Lineage(timeline);
  const fixed = anew !== undefined;
  return { scenario, seed, edits, fixed, timeline, rows, lineage, run: undefined, violations: [] };
}

/** Runs on by up to `count` events; judges at the end. False when nothing is left to do. */
export function extendTrack(track: Track, count: number): boolean {
  if (track.run !== undefined) return false;
  if (track.timeline.extend(count)) return true;
  const { scenario, seed, edits, timeline } = track;
  track.run = finish({ scenario, seed, edits, world: timeline.front });
  track.violations = violationsOf(track.run, timeline);
  return false;
}

/** In the order of their events. */
function violationsOf({ assessment, result }: Run, timeline: Timeline): readonly Violation[] {
  const found = assessment.judgements.flatMap((judgement) =>
    judgement.valid === false
      ? judgement.anomalies.map((anomaly, nth): Violation => {
          const crash = judgement.name === 'crashes' ? result.crashes[nth]?.event : undefined;
          const event = crash ?? eventOf(anomaly, timeline);
          return { ...anomaly, checker: judgement.name, event };
        })
      : [],
  );
  const order = new Map(found.map((violation, nth) => [violation, nth]));
  const nth = (violation: Violation): number => order.get(violation) ?? 0;
  return found.sort((a, b) => a.event - b.event || nth(a) - nth(b));
}

/** Where the last line of its witness got into the history; the end, if it has none. */
function eventOf({ ops }: Anomaly, timeline: Timeline): number {
  const events = ops.map((index) => timeline.eventOfOp(index)).filter((event) => event >= 0);
  return events.length === 0 ? Math.max(0, timeline.length - 1) : Math.max(...events);
}

/** What tells an anomaly from others, whatever else has happened before it. */
export function identityOf(
  { checker, kind, about, ops }: Omit<Violation, 'event'>,
  { history }: Run,
): string {
  const [first] = ops;
  const op = first === undefined ? undefined : history.ops[first];
  const what = op === undefined ? about : `${op.f} ${JSON.stringify(op.value)}`;
  return `${checker}/${kind}/${what}`;
}

/** The identities of all that a run's judges object to. */
export function identitiesOf(run: Run): ReadonlySet<string> {
  const identities = new Set<string>();
  for (const judgement of run.assessment.judgements) {
    if (judgement.valid !== false) continue;
    for (const anomaly of judgement.anomalies) {
      identities.add(identityOf({ ...anomaly, checker: judgement.name }, run));
    }
  }
  return identities;
}
