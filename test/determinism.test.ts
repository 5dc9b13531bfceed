// The promise that everything else stands on: same seed, same run. Every shipped scenario keeps it,
// in this process and in a fresh one, strictly checked or not. What breaks it: leaks.test.ts.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../src/files/scenario-file.js';
import { simulate } from '../src/scenario/simulate.js';
import { spawnCli } from './support/built-cli.js';

const paths = readdirSync('scenarios')
  .filter((name) => name.endsWith('.yaml'))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((name) => `scenarios/${name}`);

describe.each(paths)('%s', (path) => {
  it('runs the same twice, strictly checked, and in a fresh process', async () => {
    const scenario = await loadScenario(path);
    const fresh = spawnCli(['digests', '--', path, scenario.seed]);
    const { digest } = simulate(scenario);
    expect(simulate(scenario).digest).toBe(digest);
    expect(simulate(scenario, undefined, [], { strict: true }).digest).toBe(digest);
    const { code, stdout } = await fresh;
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seed: scenario.seed, digest });
  });
});
