// Help, versions, lists, the schema.
import { describe, expect, it } from 'vitest';
import { faultKinds } from '../../src/nemesis/index.js';
import { protocols } from '../../src/protocols/index.js';
import { engineVersion, packageVersion } from '../../src/scenario/version.js';
import { cli } from './harness.js';

describe('help', () => {
  it('is what a bare command gets', async () => {
    const { code, stdout, stderr } = await cli([]);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/Usage: stormglass <command>/);
    expect(stdout).toMatch(/Examples:[\s\S]*Exit codes:/);
  });

  it.each(['run', 'replay', 'check-determinism', 'list', 'schema'])(
    'for %s has an example',
    async (name) => {
      const { code, stdout } = await cli([name, '--help']);
      expect(code).toBe(0);
      expect(stdout).toContain(`stormglass ${name}`);
      expect(stdout).toMatch(/Examples?:/);
      expect((await cli(['help', name])).stdout).toBe(stdout);
    },
  );

  it('names every exit code', async () => {
    const { stdout } = await cli(['run', '--help']);
    for (const code of [0, 1, 2, 3, 64, 70, 130])
      expect(stdout).toMatch(new RegExp(`^ {2}${code}\\b`, 'm'));
  });

  it('does not show what is not for people', async () => {
    expect((await cli(['--help'])).stdout).not.toContain('digests');
  });
});

describe('the version', () => {
  it.each(['--version', '-V'])('is that of the package and the engine: %s', async (flag) => {
    const { code, stdout } = await cli([flag]);
    expect(code).toBe(0);
    expect(stdout).toBe(`stormglass ${packageVersion} (engine ${engineVersion})\n`);
  });
});

describe('the list', () => {
  it('has a line for each thing', async () => {
    const { code, stdout } = await cli(['list']);
    expect(code).toBe(0);
    for (const kind of [
      'protocols',
      'workloads',
      'faults',
      'shapes',
      'checkers',
      'models',
      'formats',
      'scenarios',
    ]) {
      expect(stdout).toMatch(new RegExp(`^${kind}$`, 'm'));
    }
    for (const name of [...protocols.keys(), ...faultKinds.keys()]) {
      expect(stdout).toMatch(new RegExp(`^ {2}${name} +\\S`, 'm'));
    }
    expect(stdout).toMatch(/^ {2}scenarios\/broadcast-no-retry\.yaml +\S/m);
  });

  it('can be of one kind', async () => {
    const { stdout } = await cli(['list', 'workloads']);
    expect(stdout).toMatch(/^workloads\n {2}echo/);
    expect(stdout).not.toContain('protocols');
  });

  it('is data for programs, with options as a file writes them', async () => {
    const { stdout } = await cli(['list', '--json']);
    const lists = JSON.parse(stdout);
    expect(Object.keys(lists)).toEqual([
      'protocols',
      'services',
      'workloads',
      'faults',
      'shapes',
      'checkers',
      'models',
      'formats',
      'strategies',
      'scenarios',
    ]);
    const retry = lists.protocols.find(
      ({ name }: { name: string }) => name === 'broadcast/flood-retry',
    );
    expect(retry).toMatchObject({
      about: expect.any(String),
      options: { retry: expect.stringMatching(/ms$|s$/) },
    });
    for (const scenario of lists.scenarios) {
      expect(scenario).toMatchObject({ name: expect.any(String), about: expect.any(String) });
      expect(scenario.about).not.toMatch(/cannot be read/);
      expect(scenario.expect).toBeDefined();
    }
  });
});

describe('the schema', () => {
  it('is a JSON Schema, draft-07, with words about every field', async () => {
    const { code, stdout } = await cli(['schema']);
    const schema = JSON.parse(stdout);
    expect(code).toBe(0);
    expect(schema.$schema).toBe('http://json-schema.org/draft-07/schema#');
    for (const [name, field] of Object.entries(schema.properties)) {
      if (name !== '$schema') expect(field).toHaveProperty('description');
    }
    expect(schema.properties.duration.default).toBe('20s');
    expect(JSON.stringify(schema.properties.protocol)).toContain('broadcast/flood-retry');
  });
});
