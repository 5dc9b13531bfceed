// `stormglass shrink`: what it writes, what it says, what it refuses.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { regressionsOf } from '../../src/files/regressions.js';
import { cli, directoryWith, scenarioText } from './harness.js';

const lossy = {
  about: 'A partition loses a value.',
  protocol: 'broadcast/flood',
  workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
  network: { latency: '10ms' },
  duration: '3s',
  faults: [{ at: '1s', for: '1s', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
};

const directory = (more: object = {}): string =>
  directoryWith({ 'small.yaml': scenarioText({ ...lossy, ...more }) });

describe('stormglass shrink', () => {
  it('keeps the smallest scenario in regressions/, which fails when it is run', async () => {
    const home = directory();
    const file = join(home, 'small.yaml');
    const { code, stdout } = await cli(['shrink', file]);
    const kept = join(home, 'regressions', 'small.set-full-lost.yaml');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^shrunk {4}\d+ operations, faults and edits to 2, in \d+ runs; nothing/,
    );
    expect(stdout).toContain(
      'is        set-full/lost with 2 nodes, 1 operation, 1 fault: the value',
    );
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass run ${kept}`);
    expect(readFileSync(kept, 'utf8')).toContain('failure: set-full/lost');
    const run = await cli(['run', kept]);
    expect(run.code).toBe(1);
    expect(run.stdout).toContain('set-full  ✗ lost');
    expect(regressionsOf(file)).toEqual([kept]);
  });

  it('overwrites none that is there', async () => {
    const home = directory();
    const file = join(home, 'small.yaml');
    await cli(['shrink', file]);
    await cli(['shrink', file, '--seed', '2']);
    const names = ['small.set-full-lost-2.yaml', 'small.set-full-lost.yaml'];
    expect(readdirSync(join(home, 'regressions')).sort()).toEqual(names);
  });

  it('stops when time is up, with what there is', async () => {
    const file = join(directory(), 'small.yaml');
    const { code, stdout } = await cli(['shrink', file, '--time', '1s', '--json'], { tickMs: 100 });
    const { complete, size, sizeAtFirst } = JSON.parse(stdout);
    expect([code, complete]).toEqual([0, false]);
    expect(size).toBeLessThanOrEqual(sizeAtFirst);
  });

  it.each([
    ['a run that does not fail', { faults: [] }, [], /there is no failure in it/],
    ['a failure that the run has not', {}, ['--failure', 'set-full/phantom'], /set-full\/lost/],
    ['a time that is none', {}, ['--time', 'soon'], /a duration such as 30s/],
    ['a name that is no scenario', {}, ['--out', 'small.txt'], /a name that ends in \.yaml/],
  ])('refuses %s', async (_, more, args, message) => {
    const home = directory(more);
    const { code, stdout, stderr } = await cli(['shrink', join(home, 'small.yaml'), ...args]);
    expect(code).toBe(64);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(existsSync(join(home, 'regressions'))).toBe(false);
  });
});
