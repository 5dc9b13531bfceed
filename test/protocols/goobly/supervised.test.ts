// Supervision, volumes, and what a dependency that is down does to those who need it.
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { type Run, simulate } from '../../../src/scenario/simulate.js';

/** A run and what its nodes noted. */
async function run(name: string, seed = '1'): Promise<Run & { readonly notes: string[] }> {
  const notes: string[] = [];
  const done = simulate(await loadScenario(`scenarios/${name}.yaml`), seed, [], {
    observer: ({ effects }) => {
      for (const row of effects) if (row.effect === 'note') notes.push(row.text);
    },
  });
  return { ...done, notes };
}

describe('a task whose database is down', () => {
  it('uses up no retry when it chills', async () => {
    const { assessment, notes } = await run('goobly-chill');
    expect(assessment.valid).toBe(true);
    expect(notes.filter((text) => /backs off|gives/.test(text))).toEqual([]);
  });

  it('is tried again N times, each time later, and then given up', async () => {
    const { notes } = await run('goobly-exceptions-crash');
    const first = notes.filter((text) => /^(backs off from|gives) 0/.test(text));
    expect(first).toHaveLength(4);
    expect(first.at(-1)).toMatch(/^gives 0 up: it has no answer of its database/);
  });

  it('is tried again on another machine', async () => {
    const { notes } = await run('goobly-exceptions-crash');
    const machines = notes.flatMap((text) => /^launches 0 on (\w+),/.exec(text)?.[1] ?? []);
    expect(machines).toHaveLength(3);
    for (const [i, machine] of machines.entries()) expect(machine).not.toBe(machines[i - 1]);
  });

  it('is given up aloud: what comes then is refused, not taken for nobody', async () => {
    const { history } = await run('goobly-gives-up');
    const refused = history.ops.filter(({ f, type }) => f === 'input' && type === 'fail');
    expect(refused.length).toBeGreaterThan(20);
    const { history: silent } = await run('goobly-exceptions-crash');
    expect(silent.ops.filter(({ f, type }) => f === 'input' && type === 'fail')).toEqual([]);
  });
});

describe('recovery', () => {
  const rack: ScenarioInput = {
    protocol: 'goobly/supervised',
    nodes: 4,
    services: [
      'log',
      'snapshot-store',
      'database',
      { name: 'sink', options: { kind: 'idempotent' } },
    ],
    workload: {
      name: 'streams',
      rate: 40,
      timeout: '2s',
      options: { topology: 'words', words: 40, partitions: 2 },
    },
    network: { latency: '5ms' },
    faults: [{ at: '4s', for: '600ms', fault: 'crash', nodes: ['n1', 'n2', 'n3'] }],
    duration: '6s',
    recovery: '6s',
  };

  /** The longest recovery after the crash. */
  function recoveryUs(recovery: string): number {
    let longest = 0;
    const protocol = { name: 'goobly/supervised', options: { recovery } };
    const { assessment } = simulate({ ...rack, protocol }, '1', [], {
      observer: ({ effects }) => {
        for (const row of effects) {
          const found =
            row.effect === 'note' && /^recovered \d+ at [1-9]\d* in (\d+)/.exec(row.text);
          if (found) longest = Math.max(longest, Number(found[1]));
        }
      },
    });
    expect(assessment.valid).toBe(true);
    return longest;
  }

  it('of one operator from its volume is cheaper than from a database', () => {
    const [volume, database] = [recoveryUs('volume'), recoveryUs('database')];
    expect(volume).toBeGreaterThan(0);
    expect(volume).toBeLessThan(database / 4);
  });
});

it('a machine cut off from its scheduler is shut out by the volume, not by luck', async () => {
  const { assessment, notes } = await run('goobly-volume');
  expect(assessment.valid).toBe(true);
  expect(notes).toContain('is no longer the one who writes to volume/0');
});

it.each(['2', '4', '5'])('nobody hears of a launch that a crash takes back (%s)', (seed) => {
  // At 2.4 s the scheduler launches the task of the machine that is silent, and 9 ms later it
  // crashes; its disk takes 20 ms.
  const { assessment } = simulate(
    scenarioOf({
      protocol: 'goobly/supervised',
      nodes: 4,
      services: ['log', 'snapshot-store', { name: 'sink', options: { kind: 'idempotent' } }],
      workload: { name: 'streams', rate: 20, timeout: '2s', options: { topology: 'words' } },
      disk: { sync: '20ms' },
      network: { latency: { shape: 'exponential', mean: '5ms' } },
      faults: [
        { at: '1s', for: '3s', fault: 'pause', nodes: ['n1'] },
        { at: '2409ms', for: '200ms', fault: 'crash', nodes: ['n0'], lost: 'all' },
      ],
      duration: '7s',
      recovery: '8s',
      checkers: [{ name: 'exactly-once', options: { 'outputs-owed': 'all' } }],
    }),
    seed,
  );
  expect(assessment.valid).toBe(true);
});
