// What was refused certainly did not take place; which errors say so is Maelstrom's word.
import { expect, it } from 'vitest';
import { errorName, isRefused } from '../../src/checkers/refused.js';
import type { Op, OpType } from '../../src/history/op.js';
import { errorCodes } from '../../src/node/message.js';

function ended(type: OpType, error?: string): Op {
  const op = { index: 1, timeUs: 0, process: 0, type, f: 'add', value: 1 };
  return error === undefined ? op : { ...op, error };
}

it.each([...errorCodes.values()])('takes an info with the error $name for what it says', (code) => {
  expect(isRefused(ended('info', code.name))).toBe(code.definite);
  expect(isRefused(ended('info', `${code.name}: why`))).toBe(code.definite);
});

it('takes every failure for a refusal, and nothing else without a name', () => {
  expect(isRefused(ended('fail'))).toBe(true);
  expect(isRefused(ended('fail', 'timeout'))).toBe(true);
  expect(isRefused(ended('info'))).toBe(false);
  expect(isRefused(ended('info', 'malformed-reply: abort'))).toBe(false);
  expect(isRefused(ended('ok', 'abort'))).toBe(false);
});

it('reads the names of errors as texts and as lists of EDN', () => {
  expect(errorName(ended('fail', 'precondition-failed: held'))).toBe('precondition-failed');
  expect(errorName(ended('fail', '[:key-does-not-exist "none"]'))).toBe('key-does-not-exist');
  expect(errorName(ended('fail', '["abort","no"]'))).toBe('abort');
  expect(errorName(ended('fail'))).toBe('');
});
