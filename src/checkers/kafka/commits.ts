// Whether committed offsets are kept. Jepsen's workload for Maelstrom asks for them and then looks
// in the wrong place of the answer, so nothing there ever fails. Here a list must have, for each
// key asked for, an offset that somebody tried to commit and that no later commit replaced; a
// service that keeps the highest one is right too. Commits without an answer may take place at any
// time.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import { keyOf, type ValueKey } from '../../history/value.js';
import { offsetsIn } from './reading.js';

interface CommitFault {
  readonly kind: 'lost-commit' | 'phantom-commit' | 'refused-commit';
  readonly key: ValueKey;
  readonly list: Op;
  /** What the list has; undefined: nothing. */
  readonly found: number | undefined;
  /** The acknowledged commit that it should have, or one that it might have, or must not. */
  readonly commit: Op | undefined;
  readonly expected: number | undefined;
}

interface Commit {
  readonly offset: number;
  readonly invoked: Op;
  /** Its acknowledgement. */
  readonly done: Op | undefined;
  /** It certainly did not take place. */
  readonly refused: boolean;
}

/** O(n log n), times the number of commits of a key that are open at once. */
export function commitFaults(history: History, report: (fault: CommitFault) => void): void {
  const commits = new Map<ValueKey, Commit[]>();
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    if (op.f !== 'commit_offsets') continue;
    const done = history.completionOf(op);
    const refused = done?.type === 'fail';
    for (const [key, offset] of offsetsIn(op.value, op)) {
      const list = commits.get(key) ?? [];
      commits.set(key, list);
      list.push({ offset, invoked: op, done: done?.type === 'ok' ? done : undefined, refused });
    }
  }
  const lines = new Map([...commits].map(([key, list]) => [key, new Line(list)]));
  for (const list of history.ops) {
    if (list.process === 'nemesis' || list.type !== 'ok') continue;
    if (list.f !== 'list_committed_offsets') continue;
    const invoked = history.invocationOf(list);
    const found = offsetsIn(list.value, list);
    for (const key of new Set([...keysAsked(invoked), ...found.keys()])) {
      const fault = (lines.get(key) ?? new Line([])).judge(found.get(key), invoked, list);
      if (fault !== undefined) report({ ...fault, key, list, found: found.get(key) });
    }
  }
}

function keysAsked({ value }: Op): readonly ValueKey[] {
  const keys = (value as { readonly keys?: unknown } | null | undefined)?.keys;
  return Array.isArray(keys) ? keys.map(keyOf) : [];
}

type Fault = Pick<CommitFault, 'kind' | 'commit' | 'expected'>;

/** The commits of one key. */
class Line {
  readonly #byOffset = new Map<number, Commit[]>();
  /** Acknowledged ones by completion; with each the latest invocation and the highest so far. */
  readonly #acked: readonly { readonly commit: Commit; readonly done: Op }[];
  readonly #latest: readonly Commit[];
  readonly #highest: readonly Commit[];

  constructor(commits: readonly Commit[]) {
    for (const commit of commits) {
      const same = this.#byOffset.get(commit.offset) ?? [];
      this.#byOffset.set(commit.offset, same);
      same.push(commit);
    }
    this.#acked = commits
      .flatMap((commit) => (commit.done === undefined ? [] : [{ commit, done: commit.done }]))
      .sort((a, b) => a.done.index - b.done.index);
    const sofar = (better: (a: Commit, b: Commit) => boolean): Commit[] => {
      let best: Commit | undefined;
      return this.#acked.map(({ commit }) => {
        if (best === undefined || better(commit, best)) best = commit;
        return best;
      });
    };
    this.#latest = sofar((a, b) => a.invoked.index > b.invoked.index);
    this.#highest = sofar((a, b) => a.offset > b.offset);
  }

  judge(found: number | undefined, invoked: Op, done: Op): Fault | undefined {
    const before = this.#ackedBefore(invoked.index) - 1;
    const [latest, highest] = [this.#latest[before], this.#highest[before]];
    if (found === undefined) {
      if (latest === undefined) return undefined;
      return { kind: 'lost-commit', commit: latest.invoked, expected: latest.offset };
    }
    const begun = (this.#byOffset.get(found) ?? []).filter(
      (commit) => commit.invoked.index < done.index,
    );
    const tried = begun.filter(({ refused }) => !refused);
    // 0 says as well that nothing was committed: begin at the start.
    if (found === 0 && tried.length === 0 && latest === undefined) return undefined;
    const [refused] = begun;
    if (tried.length === 0 && refused !== undefined) {
      return { kind: 'refused-commit', commit: refused.invoked, expected: found };
    }
    if (tried.length === 0) {
      return { kind: 'phantom-commit', commit: latest?.invoked, expected: latest?.offset };
    }
    if (latest === undefined || highest === undefined || found >= highest.offset) return undefined;
    const kept = tried.some(
      (commit) => commit.done === undefined || commit.done.index > latest.invoked.index,
    );
    return kept
      ? undefined
      : { kind: 'lost-commit', commit: latest.invoked, expected: latest.offset };
  }

  /** How many were acknowledged before `index`. */
  #ackedBefore(index: number): number {
    let [low, high] = [0, this.#acked.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if ((this.#acked[middle]?.done.index ?? 0) < index) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
