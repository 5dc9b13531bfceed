// A run told in full is the same run.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { templates } from '../../../src/nemesis/templates.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { freeze } from '../../../src/scenario/shrink/freeze.js';
import { operationsIn } from '../../../src/scenario/shrink/parts.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { variantOf } from '../../../src/scenario/variant.js';

const root = resolve(import.meta.dirname, '../../..');
const names = [
  'broadcast-no-retry', // Faults that are told.
  'broadcast-partitions', // A generator of faults, shapes.
  'broadcast-disk', // Crashes that lose writes.
  'ids-chaos',
  'lin-kv-proxy',
  'txn-rw-register-dirty',
  'membership-swim-crash', // Milestones; no rate.
];

describe('freeze', () => {
  it.each(names)('tells %s in full: the same events, the same history', async (name) => {
    const scenario = await loadScenario(resolve(root, `scenarios/${name}.yaml`));
    const file = freeze(scenario, '7', []);
    const plain = simulate(scenario, '7');
    const told = simulate(variantOf(scenario, file));
    expect(operationsIn(file).length).toBeGreaterThan(0);
    expect(told.digest).toBe(plain.digest);
    expect(told.history.ops).toEqual(plain.history.ops);
  });

  it('tells kafka so that all its keys are read in the end: what is wrong shows', async () => {
    const scenario = await loadScenario(resolve(root, 'scenarios/kafka-resend.yaml'));
    const kindsOf = ({ assessment }: ReturnType<typeof simulate>) =>
      assessment.judgements.flatMap((each) =>
        each.valid === false ? each.anomalies.map(({ kind }) => kind) : [],
      );
    const found = kindsOf(simulate(scenario, '1'));
    expect(found).toContain('duplicate');
    const told = simulate(variantOf(scenario, freeze(scenario, '1', [])));
    expect(new Set(kindsOf(told))).toEqual(new Set(found));
  });

  it('tells kafka so that keys are read in the end of which the pool knows nothing', () => {
    const workload = { name: 'kafka', rate: 40, options: { 'max-writes-per-key': 2 } };
    const around = { nodes: 2, services: ['lin-kv'], duration: '4s', recovery: '1s' };
    const scenario = scenarioOf({ protocol: 'kafka/lin-kv', workload, ...around });
    const { history } = simulate(variantOf(scenario, freeze(scenario, '1', [])));
    const keysOf = (f: string, final: boolean, pick: (value: unknown) => unknown): Set<unknown> =>
      new Set(
        history.ops
          .filter((op) => op.f === f && op.type === 'invoke' && (op.final === true) === final)
          .flatMap(({ value }) => pick(value)),
      );
    const sent = keysOf('send', false, (value) => (value as { readonly key: string }).key);
    const read = keysOf('assign', true, (value) => value);
    expect(sent.size).toBeGreaterThan(10);
    expect([...sent].filter((key) => !read.has(key))).toEqual([]);
  });

  it.each([...templates.keys()])('tells a %s that chance draws: the same events', (template) => {
    const faults = [{ every: '300ms', for: '200ms', faults: [template] }];
    const around = { nodes: 4, network: { latency: '10ms' }, duration: '2s', recovery: '1s' };
    const workload = { name: 'broadcast', rate: 50 };
    const input = { protocol: 'broadcast/flood-retry', workload, faults, ...around };
    const scenario = scenarioOf(input as ScenarioInput);
    const file = freeze(scenario, '3', []);
    expect(file.faults?.length).toBeGreaterThan(0);
    expect(simulate(variantOf(scenario, file)).digest).toBe(simulate(scenario, '3').digest);
  });

  it('tells what has been told already once more, edits included', async () => {
    const scenario = await loadScenario(resolve(root, 'scenarios/broadcast-no-retry.yaml'));
    const edits = [{ edit: 'omit-op', op: 3 }] as const;
    const once = freeze(scenario, '2', edits);
    const twice = freeze(variantOf(scenario, once), '2', []);
    expect(twice).toEqual(once);
    expect(simulate(variantOf(scenario, twice)).digest).toBe(simulate(scenario, 2, edits).digest);
  });
});
