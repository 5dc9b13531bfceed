// The services at both ends of topos: what a sink shows and refuses, what a source has and forgets.
import { describe, expect, it } from 'vitest';
import { topoSink } from '../../src/services/topo-sink.js';
import { topoSource } from '../../src/services/topo-source.js';
import { serving } from '../support/serving.js';

const emit = (
  position: number,
  epoch: readonly [number, string],
  record = `numbers@${position}`,
) => ({
  ...{ type: 'emit', topo: 't0', epoch, position, record, value: 1, loose: false },
});

type Arrivals = { readonly arrivals: readonly (readonly unknown[])[] };

describe('topo-sink', () => {
  it('shows a position once, and what else came to it not at all', () => {
    const ask = serving(topoSink);
    ask('n0', emit(0, [1, 'n0']));
    ask('n0', emit(0, [1, 'n0']));
    ask('n1', emit(0, [2, 'n1'], 'numbers@7'));
    const { arrivals } = ask('n0', { type: 'arrivals' }) as unknown as Arrivals;
    expect(arrivals.map((row) => [row[3], row[6]])).toEqual([
      ['numbers@0', 1],
      ['numbers@7', 0],
    ]);
  });

  it('refuses what comes of an epoch that is over, and of equal counters the smaller node', () => {
    const ask = serving(topoSink);
    ask('n1', emit(0, [2, 'n1']));
    expect(ask('n0', emit(1, [1, 'n9']))).toMatchObject({ fenced: true });
    expect(ask('n0', emit(1, [2, 'n0']))).toMatchObject({ fenced: true });
    expect(ask('n1', emit(1, [2, 'n1']))).toMatchObject({ fenced: false });
  });

  it('without a fence or dedup lets all through', () => {
    const ask = serving(topoSink, '1', { dedup: false, fence: false });
    ask('n1', emit(0, [2, 'n1']));
    ask('n0', emit(0, [1, 'n0']));
    const { arrivals } = ask('n0', { type: 'arrivals' }) as unknown as Arrivals;
    expect(arrivals.map((row) => row[6])).toEqual([1, 1]);
  });
});

describe('topo-source', () => {
  it('is replayable or pushes, and nothing else', () => {
    const { options } = topoSource;
    expect(topoSource.problem?.(options)).toBeUndefined();
    expect(topoSource.problem?.({ ...options, kind: 'leaks' })?.option).toBe('kind');
    expect(topoSource.problem?.({ ...options, intervalUs: 0 })?.option).toBe('intervalUs');
  });
});
