// Failures that are kept: `hunt --shrink` keeps them, and every hunt runs them first.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { keepFailures, regressionPreys } from '../../../src/cli/hunt/regressions.js';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { startOf, tryOut } from '../../../src/scenario/hunt/trial.js';
import { cli, directoryWith, scenarioText } from '../harness.js';

const lossy = {
  about: 'A partition loses a value.',
  protocol: 'broadcast/flood',
  workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
  network: { latency: '10ms' },
  duration: '3s',
  faults: [{ at: '1s', for: '1s', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
};

const io = {
  nowMs: () => 0,
  pause: async () => {},
  interruptibly: <T>(action: () => T) => ({ value: action() }),
  stderr: { isTty: false, columns: 100, write: () => {} },
} as never;

describe('regressions', () => {
  it('are kept by a hunt that shrinks, and fail the next one until they are mended', async () => {
    const home = directoryWith({ 'small.yaml': scenarioText(lossy) });
    const path = join(home, 'small.yaml');
    const scenario = await loadScenario(path);
    const { file, about } = scenario;
    const trial = { scenario, file, seed: '1', edits: [] };
    const prey = {
      ...{ scenario: path, about, protocol: 'broadcast/flood', expect: file.expect },
      ...{ strategy: 'uniform', seed: '1', plan: undefined, trials: 1, complete: true },
      tally: tryOut(scenario, trial, 0, () => {}).tally,
    };
    expect(await regressionPreys(path, io)).toEqual([]);
    await keepFailures(prey, scenario, io, { signal: () => undefined } as never);
    const [name = ''] = readdirSync(join(home, 'regressions'));
    expect(name).toBe('small.set-full-lost.yaml');
    const [kept, ...others] = await regressionPreys(path, io);
    expect(others).toEqual([]);
    expect(kept?.tally.findings).toMatchObject([{ kind: 'failure', name: 'set-full/lost' }]);
    const at = join(home, 'regressions', name);
    const text = readFileSync(at, 'utf8');
    writeFileSync(at, text.replace('broadcast/flood', 'broadcast/flood-retry'));
    const [mended] = await regressionPreys(path, io);
    expect(mended?.tally).toMatchObject({ runs: 1, failed: 0, findings: [] });
    const stale = text.replace('broadcast/flood', 'broadcast/flood-retry');
    writeFileSync(at, stale.replace(/engine: "\d+"/, 'engine: "0"'));
    const [old] = await regressionPreys(path, io);
    expect(old?.tally.findings).toMatchObject([{ kind: 'empty', name: 'regression/stale' }]);
    expect(startOf(scenario).runs).toBe(0);
  });

  it('are offered by the help', async () => {
    expect((await cli(['help', 'hunt'])).stdout).toContain('--shrink');
  });
});
