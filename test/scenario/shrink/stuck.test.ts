// Where nothing can go alone: several parts become one, and two go together.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { type Failure, shows } from '../../../src/scenario/failure.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import type { Scenario, ScenarioInput } from '../../../src/scenario/scenario.js';
import type { ScenarioFile } from '../../../src/scenario/schema.js';
import { tameNetwork } from '../../../src/scenario/shrink/chance.js';
import { cutLinks } from '../../../src/scenario/shrink/cuts.js';
import { freeze } from '../../../src/scenario/shrink/freeze.js';
import { mergeFaults } from '../../../src/scenario/shrink/merge.js';
import { Shrinking } from '../../../src/scenario/shrink/shrinking.js';
import { leaveOutPairs } from '../../../src/scenario/shrink/stuck.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { variantOf, variantsOf } from '../../../src/scenario/variant.js';
import { withoutOne } from '../../support/shortest.js';

const root = resolve(import.meta.dirname, '../../..');
const lost: Failure = { judge: 'set-full', kind: 'lost' };
const duplicateId: Failure = { judge: 'unique-ids', kind: 'duplicate-id' };

/** A shipped scenario, with other fields, expected to be valid and told in full. */
async function told(name: string, more: Partial<ScenarioInput>): Promise<Scenario> {
  const scenario = await loadScenario(resolve(root, `scenarios/${name}.yaml`));
  const file = { ...scenario.file, ...more, expect: 'valid' } as ScenarioFile;
  const changed = variantOf(scenario, file);
  return variantOf(scenario, freeze(changed, changed.seed, []));
}

function drive(work: Generator<void, void>): void {
  for (const _ of work);
}

function fails(scenario: Scenario, file: ScenarioFile, failure: Failure): boolean {
  return shows(simulate(variantOf(scenario, file)), failure);
}

describe('several parts that become one', () => {
  it('are messages that were lost one by one: a link is cut instead', async () => {
    const network = { latency: '10ms', loss: '30%' };
    const scenario = await told('broadcast-no-retry', { network, faults: [], nodes: 3 });
    const shrinking = new Shrinking(scenario, scenario.file, lost, 1_000_000);
    drive(tameNetwork(shrinking, variantsOf(scenario)));
    const before = shrinking.file.edits ?? [];
    expect(before.length).toBeGreaterThan(2);
    drive(cutLinks(shrinking, variantsOf(scenario)));
    const { file } = shrinking;
    expect(file.faults?.map((entry) => 'fault' in entry && entry.fault)).toContain('cut');
    expect((file.edits ?? []).length + (file.faults ?? []).length).toBeLessThan(before.length);
    expect(fails(scenario, file, lost)).toBe(true);
  });

  it('are two faults that strike alike: one strikes for as long as both', async () => {
    const twice = ['1s', '3s'].map((at) => ({
      ...{ at, for: '1s', fault: 'partition' as const, components: [['n0']] },
    }));
    const scenario = await told('broadcast-no-retry', { faults: twice });
    const shrinking = new Shrinking(scenario, scenario.file, lost, 1_000_000);
    drive(mergeFaults(shrinking));
    expect(shrinking.file.faults).toMatchObject([{ at: '1s', for: '3s' }]);
    expect(fails(scenario, shrinking.file, lost)).toBe(true);
  });
});

describe('two parts that go together', () => {
  it('are those of which neither can go alone', () => {
    const jump = (at: string, by: string) => ({
      ...{ at, fault: 'clock-jump' as const, nodes: ['n0'], by },
    });
    const operations = ['10ms', '18ms', '30ms'].map((at) => ({ at, f: 'generate' }));
    const scenario = scenarioOf({
      ...{ protocol: 'unique-ids/clock', nodes: 1, duration: '100ms' },
      workload: { name: 'unique-ids', operations },
      faults: [jump('12ms', '5ms'), jump('14ms', '-5ms'), jump('20ms', '-20ms')],
    });
    const shrinking = new Shrinking(scenario, scenario.file, duplicateId, 1_000_000);
    expect(fails(scenario, scenario.file, duplicateId)).toBe(true);
    for (const less of withoutOne(scenario.file)) {
      expect(fails(scenario, less, duplicateId)).toBe(false);
    }
    drive(leaveOutPairs(shrinking));
    expect(shrinking.file.faults).toMatchObject([{ at: '20ms' }]);
    expect(fails(scenario, shrinking.file, duplicateId)).toBe(true);
  });
});
