// lww-kv forgets and disagrees, and comes to agree; lin-tso counts; the registry has all.
import { describe, expect, it } from 'vitest';
import { services } from '../../src/services/index.js';
import { linTso } from '../../src/services/lin-tso.js';
import { lwwKv } from '../../src/services/lww-kv.js';
import { serving } from '../support/serving.js';

describe('lww-kv', () => {
  it('may miss what its client wrote just before', () => {
    const missed = Array.from({ length: 100 }, (_, number) => {
      const ask = serving(lwwKv, `lww-${number}`);
      ask('n0', { type: 'write', key: 'x', value: 1 });
      return ask('n0', { type: 'read', key: 'x' })?.code === 20;
    });
    expect(missed.filter(Boolean).length).toBeGreaterThan(10);
    expect(missed.filter(Boolean).length).toBeLessThan(60);
  });

  it.each([2, 5])('comes to agree on the last value, with %i replicas', (replicas) => {
    const ask = serving(lwwKv, 'agree', { replicas });
    for (let value = 0; value < 20; value++) ask('n0', { type: 'write', key: 'x', value });
    for (let number = 0; number < 100; number++) ask('n0', { type: 'read', key: 'y' });
    const reads = Array.from({ length: 50 }, () => ask('n0', { type: 'read', key: 'x' })?.value);
    expect(new Set(reads).size).toBe(1);
  });

  it('ignores create_if_not_exists where it is to be as in Maelstrom', () => {
    const create = { type: 'cas', key: 'x', from: null, to: 1, create_if_not_exists: true };
    expect(serving(lwwKv, '1', { casCreates: false })('n0', create)).toMatchObject({ code: 20 });
    expect(serving(lwwKv)('n0', create)).toEqual({ type: 'cas_ok' });
  });

  it('has at least one replica', () => {
    expect(lwwKv.problem?.({ replicas: 0, casCreates: true })?.option).toBe('replicas');
  });
});

describe('lin-tso', () => {
  it('says 0, 1, 2 … to whoever asks', () => {
    const ask = serving(linTso);
    const said = ['n0', 'n1', 'n0'].map((src) => ask(src, { type: 'ts' }));
    expect(said).toEqual([0, 1, 2].map((ts) => ({ type: 'ts_ok', ts })));
  });
});

it('registers each service under its own name', () => {
  const kv = ['lin-kv', 'seq-kv', 'lww-kv', 'lin-tso'];
  const streams = ['log', 'coordination', 'snapshot-store', 'sink'];
  const names = [...kv, ...streams, 'topo-sink', 'topo-source', 'database'];
  expect([...services].map(([name, service]) => [name, service.name])).toEqual(
    names.map((name) => [name, name]),
  );
});
