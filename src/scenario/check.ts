// The verdict on a run: its scenario's checkers judge the history, three built-in ones the run
// itself, and what they find is compared with what the scenario expects.
import { type Anomaly, type Judgement, judge, worst } from '../checkers/checker.js';
import type { History } from '../history/history.js';
import { formatInstant } from '../kernel/time.js';
import type { PropertyReport, RunResult } from '../sim/result.js';
import type { Standing } from '../sim/watch.js';
import type { CrashReport } from '../sim/world.js';
import type { CheckerSpec, Expectation, Scenario } from './scenario.js';

/** What one judge says. */
export type NamedJudgement = Judgement & { readonly name: string; readonly builtIn: boolean };

export interface Assessment {
  /** The worst of all judgements; a run that was cut short is never valid. */
  readonly valid: boolean | 'unknown';
  readonly judgements: readonly NamedJudgement[];
  /** Whether the scenario's `expect` came true. */
  readonly expected: boolean;
  /** Why not, in a sentence; `undefined` when it did. */
  readonly surprise: string | undefined;
  /** 0 as expected, 1 not so, 2 nobody knows; of an interrupted run the signal's. */
  readonly exitCode: number;
}

/**
 * The judges that every run has, whatever its scenario says; `expect` can name them. `crashes`: no
 * handler threw. `conduct`: hosted programs said nothing that they should not. `acknowledged`:
 * something was. `limits`: the run came to its end. `properties`: what must hold of the whole
 * cluster did.
 */
export const builtInCheckers = [
  'crashes',
  'conduct',
  'acknowledged',
  'limits',
  'properties',
] as const;

/** Anomalies of one kind that a judgement lists. */
const listedMax = 10;

/** Asks one of the scenario's checkers. One that throws says `unknown`. */
export function judgeWith(
  { checker, options }: CheckerSpec,
  history: History,
  outcome: Pick<RunResult, 'counts'>,
): NamedJudgement {
  const judgement = judge(checker, history, { options, counts: outcome.counts });
  return { name: checker.name, builtIn: false, ...judgement };
}

/** The built-in judgements: only those that have something to say. */
export function judgeRun(scenario: Scenario, outcome: RunResult): readonly NamedJudgement[] {
  const said = [
    crashes(outcome),
    conduct(outcome),
    properties(outcome),
    acknowledged(scenario, outcome),
    limits(scenario, outcome),
  ];
  return said.flatMap((judgement) =>
    judgement === undefined ? [] : [{ ...judgement, builtIn: true }],
  );
}

/** All judgements as one verdict, and whether that is what the scenario expects. */
export function assess(expect: Expectation, judgements: readonly NamedJudgement[]): Assessment {
  const crashed = validOf(judgements, 'crashes') === false;
  const cut = validOf(judgements, 'limits') === 'unknown';
  const valid = cut && !crashed ? 'unknown' : worst(judgements.map((judgement) => judgement.valid));
  const surprise = surpriseOf(expect, judgements, { valid, crashed, cut });
  const exitCode = surprise === undefined ? 0 : surprise.unknown ? 2 : 1;
  const expected = surprise === undefined;
  return { valid, judgements, expected, surprise: surprise?.about, exitCode };
}

interface Surprise {
  readonly about: string;
  readonly unknown: boolean;
}

function surpriseOf(
  expect: Expectation,
  judgements: readonly NamedJudgement[],
  { valid, crashed, cut }: Pick<Assessment, 'valid'> & { crashed: boolean; cut: boolean },
): Surprise | undefined {
  if (expect.expect === 'valid') {
    if (valid === true) return undefined;
    return { about: 'valid was expected', unknown: valid === 'unknown' };
  }
  const { checker, anomaly } = expect;
  const wish = anomaly === undefined ? checker : `${checker} (${anomaly})`;
  const found = judgements.find(({ name }) => name === checker);
  if (crashed && checker !== 'crashes') {
    return { about: `${wish} was to object, and a handler threw`, unknown: false };
  }
  if (cut && checker !== 'limits') {
    return { about: `${wish} was to object, and the run was cut short`, unknown: true };
  }
  if (checker === 'limits' && cut) return undefined;
  if (found?.valid === 'unknown') {
    return { about: `${wish} was to object, and could not decide`, unknown: true };
  }
  if (found?.valid !== false) {
    return { about: `${wish} was to object, and did not`, unknown: false };
  }
  if (anomaly === undefined || found.anomalies.some(({ kind }) => kind === anomaly)) {
    return undefined;
  }
  const kinds = [...new Set(found.anomalies.map(({ kind }) => kind))].join(', ');
  return {
    about: `${checker} was to find ${anomaly}, and found ${kinds}`,
    unknown: false,
  };
}

function validOf(
  judgements: readonly NamedJudgement[],
  name: string,
): Judgement['valid'] | undefined {
  return judgements.find((judgement) => judgement.name === name)?.valid;
}

type BuiltIn = Judgement & { readonly name: (typeof builtInCheckers)[number] };

