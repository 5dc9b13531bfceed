// Faults between the form of a file and the engine's, and their identities.

import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import type { Fault } from '../../src/nemesis/fault.js';
import { faultKinds } from '../../src/nemesis/index.js';
import { idOf, readFault, readFaults, writeFault } from '../../src/scenario/faults.js';
import { type FaultEntryFile, faultEntry } from '../../src/scenario/schema-faults.js';

/** One of each kind, in the engine's form. */
const faults: readonly Fault[] = [
  { f: 'partition', components: [['n0'], ['n1', 'n2']], mode: 'hold' },
  { f: 'cut', links: [['n0', '*']], mode: 'drop' },
  { f: 'heal' },
  { f: 'loss', ppm: 50_000, links: [['*', '*']] },
  { f: 'duplicate', ppm: 1, links: [['n0', 'n1']] },
  { f: 'reorder', ppm: 1_000_000, windowUs: 20_000, links: [['*', 'n1']] },
  { f: 'slow-link', factor: 2.5, extraUs: 1_000, links: [['*', '*']] },
  { f: 'crash', nodes: ['n1'], lost: 'torn' },
  { f: 'restart', nodes: ['n1'] },
  { f: 'pause', nodes: ['n1', 'n2'] },
  { f: 'resume', nodes: ['n1'] },
  { f: 'slow-node', nodes: ['n1'], serviceUs: 40_000 },
  { f: 'clock-offset', nodes: ['n1'], offsetUs: -500_000 },
  { f: 'clock-drift', nodes: ['n1'], ppm: -200 },
  { f: 'clock-jump', nodes: ['n1'], byUs: -2_000_000 },
  { f: 'disk-slow', nodes: ['n1'], factor: 50 },
  { f: 'disk-full', nodes: ['n1'] },
  { f: 'disk-fail', nodes: ['n1'], ppm: 500_000 },
  { f: 'join', nodes: ['n9'] },
  { f: 'leave', nodes: ['n1'] },
];

describe('a fault', () => {
  it('of every kind is tested here', () => {
    expect(faults.map(({ f }) => f)).toEqual([...faultKinds.keys()]);
  });

  it.each(faults)('$f is read back from what is written', (fault) => {
    const written = { at: '1s', ...writeFault(fault) };
    expect(z.safeParse(faultEntry, written).success).toBe(true);
    expect(readFault(written)).toEqual(fault);
  });

  it('has defaults', () => {
    expect(readFault({ fault: 'crash', nodes: ['n1'] } as never)).toEqual({
      f: 'crash',
      nodes: ['n1'],
      lost: 'all',
    });
  });
});

const at = (time: string, more: object = {}): FaultEntryFile =>
  ({ at: time, fault: 'crash', nodes: ['n1'], ...more }) as FaultEntryFile;

const idsOf = (entries: readonly FaultEntryFile[]) => readFaults(entries, 20_000_000).map(idOf);

describe('the identity of an entry', () => {
  it('says what, whom and when', () => {
    expect(
      idsOf([
        at('3s'),
        { at: '2s', fault: 'partition', components: [['n0', 'n1'], ['n2']] },
        { at: '2s', fault: 'partition', shape: 'halves' },
        { at: '1500ms', fault: 'cut', links: [['n0', '*']] },
        { at: '1s', fault: 'heal' },
        { when: { note: 'I lead' }, fault: 'crash', nodes: ['@node'] },
        { every: '5s', faults: ['partition', 'crash'] },
      ]),
    ).toEqual([
      'crash-n1@3s',
      'partition-n0+n1/n2@2s',
      'partition-halves@2s',
      'cut-n0:all@1.5s',
      'heal@1s',
      'crash-@node@I-lead',
      'every-5s-partition+crash',
    ]);
  });

  it('can be given', () => {
    expect(idsOf([at('3s', { id: 'mine' })])).toEqual(['mine']);
  });

  it('counts those that are alike', () => {
    expect(idsOf([at('3s'), at('3s'), at('3000ms')])).toEqual([
      'crash-n1@3s',
      'crash-n1@3s#2',
      'crash-n1@3s#3',
    ]);
  });

  it('does not change when another entry is deleted', () => {
    const entries = [at('1s'), at('2s'), at('3s')];
    const ids = idsOf(entries);
    for (const deleted of entries.keys()) {
      const rest = idsOf(entries.toSpliced(deleted, 1));
      expect(rest).toEqual(ids.toSpliced(deleted, 1));
    }
  });

  it('stays short however many are struck', () => {
    const nodes = Array.from({ length: 500 }, (_, i) => `n${i}`);
    const [id = ''] = idsOf([at('1s', { nodes })]);
    expect(id).toMatch(/^crash-[0-9a-f]{8}@1s$/);
  });
});
