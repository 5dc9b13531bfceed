// Shrinking keeps the failure and leaves nothing that could go.
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { type Failure, failureNamed, failuresOf, shows } from '../../../src/scenario/failure.js';
import type { Scenario } from '../../../src/scenario/scenario.js';
import type { ScenarioFile } from '../../../src/scenario/schema.js';
import {
  operationsIn,
  withEdits,
  withFaults,
  withOperations,
} from '../../../src/scenario/shrink/parts.js';
import { standingOf } from '../../../src/scenario/shrink/regression.js';
import { shrink } from '../../../src/scenario/shrink/shrink.js';
import { shrunkFile } from '../../../src/scenario/shrink/shrunk.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { variantOf } from '../../../src/scenario/variant.js';
import { engineVersion } from '../../../src/scenario/version.js';

const root = resolve(import.meta.dirname, '../../..');

/** A shipped scenario that fails, as one that should not. */
async function failing(name: string): Promise<Scenario> {
  const scenario = await loadScenario(resolve(root, `scenarios/${name}.yaml`));
  return variantOf(scenario, { ...scenario.file, expect: 'valid' });
}

function shrunk(scenario: Scenario): { readonly failure: Failure; readonly file: ScenarioFile } {
  const [failure] = failuresOf(simulate(scenario));
  if (failure === undefined) throw new Error('it fails');
  const work = shrink({ scenario, seed: scenario.seed, edits: [], failure });
  for (let step = work.next(); ; step = work.next()) {
    if (step.done !== true) continue;
    if (step.value === undefined) throw new Error('the failure shows');
    return { failure, file: step.value.file };
  }
}

/** The file without each single operation, fault and edit. */
function* withoutOne(file: ScenarioFile): Generator<ScenarioFile> {
  const but = <T>(items: readonly T[], place: number): T[] => items.toSpliced(place, 1);
  for (const place of operationsIn(file).keys()) {
    yield withOperations(file, but(operationsIn(file), place));
  }
  for (const place of (file.faults ?? []).keys())
    yield withFaults(file, but(file.faults ?? [], place));
  for (const place of (file.edits ?? []).keys())
    yield withEdits(file, but(file.edits ?? [], place));
}

describe('shrink', () => {
  it.each([
    // Name, operations, faults, nodes of the shortest scenario written by hand.
    ['broadcast-no-retry', 1, 1, 2],
    ['ids-clock-jump', 2, 1, 1],
    ['lin-kv-two-stores', 2, 0, 2],
    ['txn-rw-register-dirty', 2, 0, 1],
    ['lock-look-then-write', 2, 0, 1],
    ['membership-swim-no-refutation', 0, 1, 2],
  ])('makes %s about as small as by hand, and nothing can go', async (name, ops, faults, nodes) => {
    const scenario = await failing(name);
    const { failure, file } = shrunk(scenario);
    const left = variantOf(scenario, file);
    expect(shows(simulate(left), failure)).toBe(true);
    const size = operationsIn(file).length + (file.faults ?? []).length + (file.edits ?? []).length;
    expect(size).toBeLessThanOrEqual(1.5 * (ops + faults));
    expect(left.nodes).toHaveLength(nodes);
    for (const less of withoutOne(file)) {
      expect(shows(simulate(variantOf(scenario, less)), failure)).toBe(false);
    }
  });

  it('tells the one message that the network lost by chance', async () => {
    const lossy = await failing('broadcast-no-retry');
    const { faults: _, ...rest } = lossy.file;
    const network = { ...rest.network, loss: '5%', duplicate: '5%' };
    const { file } = shrunk(variantOf(lossy, { ...rest, network }));
    expect(file.network?.loss).toBeUndefined();
    expect(file.edits).toHaveLength(1);
    expect(file.edits?.[0]?.edit).toBe('drop');
    expect(operationsIn(file)).toHaveLength(1);
  });

  it('does not let a shorter recovery stand for the failure', async () => {
    const scenario = await failing('broadcast-unsynced');
    const { file } = shrunk(scenario);
    expect(file.recovery).toBe(scenario.file.recovery);
    expect(file.faults).toHaveLength(1);
  });

  it('never says that it is smaller than it is, nor that it grew', async () => {
    const scenario = await failing('broadcast-no-retry');
    const failure = failuresOf(simulate(scenario))[0] as Failure;
    let before = Number.POSITIVE_INFINITY;
    for (const { size, sizeAtFirst } of shrink({ scenario, seed: '1', edits: [], failure })) {
      expect(size).toBeLessThanOrEqual(Math.min(before, sizeAtFirst));
      before = size;
    }
    expect(before).toBeLessThan(5);
  });

  it('gives up on a failure that the run does not show', async () => {
    const scenario = await failing('broadcast-no-retry');
    const failure = { judge: 'set-full', kind: 'phantom' };
    const work = shrink({ scenario, seed: '1', edits: [], failure });
    let step = work.next();
    while (step.done !== true) step = work.next();
    expect(step.value).toBeUndefined();
  });
});

describe('a shrunk failure', () => {
  it('says in a sentence what happens, with what it was when it was found', async () => {
    const scenario = await failing('ids-clock-jump');
    const { failure, file } = shrunk(scenario);
    const kept = shrunkFile(variantOf(scenario, file), failure);
    expect(kept.file.about).toMatch(
      /^unique-ids\/duplicate-id with 1 node, \d operations, 1 fault: the id "n0-/,
    );
    expect(kept.file.found).toEqual({
      failure: 'unique-ids/duplicate-id',
      engine: engineVersion,
      digest: kept.run.digest,
    });
    expect(simulate(variantOf(scenario, kept.file)).digest).toBe(kept.run.digest);
  });

  it('fails; passes once the bug is gone; is stale where the engine is another', async () => {
    const scenario = await failing('broadcast-no-retry');
    const { failure, file } = shrunk(scenario);
    const kept = shrunkFile(variantOf(scenario, file), failure).file;
    expect(standingOf(simulate(variantOf(scenario, kept)))).toEqual({ standing: 'fails' });
    const sound = await loadScenario(resolve(root, 'scenarios/broadcast-partitions.yaml'));
    const mended = { ...kept, protocol: sound.file.protocol };
    expect(standingOf(simulate(variantOf(sound, mended)))).toMatchObject({
      standing: 'passes',
      same: false,
    });
    const found = { failure: 'set-full/lost', digest: '0123456789abcdef', engine: '0' };
    const old = simulate(variantOf(sound, { ...mended, found }));
    expect(standingOf(old)).toMatchObject({ standing: 'stale' });
    expect(failureNamed('nonsense')).toBeUndefined();
  });
});
