// An order of transactions in which each read returns what was written last, for histories with
// more of them than can be tried out. It takes what completed first. Where nothing can come next,
// somebody waits to overwrite a version that others still have to read, and these come after him:
// then he must come before that version's writer. This is learned, and the search goes back only so
// far. Where several wait for each other one of them is guessed; a contradiction after that means
// the opposite, which is learned in its place, and without a guess that there is no order. The rule
// is that of Biswas & Enea 2019, §5; to learn instead of trying all ways is what solvers do, as in
// Tan et al. 2020, "Cobra".
import type { Graph } from './graph.js';
import { type Before, endOf, Placing, type Problem } from './placing.js';
import { RankHeap } from './rank-heap.js';
import type { Readers } from './register-dependencies.js';
import type { SerialOrder } from './serial-order.js';

interface Outcome {
  readonly order: SerialOrder;
  /** If one was found, the place of each transaction in it; −1 for those that are not in it. */
  readonly places: Int32Array;
}

/** O(graph) where little has to be learned; looks at no more than `stepsMax` edges. */
export function learnedOrder(problem: Problem, readers: Readers, stepsMax: number): Outcome {
  const search = new Search(problem, readers, stepsMax);
  return { order: search.run(), places: search.places };
}

const [idle, queued, waiting] = [0, 1, 2];

/** That somebody comes before the writer of a version, and how much was learned before that. */
interface Guess {
  readonly txn: number;
  readonly version: number;
  readonly edges: number;
}

const guessesMax = 100_000;

/** How many transactions that ended later may come before one that waits, unexamined. */
const window = 64;

class Search {
  /** Where each transaction is in the order; −1 for nowhere yet. */
  readonly places: Int32Array;
  readonly #problem: Problem;
  readonly #readers: Readers;
  readonly #placing: Placing;
  readonly #order: number[] = [];
  readonly #before: Before[] = [];
  /**
   * Transactions by the time of their completion, and the position of each among them. Those that
   * only read come first: to place them as soon as they can be never hurts.
   */
  readonly #byEnd: readonly number[];
  readonly #ranks: Int32Array;
  readonly #heap = new RankHeap();
  readonly #states: Uint8Array;
  /** Those that wait for a key, by key. */
  readonly #waiting = new Map<number, number[]>();
  /** What was learned, and guessed: who must come after whom, and before. */
  readonly #after = new Map<number, number[]>();
  readonly #prior = new Map<number, number[]>();
  /** The key that each waits for, and those that wait by the time of their completion. */
  readonly #keys: Int32Array;
  readonly #late = new RankHeap();
  /** Nodes that the last walk found, and which of them nothing keeps from coming next. */
  readonly #marks: Int32Array;
  readonly #leaves: number[] = [];
  #mark = 0;
  #back: Graph | undefined;
  /** By turns who comes before, and after. */
  readonly #edges: number[] = [];
  readonly #guesses: Guess[] = [];
  #stepsLeft: number;

