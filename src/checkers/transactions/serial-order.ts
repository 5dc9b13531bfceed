// An order of transactions, one after another, in which each read returns what was written last:
// the proof that a history is serializable. This search tries every order, the likeliest first: it
// takes what completed first, goes back where that leads nowhere, and gives up after so many steps.
// In the manner of Wing & Gong 1993.
import { type Before, endOf, Placing, type Problem } from './placing.js';

/** `none`: every order was tried. */
export type SerialOrder = 'found' | 'none' | 'unknown';

/** How often the search may go back: few of many ways are right, or the first. */
const returnsMax = 20_000;

interface Choice {
  readonly txn: number;
  /** What else could come next. */
  readonly others: number[];
  readonly before: Before;
}

/** Searches for an order. Every step looks at all transactions that nothing blocks. */
export function serialOrder(problem: Problem, stepsMax: number): SerialOrder {
  const { ledger, present } = problem;
  /** Transactions that nothing blocks, by the time of their completion. */
  const ready: number[] = [];
  const insert = (txn: number): void => {
    let place = ready.length;
    while (place > 0 && endOf(ledger, ready[place - 1] as number) > endOf(ledger, txn)) place--;
    ready.splice(place, 0, txn);
  };
  const remove = (txn: number): void => {
    if (ready.includes(txn)) ready.splice(ready.indexOf(txn), 1);
  };
  const placing = new Placing(problem, { freed: insert, blocked: remove });
  placing.begin();
  let [steps, returns] = [0, 0];
  const possible = (): number[] => {
    steps += ready.length;
    return ready.filter((txn) => placing.obstacle(txn) < 0);
  };
  const choices: Choice[] = [];
  const count = present.reduce((sum, one) => sum + one, 0);
  let candidates = possible();
  while (choices.length < count) {
    const txn = candidates.shift();
    if (txn !== undefined) {
      remove(txn);
      choices.push({ txn, others: candidates, before: placing.take(txn) });
      candidates = possible();
    } else {
      const last = choices.pop();
      if (last === undefined) return 'none';
      placing.undo(last.txn, last.before);
      insert(last.txn);
      candidates = last.others;
      returns++;
    }
    if (steps > stepsMax || returns > returnsMax) return 'unknown';
  }
  return 'found';
}