/** What a node did the same way again and again is one crash, and one anomaly. */
function crashes({ crashes: found }: RunResult): BuiltIn | undefined {
  const [first, ...others] = found.slice(0, listedMax).map(crashAnomaly);
  if (first === undefined) return undefined;
  const stats = { count: found.reduce((sum, { count }) => sum + count, 0) };
  return { name: 'crashes', valid: false, anomalies: [first, ...others], stats };
}

function crashAnomaly({ node, atUs, event, handler, message, count }: CrashReport): Anomaly {
  const kind = handler === 'invariant' ? 'invariant' : 'crash';
  const what =
    kind === 'invariant'
      ? 'broke its invariant'
      : handler === 'program'
        ? 'ended'
        : `threw in ${handler}`;
  const more = count - 1;
  const times = more === 0 ? '' : more === 1 ? ' and once more' : ` and ${more} times more`;
  return {
    kind,
    about: `${node} ${what} at ${formatInstant(atUs)} s${times}: ${message}`,
    ops: [],
    event,
  };
}

/** Hosted programs that print no messages, answer twice, or speak out of turn. */
function conduct({ misconduct }: RunResult): BuiltIn | undefined {
  const [first, ...others] = misconduct.slice(0, listedMax).map(({ kind, about }) => ({
    kind,
    about,
    ops: [],
  }));
  if (first === undefined) return undefined;
  const counts = new Map<string, number>();
  for (const { kind } of misconduct) counts.set(kind, (counts.get(kind) ?? 0) + 1);
  const stats = { count: misconduct.length, anomalies: Object.fromEntries(counts) };
  return { name: 'conduct', valid: false, anomalies: [first, ...others], stats };
}

/** What the properties of the cluster came to; those that threw could not decide. */
function properties({ properties: found }: RunResult): BuiltIn | undefined {
  if (found.length === 0) return undefined;
  const name = 'properties';
  const sometimes = found.filter(({ kind }) => kind === 'sometimes');
  const stats = {
    count: found.length,
    reached: namesOf(sometimes, 'reached'),
    unreached: namesOf(sometimes, 'open'),
  };
  const [first, ...others] = found.flatMap(breachAnomaly);
  if (first !== undefined) return { name, valid: false, anomalies: [first, ...others], stats };
  const vague = found.find(({ standing }) => standing === 'gave-up' || standing === 'undecided');
  if (vague === undefined) return { name, valid: true, stats };
  const about = vague.breach?.about ?? '';
  const reason =
    vague.standing === 'gave-up'
      ? `the property ${vague.name} gave up: ${about}`
      : `the recovery is shorter than ${vague.name} grants, and ${about}`;
  return { name, valid: 'unknown', reason, stats };
}

function namesOf(found: RunResult['properties'], wanted: Standing): readonly string[] {
  return found.flatMap(({ name, standing }) => (standing === wanted ? [name] : []));
}

function breachAnomaly({ name, standing, breach }: PropertyReport): readonly Anomaly[] {
  if (standing !== 'broken' || breach === undefined) return [];
  const { about, atUs, event, node } = breach;
  const where = node === undefined ? '' : ` at ${node}`;
  return [{ kind: name, about: `${about} (${formatInstant(atUs)} s${where})`, ops: [], event }];
}

function acknowledged(scenario: Scenario, outcome: RunResult): BuiltIn | undefined {
  const { history } = outcome;
  if (scenario.clients === undefined) return unjudged(scenario, outcome);
  if (history.some(({ type }) => type === 'ok')) return undefined;
  const invoked = history.filter(({ type }) => type === 'invoke');
  const about =
    invoked.length === 0
      ? 'no operation was ever invoked, so there is nothing to judge'
      : `none of ${invoked.length} operations was acknowledged, so there is nothing to judge`;
  const ops = invoked.slice(0, listedMax).map(({ index }) => index);
  return {
    name: 'acknowledged',
    valid: false,
    anomalies: [{ kind: 'nothing-acknowledged', about, ops }],
  };
}

/** Without clients it is for checkers and invariants to say something. */
function unjudged(scenario: Scenario, { properties: watched }: RunResult): BuiltIn | undefined {
  const { checkers, protocol } = scenario;
  if (checkers.length + watched.length > 0 || protocol.invariant !== undefined) return undefined;
  const reason =
    'there is neither a workload nor a checker nor an invariant nor a property to judge by';
  return { name: 'acknowledged', valid: 'unknown', reason };
}

function limits(scenario: Scenario, outcome: RunResult): BuiltIn | undefined {
  if (outcome.end === 'done') return undefined;
  const at = `at ${formatInstant(outcome.virtualUs)} of virtual time`;
  return { name: 'limits', valid: 'unknown', reason: `${causeOf(scenario, outcome)} ${at}` };
}

function causeOf({ limits: { eventsMax, pendingMax } }: Scenario, outcome: RunResult): string {
  if (outcome.end === 'interrupted') return 'the run was interrupted';
  return outcome.end === 'events-limit'
    ? `the run met its limit of ${eventsMax} events`
    : `the run met its limit of ${pendingMax} waiting events`;
}
