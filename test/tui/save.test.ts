// What was found by hand is kept: a branch as a scenario file that `run` accepts, and as a test.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseYaml } from '../../src/files/yaml-text.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { cli, directoryWith } from '../cli/harness.js';
import { brokenBroadcast } from '../support/tracks.js';
import { type Opened, open } from './terminal.js';

const directory = directoryWith();
const input = { ...brokenBroadcast, version: 1 } as typeof brokenBroadcast;

/** The run without its partition, which is then under this name. */
async function saved(name: string): Promise<{ readonly opened: Opened; readonly path: string }> {
  const path = join(directory, name);
  const opened = await open(input, { path: join(directory, 'from.yaml') });
  await opened.type('f', 'a', 'o', 's');
  await opened.type('C-u', path, 'enter');
  return { opened, path };
}

describe('a saved branch', () => {
  it('is a scenario that `run` accepts, with the seed, the edit and the verdict', async () => {
    const { opened, path } = await saved('found.yaml');
    expect(opened.screen().at(-2)).toMatch(/^ saved; try: stormglass run /);
    const file = parseYaml(readFileSync(path, 'utf8')).value as Record<string, unknown>;
    expect(file).toMatchObject({
      seed: '1',
      edits: [{ edit: 'omit-fault', fault: 'partition-n0/n1+n2@1s' }],
      expect: { object: 'set-full' },
    });
    const { code, stdout } = await cli(['run', path]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/edits +omit-fault .* applied/);
  });

  it('is a test that says the same', async () => {
    const { path } = await saved('found.test.ts');
    const text = readFileSync(path, 'utf8');
    expect(text).toContain("import { type ScenarioInput, simulate } from 'stormglass';");
    const scenario = JSON.parse(/ScenarioInput = (\{.*?\n\});/s.exec(text)?.[1] ?? '');
    const { assessment, result } = simulate(scenario as ScenarioInput);
    expect([assessment.surprise, result.edits]).toEqual([undefined, [true]]);
  });

  it('takes the place of no file, and of no other kind', async () => {
    writeFileSync(join(directory, 'there.yaml'), 'precious');
    const { opened, path } = await saved('there.yaml');
    expect(opened.screen().at(-2)).toContain('is there already');
    expect(readFileSync(path, 'utf8')).toBe('precious');
    const { opened: other, path: odd } = await saved('odd.txt');
    expect(other.screen().at(-2)).toContain('a name that ends in .yaml or in .test.ts');
    expect(existsSync(odd)).toBe(false);
  });

  it('cannot be written where there is no directory, which is said', async () => {
    const { opened } = await saved('no/such/place.yaml');
    expect(opened.screen().at(-2)).toMatch(/no such|cannot write|there is no/);
  });
});

describe('the command that comes back', () => {
  it('has the edits of the branch, and gives the same run', async () => {
    const opened = await open(input, { path: join(directory, 'from.yaml') });
    await opened.type('f', 'a', 'o', '20G', 'y');
    expect(opened.screen().at(-2)).toContain('copied: stormglass step');
    await opened.type('q');
    const { farewell } = await opened.ended;
    expect(farewell.trimEnd().split('\n').at(-1)).toMatch(
      /--seed 1 --edit 'omit-fault partition-n0\/n1\+n2@1s' --at 20$/,
    );
  });
});
