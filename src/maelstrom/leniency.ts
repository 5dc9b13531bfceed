// What Maelstrom's checkers would say where they see less than ours: anomalies that they do not
// look for, and reads that they do not look at. Source: Maelstrom at cb7f072, the checkers of its
// workloads.
import { type Judgement, judge } from '../checkers/checker.js';
import { linearizable } from '../checkers/linearizable/linearizable.js';
import { type History, historyOf } from '../history/history.js';
import type { Op } from '../history/op.js';
import { isRecord } from '../kernel/plain.js';
import type { NamedJudgement } from '../scenario/check.js';
import type { CheckerSpec } from '../scenario/scenario.js';

type Valid = Judgement['valid'];

const writeCycles = ['G0', 'G0-process', 'G0-realtime'];

/** Kinds of anomalies that Maelstrom's checker does not look for. */
const unseen: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // Only final reads are compared with the sum.
  ['counter', new Set(['out-of-bounds', 'went-back'])],
  // Committed offsets are looked up where they are not.
  ['kafka', new Set(['lost-commit', 'phantom-commit', 'phantom'])],
  // The answer is not compared with what was asked.
  ['list-append', new Set(['reply-mismatch'])],
  ['rw-register', new Set(['reply-mismatch', 'not-serializable', ...writeCycles])],
]);

/** By checker, what Maelstrom's would say. Costs a second judgement where reads of null matter. */
export function maelstromVerdicts(
  judgements: readonly NamedJudgement[],
  history: History,
  checkers: readonly CheckerSpec[],
): ReadonlyMap<string, Valid> {
  return new Map(
    judgements.map((judgement) => [judgement.name, verdictOf(judgement, history, checkers)]),
  );
}

function verdictOf(
  judgement: NamedJudgement,
  history: History,
  checkers: readonly CheckerSpec[],
): Valid {
  const own = fieldsIn(judgement.stats?.maelstrom)['valid?'];
  if (own === true || own === false || own === 'unknown') return own;
  if (judgement.valid !== false) return judgement.valid;
  if (judgement.name === linearizable.name) {
    const options = checkers.find(({ checker }) => checker === linearizable)?.options ?? {};
    return judge(linearizable, withoutNullReads(history), { options }).valid;
  }
  const kinds = Object.keys(fieldsIn(judgement.stats?.anomalies));
  const blind = unseen.get(judgement.name);
  return kinds.length > 0 && kinds.every((kind) => blind?.has(kind) === true);
}

/**
 * The history without reads that found nothing: a null may be anything to Maelstrom, and "key does
 * not exist" is no answer.
 */
function withoutNullReads(history: History): History {
  const isNull = (done: Op | undefined): boolean =>
    done?.type === 'ok' && done.f === 'read' && lastOf(done.value) === null;
  const kept = history.ops.filter((op) => {
    if (op.process === 'nemesis') return true;
    return !isNull(op.type === 'invoke' ? history.completionOf(op) : op);
  });
  return historyOf(kept.map((op, index) => ({ ...op, index })));
}

/** The value of `[key, value]`, or of a value without a key. */
function lastOf(value: unknown): unknown {
  return Array.isArray(value) ? value.at(-1) : (value ?? null);
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && isRecord(value) ? value : {};
}
