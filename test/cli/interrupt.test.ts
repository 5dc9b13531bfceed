// Interrupted runs: what was found so far, the command that repeats it, and nothing half written.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtCli, spawnCli } from '../support/built-cli.js';
import { cli, directoryWith, namesIn, scenarioText } from './harness.js';

/** Long enough to be interrupted for certain. */
const long = scenarioText({
  nodes: 25,
  workload: { name: 'broadcast', rate: 1_000 },
  duration: '1h',
  limits: { events: 1e12, pending: 1e9 },
});

describe('an interrupted run', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('by %s says what was found so far and ends with %i', async (signal, exitCode) => {
    const directory = directoryWith({ 'long.yaml': long });
    const file = join(directory, 'long.yaml');
    const trace = join(directory, 'trace.ndjson');
    const { code, stdout, stderr } = await cli(['run', file, '--trace', trace], {
      signalAt: [signal, 3],
    });
    expect(code).toBe(exitCode);
    expect(stdout).toMatch(/\d events in [\d.]+ s of virtual time/);
    expect(stdout).toMatch(/limits {4}\? the run was interrupted at/);
    expect(stdout).toMatch(/^verdict {3}unknown/m);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass run ${file} --seed 1`);
    expect(stderr).toContain('No trace is written');
    expect(namesIn(directory)).toEqual(['long.yaml']);
  });

  it('is one document for programs', async () => {
    const file = join(directoryWith({ 'long.yaml': long }), 'long.yaml');
    const { stdout } = await cli(['run', file, '--json'], { signalAt: ['SIGINT', 2] });
    expect(JSON.parse(stdout)).toMatchObject({ end: 'interrupted', verdict: 'unknown' });
  });

  it('is interrupted by the signals of a real process, too', async () => {
    const directory = directoryWith({ 'long.yaml': long });
    const args = [builtCli(), 'run', 'long.yaml', '--trace', 'trace.ndjson.gz'];
    const child = spawn(process.execPath, args, {
      cwd: directory,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let stdout = '';
    child.stdout.on('data', (data) => {
      stdout += data;
    });
    // The temporary file shows that the run has begun.
    while (namesIn(directory).length === 1) await new Promise((resume) => setTimeout(resume, 20));
    child.kill('SIGINT');
    const code = await new Promise((done) => child.on('close', done));
    expect(code).toBe(130);
    expect(stdout).toMatch(/run long\.yaml --seed 1\n$/);
    expect(namesIn(directory)).toEqual(['long.yaml']);
  });
});

describe('progress', () => {
  const file = () =>
    join(directoryWith({ 'long.yaml': scenarioText({ duration: '10m' }) }), 'long.yaml');

  it('is shown on a terminal when a run takes long, and wiped at its end', async () => {
    const { stderr, stdout } = await cli(['run', file()], { tty: true, tickMs: 300 });
    expect(stderr).toMatch(/seed 1 [\d.]+ % · [\d,]+ events\/s · \d+ s left/);
    expect(stderr.endsWith('\r\u001b[2K')).toBe(true);
    expect(stdout).not.toContain('events/s');
  });

  it('is not shown when a run is short', async () => {
    expect((await cli(['run', file()], { tty: true, tickMs: 1 })).stderr).toBe('');
  });

  it('is not shown where there is no terminal', async () => {
    expect((await cli(['run', file()], { tickMs: 300 })).stderr).toBe('');
  });
});

describe('a reader that goes away', () => {
  it.each([['list'], ['schema'], ['run', 'echo', '--json']])(
    'does not disturb %s %s',
    async (...args) => {
      const words = args.filter((arg) => arg !== undefined).map(String);
      const child = spawn(process.execPath, [builtCli(), ...words], {
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      child.stdout.destroy();
      let stderr = '';
      child.stderr.on('data', (data) => {
        stderr += data;
      });
      const code = await new Promise((done) => child.on('close', done));
      expect(stderr).toBe('');
      expect(code).toBe(0);
    },
  );
});

describe('a process of its own', () => {
  it('says its version', async () => {
    const { stdout, code } = await spawnCli(['--version']);
    expect(stdout).toMatch(/^stormglass \d+\.\d+\.\d+ \(engine \d+\)\n$/);
    expect(code).toBe(0);
  });

  it('comes to the same digest as this one', async () => {
    const file = join(directoryWith({ 'small.yaml': scenarioText() }), 'small.yaml');
    const here = JSON.parse((await cli(['run', file, '--json'])).stdout);
    const there = JSON.parse((await spawnCli(['run', file, '--json'])).stdout);
    expect(there.digest).toBe(here.digest);
  });

  it('names the path of its script in the command that repeats a run', async () => {
    const { stdout } = await spawnCli(['run', 'echo']);
    expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
      /^(stormglass|node \S+main\.js) run \S+ --seed 1$/,
    );
  });
});
