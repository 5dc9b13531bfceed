// A run to walk through: its timeline, its rows, its verdict, and the places where it went wrong.
// The run as it is is one track; each what-if is another one, with edits of its own.
import type { Anomaly } from '../checkers/checker.js';
import { createWorld } from '../sim/create.js';
import type { Edit } from '../sim/edit.js';
import { Timeline } from '../sim/timeline.js';
import { judgeWith, type NamedJudgement } from './check.js';
import { Lineage } from './diagram/lineage.js';
import { Rows } from './diagram/rows.js';
import { resolve } from './resolve.js';
import { conclude, type Ended, end, type Run } from './run.js';
import type { CheckerSpec, Scenario } from './scenario.js';

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
  /** While its checkers are asked, one after the other. */
  judging: Judging | undefined;
}

/** A run that is over, and what its checkers have said so far. */
interface Judging {
  readonly ended: Ended;
  readonly judgements: NamedJudgement[];
  /** The checker that is asked somewhere else. */
  asked: Asked | undefined;
}

/** A question to a checker; somebody else puts the answer here. */
export interface Asked {
  answer: NamedJudgement | undefined;
}

/** Asks a checker somewhere else; `undefined`: this one is to be asked here. */
export type Ask = (spec: CheckerSpec, ended: Ended) => Asked | undefined;

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
  return {
    ...{ scenario, seed, edits, fixed, timeline, rows, lineage },
    ...{ run: undefined, violations: [], judging: undefined },
  };
}

/**
 * Runs on by up to `count` events; then asks one checker at every call, each of which may take its
 * time, or looks whether one that `ask` has asked has answered. False when nothing is left to do.
 */
export function extendTrack(track: Track, count: number, ask?: Ask): boolean {
  if (track.run !== undefined) return false;
  const { scenario, seed, edits, timeline } = track;
  const running = { scenario, seed, edits, world: timeline.front };
  if (track.judging === undefined) {
    if (!timeline.extend(count)) {
      track.judging = { ended: end(running), judgements: [], asked: undefined };
    }
    return true;
  }
  const { ended, judgements } = track.judging;
  const next = scenario.checkers[judgements.length];
  if (next !== undefined) {
    const judgement = answerTo(next, track.judging, ask);
    if (judgement === undefined) return true;
    judgements.push(judgement);
    if (judgements.length < scenario.checkers.length) return true;
  }
  track.run = conclude(running, ended, judgements);
  track.violations = violationsOf(track.run, timeline);
  track.judging = undefined;
  return false;
}

/** What a checker says; `undefined`: it has not answered yet. */
function answerTo(spec: CheckerSpec, judging: Judging, ask?: Ask): NamedJudgement | undefined {
  const { ended } = judging;
  judging.asked ??= ask?.(spec, ended);
  if (judging.asked === undefined) return judgeWith(spec, ended.history, ended.result);
  const { answer } = judging.asked;
  if (answer !== undefined) judging.asked = undefined;
  return answer;
}

/** In the order of their events. */
function violationsOf({ assessment }: Run, timeline: Timeline): readonly Violation[] {
  const found = assessment.judgements.flatMap((judgement) =>
    judgement.valid === false
      ? judgement.anomalies.map((anomaly): Violation => {
          const event = anomaly.event ?? eventOf(anomaly, timeline);
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
