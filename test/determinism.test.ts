// The promise that everything else stands on: same seed, same run. Every shipped scenario keeps it,
// in this process and in another one, strictly checked or not. What breaks it: leaks.test.ts.
import { readdirSync } from 'node:fs';
import { dirname } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { loadScenario } from '../src/files/scenario-file.js';
import { simulate } from '../src/scenario/simulate.js';
import { builtCli, spawnNode } from './support/built-cli.js';

const paths = readdirSync('scenarios')
  .filter((name) => name.endsWith('.yaml'))
  .toSorted((a, b) => (a < b ? -1 : 1))
  .map((name) => `scenarios/${name}`);

/**
 * Runs all scenarios in a fresh process, the other way round: whatever one leaves behind in a
 * module would be seen by the next.
 */
const script = `
  const [home, ...paths] = process.argv.slice(1);
  const { loadScenario } = await import(home + '/../files/scenario-file.js');
  const { advance, begin, sliceEvents } = await import(home + '/../scenario/run.js');
  for (const path of paths.reverse()) {
    const running = begin(await loadScenario(path));
    while (advance(running, sliceEvents));
    console.log(JSON.stringify([path, running.world.digest.toString()]));
  }`;

describe('every scenario', () => {
  const here = new Map<string, string>();
  let elsewhere: ReturnType<typeof spawnNode>;

  beforeAll(() => {
    const args = ['--input-type=module', '-e', script, dirname(builtCli()), ...paths];
    elsewhere = spawnNode(args);
  });

  it.each(paths)('runs the same twice, and strictly checked: %s', async (path) => {
    const scenario = await loadScenario(path);
    const { digest } = simulate(scenario);
    here.set(path, digest);
    expect(simulate(scenario).digest).toBe(digest);
    expect(simulate(scenario, undefined, [], { strict: true }).digest).toBe(digest);
  });

  it('runs the same in a fresh process', async () => {
    const { code, stdout, stderr } = await elsewhere;
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const lines = stdout.trimEnd().split('\n');
    const digests = new Map<string, string>(lines.map((line) => JSON.parse(line)));
    expect(digests.size).toBe(paths.length);
    for (const [path, digest] of here) expect([path, digests.get(path)]).toEqual([path, digest]);
  });
});