  constructor(problem: Problem, readers: Readers, stepsMax: number) {
    const { ledger, present, graph } = problem;
    this.#problem = problem;
    this.#readers = readers;
    this.#stepsLeft = stepsMax;
    this.places = new Int32Array(ledger.count).fill(-1);
    const changes = (txn: number): number =>
      ledger.writes.subarray(ledger.starts[txn], ledger.starts[txn + 1]).includes(1) ? 1 : 0;
    this.#byEnd = [...present.keys()]
      .filter((txn) => present[txn] === 1)
      .sort((a, b) => changes(a) - changes(b) || endOf(ledger, a) - endOf(ledger, b) || a - b);
    this.#ranks = new Int32Array(ledger.count);
    for (const [rank, txn] of this.#byEnd.entries()) this.#ranks[txn] = rank;
    this.#states = new Uint8Array(ledger.count);
    this.#keys = new Int32Array(ledger.count);
    this.#marks = new Int32Array(graph.size);
    this.#placing = new Placing(problem, { freed: (txn) => this.#queue(txn), blocked: () => {} });
  }

  run(): SerialOrder {
    this.#placing.begin();
    while (this.#order.length < this.#byEnd.length) {
      if (this.#stepsLeft < 0) return 'unknown';
      const rank = this.#heap.take();
      const late = this.#firstWaiting(rank);
      const way = late === undefined ? 'stuck' : this.#learn(late);
      if (way === 'none' || this.#guesses.length > guessesMax)
        return way === 'none' ? way : 'unknown';
      if (rank === undefined && way === 'stuck') return 'unknown';
      if (rank === undefined) continue;
      const txn = this.#byEnd[rank] as number;
      this.#states[txn] = idle;
      if (way === 'on') this.#queue(txn);
      else if (this.#isFree(txn)) this.#tryNext(txn);
    }
    return 'found';
  }

  /** Who waits, and ended long before what would come next. */
  #firstWaiting(rank = Number.POSITIVE_INFINITY): number | undefined {
    for (let first = this.#late.take(); first !== undefined; first = this.#late.take()) {
      const txn = this.#byEnd[first] as number;
      if (this.#states[txn] !== waiting || !this.#isFree(txn)) continue;
      if (first + window < rank) return txn;
      this.#late.add(first);
      return undefined;
    }
    return undefined;
  }

  #isFree(txn: number): boolean {
    return this.places[txn] === -1 && this.#placing.blockers[txn] === 0;
  }

  #queue(txn: number): void {
    if (this.#states[txn] !== idle) return;
    this.#states[txn] = queued;
    this.#heap.add(this.#ranks[txn] as number);
  }

  #tryNext(txn: number): void {
    this.#stepsLeft--;
    const key = this.#placing.obstacle(txn);
    if (key >= 0) {
      this.#states[txn] = waiting;
      this.#keys[txn] = key;
      this.#late.add(this.#ranks[txn] as number);
      const others = this.#waiting.get(key);
      if (others === undefined) this.#waiting.set(key, [txn]);
      else others.push(txn);
      return;
    }
    this.places[txn] = this.#order.push(txn) - 1;
    this.#before.push(this.#placing.take(txn));
    for (const later of this.#after.get(txn) ?? []) {
      const left = (this.#placing.blockers[later] as number) - 1;
      this.#placing.blockers[later] = left;
      if (left === 0) this.#queue(later);
    }
    this.#wakeBy(txn, 1);
  }

  /** Those that wait for the keys of a transaction, of which as many reads are left at most. */
  #wakeBy(txn: number, leftMax: number): void {
    const { ledger } = this.#problem;
    const end = ledger.starts[txn + 1] as number;
    for (let at = ledger.starts[txn] as number; at < end; at++) {
      const key = ledger.keys[at] as number;
      const others = this.#waiting.get(key);
      if (others === undefined) continue;
      const left = this.#placing.pending[this.#placing.versionOf(key)] as number;
      if (ledger.writes[at] === 0 && left > leftMax) continue;
      this.#waiting.delete(key);
      for (const other of others) {
        this.#states[other] = idle;
        this.#queue(other);
      }
    }
  }

  #undoTo(length: number): void {
    while (this.#order.length > length) {
      const txn = this.#order.pop() as number;
      this.#stepsLeft--;
      for (const later of this.#after.get(txn) ?? []) {
        this.#placing.blockers[later] = (this.#placing.blockers[later] as number) + 1;
      }
      this.#placing.undo(txn, this.#before.pop() as Before);
      this.places[txn] = -1;
      this.#wakeBy(txn, Number.POSITIVE_INFINITY);
      this.#queue(txn);
    }
  }

  /**
   * Why somebody waits: for readers that come after him, which is a lesson; or for others that wait
   * for each other, of which one must give way. `stuck`: for nobody who waits.
   */
  #learn(from: number): 'on' | 'none' | 'stuck' {
    const path: number[] = [];
    let txn = from;
    while (!path.includes(txn)) {
      path.push(txn);
      const version = this.#placing.versionOf(this.#keys[txn] as number);
      this.#markBefore(this.#unread(version));
      if (!this.#overwrites(txn, this.#keys[txn] as number)) return 'stuck';
      if (this.#marks[txn] === this.#mark) return this.#apply([txn]);
      const others = this.#leaves.filter((leaf) => leaf !== txn);
      const first = others.find((leaf) => this.#states[leaf] !== waiting);
      const next = first ?? others[0];
      if (first !== undefined || next === undefined) return 'stuck';
      txn = next;
    }
    return this.#apply(path.slice(path.indexOf(txn)));
  }

  #overwrites(txn: number, key: number): boolean {
    const { starts, keys, writes } = this.#problem.ledger;
    for (let at = starts[txn] as number; at < (starts[txn + 1] as number); at++) {
      if (keys[at] === key && writes[at] === 1) return true;
    }
    return false;
  }

  /** Who still has to read a version. */
  #unread(version: number): readonly number[] {
    const readers = this.#readers.get(version) ?? [];
    return readers.filter((txn) => this.places[txn] === -1);
  }

  /**
   * One of these must come before the writer of the version for which it waits. Of those for which
   * that is no contradiction the one that ended the earliest before it is taken: a guess, if there
   * are others.
   */
  #apply(txns: readonly number[]): 'on' | 'none' {
    const { ledger } = this.#problem;
    const lessons = txns
      .map((txn) => {
        const version = this.#placing.versionOf(this.#keys[txn] as number);
        const writer = ledger.owners[version] ?? -1;
        const lead = (this.#ranks[writer] ?? 0) - (this.#ranks[txn] as number);
        return { txn, version, writer, lead };
      })
      .filter(({ txn, writer }) => writer >= 0 && writer !== txn)
      .sort((a, b) => b.lead - a.lead || a.txn - b.txn);
    for (const [at, { txn, version, writer }] of lessons.entries()) {
      const place = this.places[writer] as number;
      if (place >= 0) this.#undoTo(place);
      const edges = this.#edges.length / 2;
      if (!this.#add(txn, writer)) continue;
      if (at < lessons.length - 1) this.#guesses.push({ txn, version, edges });
      return 'on';
    }
    return this.#turn();
  }

  /** A contradiction: what was guessed last is wrong, and with it all that was learned since. */
  #turn(): 'on' | 'none' {
    for (let guess = this.#guesses.pop(); guess !== undefined; guess = this.#guesses.pop()) {
      this.#forgetTo(guess.edges);
      const { txn, version } = guess;
      const writer = this.#problem.ledger.owners[version] as number;
      // He comes after the writer, and so after everybody who reads what that wrote.
      const others = (this.#readers.get(version) ?? []).filter((reader) => reader !== txn);
      const place = this.places[txn] as number;
      if (place >= 0) this.#undoTo(place);
      if ([writer, ...others].every((before) => this.#add(before, txn))) return 'on';
    }
    return 'none';
  }

  /** Learns that one comes before another, who is not placed; false if that cannot be. */
  #add(before: number, after: number): boolean {
    this.#markBefore([before]);
    if (this.#marks[after] === this.#mark) return false;
    listIn(this.#after, before).push(after);
    listIn(this.#prior, after).push(before);
    this.#edges.push(before, after);
    if (this.places[before] === -1) {
      this.#placing.blockers[after] = (this.#placing.blockers[after] as number) + 1;
    }
    return true;
  }

  #forgetTo(edges: number): void {
    while (this.#edges.length > 2 * edges) {
      const after = this.#edges.pop() as number;
      const before = this.#edges.pop() as number;
      this.#after.get(before)?.pop();
      this.#prior.get(after)?.pop();
      if (this.places[before] !== -1) continue;
      const left = (this.#placing.blockers[after] as number) - 1;
      this.#placing.blockers[after] = left;
      if (left === 0) this.#queue(after);
    }
  }

  /** Marks all that must come before any of these and is not placed yet. */
  #markBefore(txns: readonly number[]): void {
    const { ledger, graph } = this.#problem;
    this.#back ??= reversed(graph);
    const { starts, targets } = this.#back;
    const mark = ++this.#mark;
    this.#leaves.length = 0;
    const open = [...txns];
    for (const txn of txns) if (this.#isFree(txn)) this.#leaves.push(txn);
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const end = starts[node + 1] as number;
      for (let at = starts[node] as number; at < end; at++) {
        this.#stepsLeft--;
        this.#visit(targets[at] as number, mark, open);
      }
      if (node >= ledger.count) continue;
      for (const before of this.#prior.get(node) ?? []) this.#visit(before, mark, open);
    }
  }

  #visit(node: number, mark: number, open: number[]): void {
    if (this.#marks[node] === mark) return;
    const isTxn = node < this.#problem.ledger.count;
    const isDone = isTxn ? this.places[node] !== -1 : this.#placing.blockers[node] === 0;
    if (isDone) return;
    this.#marks[node] = mark;
    if (isTxn && this.#placing.blockers[node] === 0) this.#leaves.push(node);
    else open.push(node);
  }
}

function listIn(lists: Map<number, number[]>, at: number): number[] {
  const known = lists.get(at);
  if (known !== undefined) return known;
  const list: number[] = [];
  lists.set(at, list);
  return list;
}

/** The same edges the other way round; kinds and labels are left as they were, and mean nothing. */
function reversed(graph: Graph): Graph {
  const starts = new Int32Array(graph.size + 1);
  for (const target of graph.targets) starts[target + 1] = (starts[target + 1] as number) + 1;
  for (let node = 0; node < graph.size; node++) {
    starts[node + 1] = (starts[node + 1] as number) + (starts[node] as number);
  }
  const next = starts.slice();
  const targets = new Int32Array(graph.targets.length);
  for (let at = 0; at < targets.length; at++) {
    const target = graph.targets[at] as number;
    const to = next[target] as number;
    next[target] = to + 1;
    targets[to] = graph.sources[at] as number;
  }
  return { ...graph, starts, targets };
}
