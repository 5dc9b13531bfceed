// Programs of others in scenario files: the same file, seed and verdict through every entrance.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../src/files/scenario-file.js';
import { simulate } from '../../src/scenario/simulate.js';
import { cli } from '../cli/harness.js';
import { fixture } from '../support/piped.js';

const nodes = resolve(import.meta.dirname, '../../fixtures/nodes');

interface Given {
  readonly protocol: string;
  readonly workload?: string;
  readonly expect?: string;
  readonly recovery?: string;
  readonly more?: string;
}

/** A scenario file in a directory of its own, beside these files. */
function scenario(
  { protocol, workload = 'echo', expect: wish = 'valid', recovery = '200ms', more = '' }: Given,
  files: Readonly<Record<string, string>> = {},
): string {
  const home = mkdtempSync(join(tmpdir(), 'stormglass-hosted-'));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o755);
  }
  const path = join(home, 'scenario.yaml');
  const head = `version: 1\nabout: A program of somebody's.\nexpect: ${wish}\n`;
  const clients = `workload: { name: ${workload}, rate: 20 }`;
  const rest = `nodes: 3\n${clients}\nduration: 1s\nrecovery: ${recovery}\n`;
  writeFileSync(path, `${head}protocol: ${protocol}\n${rest}${more}`);
  return path;
}

const javascript = `{ program: ${nodes}/javascript/broadcast/main.mjs }`;
const python = (name: string): string => `{ program: ${nodes}/python/${name}.py }`;
const partition = 'faults: [{ fault: partition, shape: halves, at: 200ms, for: 500ms }]\n';

describe('a scenario of JavaScript in-process', () => {
  const path = scenario({
    protocol: javascript,
    workload: 'broadcast',
    recovery: '2s',
    more: partition,
  });

  it('is run, traced, replayed and found deterministic like any other', async () => {
    const trace = join(path, '../trace.ndjson');
    const { code, stdout } = await cli(['run', path, '--trace', trace]);
    expect(stdout).toMatch(/^run +main\.mjs on 3 nodes, workload broadcast, seed 1$/m);
    expect(code).toBe(0);
    expect((await cli(['replay', trace])).stdout).toMatch(/^identical/);
    const checked = await cli(['check-determinism', path]);
    expect(checked.stdout).toMatch(/^deterministic .*\n {2}side by side, and in a fresh process$/m);
  });

  it('can be simulated again and again, with the same digest', async () => {
    const loaded = await loadScenario(path);
    expect(simulate(loaded, 7).digest).toBe(simulate(loaded, 7).digest);
    expect(simulate(loaded, 8).digest).not.toBe(simulate(loaded, 7).digest);
  });

  it('may pass arguments to its program, as texts or numbers', async () => {
    const said = "JSON.stringify({ dest: 'c', body: process.argv.slice(2) })";
    const text = `process.stdin.resume(); console.log(${said});`;
    const protocol = '{ program: ./arguments.js, args: [--level, 7] }';
    const told = scenario(
      { protocol, expect: '{ object: conduct, anomaly: garbage }' },
      {
        'arguments.js': text,
      },
    );
    const { stdout } = await cli(['run', told]);
    expect(stdout).toContain('["--level","7"]');
  });
});

describe('a scenario of programs behind pipes', () => {
  it('is run, recorded, replayed, printed and drawn', async () => {
    const path = scenario({ protocol: python('echo') });
    const recording = join(path, '../recording.ndjson');
    const { code, stdout } = await cli(['run', path, '--trace', recording]);
    expect(stdout).toMatch(/^verdict +valid$/m);
    expect(code).toBe(0);
    const replayed = await cli(['replay', recording]);
    expect(replayed.stdout).toMatch(/^identical {2}a recording of .*echo\.py$/m);
    expect((await cli(['trace', path])).stdout).toMatch(/n0 echo "Please echo|echo "Please echo/);
    const picture = join(path, '../picture.svg');
    expect((await cli(['step', path, '--picture', picture])).code).toBe(0);
    expect(readFileSync(picture, 'utf8')).toMatch(/^<svg /);
  });

  it('is not said to be deterministic', async () => {
    const { code, stderr } = await cli([
      'check-determinism',
      scenario({ protocol: python('echo') }),
    ]);
    expect(stderr).toMatch(/programs behind pipes are not deterministic/);
    expect(code).toBe(64);
  });

  it.each(['broadcast', 'broadcast_flood'])('runs in tests and hunts, too: %s', async (name) => {
    const path = scenario({ protocol: python(name), workload: 'broadcast' });
    const run = simulate(await loadScenario(path));
    expect(run.assessment).toMatchObject({ valid: true, exitCode: 0 });
    const left = execFileSync('ps', ['-eo', 'stat,args'], { encoding: 'utf8' })
      .split('\n')
      .filter((line) => line.includes(fixture(`python/${name}.py`)) && !line.startsWith('Z'));
    expect(left).toEqual([]);
  });

  it('may run JavaScript by pipe', async () => {
    const text = readFileSync(fixture('javascript/echo.js'), 'utf8');
    const path = scenario({ protocol: '{ program: ./echo.js, host: pipe }' }, { 'echo.js': text });
    const { code, stdout } = await cli(['run', path]);
    expect(stdout).toMatch(/^verdict +valid$/m);
    expect(code).toBe(0);
  });
});

describe('what a scenario expects of programs', () => {
  it.each([
    ['python/wrong_garbage', 'conduct'],
    ['python/wrong_twice', '{ object: conduct, anomaly: twice }'],
    ['python/wrong_out_of_turn', '{ object: conduct, anomaly: out-of-turn }'],
    ['javascript/wrong/garbage', '{ object: conduct, anomaly: garbage }'],
    ['javascript/wrong/double-reply', '{ object: conduct, anomaly: twice }'],
    ['javascript/wrong/out-of-turn', '{ object: conduct, anomaly: out-of-turn }'],
  ])('can be that %s is objected to by %s', async (name, wish) => {
    const end = name.startsWith('python') ? 'py' : 'js';
    const path = scenario({ protocol: `{ program: ${nodes}/${name}.${end} }`, expect: wish });
    const { code, stdout } = await cli(['run', path]);
    expect(stdout).toMatch(/conduct +✗ /);
    expect(code).toBe(0);
  });
});

describe('what is wrong with a program in a scenario', () => {
  it.each([
    ['{ program: ./nobody.js }', /:4:22 {2}error {2}there is no program/],
    ['{ program: ./broken.js }', /:4:22 {2}error {2}the program .* does not compile: SyntaxError/],
    ['{ program: ./plain.py }', /:4:22 {2}error {2}.*plain\.py is not executable/],
    ['{ program: . }', /:4:22 {2}error {2}the program .* is no file/],
    ['{ program: ./echo.js, host: pip }', /:4:39 {2}error {2}unknown host "pip"/],
    ['{ program: ./echo.js, arguments: [1] }', /:4:33 {2}error {2}unknown field "arguments"/],
    ['{ program: ./echo.js, args: 1 }', /:4:39 {2}error {2}"args" is 1/],
  ])('is said with its line and column: %s', async (protocol, message) => {
    const path = scenario({ protocol }, { 'broken.js': 'const = 1;', 'echo.js': '' });
    writeFileSync(join(path, '../plain.py'), '');
    const { code, stderr } = await cli(['run', path]);
    expect(stderr).toMatch(message);
    expect(code).toBe(64);
  });
});
