// What Maelstrom's checkers would say where they judge otherwise than ours: those of ours that know
// the difference are asked, of others it is known which anomalies Maelstrom does not look for.
// Source: Maelstrom at cb7f072, the checkers of its workloads.
import { type Judgement, judge } from '../checkers/checker.js';
import type { History } from '../history/history.js';
import { isRecord } from '../kernel/plain.js';
import type { NamedJudgement } from '../scenario/check.js';
import type { CheckerSpec } from '../scenario/scenario.js';

type Valid = Judgement['valid'];

const writeCycles = ['G0', 'G0-process', 'G0-realtime'];

/** Kinds of anomalies that Maelstrom does not look for. */
const unseen: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  // Its clients skip whatever is not the answer that they wait for.
  ['conduct', new Set(['twice', 'out-of-turn'])],
  // Elle, as it is asked: the answer is not compared with what was asked.
  ['list-append', new Set(['reply-mismatch'])],
  ['rw-register', new Set(['reply-mismatch', 'not-serializable', ...writeCycles])],
]);

/** By checker, what Maelstrom's would say. Costs a second judgement where a checker knows more. */
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
  const spec = checkers.find(({ checker }) => checker.name === judgement.name);
  if (spec !== undefined && Object.hasOwn(spec.checker.options, 'strictness')) {
    const options = { ...spec.options, strictness: 'maelstrom' };
    return judge(spec.checker, history, { options }).valid;
  }
  if (judgement.valid !== false) return judgement.valid;
  const kinds = Object.keys(fieldsIn(judgement.stats?.anomalies));
  const blind = unseen.get(judgement.name);
  return kinds.length > 0 && kinds.every((kind) => blind?.has(kind) === true);
}

function fieldsIn(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && isRecord(value) ? value : {};
}
