// What was found by hand is kept: a branch as a scenario file that `run` accepts, and as a test.
import { execFile } from 'node:child_process';
import { cpSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/files/scenario-file.js';
import { formatYaml, parseYaml } from '../../src/files/yaml-text.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { cli, directoryWith } from '../cli/harness.js';
import { builtCli } from '../support/built-cli.js';
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

const ownModule = `
export const protocol = {
  name: 'mine',
  about: 'Counts.',
  options: { stepMs: 10 },
  init(ctx) {
    ctx.setTimer({ type: 'tick' }, 1_000);
    return { n: 0 };
  },
  on: {},
  timers: { tick: (state) => { state.n++; } },
};
export const property = {
  ...{ kind: 'sometimes', name: 'counted', about: 'Somebody counts.' },
  reached: (cluster) => cluster.state('n0')?.n === 1,
};
`;

const ownScenario = {
  ...{ version: 1, about: 'Counts.', expect: 'valid' },
  protocol: { name: './mine.mjs', options: { 'step-ms': 5 } },
  nodes: 1,
  properties: ['./mine.mjs'],
  duration: '1s',
};

/** What vitest says of a test file that needs others beside it. */
function ranByVitest(...paths: readonly string[]): Promise<string> {
  const base = resolve(builtCli(), '../../..');
  for (const path of paths) cpSync(path, join(base, basename(path)));
  const alias = JSON.stringify({
    'stormglass/vitest': join(base, 'dist/testing/vitest.js'),
    stormglass: join(base, 'dist/index.js'),
  });
  writeFileSync(
    join(base, 'vitest.config.mjs'),
    `export default { resolve: { alias: ${alias} } };`,
  );
  const vitest = join(base, 'node_modules/vitest/vitest.mjs');
  return new Promise<string>((done) => {
    const args = [vitest, 'run', basename(paths[0] ?? ''), '--root', base, '--maxWorkers=1'];
    const env = { ...process.env, NO_COLOR: '1' };
    execFile(process.execPath, args, { cwd: base, env }, (_, stdout, stderr) => {
      done(stdout + stderr);
    });
  });
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

  it('is a test that vitest runs, and that passes', async () => {
    const { path } = await saved('kept.test.ts');
    expect(await ranByVitest(path)).toMatch(/Tests +1 passed/);
  });

  it('is a test that imports the modules that the scenario names', async () => {
    const from = join(directory, 'own.yaml');
    writeFileSync(join(directory, 'mine.mjs'), ownModule);
    writeFileSync(from, formatYaml(ownScenario));
    const path = join(directory, 'own.test.ts');
    const opened = await open((await loadScenario(from)) as never, { path: from });
    await opened.type('s', 'C-u', path, 'enter');
    expect(opened.screen().at(-2)).toMatch(/^ saved; try: npx vitest run /);
    const text = readFileSync(path, 'utf8');
    expect(text).toContain("import { protocol } from './mine.mjs';");
    expect(text).toContain('"protocol": {\n    "name": protocol,');
    expect(text).toContain("import { property } from './mine.mjs';");
    expect(await ranByVitest(path, join(directory, 'mine.mjs'))).toMatch(/Tests +1 passed/);
  });

  it('is no test where nodes run a program: it says what to do instead', async () => {
    const from = join(directory, 'program.yaml');
    writeFileSync(join(directory, 'node.js'), 'process.stdin.resume();');
    const { properties: _, ...rest } = ownScenario;
    writeFileSync(from, formatYaml({ ...rest, protocol: { program: './node.js' } }));
    const opened = await open((await loadScenario(from)) as never, { path: from });
    const path = join(directory, 'program.test.ts');
    await opened.type('s', 'C-u', path, 'enter');
    expect(opened.screen().at(-2)).toMatch(/cannot hold the program \.\/node\.js; save a \.yaml/);
    expect(existsSync(path)).toBe(false);
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
