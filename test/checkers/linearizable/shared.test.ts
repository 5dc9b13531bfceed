// Every history that lies beside the checkout has the verdict that its README gives.
import { describe, expect, it } from 'vitest';
import { checkOperations } from '../../../src/checkers/linearizable/check.js';
import { knownVerdicts, sharedHistories, sharedHistory } from './shared-histories.js';

describe.skipIf(sharedHistories.length === 0)('shared histories', () => {
  it.each([...sharedHistories])('%s is decided right', (name) => {
    const [model, operations] = sharedHistory(name);
    const { verdict } = checkOperations(operations, model);
    const expected = knownVerdicts().get(name.replace('.jsonl', ''));
    expect(verdict).toBe(expected ? 'valid' : 'invalid');
  });
});
