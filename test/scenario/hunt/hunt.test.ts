// Hunts in one thread: what tallies count, that parts add up to the whole, that strategies keep
// their word.
import { describe, expect, it } from 'vitest';
import { readEdit } from '../../../src/scenario/edits.js';
import { failureName, failuresOf } from '../../../src/scenario/failure.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import { huntBlocks } from '../../../src/scenario/hunt/blocks.js';
import { added, emptyTally, type Tally } from '../../../src/scenario/hunt/tally.js';
import { startOf } from '../../../src/scenario/hunt/trial.js';
import { readScenario } from '../../../src/scenario/read.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { strategies } from '../../../src/scenario/strategies/index.js';
import { blocksOf } from '../../../src/scenario/strategy.js';
import { echo as echoWorkload } from '../../../src/workloads/echo.js';
import type { Workload } from '../../../src/workloads/workload.js';

const input: ScenarioInput = {
  protocol: 'broadcast/flood',
  nodes: 4,
  workload: { name: 'broadcast', rate: 5 },
  network: { loss: '1%' },
  faults: [
    { every: '1s', for: '400ms', faults: ['partition', 'crash', 'pause'] },
    { id: 'late', at: '1900ms', fault: 'crash', nodes: ['n3'], for: '50ms' },
  ],
  duration: '2s',
  recovery: '1s',
};

const planOf = (name: string, seeds: number | undefined, scenario = scenarioOf(input)) => {
  const plan = strategies.get(name)?.plan({ scenario, seed: '1', seeds });
  if (plan === undefined) throw new Error(`there is a strategy ${name}`);
  return { scenario, plan };
};

const names = ['swarm', 'uniform', 'pct', 'crash-points', 'partitions', 'novelty'];

it('knows all strategies, the usual one first', () => {
  expect([...strategies.keys()]).toEqual(names);
});

function blocks(count: number, first = 0, stride = 1): number[] {
  return Array.from({ length: Math.ceil((count - first) / stride) }, (_, i) => first + i * stride);
}

describe.each(names)('a hunt by %s', (name) => {
  const seeds = name === 'crash-points' || name === 'partitions' ? 1 : 40;
  const { scenario, plan } = planOf(name, seeds);
  const count = Math.min(blocksOf(plan), name === 'partitions' ? 300 : 40);
  const whole = huntBlocks(scenario, plan, blocks(count)).tally;

  it('comes to the same in shards, in any order', () => {
    const parts = [2, 0, 1].map(
      (first) => huntBlocks(scenario, plan, blocks(count, first, 3)).tally,
    );
    expect(parts.reduce(added, startOf(scenario))).toEqual(whole);
    expect(whole.runs).toBe(Math.min(plan.trials ?? 0, count * plan.blockSize));
  });

  it('finds runs that can be had again with nothing but their data', () => {
    expect(whole.findings.map((finding) => finding.name)).toContain('set-full/lost');
    for (const { kind, name: failure, first } of whole.findings) {
      if (kind !== 'failure') continue;
      const again = simulate(
        readScenario(JSON.parse(JSON.stringify(first.file ?? scenario.file))),
        first.seed,
        first.edits.map(readEdit),
      );
      expect(failuresOf(again).map(failureName)).toContain(failure);
    }
  });
});

describe('a strategy that tries everything', () => {
  it('has an exact number of partitions', () => {
    const { plan } = planOf('partitions', 1);
    expect(plan.trials).toBe((2 ** 3 - 1) * 3 * 16 * 3);
    expect(plan.about).toBe('21 cuts × 16 times × 3 lengths');
    expect(planOf('partitions', 2).plan.trials).toBe(2 * 1008);
  });

  it('crashes nodes before and after all that others can see, each point once', () => {
    const { plan } = planOf(
      'crash-points',
      1,
      scenarioOf({ ...input, protocol: 'broadcast/durable' }),
    );
    const edits = blocks(plan.trials ?? 0).map((index) => plan.block(index).next()?.edits);
    expect(new Set(edits.map((edit) => JSON.stringify(edit))).size).toBe(plan.trials);
    for (const mark of ['sends', 'acknowledgements', 'syncs', 'completed syncs']) {
      expect(plan.about).toMatch(new RegExp(`^\\d+ crash points: .*\\d+ at ${mark}`));
    }
  });

  it('finds what a crash loses that no seed need be lucky for', () => {
    const calm = scenarioOf({
      ...{ protocol: 'broadcast/flood-retry', nodes: 3, duration: '1s', recovery: '2s' },
      workload: { name: 'broadcast', rate: 4 },
    });
    const uniform = planOf('uniform', 30, calm);
    expect(huntBlocks(calm, uniform.plan, blocks(30)).tally.failed).toBe(0);
    const { plan } = planOf('crash-points', 1, calm);
    const { tally } = huntBlocks(calm, plan, blocks(plan.trials ?? 0));
    expect(tally.findings.map(({ name }) => name)).toContain('set-full/lost');
    expect(tally.findings[0]?.first).toMatchObject({ file: undefined, edits: [{ edit: 'fault' }] });
  });
});

