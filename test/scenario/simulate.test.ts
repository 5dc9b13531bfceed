// Runs from code.
import { describe, expect, it } from 'vitest';
import { flood } from '../../src/protocols/broadcast/flood.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { advance, finish, simulate, start } from '../../src/scenario/simulate.js';
import { UsageError } from '../../src/scenario/usage-error.js';
import type { Step } from '../../src/sim/step.js';
import { broadcast } from '../../src/workloads/broadcast.js';

const input: ScenarioInput = {
  protocol: 'broadcast/flood',
  nodes: 3,
  workload: { name: 'broadcast', rate: 20 },
  duration: '1s',
  recovery: '1s',
};

describe('a run', () => {
  it('is the same for the same scenario and seed', () => {
    expect(simulate(input, 'x').digest).toBe(simulate(input, 'x').digest);
    expect(simulate(input, 'x').digest).not.toBe(simulate(input, 'y').digest);
  });

  it('takes constants for names', () => {
    const { name: _, ...workload } = { name: 'broadcast', rate: 20 };
    const other: ScenarioInput = {
      ...input,
      protocol: flood,
      workload: { ...workload, name: broadcast },
    };
    expect(simulate(other).digest).toBe(simulate(input).digest);
  });

  it('takes constants with options', () => {
    const protocol = { name: flood, options: { nope: 1 } };
    expect(() => simulate({ ...input, protocol })).toThrow('has no option "nope"');
  });

  it('prefers a constant to a registered thing of its name', () => {
    const { topology: _, ...on } = flood.on;
    const deaf = { ...flood, on };
    expect(simulate({ ...input, protocol: deaf }).result.unhandled).toEqual([
      { type: 'topology', count: 3 },
    ]);
  });

  it('names what is wrong with its scenario', () => {
    expect(() => simulate({ ...input, nodes: 0 })).toThrow(UsageError);
  });

  it('is the same in slices', () => {
    const running = start(input);
    while (advance(running, 7));
    expect(finish(running).digest).toBe(simulate(input).digest);
  });

  it('can be judged before its end', () => {
    const running = start(input);
    advance(running, 20);
    const { assessment, result } = finish(running);
    expect(result).toMatchObject({ end: 'interrupted', events: 20 });
    expect(assessment.valid).toBe('unknown');
  });

  it('is the same with an observer, a trace and in strict mode', () => {
    const steps: Step[] = [];
    const observer = (step: Step) => steps.push(step);
    const run = simulate(input, undefined, [], { observer, trace: true, strict: true });
    expect(run.digest).toBe(simulate(input).digest);
    expect(steps).toHaveLength(run.result.events);
    expect(run.trace).toHaveLength(run.result.events);
    expect(steps.at(-1)?.digest).toBe(run.digest);
  });

  it('takes edits beside those of its scenario', () => {
    const { result } = simulate(input, undefined, [{ edit: 'omit-op', op: 3 }]);
    expect(result.edits).toEqual([true]);
  });
});
