// Scenario files and the modules they name.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rebaseModules } from '../../src/files/modules.js';
import { loadScenario, scenarioText } from '../../src/files/scenario-file.js';
import { scenarioNames, scenarioPaths, shippedScenario } from '../../src/files/shipped.js';
import { simulate } from '../../src/scenario/simulate.js';
import { UsageError } from '../../src/scenario/usage-error.js';
import { builtCli } from '../support/built-cli.js';

const directoryWith = (files: Readonly<Record<string, string>>): string => {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-files-'));
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(join(directory, name, '..'), { recursive: true });
    writeFileSync(join(directory, name), text);
  }
  return directory;
};

const mine = `export const protocol = {
  name: 'mine', about: '', options: {}, init: () => ({}),
  on: {
    echo(state, message, ctx) {
      ctx.reply(message, { type: 'echo_ok', echo: message.body.echo });
    },
  },
};
`;

/** The same with types, which have to go. */
const typed = mine
  .replace('init: () =>', 'init: (): { readonly none?: never } =>')
  .replace('(state, message, ctx)', '(state: object, message: any, ctx: any)');

const scenario = (protocol: string, more = ''): string => `version: 1
about: Mine.
expect: valid
protocol: ${protocol}
nodes: 1
workload: { name: echo, rate: 10 }
duration: 1s
recovery: 1s
${more}`;

describe('a module of the user’s', () => {
  it.each([
    ['mine.mjs', mine],
    ['mine.ts', typed],
  ])('can be %s', async (name, text) => {
    const directory = directoryWith({ [name]: text, 'x.yaml': scenario(`./${name}`) });
    const loaded = await loadScenario(join(directory, 'x.yaml'));
    expect(loaded.protocol.name).toBe('mine');
    expect(simulate(loaded).assessment.valid).toBe(true);
  });

  it('is found from the scenario and not from where the user is', async () => {
    const directory = directoryWith({
      'code/mine.mjs': mine,
      'a/b/x.yaml': scenario('../../code/mine.mjs'),
    });
    expect((await loadScenario(join(directory, 'a/b/x.yaml'))).protocol.name).toBe('mine');
  });

  it('can be a checker', async () => {
    const checker = `export const checker = { name: 'picky', about: '', options: {}, check: () => ({
      valid: false, anomalies: [{ kind: 'ugly', about: 'I do not like it', ops: [] }] }) };`;
    const directory = directoryWith({
      'picky.mjs': checker,
      'x.yaml': scenario('echo', 'checkers: [./picky.mjs]\n').replace(
        'expect: valid',
        'expect: picky',
      ),
    });
    const { assessment } = simulate(await loadScenario(join(directory, 'x.yaml')));
    expect(assessment).toMatchObject({ valid: false, expected: true });
  });

  it('shares the instance of Stormglass that runs it', () => {
    // `stormglass` is found by the package's own name, as it is in a user's node_modules.
    const base = resolve(builtCli(), '../../..');
    const mine =
      "import { protocols } from 'stormglass';\nexport const protocol = protocols.get('echo');\n";
    for (const name of ['mine.ts', 'mine.mjs']) {
      writeFileSync(join(base, name), mine);
      writeFileSync(join(base, 'x.yaml'), scenario(`./${name}`));
      const script = `
        import { loadScenario } from './dist/files/scenario-file.js';
        import { protocols } from './dist/protocols/index.js';
        const { protocol } = await loadScenario('x.yaml');
        process.stdout.write(String(protocol === protocols.get('echo')));`;
      const args = ['--input-type=module', '-e', script];
      expect(execFileSync(process.execPath, args, { cwd: base, encoding: 'utf8' })).toBe('true');
    }
  });

  it('that does not parse is one clear message', async () => {
    const directory = directoryWith({
      'mine.ts': 'export const = 1;',
      'x.yaml': scenario('./mine.ts'),
    });
    await expect(loadScenario(join(directory, 'x.yaml'))).rejects.toThrow(UsageError);
    await expect(loadScenario(join(directory, 'x.yaml'))).rejects.toThrow(
      /"\.\/mine\.ts" cannot be loaded/,
    );
  });
});

describe('a scenario file', () => {
  it('is read back from what is written', async () => {
    const directory = directoryWith({
      'x.yaml': scenario('echo', 'seed: 7\nfaults: [{ at: 500ms, fault: heal }]\n'),
    });
    const { file } = await loadScenario(join(directory, 'x.yaml'));
    writeFileSync(join(directory, 'y.yaml'), scenarioText(file));
    expect((await loadScenario(join(directory, 'y.yaml'))).file).toEqual(file);
  });

  it('names its modules from elsewhere when it moves', () => {
    const file = {
      version: 1,
      about: 'x',
      expect: 'valid',
      protocol: './p/mine.ts',
      nodes: 1,
      workload: { name: '../w.mjs' },
      checkers: ['stats', './c.mjs'],
    } as const;
    expect(rebaseModules(file as never, '/a/b/x.yaml', '/a/traces/t.ndjson')).toMatchObject({
      protocol: '../b/p/mine.ts',
      workload: { name: '../w.mjs' },
      checkers: ['stats', '../b/c.mjs'],
    });
  });
});

describe('shipped scenarios', () => {
  it('are found by their names', () => {
    expect(scenarioNames()).toContain('echo');
    expect(shippedScenario('echo')).toMatch(/scenarios\/echo\.yaml$/);
    expect(shippedScenario('../package')).toBeUndefined();
    expect(shippedScenario('nobody')).toBeUndefined();
  });

  it('are listed once each', () => {
    const paths = scenarioPaths();
    expect(new Set(paths).size).toBe(paths.length);
    expect(paths).toHaveLength(scenarioNames().length);
  });
});
