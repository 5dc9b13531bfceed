// Scenarios like another one: names keep what they stand for.
import { describe, expect, it } from 'vitest';
import { echo } from '../../src/protocols/echo.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { simulate } from '../../src/scenario/simulate.js';
import { variantOf } from '../../src/scenario/variant.js';

describe('a variant', () => {
  it('has the constants of a scenario that was made in code', () => {
    const protocol = { ...echo, name: 'mine', about: 'My own.' };
    const original = scenarioOf({ protocol, nodes: 3, workload: 'echo', duration: '1s' });
    const variant = variantOf(original, { ...original.file, nodes: 1 });
    expect(variant.protocol).toBe(protocol);
    expect(variant.nodes).toEqual(['n0']);
    expect(simulate(variant, 1).assessment.valid).toBe(true);
  });

  it('is the same run if nothing is changed', () => {
    const original = scenarioOf({
      protocol: 'lin-kv/proxy',
      services: [{ name: 'lin-kv' }],
      nodes: 3,
      workload: 'lin-kv',
      duration: '2s',
    });
    const variant = variantOf(original, original.file);
    expect(simulate(variant, 7).digest).toBe(simulate(original, 7).digest);
  });

  it('is refused where it does not fit together', () => {
    const original = scenarioOf({ protocol: 'echo', nodes: 3, workload: 'echo' });
    const faults = [{ at: '1s', fault: 'crash', nodes: ['n7'] }] as const;
    const file = { ...original.file, faults: faults.map((entry) => ({ ...entry, nodes: ['n7'] })) };
    expect(() => variantOf(original, file)).toThrow(/there is no node "n7"/);
  });
});
