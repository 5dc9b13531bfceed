// From what was found to a verdict: false if any of the models that were asked for rules out an
// anomaly that was found; what none of them rules out is counted, and allowed.
import { assert } from '../../kernel/assert.js';
import type { CheckerOptions, Judgement } from '../checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from '../findings.js';
import { componentsOf } from './components.js';
import { type Cycle, type Cycles, cyclesIn } from './cycles.js';
import { explained, type Wording } from './explain.js';
import { edge, type Graph, type GraphBuilder } from './graph.js';
import { fate, type Ledger } from './ledger.js';
import { modelsNamed, proscribedBy, standingOf } from './models.js';
import { addProcesses, addRealtime, type Runs } from './sessions.js';

/** The options of both checkers. */
export const defaults = {
  /** The consistency models that a history must have. */
  models: ['strict-serializable'],
  /** How many edges the search for short cycles may look at. */
  stepsMax: 20_000_000,
} as const;

const cycleKinds = ['G0', 'G1c', 'G-single', 'G-nonadjacent', 'G2-item'];

/** All kinds, the gravest first. */
const kinds: readonly string[] = [
  ...['reply-mismatch', 'garbage-read', 'duplicate-elements', 'incompatible-order'],
  ...['cyclic-versions', 'G1a', 'dirty-update', 'G1b', 'internal', 'future-read', 'lost-update'],
  ...['OTV', 'fractured-read', 'missed-update', 'G-cursor'],
  ...['', '-process', '-realtime'].flatMap((session) => cycleKinds.map((kind) => kind + session)),
  ...['not-serializable', 'not-strict-serializable'],
];

/** A history on its way to a verdict. */
export interface Case {
  readonly ledger: Ledger;
  readonly findings: Findings;
  readonly doubts: string[];
  /** The models that are asked for, and what they rule out. */
  readonly models: readonly string[];
  readonly ruled: ReadonlySet<string>;
  readonly stepsMax: number;
  /** Kinds of cycles of which one is certain: no other explanation of what was read. */
  readonly certain: Set<string>;
}

/** Begins a case; finds replies that are none. Throws for options that are none. */
export function opened(ledger: Ledger, { models: named, stepsMax }: CheckerOptions): Case {
  const models = modelsNamed(named);
  const bound = Number(stepsMax);
  assert(bound >= 0 && typeof stepsMax === 'number', 'stepsMax is a number', { stepsMax });
  const findings = noFindings(kinds);
  for (const { reply, about } of ledger.mismatches) {
    find(findings, 'reply-mismatch', () => ({
      about: `the reply at operation ${reply.index} is not to its request: ${about}`,
      ops: [reply.index],
    }));
  }
  const ruled = proscribedBy(models);
  const doubts = [...ledger.doubts];
  return { ledger, findings, doubts, models, ruled, stepsMax: bound, certain: new Set() };
}

/** Cycles of a graph of dependencies, to which the sessions that the models need are added. */
export function dependencyCycles(
  one: Case,
  builder: GraphBuilder,
  present: Uint8Array,
): Cycles & { readonly graph: Graph } {
  const { ledger, ruled, stepsMax } = one;
  const needs = (session: string): boolean => [...ruled].some((kind) => kind.endsWith(session));
  if (needs('-realtime')) addRealtime(builder, runsOf(ledger), present);
  else if (needs('-process')) addProcesses(builder, runsOf(ledger));
  const graph = builder.build();
  const acyclic = componentsOf(graph, ~edge.via).count === graph.size;
  if (acyclic) return { found: [], singlesMissed: false, graph };
  if (!needs('-realtime')) return { ...cyclesIn(graph, ledger.count, stepsMax), graph };
  addProcesses(builder, runsOf(ledger));
  return { ...cyclesIn(builder.build(), ledger.count, stepsMax), graph };
}

function runsOf(ledger: Ledger): Runs {
  const { ops, invoked } = ledger;
  return { ...ledger, end: ops.length, processOf: (txn) => ops[invoked[txn] ?? -1]?.process };
}

/** Puts cycles into words. `sure`: the order of writes is certain whatever the reads mean. */
export function findCycles(one: Case, cycles: Cycles, wording: Wording, sure: boolean): void {
  const { ledger, findings, certain, doubts, ruled } = one;
  for (const cycle of cycles.found) {
    find(findings, cycle.kind, () => explained(ledger, cycle, wording));
    if (sure && isCertain(ledger, cycle)) certain.add(cycle.kind);
  }
  if (cycles.singlesMissed && ruled.has('G-single') && !ruled.has('G-nonadjacent')) {
    doubts.push('the search for cycles with one rw edge met its bound, stepsMax');
  }
}

/**
 * A transaction of unknown outcome took place only if nobody reads what aborted transactions
 * wrote.
 */
function isCertain({ fates }: Ledger, { steps }: Cycle): boolean {
  return steps.every(({ source }) => fates[source] === fate.committed);
}

/** Whether something was found that the models rule out. */
export function objects(one: Case): boolean {
  return Object.keys(countsOf(one.findings)).some((kind) => one.ruled.has(meaning(one, kind)));
}

/** Closes a case. */
export function concluded(one: Case, stats: Readonly<Record<string, unknown>>): Judgement {
  const { findings, ruled, models, doubts } = one;
  const found = Object.keys(countsOf(findings));
  const isRuled = (kind: string): boolean => ruled.has(meaning(one, kind));
  const proscribed = new Map([...findings].filter(([kind]) => isRuled(kind)));
  const allowed = new Map([...findings].filter(([kind]) => !isRuled(kind)));
  const weak = found.filter((kind) => kind.startsWith('G0') && !isRuled(kind));
  if (weak.some((kind) => ruled.has(kind))) {
    doubts.push('a cycle of writes, unless what was read is of an aborted transaction');
  }
  const figures = {
    ...stats,
    anomalies: countsOf(proscribed),
    allowed: countsOf(allowed),
    ...standingOf(
      found.map((kind) => meaning(one, kind)),
      models,
    ),
  };
  return { ...verdictOf(proscribed, doubts), stats: figures };
}

/** What a kind rules out: a cycle of writes that is not certain is a G1 of one sort or another. */
function meaning({ certain }: Case, kind: string): string {
  return kind.startsWith('G0') && !certain.has(kind) ? kind.replace('G0', 'G1c') : kind;
}

/** Transactions by how they ended. */
export function endsOf({ fates, count }: Ledger): Readonly<Record<string, number>> {
  const ends = [0, 0, 0];
  for (let txn = 0; txn < count; txn++)
    ends[fates[txn] as number] = (ends[fates[txn] as number] ?? 0) + 1;
  const [committed, aborted, unknown] = ends;
  return {
    transactions: count,
    committed: committed ?? 0,
    aborted: aborted ?? 0,
    unknown: unknown ?? 0,
  };
}
