// Accounts between which money is moved: every read sees all of it, and no account below zero
// unless that is allowed. `read` returns balances by account. Without `total` the first read tells
// it, if any, so then only a change of the total is found. Source: jepsen.tests.bank.
import type { History } from '../history/history.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { when, where } from './words.js';

export const bank: Checker = {
  name: 'bank',
  about: 'Transfers neither make nor lose money, and no account falls below zero.',
  options: { total: -1, negative: 'refused', accounts: [] },
  check: checkBank,
};

function checkBank(history: History, options: CheckerOptions): Judgement {
  const findings = noFindings([
    ...['wrong-total', 'negative-balance', 'unexpected-account', 'missing-balance'],
  ]);
  const reads = history.ops.filter(
    ({ process, f, type }) => process !== 'nemesis' && f === 'read' && type === 'ok',
  );
  const rules = rulesOf(options);
  const doubts: string[] = [];
  let total = rules.total;
  for (const op of reads) {
    const balances = balancesIn(op);
    if (balances === undefined) {
      doubts.push(`operation ${op.index} has no balances: ${showValue(op.value)}`);
      continue;
    }
    const sum = judgeRead(op, balances, { ...rules, total, findings });
    total ??= sum;
  }
  if (reads.length === 0) doubts.push('no account was read');
  const stats = { reads: reads.length, anomalies: countsOf(findings) };
  return { ...verdictOf(findings, [...new Set(doubts)].slice(0, 3)), stats };
}

function rulesOf({ total, negative, accounts }: CheckerOptions) {
  if (!Number.isSafeInteger(total)) throw new Error('total is a whole number, or -1 for none');
  if (!Array.isArray(accounts)) throw new Error('accounts is a list');
  const names = accounts.length === 0 ? undefined : new Set(accounts.map(String));
  const known = total === -1 ? undefined : (total as number);
  return { total: known, negative: negative === 'allowed', accounts: names };
}

interface Place {
  readonly total: number | undefined;
  readonly negative: boolean;
  readonly accounts: ReadonlySet<string> | undefined;
  readonly findings: Findings;
}

/** The total, if every balance is a number. */
function judgeRead(
  op: Op,
  balances: readonly (readonly [string, unknown])[],
  { total, negative, accounts, findings }: Place,
): number | undefined {
  const ops = [op.index];
  const who = `the read of ${where(op)} ${when(op)}`;
  let [sum, whole] = [0, true];
  for (const [name, balance] of balances) {
    if (accounts !== undefined && !accounts.has(name)) {
      const about = `${who} has an account ${showValue(name)}, which does not exist`;
      find(findings, 'unexpected-account', () => ({ about, ops }));
    }
    if (!Number.isSafeInteger(balance)) {
      whole = false;
      const about = `${who} has ${showValue(balance)} in the account ${showValue(name)}`;
      find(findings, 'missing-balance', () => ({ about, ops }));
      continue;
    }
    sum += balance as number;
    if (negative || (balance as number) >= 0) continue;
    const about = `${who} has ${String(balance)} in the account ${showValue(name)}`;
    find(findings, 'negative-balance', () => ({ about, ops }));
  }
  if (!whole) return undefined;
  if (total !== undefined && sum !== total) {
    const about = `${who} has ${sum} in all accounts; it should be ${total}`;
    find(findings, 'wrong-total', () => ({ about, ops }));
  }
  return sum;
}

function balancesIn({ value }: Op): readonly (readonly [string, unknown])[] | undefined {
  if (value instanceof Map) return [...value].map(([name, balance]) => [String(name), balance]);
  const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
  return isRecord ? Object.entries(value) : undefined;
}
