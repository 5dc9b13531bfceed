// Who is told that somebody has begun under its name (22), and who may begin anew (20).
import { describe, expect, it } from 'vitest';
import {
  noTransactions,
  type TransactionEntry,
  transact,
} from '../../src/services/log-transactions.js';

const uses = { raises: true, append: () => 0, ended: () => {}, opened: () => {} };

const init = (token: string): TransactionEntry => ({ do: 'init', producer: 'p', token });
const produce = (epoch: number, seq: number): TransactionEntry => {
  return { do: 'produce', producer: 'p', epoch, seq, partition: 0, records: ['r'], atUs: 0 };
};
const end = (epoch: number): TransactionEntry => {
  return { do: 'end', producer: 'p', epoch, nth: 1, commit: true };
};
const overdue: TransactionEntry = { do: 'overdue', producer: 'p', txn: 1 };

/** What is heard of the last of these. */
function lastAnswer(entries: readonly TransactionEntry[]): unknown {
  const state = noTransactions();
  return entries.map((entry) => transact(state, entry, uses)).at(-1);
}

describe('a producer whose transaction was overdue', () => {
  const aborted = [init('a'), produce(1, 1), overdue];

  it.each([
    ['more records', produce(1, 2)],
    ['its end', end(1)],
  ])('may begin anew when it sends %s', (_, late) => {
    expect(lastAnswer([...aborted, late])).toMatchObject({ type: 'error', code: 20 });
  });

  it.each([
    ['more records', produce(1, 2)],
    ['its end', end(1)],
  ])('is fenced when it sends %s after somebody else has begun', (_, late) => {
    expect(lastAnswer([...aborted, init('b'), late])).toMatchObject({ type: 'error', code: 22 });
  });

  it('goes on in the epoch that beginning anew gives it', () => {
    expect(lastAnswer([...aborted, init('c'), produce(3, 1), end(3)])).toEqual({
      type: 'end_transaction_ok',
      epoch: 4,
    });
  });
});

it('a producer that somebody replaced is fenced though nothing was overdue', () => {
  const entries = [init('a'), produce(1, 1), init('b'), end(1)];
  expect(lastAnswer(entries)).toMatchObject({ type: 'error', code: 22 });
});
