// What checkers found, in files of its own: for each key of a store that is not linearizable its
// history and a picture, for each kind of anomaly of transactions its cases in words.
import type { Anomaly } from '../../checkers/checker.js';
import { judgePictured, linearizable } from '../../checkers/linearizable/linearizable.js';
import { models } from '../../checkers/linearizable/models/index.js';
import { type History, historyOf } from '../../history/history.js';
import { formatOp } from '../../history/ndjson.js';
import type { Op } from '../../history/op.js';
import { compareValues, keyOf } from '../../history/value.js';
import type { NamedJudgement } from '../../scenario/check.js';
import type { CheckerSpec } from '../../scenario/scenario.js';

/** Keys that get a folder; which fail is in the results. */
const keysMax = 8;

/** Files by name. */
type Files = ReadonlyMap<string, string>;

/** The files that the judgements on a history are worth. */
export function witnessFiles(
  history: History,
  judgements: readonly NamedJudgement[],
  checkers: readonly CheckerSpec[],
): Files {
  const files = judgements.flatMap((judgement): readonly (readonly [string, string])[] => {
    if (judgement.valid !== false) return [];
    const spec = checkers.find(({ checker }) => checker.name === judgement.name);
    if (spec?.checker === linearizable) return [...keyFiles(history, spec)];
    const isElles = judgement.name === 'list-append' || judgement.name === 'rw-register';
    return isElles ? [...elleFiles(judgement.anomalies)] : [];
  });
  return new Map(files);
}

/** Jepsen's `independent/<key>/` for the first keys that fail; one picture without keys. */
function keyFiles(history: History, { options }: CheckerSpec): Files {
  const files = new Map<string, string>();
  const keyed = options.keyed === true || models.get(String(options.model))?.keyed === true;
  if (!keyed) {
    const picture = judgePictured(history, options).page();
    return picture === undefined ? files : files.set('linear.html', picture);
  }
  let drawn = 0;
  for (const [key, own] of partsOf(history)) {
    if (drawn === keysMax) break;
    const picture = judgePictured(own, options).page();
    if (picture === undefined) continue;
    drawn++;
    const folder = `independent/${fileName(key)}`;
    files.set(`${folder}/linear.html`, picture);
    files.set(`${folder}/history.ndjson`, own.ops.map((op) => `${formatOp(op)}\n`).join(''));
    const results = { key, 'valid?': false };
    files.set(`${folder}/results.json`, `${JSON.stringify(results, undefined, 2)}\n`);
  }
  return files;
}

/** The history of each key, numbered anew, in the order of the keys. */
function partsOf(history: History): readonly (readonly [unknown, History])[] {
  const parts = new Map<unknown, { readonly key: unknown; readonly ops: Op[] }>();
  for (const op of history.ops) {
    if (op.process === 'nemesis') continue;
    const { value } = op.type === 'invoke' ? op : history.invocationOf(op);
    const key: unknown = Array.isArray(value) ? value[0] : undefined;
    const part = parts.get(keyOf(key)) ?? { key, ops: [] };
    parts.set(keyOf(key), part);
    part.ops.push({ ...op, index: part.ops.length });
  }
  return [...parts.values()]
    .sort((a, b) => compareValues(a.key, b.key))
    .map(({ key, ops }) => [key, historyOf(ops)]);
}

/** A key as the name of a folder. */
function fileName(key: unknown): string {
  const text = typeof key === 'string' ? key : JSON.stringify(key);
  return encodeURIComponent(text ?? 'none')
    .replaceAll('.', '%2E')
    .slice(0, 100);
}

/** Elle's `elle/<anomaly>.txt`. */
function elleFiles(anomalies: readonly Anomaly[]): Files {
  const files = new Map<string, string>();
  for (const { kind, about, ops } of anomalies) {
    const name = `elle/${kind}.txt`;
    const before = files.get(name) ?? '';
    files.set(name, `${before}${about}\n  operations ${ops.join(', ')}\n\n`);
  }
  return files;
}
