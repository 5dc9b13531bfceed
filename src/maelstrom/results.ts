// What is known of a test, under Maelstrom's names: `perf timeline exceptions stats availability
// net workload valid?`, with Maelstrom's accounting, and beside them what only Stormglass says.
import type { Judgement } from '../checkers/checker.js';
import { worst } from '../checkers/checker.js';
import type { MessageCount } from '../history/counts.js';
import type { History } from '../history/history.js';
import { isRecord } from '../kernel/plain.js';
import type { Handshakes } from '../node/protocol.js';
import type { NamedJudgement } from '../scenario/check.js';
import type { Run } from '../scenario/run.js';
import type { Asserted } from './assertions/assertion.js';
import { maelstromVerdicts } from './leniency.js';
import type { Strictness } from './test-options.js';

type Fields = Readonly<Record<string, unknown>>;
type Valid = Judgement['valid'];

/** The verdict of a test, and why. */
export interface TestVerdict {
  /** By the strictness that was asked for, assertions included. */
  readonly valid: Valid;
  readonly strictness: Strictness;
  /** Without assertions. */
  readonly stormglass: Valid;
  readonly maelstrom: Valid;
  /** By checker, what Maelstrom's would say. */
  readonly lenient: ReadonlyMap<string, Valid>;
  readonly asserted: readonly Asserted[];
  readonly exitCode: number;
}

/** How a test went: a false assertion is as bad as a false verdict. */
export function verdictOf(
  { assessment, history, scenario }: Pick<Run, 'assessment' | 'history' | 'scenario'>,
  strictness: Strictness,
  asserted: readonly Asserted[],
): TestVerdict {
  const { valid: stormglass, judgements } = assessment;
  const lenient = maelstromVerdicts(judgements, history, scenario.checkers);
  // Maelstrom does not ask whether anything was acknowledged at all.
  const counted = [...lenient].flatMap(([name, one]) => (name === 'acknowledged' ? [] : [one]));
  const maelstrom = worst(counted);
  const judged = strictness === 'maelstrom' ? maelstrom : stormglass;
  const failed = asserted.some(({ holds }) => !holds);
  const valid = failed ? false : judged;
  const exitCode = valid === true ? 0 : valid === false ? 1 : 2;
  return { valid, strictness, stormglass, maelstrom, lenient, asserted, exitCode };
}

/** Maelstrom's results. Pictures say themselves whether they could be drawn. */
export function resultsOf(run: Run, verdict: TestVerdict, workload: readonly string[]): Fields {
  const { judgements } = run.assessment;
  const of = (name: string) => judgements.find((judgement) => judgement.name === name);
  const own = judgements.filter(({ name }) => workload.includes(name));
  return {
    perf: { 'latency-graph': drawn, 'rate-graph': drawn, ...drawn },
    timeline: drawn,
    exceptions: exceptionsOf(run.history),
    stats: statsOf(of('stats'), verdict),
    availability: availabilityOf(of('availability')),
    net: netOf(run),
    workload: workloadOf(own, verdict),
    'valid?': verdict.valid,
  };
}

const drawn = { 'valid?': true } as const;

/** Replies that were none, by what was wrong with them. */
function exceptionsOf({ ops }: History): Fields {
  const counts = new Map<string, { count: number; readonly f: string; readonly index: number }>();
  for (const { error, f, index } of ops) {
    if (error === undefined || !error.startsWith('malformed')) continue;
    const found = counts.get(error) ?? { count: 0, f, index };
    counts.set(error, found);
    found.count++;
  }
  const exceptions = [...counts].map(([error, more]) => ({ error, ...more }));
  return { 'valid?': true, ...(exceptions.length > 0 && { exceptions }) };
}

function statsOf(judgement: NamedJudgement | undefined, { lenient }: TestVerdict): Fields {
  const stats = fieldsIn(judgement?.stats);
  const byFunction = Object.entries(fieldsIn(stats.byFunction)).map(([f, figures]) => {
    const fields = fieldsIn(figures);
    return [f, { 'valid?': countIn(fields, 'ok') > 0, ...endsOf(fields) }] as const;
  });
  return {
    'valid?': lenient.get('stats') ?? 'unknown',
    ...endsOf(stats),
    'by-f': Object.fromEntries(byFunction),
  };
}

/** Jepsen counts completions; what never ended is unknown. */
function endsOf(stats: Fields): Fields {
  const [ok, fail] = [countIn(stats, 'ok'), countIn(stats, 'fail')];
  const info = countIn(stats, 'info') + countIn(stats, 'open');
  return { count: ok + fail + info, 'ok-count': ok, 'fail-count': fail, 'info-count': info };
}

function availabilityOf(judgement: NamedJudgement | undefined): Fields {
  const { okFraction, okFractionWithoutFailures } = fieldsIn(judgement?.stats);
  return {
    'valid?': judgement?.valid ?? 'unknown',
    'ok-fraction': okFraction,
    'ok-fraction-without-failures': okFractionWithoutFailures,
  };
}

function netOf({ result, history }: Run): Fields {
  const { servers } = result.counts.messages;
  const all = withHandshakes(result.counts.messages.all, result.handshakes);
  const clients = withHandshakes(result.counts.messages.clients, result.handshakes);
  const invoked = history.ops.filter(
    ({ type, process }) => type === 'invoke' && process !== 'nemesis',
  ).length;
  const perOp = ({ sent }: MessageCount): Fields =>
    invoked === 0 ? {} : { 'msgs-per-op': sent / invoked };
  return {
    all: { ...messagesOf(all), ...perOp(all) },
    clients: messagesOf(clients),
    servers: { ...messagesOf(servers), ...perOp(servers) },
    'valid?': true,
  };
}

/** Maelstrom's clients send `init`, too. */
function withHandshakes(count: MessageCount, { asked, answered }: Handshakes): MessageCount {
  const messages = asked + answered;
  return { ...count, sent: count.sent + messages, delivered: count.delivered + messages };
}

/** Copies that the network made are not messages of their own. */
function messagesOf({ sent, delivered, dropped, duplicated }: MessageCount): Fields {
  return {
    'send-count': sent,
    'recv-count': delivered,
    'msg-count': sent,
    'drop-count': dropped,
    'duplicate-count': duplicated,
  };
}

/** The workload's own checker under Maelstrom's names where those are known. */
function workloadOf(judgements: readonly NamedJudgement[], verdict: TestVerdict): Fields {
  const parts = judgements.map((judgement) => workloadPart(judgement, verdict));
  const [first] = parts;
  if (first !== undefined && parts.length === 1) return first;
  const named = judgements.map(({ name }, at) => [name, parts[at]] as const);
  const valid = worst(parts.map((part) => part['valid?'] as Valid));
  return { ...Object.fromEntries(named), 'valid?': valid };
}

function workloadPart(judgement: NamedJudgement, { strictness, lenient }: TestVerdict): Fields {
  const { maelstrom, ...stats } = judgement.stats ?? {};
  const valid = strictness === 'maelstrom' ? lenient.get(judgement.name) : judgement.valid;
  return {
    ...(maelstrom === undefined ? stats : fieldsIn(maelstrom)),
    'valid?': valid,
    ...(judgement.valid === false && { errors: judgement.anomalies }),
    ...(judgement.valid === 'unknown' && { reason: judgement.reason }),
  };
}

function countIn(fields: Fields, name: string): number {
  const value = fields[name];
  return typeof value === 'number' ? value : 0;
}

function fieldsIn(value: unknown): Fields {
  return typeof value === 'object' && value !== null && isRecord(value) ? value : {};
}
