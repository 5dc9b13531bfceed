// Maelstrom's unique-ids: no two acknowledged ids are equal. Ids may be of any kind; 1 and "1"
// differ. Source: Maelstrom, workload/unique_ids.clj, jepsen.checker/unique-ids.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { compareValues, keyOf, showValue, type ValueKey } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, find, noFindings, verdictOf } from './findings.js';
import { asMaelstrom } from './strictness.js';
import { count, enumeration, when, where } from './words.js';

export const uniqueIds: Checker = {
  name: 'unique-ids',
  about: 'No id is handed out twice.',
  options: { strictness: 'stormglass' },
  check: checkUniqueIds,
};

/** How many duplicated ids Maelstrom's figures list. */
const duplicatedMax = 48;

function checkUniqueIds(history: History, options: CheckerOptions): Judgement {
  const lenient = asMaelstrom(options);
  const findings = noFindings(['duplicate-id', 'no-id']);
  const given = new Map<ValueKey, Op[]>();
  let [attempted, acknowledged] = [0, 0];
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.f !== 'generate') continue;
    if (op.type === 'invoke') attempted++;
    if (op.type !== 'ok') continue;
    acknowledged++;
    const key = keyOf(op.value);
    if (!lenient && (key === undefined || key === null)) find(findings, 'no-id', () => noId(op));
    const before = given.get(key);
    if (before === undefined) given.set(key, [op]);
    else before.push(op);
  }
  const duplicated = [...given.values()].filter((ops) => ops.length > 1);
  for (const ops of duplicated) find(findings, 'duplicate-id', () => duplicate(ops));
  const maelstrom = {
    'valid?': duplicated.length === 0,
    'attempted-count': attempted,
    'acknowledged-count': acknowledged,
    'duplicated-count': duplicated.length,
    duplicated: worstOf(duplicated),
    range: rangeOf(given),
  };
  const stats = { attempted, acknowledged, anomalies: countsOf(findings), maelstrom };
  const kinds = new Set([...given.values()].map(([op]) => kindOf(op?.value)));
  if (lenient && kinds.size > 1) {
    // There the range of the ids is asked for, and that throws.
    const reason = `ids of several kinds have no range: ${[...kinds].join(', ')}`;
    return { valid: 'unknown', reason, stats };
  }
  const doubts = acknowledged === 0 && !lenient ? ['no id was acknowledged'] : [];
  return { ...verdictOf(findings, doubts), stats };
}

/** What can be compared with each other in Clojure; nothing at all goes with everything. */
function kindOf(id: unknown): string {
  if (id === null || id === undefined) return 'number';
  return Array.isArray(id) ? 'list' : typeof id;
}

function duplicate(ops: readonly Op[]) {
  const handed = ops.map((op) => `${op.node === undefined ? 'to' : 'by'} ${where(op)} ${when(op)}`);
  const id = showValue(ops[0]?.value);
  return {
    about: `the id ${id} was handed out ${count(ops.length, 'time')}: ${enumeration(handed, 4)}`,
    ops: ops.map((op) => op.index).slice(0, 8),
  };
}

function noId(op: Op) {
  return { about: `${where(op)} acknowledged without an id ${when(op)}`, ops: [op.index] };
}

/** Pairs of id and count, the most often duplicated first. */
function worstOf(duplicated: readonly (readonly Op[])[]): readonly (readonly unknown[])[] {
  const counted = duplicated.map((ops) => [ops[0]?.value, ops.length] as const);
  return counted.sort(([a, n], [b, m]) => m - n || compareValues(a, b)).slice(0, duplicatedMax);
}

/** The least and the greatest id, in an order that ids of mixed kinds have too. */
function rangeOf(given: ReadonlyMap<ValueKey, readonly Op[]>): readonly unknown[] {
  let range: readonly unknown[] = [];
  for (const ops of given.values()) {
    const id = ops[0]?.value;
    const [least = id, greatest = id] = range;
    range = [
      compareValues(id, least) < 0 ? id : least,
      compareValues(id, greatest) > 0 ? id : greatest,
    ];
  }
  return range;
}
