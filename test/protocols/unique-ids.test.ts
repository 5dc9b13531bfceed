// The unique-ids protocols: what their ids look like, and under which faults they stay unique.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

function scenario(protocol: string, faults: ScenarioInput['faults'] = []): ScenarioInput {
  return {
    protocol,
    nodes: 3,
    workload: { name: 'unique-ids', rate: 300, timeout: '200ms' },
    faults,
    duration: '4s',
    recovery: '1s',
  };
}

const crash: ScenarioInput['faults'] = [{ at: '1s', for: '100ms', fault: 'crash', nodes: ['n0'] }];
const jumpBack: ScenarioInput['faults'] = [
  { at: '2s', fault: 'clock-jump', nodes: ['n0'], by: '-1s' },
];

/** The ids that n0 gave out, in order. */
function idsOf(protocol: string, faults?: ScenarioInput['faults']): unknown[] {
  const { history } = simulate(scenario(protocol, faults), 'a');
  return history.ops.filter((op) => op.type === 'ok' && op.node === 'n0').map((op) => op.value);
}

describe('ids', () => {
  it('of counter count up, and name the incarnation after a crash', () => {
    const ids = idsOf('unique-ids/counter', crash);
    expect(ids.slice(0, 2)).toEqual(['n0-1-1', 'n0-1-2']);
    expect(ids).toContain('n0-2-1');
  });

  it('of forgetful begin anew after a crash', () => {
    expect(idsOf('unique-ids/forgetful', crash).filter((id) => id === 'n0-1')).toHaveLength(2);
  });

  it('of clock are milliseconds, numbered within one', () => {
    for (const id of idsOf('unique-ids/clock')) expect(id).toMatch(/^n0-\d{1,4}-\d$/);
  });

  it('of random are 128 bits in hexadecimal', () => {
    for (const id of idsOf('unique-ids/random')) expect(id).toMatch(/^[0-9a-f]{32}$/);
  });

  it('of snowflake are refused while the clock is behind', () => {
    const { history } = simulate(scenario('unique-ids/snowflake', jumpBack), 'a');
    const refused = history.ops.filter((op) => op.type === 'fail');
    const times = refused.map(({ timeUs }) => timeUs / 1_000_000);
    expect(refused.length).toBeGreaterThan(50);
    expect(Math.min(...times)).toBeGreaterThan(2);
    expect(Math.max(...times)).toBeLessThan(3);
    expect(refused[0]?.error).toMatch(/^temporarily-unavailable: the clock went back by \d+ ms$/);
  });
});

describe('uniqueness', () => {
  const both = [...crash, ...jumpBack];
  it.each([
    ['unique-ids/counter', 'a crash and a jump back', both, true],
    ['unique-ids/random', 'a crash and a jump back', both, true],
    ['unique-ids/forgetful', 'a jump back', jumpBack, true],
    ['unique-ids/forgetful', 'a crash', crash, false],
    ['unique-ids/clock', 'a crash', crash, true],
    ['unique-ids/clock', 'a jump back', jumpBack, false],
    ['unique-ids/snowflake', 'a jump back', jumpBack, true],
  ])('of %s under %s is %3$s', (protocol, _, faults, valid) => {
    const { assessment } = simulate(scenario(protocol, faults), 'a');
    expect(assessment.valid).toBe(valid);
  });

  it('of snowflake does not survive a jump back while the node is down', () => {
    const down: ScenarioInput['faults'] = [
      { at: '2s', for: '200ms', fault: 'crash', nodes: ['n0'] },
      { at: '2100ms', fault: 'clock-jump', nodes: ['n0'], by: '-1s' },
    ];
    expect(simulate(scenario('unique-ids/snowflake', down), 'a').assessment.valid).toBe(false);
  });
});
