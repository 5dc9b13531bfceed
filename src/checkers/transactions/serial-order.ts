// An order of transactions, one after another, in which each read returns what was written last:
// the proof that a history is serializable. The search takes what completed first, goes back where
// that leads nowhere, and gives up after so many steps. In the manner of Wing & Gong 1993.
import type { Graph } from './graph.js';
import { fate, type Ledger } from './ledger.js';
import { type Registers, source } from './registers.js';

/** `none`: every order was tried. */
type SerialOrder = 'found' | 'none' | 'unknown';

interface Problem {
  readonly ledger: Ledger;
  readonly registers: Registers;
  /** What must come before what. Acyclic. */
  readonly graph: Graph;
  readonly present: Uint8Array;
  readonly stepsMax: number;
}

interface State extends Problem {
  /** How many nodes must still come before each. */
  readonly blockers: Int32Array;
  /** The write that each key has last, or `source.initial`. */
  readonly current: Int32Array;
  /** How many reads of each version are to come: writes, then the first versions of keys. */
  readonly pending: Int32Array;
  /** Transactions that nothing blocks, by the time of their completion. */
  readonly ready: number[];
  steps: number;
}

/** How often the search may go back: few of many ways are right, or the first. */
const returnsMax = 20_000;

interface Choice {
  readonly txn: number;
  /** What else could come next. */
  readonly others: number[];
  /** What its keys had before. */
  readonly before: readonly (readonly [key: number, write: number])[];
}

/** Searches for an order. O(graph) where the order of completions, or nearly that, is one. */
export function serialOrder(problem: Problem): SerialOrder {
  const { present, stepsMax } = problem;
  const state = begun(problem);
  const choices: Choice[] = [];
  const count = present.reduce((sum, one) => sum + one, 0);
  let candidates = possible(state);
  let returns = 0;
  while (choices.length < count) {
    const txn = candidates.shift();
    if (txn !== undefined) {
      choices.push(take(state, txn, candidates));
      candidates = possible(state);
    } else {
      const last = choices.pop();
      if (last === undefined) return 'none';
      undo(state, last);
      candidates = last.others;
      returns++;
    }
    if (state.steps > stepsMax || returns > returnsMax) return 'unknown';
  }
  return 'found';
}

function begun(problem: Problem): State {
  const { ledger, registers, graph, present } = problem;
  const operations = ledger.keys.length;
  const state: State = {
    ...problem,
    blockers: new Int32Array(graph.size),
    current: new Int32Array(ledger.keyNames.length).fill(source.initial),
    pending: new Int32Array(operations + ledger.keyNames.length),
    ready: [],
    steps: 0,
  };
  for (const target of graph.targets) state.blockers[target] = (state.blockers[target] ?? 0) + 1;
  for (let at = 0; at < operations; at++) {
    const write = registers.sources[at] as number;
    if (write >= source.initial) addPending(state, at, 1);
  }
  const free = [...state.blockers.keys()].filter((node) => state.blockers[node] === 0);
  for (const node of free) {
    if (node >= ledger.count) unblock(state, node);
    else if (present[node] === 1) insert(state, node);
  }
  return state;
}

function addPending({ ledger, registers, pending }: State, read: number, change: number): void {
  const write = registers.sources[read] as number;
  const key = ledger.keys[read] as number;
  const version = write === source.initial ? ledger.keys.length + key : write;
  pending[version] = (pending[version] as number) + change;
}

/**
 * The ready transactions whose reads are right now, and that overwrite nothing still to be read.
 */
function possible(state: State): number[] {
  return state.ready.filter((txn) => {
    state.steps++;
    return fits(state, txn);
  });
}

function fits(state: State, txn: number): boolean {
  const { ledger, registers, current, pending } = state;
  const end = ledger.starts[txn + 1] as number;
  const start = ledger.starts[txn] as number;
  for (let at = start; at < end; at++) {
    const write = registers.sources[at] as number;
    const key = ledger.keys[at] as number;
    if (ledger.writes[at] === 0) {
      if (write >= source.initial && current[key] !== write) return false;
      continue;
    }
    const last = current[key] as number;
    const version = last === source.initial ? ledger.keys.length + key : last;
    let own = 0;
    for (let read = start; read < end; read++) {
      if (registers.sources[read] === last && ledger.keys[read] === key) own++;
    }
    if ((pending[version] as number) > own) return false;
  }
  return true;
}

function take(state: State, txn: number, others: number[]): Choice {
  const { ledger, registers, current, ready } = state;
  ready.splice(ready.indexOf(txn), 1);
  const before: [number, number][] = [];
  const end = ledger.starts[txn + 1] as number;
  for (let at = ledger.starts[txn] as number; at < end; at++) {
    const key = ledger.keys[at] as number;
    if (ledger.writes[at] === 0) {
      if ((registers.sources[at] as number) >= source.initial) addPending(state, at, -1);
    } else if (registers.superseded[at] === 0) {
      before.push([key, current[key] as number]);
      current[key] = at;
    }
  }
  unblock(state, txn);
  return { txn, others, before };
}

function undo(state: State, { txn, before }: Choice): void {
  const { ledger, registers, current } = state;
  block(state, txn);
  for (const [key, write] of before) current[key] = write;
  const end = ledger.starts[txn + 1] as number;
  for (let at = ledger.starts[txn] as number; at < end; at++) {
    const reads = ledger.writes[at] === 0 && (registers.sources[at] as number) >= source.initial;
    if (reads) addPending(state, at, 1);
  }
  insert(state, txn);
}

/** What came after a node no longer waits for it; nodes that are no transactions pass at once. */
function unblock(state: State, node: number): void {
  const { graph, blockers, ledger, present } = state;
  const waiting = [node];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const end = graph.starts[from + 1] as number;
    for (let at = graph.starts[from] as number; at < end; at++) {
      const target = graph.targets[at] as number;
      const left = (blockers[target] as number) - 1;
      blockers[target] = left;
      if (left > 0) continue;
      if (target >= ledger.count) waiting.push(target);
      else if (present[target] === 1) insert(state, target);
    }
  }
}

function block(state: State, node: number): void {
  const { graph, blockers, ledger, ready } = state;
  const waiting = [node];
  for (let from = waiting.pop(); from !== undefined; from = waiting.pop()) {
    const end = graph.starts[from + 1] as number;
    for (let at = graph.starts[from] as number; at < end; at++) {
      const target = graph.targets[at] as number;
      const left = (blockers[target] as number) + 1;
      blockers[target] = left;
      if (left > 1) continue;
      if (target >= ledger.count) waiting.push(target);
      else if (ready.includes(target)) ready.splice(ready.indexOf(target), 1);
    }
  }
}

/** Keeps `ready` in the order of completions; what nobody saw end comes last. */
function insert({ ready, ledger }: State, txn: number): void {
  const ended = (one: number): number =>
    ledger.fates[one] === fate.committed ? (ledger.completed[one] as number) : ledger.ops.length;
  let place = ready.length;
  while (place > 0 && ended(ready[place - 1] as number) > ended(txn)) place--;
  ready.splice(place, 0, txn);
}
