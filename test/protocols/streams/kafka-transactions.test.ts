// 'streams/kafka-transactions': exact whatever strikes; a producer that takes a new name, and a log
// that raises epochs by session only, are caught. And what who reads committed records sees.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { kafkaTransactions } from '../../../src/protocols/streams/kafka/kafka-transactions.js';
import { simulate } from '../../../src/scenario/simulate.js';
import {
  noTransactions,
  stableEnd,
  type TransactionEntry,
  transact,
} from '../../../src/services/log-transactions.js';
import { kindsIn } from '../../support/kinds.js';

it.each(['4', '5', '6'])('is exact with seed %s', async (seed) => {
  const scenario = await loadScenario('scenarios/streams-kafka-transactions.yaml');
  expect(simulate(scenario, seed).assessment.surprise).toBeUndefined();
});

describe.each([
  ['streams-kafka-zombie', 'duplicated-output', { options: { producers: 'task' } }],
  ['streams-kafka-late-produce', 'duplicated', { services: { log: { epochs: 'transaction' } } }],
] as const)('%s', (name, kind, repaired) => {
  it(`shows what is ${kind}, and only because of its defect`, async () => {
    expect(await kindsIn(name, '3')).toContain(kind);
    expect(await kindsIn(name, '3', repaired)).toEqual(new Set());
  });
});

it.each(['5', '7', '8'])('a former owner fences nobody, seed %s', async (seed) => {
  const repaired = { options: { producers: 'task' } };
  expect(await kindsIn('streams-kafka-zombie', seed, repaired)).toEqual(new Set());
});

it.each([
  ['producers', 'some'],
  ['topology', 'word-cuont'],
  ['partitions', 0],
])('does not know %s: %s', (option, value) => {
  const { options, problem } = kafkaTransactions;
  expect(problem?.({ ...options, [option]: value })?.option).toBe(option);
});

describe('a log with transactions', () => {
  const producer = 'a';
  const opened = (raises: boolean) => {
    const state = noTransactions();
    const records: unknown[] = [];
    const uses = {
      raises,
      append: (_: unknown, more: readonly unknown[]) => records.push(...more) - more.length,
      ended: () => {},
      opened: () => {},
    };
    const all = (...entries: TransactionEntry[]) =>
      entries.map((entry) => transact(state, entry, uses));
    return { state, records, all };
  };
  const init = (token: string): TransactionEntry => ({ do: 'init', producer, token });
  const produce = (epoch: number, seq: number): TransactionEntry => {
    return { do: 'produce', producer, epoch, seq, partition: 'p', records: [seq], atUs: 0 };
  };
  const end = (epoch: number, nth: number, commit: boolean): TransactionEntry => {
    return { do: 'end', producer, epoch, nth, commit };
  };

  it('refuses who was replaced, and ends what that had open', () => {
    const { state, all } = opened(true);
    const replies = all(init('x'), produce(1, 0), init('y'), produce(1, 1), end(1, 1, true));
    expect(replies.map(({ type }) => type)).toEqual([
      ...['init_producer_ok', 'produce_ok', 'init_producer_ok', 'error', 'error'],
    ]);
    expect([...state.aborted]).toEqual([1]);
  });

  it('is stable up to the first open transaction', () => {
    const { state, all } = opened(true);
    all(init('x'), produce(1, 0));
    expect(stableEnd(state, 'p', 5)).toBe(0);
    all(end(1, 1, true));
    expect(stableEnd(state, 'p', 5)).toBe(5);
  });

  it('takes what comes twice once', () => {
    const { records, all } = opened(true);
    const replies = all(
      ...[init('x'), init('x'), produce(1, 0), produce(1, 0), end(1, 1, true), end(1, 1, true)],
    );
    expect(records).toEqual([0]);
    expect(replies.at(-1)).toEqual(replies.at(-2));
  });

  it.each([
    [true, 'error'],
    [false, 'produce_ok'],
  ])('where transactions raise the epoch (%s) answers late records %s', (raises, type) => {
    const { all } = opened(raises);
    const replies = all(init('x'), produce(1, 0), end(1, 1, false), produce(1, 1));
    expect(replies.at(-1)?.type).toBe(type);
  });
});
