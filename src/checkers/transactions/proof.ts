// What shows that a history of registers has no anomaly, when none was found: an order of its
// transactions, one after another, or an order of its writes under which nothing is ruled out. What
// shows neither is unknown; and where every order was tried in vain, there is an anomaly after all.
import { find } from '../findings.js';
import { atomicOrder } from './atomic-order.js';
import type { Cycle } from './cycles.js';
import { explained, type Wording } from './explain.js';
import type { Graph } from './graph.js';
import { learnedOrder } from './learned-order.js';
import { endsIn } from './ledger.js';
import { witness } from './orders.js';
import { addGuess, type Known, registerDependencies } from './register-dependencies.js';
import { serialOrder } from './serial-order.js';
import { type Case, dependencyCycles, objects } from './verdict.js';
import { type Versions, versionsIn } from './versions.js';
import { ranksIn } from './write-ranks.js';

/** Adds a doubt, or an anomaly, unless the history has what the models demand. */
export function seekProof(
  one: Case,
  known: Known,
  versions: Versions,
  { found, graph }: ReturnType<typeof dependencyCycles>,
  wording: Wording,
): void {
  const strict = one.ruled.has('not-strict-serializable');
  const serial = one.ruled.has('G2-item');
  if (atomicOrder(one, known, versions) || objects(one)) return;
  // A guess is judged by cycles, which do not tell whether transactions see others whole.
  const whole = one.ruled.has('OTV') || one.ruled.has('G-cursor');
  if (!serial && (!whole || one.ruled.has('G-single')) && guessed(one, known, versions, graph))
    return;
  if (found.length === 0) {
    const timed = timedOrder(one, known);
    if (strict) findTimed(one, timed, wording);
    if (objects(one)) return;
    const isTimed = timed.found.length === 0 && timed.cyclic.length === 0;
    if (isTimed && proves(one, known, timed.graph, 'not-strict-serializable')) return;
    if (!strict && proves(one, known, graph, 'not-serializable')) return;
    if (objects(one)) return;
  }
  one.doubts.push(
    serial
      ? 'no serial order of the transactions was found'
      : 'no order of the writes was found that explains what was read',
  );
}

/** What follows if each key is as real time has it, which strict serializability demands. */
function timedOrder(one: Case, known: Known) {
  const hints = { sequentialKeys: false, linearizableKeys: true };
  const versions = versionsIn(one.ledger, known.registers, hints);
  const builder = registerDependencies(one.ledger, known, versions);
  const timed: Case = { ...one, ruled: new Set(['G0-realtime']) };
  return { ...dependencyCycles(timed, builder, known.present), cyclic: versions.cyclic };
}

function findTimed(one: Case, timed: ReturnType<typeof timedOrder>, wording: Wording): void {
  const { ledger, findings } = one;
  for (const cycle of timed.found) {
    const kind = `${cycle.kind.replace(/-(process|realtime)$/, '')}-realtime`;
    const named: Cycle = { ...cycle, kind };
    find(findings, named.kind, () => explained(ledger, named, wording));
  }
  for (const cycle of timed.cyclic) {
    const writes = cycle.filter((version) => version < ledger.keys.length);
    const txns = [...new Set(writes.map((write) => ledger.owners[write] as number))].slice(0, 8);
    const wrong = 'what they wrote was seen in an order that real time does not allow';
    find(findings, 'not-strict-serializable', () => witness(ledger, txns, wrong));
  }
}

/** Whether there is a serial order; if there is none, and the models demand one, says so. */
function proves(one: Case, known: Known, graph: Graph, kind: string): boolean {
  const { ledger, stepsMax, ruled, findings } = one;
  const { registers, present, readers } = known;
  const problem = { ledger, registers, graph, present };
  let { order } = learnedOrder(problem, readers, stepsMax);
  if (order === 'unknown') order = serialOrder(problem, stepsMax);
  // With the order of processes in the graph there may still be an order without.
  const bare =
    kind === 'not-strict-serializable' || ![...ruled].some((one) => /-process$/.test(one));
  if (order === 'none' && ruled.has(kind) && bare) {
    const count = present.reduce((sum, one) => sum + one, 0);
    const first = [...present.keys()].filter((txn) => present[txn] === 1).slice(0, 4);
    const wrong = `no order of these and the others, ${count} in all, explains what they read`;
    find(findings, kind, () => witness(ledger, first, wrong));
  }
  return order === 'found';
}

/**
 * Whether nothing is ruled out if all writes took place in the order of their completions, or in
 * one that all other dependencies allow: that settles every model that only these two make up.
 */
function guessed(one: Case, known: Known, versions: Versions, graph: Graph): boolean {
  const { ledger, ruled } = one;
  const ended = endsIn(ledger);
  const ranks = [ended, ranksIn(graph, ledger.count, ended)];
  return ranks.some((guess) => {
    if (guess === undefined) return false;
    const builder = registerDependencies(ledger, known, versions);
    addGuess(builder, ledger, known, guess);
    const { found, singlesMissed } = dependencyCycles(one, builder, known.present);
    if (singlesMissed) return false;
    return !found.some(({ kind }) => ruled.has(kind) || ruled.has(kind.replace('G0', 'G1c')));
  });
}
