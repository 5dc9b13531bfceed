// Edits in their three forms.

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { editText, readEdit, writeEdit } from '../../src/scenario/edits.js';
import { editSchema } from '../../src/scenario/schema.js';
import type { Edit } from '../../src/sim/edit.js';

const key = '0123456789abcdef';
const event = 'fedcba9876543210';

const edits: readonly (readonly [edit: Edit, text: string | undefined])[] = [
  [{ edit: 'drop', message: key }, `drop ${key}`],
  [{ edit: 'delay', message: key, byUs: 1_500_000 }, `delay ${key} 1.5s`],
  [{ edit: 'duplicate', message: key, afterUs: 10_000 }, `duplicate ${key} 10ms`],
  [{ edit: 'deliver', message: key }, `deliver ${key}`],
  [{ edit: 'deliver-before', message: key, event }, `deliver-before ${key} ${event}`],
  [{ edit: 'alter', message: key, body: { type: 'add', n: [1] } }, undefined],
  [{ edit: 'choose', at: key, choice: 'random#0', value: 7 }, `choose ${key} random#0 7`],
  [{ edit: 'omit-op', op: 12 }, 'omit-op 12'],
  [{ edit: 'omit-fault', fault: 'crash-n1@3s' }, 'omit-fault crash-n1@3s'],
  [{ edit: 'fault', at: key, fault: { f: 'pause', nodes: ['n1'] }, forUs: 2_000_000 }, undefined],
];

describe('an edit', () => {
  it.each(edits)('is read back from what is written: %j', (edit) => {
    const written = writeEdit(edit);
    expect(z.safeParse(editSchema, written).success).toBe(true);
    expect(readEdit(written)).toEqual(edit);
  });

  it.each(edits)('has a short text: %j', (edit, text) => {
    expect(editText(writeEdit(edit))).toBe(text);
  });
});
