// What a hunt has come to so far: counts, and of each kind of finding the first run that shows
// it. Tallies of parts add up to that of the whole, in any order, to the last digit: threads,
// shards and machines each send one. It is plain data.
import type { EditFile, ScenarioFile } from '../schema.js';

/**
 * What a finding is. `failure`: a judge objects. `unknown`: one could not decide, or a limit was
 * met. `accident`: the run could not be had at all, because it hung, ended its process, ran out of
 * memory or threw. `empty`: a variant in which nothing happened that could be judged.
 */
export type FindingKind = 'failure' | 'unknown' | 'accident' | 'empty';

/** A run, as plain data: all that it takes to have it again. */
export interface Specimen {
  /** The number of its trial in the hunt. */
  readonly index: number;
  readonly seed: string;
  readonly edits: readonly EditFile[];
  /** The scenario, where it is not the one that is hunted. */
  readonly file: ScenarioFile | undefined;
  /** What happened in it, in a sentence. */
  readonly about: string;
}

export interface Finding {
  readonly kind: FindingKind;
  /** `set-full/lost`, `crashes/crash`; of an accident `hunt/hang`, `hunt/exit` … */
  readonly name: string;
  /** How many runs show it. */
  readonly count: number;
  /** Of those the one with the lowest number. */
  readonly first: Specimen;
}

/** What became of an entry of the scenario's `faults` over all runs that had it. */
interface FaultTally {
  readonly id: string;
  /** Runs that had it. */
  readonly runs: number;
  /** Faults that struck: a generator's are many in one run. */
  readonly struck: number;
  /** Of those, the ones that changed the fate of something. */
  readonly effective: number;
}

/** A property that at least one run must reach. */
export interface SometimesTally {
  readonly name: string;
  /** Runs that reached it. */
  readonly count: number;
  /** The lowest number of such a run. */
  readonly first: number | undefined;
}

export interface Tally {
  readonly runs: number;
  readonly events: number;
  readonly virtualUs: number;
  /** Runs that are as the scenario expects. */
  readonly fine: number;
  /** Runs with at least one failure. */
  readonly failed: number;
  /** The digests of all runs, added up: 16 hexadecimal digits. */
  readonly digest: string;
  /** In the order of their names. */
  readonly findings: readonly Finding[];
  readonly faults: readonly FaultTally[];
  readonly sometimes: readonly SometimesTally[];
}

/** Of no run at all; names the faults and properties whose counts begin at zero. */
export function emptyTally(
  faults: readonly string[] = [],
  sometimes: readonly string[] = [],
): Tally {
  return {
    ...{ runs: 0, events: 0, virtualUs: 0, fine: 0, failed: 0 },
    digest: '0'.repeat(16),
    findings: [],
    faults: faults.map((id) => ({ id, runs: 0, struck: 0, effective: 0 })),
    sometimes: sometimes.map((name) => ({ name, count: 0, first: undefined })),
  };
}

/** The tally of two disjoint parts together. */
export function added(a: Tally, b: Tally): Tally {
  return {
    runs: a.runs + b.runs,
    events: a.events + b.events,
    virtualUs: a.virtualUs + b.virtualUs,
    fine: a.fine + b.fine,
    failed: a.failed + b.failed,
    digest: digestSum(a.digest, b.digest),
    findings: united(a.findings, b.findings, addedFindings),
    faults: joined(a.faults, b.faults, ({ id }) => id, addedFaults),
    sometimes: joined(a.sometimes, b.sometimes, ({ name }) => name, addedSometimes),
  };
}

/** The sum of digests modulo 2^64. */
function digestSum(a: string, b: string): string {
  const sum = BigInt.asUintN(64, BigInt(`0x${a}`) + BigInt(`0x${b}`));
  return sum.toString(16).padStart(16, '0');
}

const keyOf = ({ kind, name }: Finding): string => `${kind} ${name}`;

function united(
  a: readonly Finding[],
  b: readonly Finding[],
  add: (one: Finding, other: Finding) => Finding,
): readonly Finding[] {
  if (b.length === 0) return a;
  if (a.length === 0) return b;
  return joined(a, b, keyOf, add).toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
}

/** Items of both lists; those with the same key added up, in the place of the first. */
function joined<T>(
  a: readonly T[],
  b: readonly T[],
  key: (item: T) => string,
  add: (one: T, other: T) => T,
): readonly T[] {
  const items = new Map(a.map((item) => [key(item), item]));
  for (const item of b) {
    const known = items.get(key(item));
    items.set(key(item), known === undefined ? item : add(known, item));
  }
  return [...items.values()];
}

function addedFindings(a: Finding, b: Finding): Finding {
  const first = a.first.index <= b.first.index ? a.first : b.first;
  return { ...a, count: a.count + b.count, first };
}

function addedFaults(a: FaultTally, b: FaultTally): FaultTally {
  const { id } = a;
  const struck = a.struck + b.struck;
  return { id, runs: a.runs + b.runs, struck, effective: a.effective + b.effective };
}

function addedSometimes(a: SometimesTally, b: SometimesTally): SometimesTally {
  const firsts = [a.first, b.first].filter((first) => first !== undefined);
  const first = firsts.length === 0 ? undefined : Math.min(...firsts);
  return { name: a.name, count: a.count + b.count, first };
}
