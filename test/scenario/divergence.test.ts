// What differs between two events, in words.
import { describe, expect, it } from 'vitest';
import { effectsDifference, handlerOf, namedPath } from '../../src/scenario/divergence.js';
import type { EffectRow, Happening } from '../../src/sim/step.js';

const key = '0123456789abcdef';

const send = (dest: string, value: unknown, arrivesUs = 5): EffectRow => ({
  effect: 'send',
  key,
  dest,
  body: { type: 'x', value } as never,
  fate: { fate: 'sent', arrivesUs, copies: 1 },
});
const timer = (atUs: number): EffectRow => ({
  effect: 'timer',
  key,
  id: 1,
  timer: { type: 'retry' },
  atUs,
});
const note = (text: string): EffectRow => ({ effect: 'note', text });

describe('a difference between effects', () => {
  it.each<[string, readonly EffectRow[], readonly EffectRow[]]>([
    ['send #1 to n1: body.value', [send('n1', 1)], [send('n1', 2)]],
    [
      'send #2 to n1: body.value',
      [send('n1', 1), send('n2', 1), send('n1', 1)],
      [send('n1', 1), send('n2', 1), send('n1', 2)],
    ],
    ['destination of send #1 to n1', [send('n1', 1)], [send('n2', 1)]],
    ['latency of send #1 to n1', [send('n1', 1)], [send('n1', 1, 6)]],
    [
      'fate of send #1 to n1',
      [send('n1', 1)],
      [{ ...send('n1', 1), fate: { fate: 'held' } } as EffectRow],
    ],
    ['send #1 to n1', [send('n1', 1)], []],
    ['send #2 to n1', [send('n1', 1)], [send('n1', 1), send('n1', 1)]],
    ['send #1 to n1', [send('n1', 1)], [note('x')]],
    ['time of timer #1 retry', [timer(5)], [timer(6)]],
    ['note #2: text', [note('a'), note('b')], [note('a'), note('c')]],
    [
      'write #1 of k: value',
      [{ effect: 'write', key: 'k', value: 1 }],
      [{ effect: 'write', key: 'k', value: 2 }],
    ],
  ])('is called %s', (label, left, right) => {
    expect(effectsDifference(left, right)?.path).toBe(label);
  });

  it('is none between the same', () => {
    expect(
      effectsDifference([send('n1', 1), note('x')], [send('n1', 1), note('x')]),
    ).toBeUndefined();
  });

  it('found by strict mode is called by the same names', () => {
    const effects = [send('n1', 1), note('x')];
    expect(namedPath('effects[0].payload.value', effects)).toBe('send #1 to n1: value');
    expect(namedPath('effects[1].payload', effects)).toBe('note #1');
    expect(namedPath('state.seen[3]', effects)).toBe('state.seen[3]');
  });
});

describe('a handler', () => {
  it.each<[string, Happening]>([
    ['init', { kind: 'start', node: 'n0' }],
    [
      'on.read',
      { kind: 'deliver', node: 'n0', message: { src: 'c0', dest: 'n0', body: { type: 'read' } } },
    ],
    ['timers.retry', { kind: 'timer', node: 'n0', id: 1, timer: { type: 'retry' } }],
    ['timers.saved', { kind: 'synced', node: 'n0', done: { type: 'saved' }, error: undefined }],
    ['diskFailed', { kind: 'synced', node: 'n0', done: { type: 'saved' }, error: 'full' }],
    ['disconnected', { kind: 'disconnected', node: 'n0', peer: 'n1' }],
    ['operation 7', { kind: 'invoke', worker: 0, op: 7 }],
    ['fault x', { kind: 'fault', id: 'x', fault: { f: 'heal' } }],
  ])('is called %s', (name, happening) => {
    expect(handlerOf(happening)).toBe(name);
  });
});
