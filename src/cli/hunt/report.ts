// What is said of a hunt, as plain data: what blobs hold, what reporters print, what shards add up
// to.
import { added, type Finding, type Tally } from '../../scenario/hunt/tally.js';
import { quoted } from '../../scenario/problems.js';
import type { ExpectFile } from '../../scenario/schema.js';
import { usageError } from '../../scenario/usage-error.js';
import type { Signal } from '../io.js';

/** The strategy of a prey that is a kept failure: its one run. */
export const regressionStrategy = 'regression';

/** A scenario that was hunted, and what that came to. */
export interface Prey {
  /** The scenario's path as the user named it. */
  readonly scenario: string;
  readonly about: string;
  readonly protocol: string;
  readonly expect: ExpectFile;
  readonly strategy: string;
  readonly seed: string;
  /** What the trials are, of a strategy that tries everything. */
  readonly plan: string | undefined;
  /** How many runs the whole hunt has, all shards; `undefined`: as many as there was time for. */
  readonly trials: number | undefined;
  /** All blocks of this part have been tried, or a failure has ended it as asked. */
  readonly complete: boolean;
  /** The command that goes on with a hunt that was interrupted, where there is one. */
  readonly resume?: string | undefined;
  readonly tally: Tally;
}

export interface HuntReport {
  readonly type: 'hunt';
  readonly version: 1;
  readonly engine: string;
  /** Which part; `undefined`: the whole. */
  readonly shard: { readonly index: number; readonly count: number } | undefined;
  readonly workers: number;
  readonly elapsedMs: number;
  /** The signal that ended it early. */
  readonly signal: Signal | undefined;
  readonly failOnInert: boolean;
  readonly scenarios: readonly Prey[];
}

/** Findings that fail a hunt. */
function wrongs({ tally }: Prey): readonly Finding[] {
  return tally.findings.filter(({ kind }) => kind === 'failure' || kind === 'accident');
}

/** Entries of `faults` that struck and never changed anything, or never struck, in any run. */
export function inertFaults({ tally }: Prey): readonly string[] {
  return tally.faults.flatMap(({ id, runs, effective }) =>
    runs > 0 && effective === 0 ? [id] : [],
  );
}

/** `sometimes` properties that no run has reached. */
export function unreached({ tally }: Prey): readonly string[] {
  return tally.sometimes.flatMap(({ name, count }) => (count === 0 ? [name] : []));
}

/**
 * 0 nothing found · 1 failures, or what some run must reach was not, or inert faults if they are to
 * fail · 2 nobody knows. A shard does not know what others reach.
 */
export function exitCodeOf({ scenarios, shard, failOnInert }: HuntReport): number {
  const whole = shard === undefined;
  const isWrong = scenarios.some(
    (prey) =>
      wrongs(prey).length > 0 ||
      (whole && prey.complete && unreached(prey).length > 0) ||
      (whole && failOnInert && inertFaults(prey).length > 0),
  );
  if (isWrong) return 1;
  const isVague = scenarios.some(
    ({ tally }) => tally.runs === 0 || tally.findings.some(({ kind }) => kind === 'unknown'),
  );
  return isVague ? 2 : 0;
}

/** The shards of one hunt as the whole. Throws a UsageError when they are not of one hunt. */
export function merged(parts: readonly (readonly [path: string, HuntReport])[]): HuntReport {
  const [first, ...others] = parts;
  if (first === undefined) {
    throw usageError('there are no blobs to merge', {
      expected: 'files that `stormglass hunt --reporter blob` wrote',
    });
  }
  const seen = new Set<number>();
  for (const [path, { shard }] of parts) {
    const index = shard?.index ?? 0;
    if (seen.has(index)) throw usageError(`shard ${index + 1} is there twice`, { hint: path });
    seen.add(index);
  }
  const missing = (first[1].shard?.count ?? 1) - parts.length;
  if (missing > 0) {
    throw usageError(`${missing} of ${first[1].shard?.count} shards are missing`, {
      expected: 'the blobs of all shards',
    });
  }
  const whole = others.reduce((sum, [path, part]) => mergedTwo(sum, part, path), first[1]);
  return { ...whole, shard: undefined };
}

function mergedTwo(a: HuntReport, b: HuntReport, path: string): HuntReport {
  if (a.engine !== b.engine || a.shard?.count !== b.shard?.count) {
    throw usageError(`blob ${quoted(path)} is of another hunt`, {
      expected: `engine ${a.engine} and ${a.shard?.count} shards`,
    });
  }
  return {
    ...a,
    workers: a.workers + b.workers,
    elapsedMs: Math.max(a.elapsedMs, b.elapsedMs),
    signal: a.signal ?? b.signal,
    failOnInert: a.failOnInert || b.failOnInert,
    scenarios: a.scenarios.map((prey, place) => mergedPrey(prey, b.scenarios[place], path)),
  };
}

function mergedPrey(a: Prey, b: Prey | undefined, path: string): Prey {
  const same =
    b !== undefined &&
    (['scenario', 'strategy', 'seed', 'trials', 'about'] as const).every(
      (name) => a[name] === b[name],
    );
  if (!same) throw usageError(`blob ${quoted(path)} is of another hunt than ${a.scenario}'s`, {});
  if (a.strategy === regressionStrategy) return a; // Each shard has run it, to the same end.
  return { ...a, complete: a.complete && b.complete, tally: added(a.tally, b.tally) };
}
