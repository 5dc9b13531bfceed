// Linearizability: whether every operation can be thought to take effect at one instant between
// its call and its return, so that a sequential object explains all answers. Source: Herlihy &
// Wing 1990.

import type { Counts } from '../../history/counts.js';
import type { History } from '../../history/history.js';
import { showValue } from '../../history/value.js';
import type { Checker, CheckerOptions, Judgement, Progress, Verdict } from '../checker.js';
import { asMaelstrom } from '../strictness.js';
import { count, enumeration } from '../words.js';
import { checkOperations, type Doubt, defaultBounds, type Finding } from './check.js';
import { type Order, statesOf } from './longest-orders.js';
import type { Model } from './model.js';
import { models } from './models/index.js';
import { withoutNullReads } from './null-reads.js';
import { never, type Operation, operationsOf } from './operation.js';
import { pictureOf } from './picture.js';
import { withRefusals } from './refusals.js';
import { operationAt, type Witness, witnessOf } from './witness.js';
import { describeActor, describeOperation } from './words.js';

export const linearizable: Checker = {
  name: 'linearizable',
  about: 'Every operation takes effect at one instant between its call and its return.',
  options: {
    model: 'register',
    /** The initial state; undefined: the model's own. */
    init: undefined,
    /** Whether every value is `[key, value]`, as Jepsen's independent keys have it. */
    keyed: false,
    /** `maelstrom`: a read of null is always right, and what failed says nothing. */
    strictness: 'stormglass',
    ...defaultBounds,
  },
  check: checkLinearizable,
};

/** How many operations of a conflict or an order a sentence names. */
const namedMax = 8;

function checkLinearizable(
  history: History,
  options: CheckerOptions,
  _counts?: Counts,
  progress?: Progress,
): Judgement {
  return judgePictured(history, options, progress).judgement;
}

/** A judgement, and the picture of why a history is not linearizable, by one search. */
export interface Pictured {
  readonly judgement: Judgement;
  /** The picture as a page; undefined where there is nothing to see. */
  page(): string | undefined;
}

/** As the checker judges. */
export function judgePictured(
  history: History,
  options: CheckerOptions,
  progress?: Progress,
): Pictured {
  const { model, operations, bounds } = linearizabilityOf(history, options);
  const heard = { ...bounds, ...(progress && { progress }) };
  return picturedOf(tallyOf(operations), model, checkOperations(operations, model, heard));
}

/** How many operations were judged, and how many of them were acknowledged. */
export interface Tally {
  readonly operations: number;
  readonly acknowledged: number;
}

export function tallyOf(operations: readonly Operation[]): Tally {
  let acknowledged = 0;
  for (const operation of operations) if (operation.return !== never) acknowledged++;
  return { operations: operations.length, acknowledged };
}

/** What is to be checked of a history. */
export function linearizabilityOf(history: History, options: CheckerOptions) {
  const model = modelOf(options);
  const keyed = options.keyed === true || model.keyed === true;
  const judged = asMaelstrom(options)
    ? withoutNullReads(history, keyed)
    : withRefusals(history, model.refusals ?? new Map(), keyed);
  const operations = operationsOf(judged, keyed);
  const { configurationsMax, bytesMax } = options;
  const bounds = { configurationsMax: Number(configurationsMax), bytesMax: Number(bytesMax) };
  return { model, operations, bounds };
}

/** What a finding says of some operations. */
export function picturedOf(tally: Tally, model: Model, finding: Finding): Pictured {
  const { parts, configurations, invalid } = finding;
  const stats = { model: model.name, ...tally, parts };
  if (invalid !== undefined) {
    const witness = witnessOf(invalid.part, model, invalid);
    const anomaly = { kind: 'not-linearizable', about: aboutOf(witness), ops: opsOf(witness) };
    const figures = { ...stats, configurations, ...figuresOf(witness) };
    const judgement = { valid: false, anomalies: [anomaly], stats: figures } as const;
    return { judgement, page: () => pictureOf(witness) };
  }
  const all = { ...stats, configurations };
  return {
    judgement: { ...verdictOf(finding, tally.acknowledged), stats: all },
    page: () => undefined,
  };
}

function verdictOf(finding: Finding, acknowledged: number): Verdict {
  if (finding.doubts.length > 0) return { valid: 'unknown', reason: doubtOf(finding) };
  if (acknowledged > 0) return { valid: true };
  return { valid: 'unknown', reason: 'no operation was acknowledged' };
}

export function modelOf({ model: name, init }: CheckerOptions): Model {
  const model = models.get(String(name));
  if (model === undefined) {
    throw new TypeError(
      `there is no model ${String(name)}; there are ${[...models.keys()].join(', ')}`,
    );
  }
  return init === undefined ? model : { ...model, init };
}

/** The witness in words. */
function aboutOf(witness: Witness): string {
  const { prefix, stuck, shortest, conflict, partials, model } = witness;
  const place = prefix.key === undefined ? '' : ` at key ${showValue(prefix.key)}`;
  const others = conflict.filter((at) => at !== stuck);
  const names = others.map((at) => describeActor(operationAt(witness, at)));
  const against = others.length === 0 ? 'by itself' : `beside ${enumeration(names, namedMax)}`;
  const extent = `${count(prefix.operations.length, 'operation')}${place}`;
  const best = partials[0];
  const sofar =
    best === undefined || best.length === 0
      ? ''
      : `; the longest orders explain all that returned before, such as … ${tailOf(witness, best)}`;
  return (
    `no order of the first ${extent} is what a ${model.name} would do: ` +
    `${describeActor(operationAt(witness, stuck))} is impossible ${against}` +
    `${shortest ? '' : ' (a shorter prefix may be too)'}${sofar}`
  );
}

/** The end of an order, and the state that it leads to. */
function tailOf(witness: Witness, order: Order): string {
  const tail = order.slice(-namedMax).map((at) => describeOperation(operationAt(witness, at)));
  const states = statesOf(witness.prefix, witness.model, order);
  return `${tail.join(', ')}, which leaves ${showValue(states.at(-1))}`;
}

/** The positions in the history of the operations that conflict. */
function opsOf(witness: Witness): readonly number[] {
  const at = witness.conflict.flatMap((own) => operationAt(witness, own).at ?? []);
  return [...new Set(at)].sort((a, b) => a - b);
}

function figuresOf(witness: Witness): Readonly<Record<string, unknown>> {
  const { prefix, partials, stuck } = witness;
  const named = (order: readonly number[]) =>
    order.slice(-namedMax).map((at) => describeActor(operationAt(witness, at)));
  return {
    key: prefix.key,
    'prefix-operations': prefix.operations.length,
    'impossible-operation': describeActor(operationAt(witness, stuck)),
    conflict: witness.conflict.map((at) => describeActor(operationAt(witness, at))),
    'longest-partial-linearizations': partials.map(named),
  };
}

/** How far the search got before a bound. */
function doubtOf({ doubts }: Finding): string {
  const texts = doubts.map(
    (doubt) => `${placeOf(doubt)} ${doubt.reached} of ${doubt.events} events`,
  );
  const bounds = [...new Set(doubts.map(({ bound }) => bound))].join(' and ');
  return `the search met its bound ${bounds}; it could explain ${enumeration(texts, namedMax)}`;
}

function placeOf({ key }: Doubt): string {
  return key === undefined ? 'the first' : `at key ${showValue(key)} the first`;
}
