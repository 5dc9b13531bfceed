// A scenario with a seed: what chance plans ahead.
import { describe, expect, it } from 'vitest';
import { readScenario } from '../../src/scenario/read.js';
import { resolve } from '../../src/scenario/resolve.js';

const scenarioWith = (faults: readonly unknown[]) =>
  readScenario({
    version: 1,
    about: 'Faults.',
    expect: 'valid',
    protocol: 'broadcast/flood',
    nodes: 9,
    faults,
  });

const specOf = (faults: readonly unknown[], seed = '1') =>
  resolve(scenarioWith(faults), { seed, edits: [], strict: false });

const shape = { at: '1s', fault: 'partition', shape: 'one', mode: 'hold' };
const generator = { every: '2s', for: '1s', faults: ['crash', 'partition'] };
const explicit = { at: '3s', fault: 'crash', nodes: ['n1'] };
const milestone = { when: { note: 'x' }, fault: 'partition', shape: 'one' };

describe('resolving', () => {
  it('draws the groups of a shape from the seed', () => {
    const drawn = new Set(
      ['1', '2', '3', '4', '5', '6'].map((seed) => JSON.stringify(specOf([shape], seed).faults)),
    );
    expect(drawn.size).toBeGreaterThan(2);
    const [first] = specOf([shape]).faults;
    expect(first?.fault).toMatchObject({ f: 'partition', mode: 'hold' });
  });

  it('draws the same from the same seed', () => {
    expect(specOf([shape, generator])).toEqual(specOf([shape, generator]));
  });

  it('draws the shape of a milestone', () => {
    expect(specOf([milestone]).milestones[0]?.fault).toHaveProperty('components');
  });

  it('leaves all other faults as they are when one entry is deleted', () => {
    const entries = [shape, generator, explicit, { ...shape, at: '5s' }, milestone];
    const all = specOf(entries);
    for (const deleted of entries.keys()) {
      const rest = specOf(entries.toSpliced(deleted, 1));
      for (const fault of rest.faults) expect(all.faults).toContainEqual(fault);
      for (const fault of rest.milestones) expect(all.milestones).toContainEqual(fault);
    }
  });

  it('numbers the faults of a generator under its name', () => {
    const { faults } = specOf([{ ...generator, id: 'storm' }]);
    expect(faults.length).toBeGreaterThan(3);
    expect(faults.map(({ id }) => id)).toEqual(faults.map((_, i) => `storm/${i}`));
  });

  it('ends generators with the main phase', () => {
    const { faults, durationUs } = specOf([{ ...generator, until: '1h' }]);
    for (const { atUs } of faults) expect(atUs).toBeLessThan(durationUs);
  });

  it('puts edits of a run behind those of its scenario', () => {
    const file = {
      ...scenarioWith([]).file,
      edits: [{ edit: 'omit-op', op: 1 }],
    };
    const { edits } = resolve(readScenario(file), {
      seed: '1',
      edits: [{ edit: 'omit-op', op: 2 }],
      strict: false,
    });
    expect(edits).toEqual([
      { edit: 'omit-op', op: 1 },
      { edit: 'omit-op', op: 2 },
    ]);
  });
});