describe('a swarm', () => {
  it('stays within what the scenario has', () => {
    const { scenario, plan } = planOf('swarm', 200);
    const trials = blocks(200).map((index) => plan.block(index).next());
    const kinds = new Set<string>();
    const sizes = new Set<number>();
    for (const trial of trials) {
      if (trial === undefined) throw new Error('there are 200 trials');
      sizes.add(trial.scenario.nodes.length);
      for (const entry of trial.file.faults ?? []) {
        const drawn = 'every' in entry ? entry.faults : [entry.fault];
        for (const kind of drawn) kinds.add(kind);
      }
      expect(trial.scenario.network.lossPpm).toBeLessThanOrEqual(scenario.network.lossPpm);
    }
    expect([...kinds].sort()).toEqual(['crash', 'partition', 'pause']);
    expect([...sizes]).toEqual([4]); // n3 is named.
    const counts = new Set(trials.map((trial) => trial?.file.faults?.length));
    expect(counts).toEqual(new Set([0, 1, 2]));
  });

  it('keeps the sizes that a scenario has told its checkers of', () => {
    const checkers = [{ name: 'set-full', options: {} }];
    const { faults: _faults, ...rest } = input;
    const { plan } = planOf('swarm', 60, scenarioOf({ ...rest, nodes: 9, checkers }));
    const trials = blocks(60).map((index) => plan.block(index).next()?.scenario);
    expect(new Set(trials.map((trial) => trial?.nodes.length))).toEqual(new Set([9]));
    expect(new Set(trials.map((trial) => trial?.durationUs))).toEqual(new Set([2_000_000]));
  });

  it('is often small where nobody is named', () => {
    const { faults: _faults, ...rest } = input;
    const { plan } = planOf('swarm', 100, scenarioOf({ ...rest, nodes: 9 }));
    const sizes = blocks(100).map((index) => plan.block(index).next()?.scenario.nodes.length);
    expect(sizes.filter((size) => size === 3).length).toBeGreaterThan(20);
    expect(sizes.filter((size) => size === 9).length).toBeGreaterThan(5);
  });
});

describe('a tally', () => {
  const { scenario, plan } = planOf('uniform', 20);

  it('counts what became of each entry of faults', () => {
    const { tally } = huntBlocks(scenario, plan, blocks(20));
    const [generated, late] = tally.faults;
    expect(generated).toMatchObject({ runs: 20 });
    expect(late).toMatchObject({ id: 'late', runs: 20, struck: 20 });
    expect(generated?.effective).toBeGreaterThan(0);
  });

  it('counts what some run must reach', () => {
    const properties = ['seen', 'never'].map((name) => ({
      ...({ kind: 'sometimes', name, about: 'It is reached.' } as const),
      reached: (cluster: { readonly nowUs: number }) =>
        name === 'seen' && cluster.nowUs > 1_000_000,
    }));
    const watched = scenarioOf({ ...input, properties });
    const { tally } = huntBlocks(watched, planOf('uniform', 3, watched).plan, blocks(3));
    expect(tally.sometimes).toEqual([
      { name: 'seen', count: 3, first: 0 },
      { name: 'never', count: 0, first: undefined },
    ]);
  });

  it('says what a run threw', () => {
    const workload = {
      ...echoWorkload,
      name: 'moody',
      generator: {
        init: 0,
        next: (state: number) => {
          if (state === 70) throw new Error('no idea');
          return { op: { f: 'echo', value: 'x' }, state: state + 1 };
        },
      },
    } as unknown as Workload;
    const moody = scenarioOf({ protocol: 'echo', nodes: 1, workload, duration: '1s' });
    const { tally } = huntBlocks(moody, planOf('uniform', 2, moody).plan, blocks(2));
    expect(tally).toMatchObject({ runs: 2, fine: 0 });
    expect(tally.findings).toMatchObject([
      { kind: 'accident', name: 'hunt/threw', count: 2, first: { index: 0, seed: '1' } },
    ]);
    expect(tally.findings[0]?.first.about).toContain('no idea');
  });

  it('that is cut at a failure has counted the runs before it', () => {
    const enough = ({ failed }: Tally) => failed > 0;
    const { tally, cut } = huntBlocks(scenario, plan, blocks(20), { enough });
    expect(cut).toBe(true);
    expect(tally.failed).toBe(1);
    expect(tally.findings[0]?.first.index).toBe(tally.runs - 1);
  });

  it('adds up digests so that no order matters', () => {
    const of = (digest: string): Tally => ({ ...emptyTally(), digest });
    expect(added(of('ffffffffffffffff'), of('0000000000000002')).digest).toBe('0000000000000001');
  });
});
