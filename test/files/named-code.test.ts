// What a scenario names is all that is loaded. In a process and a build of its own: only there is
// the index to be had, and what was loaded to be seen.
import { execFileSync } from 'node:child_process';
import { resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtCli } from '../support/built-cli.js';

const prelude = `
  import { catalogueOf } from './dist/files/named-code.js';
  const tell = (value) => process.stdout.write(JSON.stringify(value));
  const namesOf = (catalogue) => Object.values(catalogue).map((map) => [...map.keys()]);
`;

function told(script: string): unknown {
  const cwd = resolve(builtCli(), '../../..');
  const args = ['--input-type=module', '-e', prelude + script];
  return JSON.parse(execFileSync(process.execPath, args, { cwd, encoding: 'utf8' }));
}

const named = {
  protocol: 'kafka/lin-kv',
  services: ['lin-kv', { name: 'kv', service: 'seq-kv' }],
  workload: { name: 'kafka' },
  checkers: ['stats'],
};

describe('the code that a scenario names', () => {
  const all = (): unknown => told(`tell(namesOf(await catalogueOf({}, new Map())).flat().length);`);
  let before: unknown;
  beforeAll(() => {
    before = told(
      `tell(namesOf(await catalogueOf({ protocol: 'echo' }, new Map())).flat().length)`,
    );
    execFileSync(process.execPath, [resolve(builtCli(), '../write-code-index.js')]);
  });

  it('is all code before the package is built, and none but that afterwards', () => {
    expect(before).toBeGreaterThan(70);
    expect(all()).toBe(0);
    const catalogue = `await catalogueOf(${JSON.stringify(named)}, new Map())`;
    expect(told(`tell(namesOf(${catalogue}))`)).toEqual([
      ['kafka/lin-kv'],
      ['lin-kv', 'seq-kv'],
      ['kafka'],
      ['kafka', 'stats'],
      [],
    ]);
  });

  it('is what code gives in the place of a name, and what that needs', () => {
    const script = `
      const { namedScenario } = await import('./dist/files/scenario-file.js');
      const own = { name: 'mine', about: 'x', init: () => ({}), on: { echo() {} }, options: {} };
      const input = { protocol: own, nodes: 2, workload: { name: 'echo' }, duration: '1s' };
      const { protocol, clients, checkers } = await namedScenario(input, new Map());
      const names = checkers.map(({ checker }) => checker.name);
      const none = { service: new Map(), workload: new Map(), checker: new Map() };
      const constants = { ...none, property: new Map(), protocol: new Map([['mine', own]]) };
      const catalogue = await catalogueOf({ protocol: 'mine' }, new Map(), constants);
      tell([protocol === own, clients.workload.name, names, namesOf(catalogue)]);`;
    expect(told(script)).toEqual([true, 'echo', ['echo'], [['mine'], [], [], [], []]]);
  });

  it('is known, too, where something else has to be explained', () => {
    const script = `
      const { namedScenario } = await import('./dist/files/scenario-file.js');
      const own = { name: 'mine', about: 'x', init: () => ({}), on: { echo() {} }, options: {} };
      const input = { protocol: own, nodes: 'many', workload: { name: 'echo' } };
      const error = await namedScenario(input, new Map()).catch((thrown) => thrown);
      tell(error.problems.map(({ path }) => path));`;
    expect(told(script)).toEqual([['nodes']]);
  });

  it('is what the registries hold, under every name', () => {
    const script = `
      const { registries } = await import('./dist/scenario/registries.js');
      const lists = { service: 'services', checker: 'checkers' };
      const other = [];
      for (const kind of Object.keys(registries)) {
        for (const [name, code] of registries[kind]) {
          const value = lists[kind] ? { [lists[kind]]: [name] } : { [kind]: name };
          const found = (await catalogueOf(value, new Map()))[kind];
          if (found.get(name) !== code || found.size > 1) other.push(name);
        }
      }
      tell(other);`;
    expect(told(script)).toEqual([]);
  });

  it('is all code where a name is not known, so that the nearest can be told', () => {
    expect(
      told(`tell((await catalogueOf({ protocol: 'ecko' }, new Map())).protocol.has('echo'))`),
    ).toBe(true);
  });

  it("includes the checkers that a user's workload asks for", () => {
    const script = `
      const workload = { name: 'mine', checkers: ['bank', { name: 'echo', options: {} }] };
      const modules = new Map([['./mine.js', { workload }]]);
      const value = { protocol: 'echo', workload: './mine.js' };
      tell(namesOf(await catalogueOf(value, modules)));`;
    expect(told(script)).toEqual([['echo'], [], [], ['bank', 'echo'], []]);
  });
});
