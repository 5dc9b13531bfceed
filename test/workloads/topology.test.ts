// Maelstrom's topologies, neighbour by neighbour, and what holds of all of them.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { topologies, topologyOf } from '../../src/workloads/topology.js';

const names = (count: number): string[] => Array.from({ length: count }, (_, i) => `n${i}`);
const neighbours = (name: string, count: number): Record<string, readonly string[]> =>
  Object.fromEntries(topologyOf(name, names(count)));

describe('grid', () => {
  it('is a square row by row, neighbours down, up, right, left', () => {
    expect(neighbours('grid', 5)).toEqual({
      n0: ['n3', 'n1'],
      n1: ['n4', 'n2', 'n0'],
      n2: ['n1'],
      n3: ['n0', 'n4'],
      n4: ['n1', 'n3'],
    });
  });

  it('has 40 links among 25 nodes', () => {
    const count = [...topologyOf('grid', names(25)).values()].flat().length;
    expect(count).toBe(80);
  });
});

describe('line', () => {
  it('links each node to the one before and the one after', () => {
    expect(neighbours('line', 3)).toEqual({ n0: ['n1'], n1: ['n0', 'n2'], n2: ['n1'] });
  });

  it('is empty with a single node, as in Maelstrom', () => {
    expect(neighbours('line', 1)).toEqual({});
  });
});

describe('total', () => {
  it('links everyone to everyone else', () => {
    expect(neighbours('total', 3)).toEqual({
      n0: ['n1', 'n2'],
      n1: ['n0', 'n2'],
      n2: ['n0', 'n1'],
    });
  });
});

describe('tree', () => {
  it('fills tiers breadth first, parent before children', () => {
    expect(neighbours('tree2', 6)).toEqual({
      n0: ['n1', 'n2'],
      n1: ['n0', 'n3', 'n4'],
      n2: ['n0', 'n5'],
      n3: ['n1'],
      n4: ['n1'],
      n5: ['n2'],
    });
  });

  it('has 24 links among 25 nodes, whatever its branches', () => {
    for (const name of ['tree', 'tree2', 'tree3', 'tree4']) {
      expect([...topologyOf(name, names(25)).values()].flat()).toHaveLength(48);
    }
  });

  it('means two branches when it names none', () => {
    expect(neighbours('tree', 9)).toEqual(neighbours('tree2', 9));
  });
});

it('rejects a name that it does not know', () => {
  expect(() => topologyOf('ring', names(3))).toThrow('known names');
});

describe('every topology', () => {
  const cases = {
    name: fc.constantFrom(...topologies.keys()),
    count: fc.integer({ min: 2, max: 40 }),
  };
  const run = test.prop(cases, { seed: 1 });

  run('has links that go both ways, none to oneself, none twice', ({ name, count }) => {
    const topology = topologyOf(name, names(count));
    for (const [node, near] of topology) {
      expect(near).not.toContain(node);
      expect(new Set(near).size).toBe(near.length);
      for (const other of near) expect(topology.get(other)).toContain(node);
    }
  });

  run('connects all nodes', ({ name, count }) => {
    const topology = topologyOf(name, names(count));
    const reached = new Set(['n0']);
    for (const node of reached) for (const near of topology.get(node) ?? []) reached.add(near);
    expect(reached.size).toBe(count);
  });
});
