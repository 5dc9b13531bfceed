// `stormglass run`: reports, exit codes, edits, seeds, traces.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { engineVersion } from '../../src/scenario/version.js';
import { cli, directoryWith, namesIn, scenarioText } from './harness.js';

/** A run that loses values, in few events. */
const lossy = {
  about: 'A partition loses a value.',
  expect: 'set-full',
  protocol: 'broadcast/flood',
  workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
  network: { latency: '10ms' },
  duration: '3s',
  faults: [{ at: '1s', for: '1s', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
};

const fileWith = (more: Readonly<Record<string, unknown>> = {}): string =>
  join(directoryWith({ 'small.yaml': scenarioText(more) }), 'small.yaml');

const json = async (args: readonly string[]) => {
  const { stdout, ...rest } = await cli([...args, '--json']);
  return { ...rest, report: JSON.parse(stdout) };
};

describe('the report for people', () => {
  it('says in a few lines what ran, what went wrong and how to repeat it', async () => {
    const file = fileWith(lossy);
    const { code, stdout, stderr } = await cli(['run', file]);
    const lines = stdout.trimEnd().split('\n');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(lines.length).toBeLessThanOrEqual(15);
    expect(lines[0]).toBe('A partition loses a value.');
    expect(stdout).toMatch(/^run {7}broadcast\/flood on 3 nodes, workload broadcast, seed 1$/m);
    expect(stdout).toMatch(/^ {10}\d+ events in [\d.]+ s of virtual time, digest [0-9a-f]{16}$/m);
    expect(stdout).toMatch(/^faults {4}1–2 s {2}effective: \d+ touched {2}partition n0 \| n1 n2$/m);
    expect(stdout).toMatch(/^checks {4}set-full {2}✗ lost: /m);
    expect(stdout).toMatch(/^verdict {3}invalid, as expected: set-full objects$/m);
    expect(lines.at(-2)).toBe(`stormglass step ${file} --seed 1 --at violation`);
    expect(lines.at(-1)).toBe(`stormglass run ${file} --seed 1`);
  });

  it('says what was expected instead', async () => {
    const { code, stdout } = await cli(['run', fileWith({ ...lossy, expect: 'valid' })]);
    expect(code).toBe(1);
    expect(stdout).toContain('invalid, but valid was expected');
  });

  it('says that a fault was inert', async () => {
    const faults = [{ at: '1s', for: '1ms', fault: 'cut', links: [['n0', 'n2']] }];
    const { stdout } = await cli(['run', fileWith({ ...lossy, expect: 'valid', faults })]);
    expect(stdout).toMatch(/inert {2}cut n0→n2/);
  });

  it('says that a milestone was not reached', async () => {
    const faults = [{ id: 'never', when: { note: 'never' }, fault: 'heal' }];
    const { stdout } = await cli(['run', fileWith({ faults })]);
    expect(stdout).toContain('never: milestone not reached');
  });

  it('counts faults rather than list many', async () => {
    const faults = Array.from({ length: 20 }, (_, i) => ({
      at: `${i * 50}ms`,
      fault: 'pause',
      for: '10ms',
      nodes: ['n1'],
    }));
    const { stdout } = await cli(['run', fileWith({ faults })]);
    expect(stdout).toMatch(/… and 15 more; .* of 20 inert/);
  });

  it('shows the stack of a handler that threw', async () => {
    const directory = directoryWith({
      'small.yaml': scenarioText({ protocol: './throws.mjs', expect: 'crashes' }),
      'throws.mjs': `export const protocol = {
        name: 'throws', about: '', options: {}, init: () => ({}),
        on: { broadcast: () => {}, read() { throw new Error('oh no'); } },
      };\n`,
    });
    const { stdout, code } = await cli(['run', join(directory, 'small.yaml')]);
    expect(stdout).toMatch(/crashes +✗ crash: n\d threw in on\.read at .*: oh no/);
    expect(stdout).toMatch(/at .*throws\.mjs/);
    expect(stdout).not.toMatch(/src\/sim/);
    expect(code).toBe(0);
  });

  it('has no colours where there is no terminal, and colours where there is one', async () => {
    const file = fileWith(lossy);
    const color = '\u001b[';
    expect((await cli(['run', file])).stdout).not.toContain(color);
    expect((await cli(['run', file], { tty: true })).stdout).toContain(color);
    const noColor = { tty: true, env: { NO_COLOR: '1' } };
    expect((await cli(['run', file], noColor)).stdout).not.toContain(color);
    expect((await cli(['run', file], { env: { FORCE_COLOR: '1' } })).stdout).toContain(color);
    const off = { tty: true, env: { FORCE_COLOR: '0' } };
    expect((await cli(['run', file], off)).stdout).not.toContain(color);
  });

  it('fits into a narrow terminal', async () => {
    const { stdout } = await cli(['run', fileWith(lossy)], { columns: 70 });
    const checks = stdout
      .split('\n')
      .slice(stdout.split('\n').findIndex((l) => l.startsWith('checks')));
    for (const line of checks.slice(0, -3)) expect(line.length).toBeLessThanOrEqual(70);
  });
});

describe('the report for programs', () => {
  it('has all that there is to know', async () => {
    const file = fileWith(lossy);
    const { report, code } = await json(['run', file]);
    expect(code).toBe(0);
    expect(report).toMatchObject({
      scenario: file,
      about: 'A partition loses a value.',
      seed: '1',
      digest: expect.stringMatching(/^[0-9a-f]{16}$/),
      events: expect.any(Number),
      virtualUs: expect.any(Number),
      end: 'done',
      verdict: false,
      expect: 'set-full',
      expected: true,
      exitCode: 0,
      checkers: [{ name: 'set-full', valid: false, anomalies: expect.any(Array) }],
      stats: { messages: { all: expect.any(Object) }, invoked: expect.any(Number) },
      faults: [
        {
          id: 'partition-n0/n1+n2@1s',
          fault: { fault: 'partition', components: [['n0'], ['n1', 'n2']], mode: 'drop' },
          startUs: 1_000_000,
          endUs: 2_000_000,
          effective: true,
        },
      ],
      crashes: [],
      edits: [],
      milestones: [],
      engine: engineVersion,
      repro: `stormglass run ${file} --seed 1`,
    });
  });

  it('is one document on stdout and nothing on stderr', async () => {
    const { stdout, stderr } = await cli(['run', fileWith(lossy), '--json']);
    expect(() => JSON.parse(stdout)).not.toThrow();
    expect(stderr).toBe('');
  });

  it('tells of a run that met its limit', async () => {
    const { report, code } = await json(['run', fileWith({ limits: { events: 10 } })]);
    expect(code).toBe(2);
    expect(report).toMatchObject({ verdict: 'unknown', end: 'events-limit', expected: false });
  });
});

describe('a seed', () => {
  it('on the command line outweighs that of the scenario', async () => {
    const file = fileWith({ seed: 5 });
    const { report } = await json(['run', file]);
    const { report: other } = await json(['run', file, '--seed', 'another one']);
    expect([report.seed, other.seed]).toEqual(['5', 'another one']);
    expect(report.digest).not.toBe(other.digest);
    expect(other.repro).toBe(`stormglass run ${file} --seed 'another one'`);
  });

  it('may hold quotes, which the command that repeats it escapes', async () => {
    const { report } = await json(['run', fileWith(), '--seed', "it's"]);
    expect(report.repro).toContain(String.raw`--seed 'it'\''s'`);
  });
});

describe('edits', () => {
  it('change one thing, and stand in the command that repeats the run', async () => {
    const file = fileWith(lossy);
    const args = ['run', file, '--edit', 'omit-fault partition-n0/n1+n2@1s', '--edit', 'omit-op 3'];
    const { report, code } = await json(args);
    expect(code).toBe(1); // Without the fault nothing is lost.
    expect(report).toMatchObject({
      verdict: true,
      edits: [
        { edit: { edit: 'omit-fault', fault: 'partition-n0/n1+n2@1s' }, applied: true },
        { edit: { edit: 'omit-op', op: 3 }, applied: true },
      ],
      repro:
        `stormglass run ${file} --seed 1 --edit 'omit-fault partition-n0/n1+n2@1s' ` +
        "--edit 'omit-op 3'",
    });
  });

  it('can be written as in a file', async () => {
    const key = '0123456789abcdef';
    const edit = `{edit: fault, at: '${key}', fault: crash, nodes: [n1]}`;
    const { report } = await json(['run', fileWith(), '--edit', edit]);
    expect(report.edits).toMatchObject([{ edit: { fault: 'crash', lost: 'all' }, applied: false }]);
    const { stdout } = await cli(['run', fileWith(), '--edit', edit]);
    expect(stdout).toContain('not applied');
  });
});

describe('strict mode', () => {
  const leaky = `let calls = 0;
    export const protocol = {
      name: 'leaky', about: '', options: {}, init: () => ({ calls: 0 }),
      on: {
        broadcast(state, message, ctx) {
          state.calls = ++calls;
          ctx.reply(message, { type: 'broadcast_ok' });
        },
        read(state, message, ctx) { ctx.reply(message, { type: 'read_ok', messages: [] }); },
      },
    };\n`;
  const files = { 'leaky.mjs': leaky, 'small.yaml': scenarioText({ protocol: './leaky.mjs' }) };

  it('stops at a handler that cheats', async () => {
    const file = join(directoryWith(files), 'small.yaml');
    const { code, stdout } = await cli(['run', file, '--strict']);
    expect(code).toBe(3);
    expect(stdout).toMatch(/^not deterministic {2}leaky, seed 1\n/);
    expect(stdout).toMatch(/handler +on\.broadcast\n +differs +state\.calls/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass run ${file} --seed 1 --strict`);
  });

  it('says so to programs, too', async () => {
    const file = join(directoryWith(files), 'small.yaml');
    const { code, report } = await json(['run', file, '--strict']);
    expect(code).toBe(3);
    expect(report).toMatchObject({
      deterministic: false,
      divergence: { label: 'state.calls', handler: 'on.broadcast' },
    });
  });

  it('leaves no trace of half a run', async () => {
    const directory = directoryWith(files);
    const trace = join(directory, 'trace.ndjson');
    await cli(['run', join(directory, 'small.yaml'), '--strict', '--trace', trace]);
    expect(namesIn(directory)).toEqual(Object.keys(files).sort());
  });
});

describe('a trace', () => {
  it('has a header, a row an event, and an end', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText(lossy) });
    const trace = join(directory, 'trace.ndjson');
    const { report } = await json(['run', join(directory, 'small.yaml'), '--trace', trace]);
    const rows = readFileSync(trace, 'utf8')
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row));
    const events = rows.slice(1, -1);
    expect(rows[0]).toMatchObject({
      type: 'header',
      stormglass: engineVersion,
      format: 1,
      seed: '1',
    });
    expect(rows[0].scenario).toMatchObject(lossy);
    expect(events.map(({ index }) => index)).toEqual(events.map((_, i) => i));
    expect(events).toHaveLength(report.events);
    expect(rows.at(-1)).toEqual({
      type: 'end',
      events: report.events,
      digest: report.digest,
      verdict: false,
    });
    expect(events.at(-1).digest).toBe(report.digest);
  });

  it('holds the history', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText(lossy) });
    const trace = join(directory, 'trace.ndjson');
    const { report } = await json(['run', join(directory, 'small.yaml'), '--trace', trace]);
    const rows = readFileSync(trace, 'utf8')
      .trimEnd()
      .split('\n')
      .map((row) => JSON.parse(row));
    const ops = rows.flatMap((row) => row.ops ?? []);
    expect(ops.map(({ index }) => index)).toEqual(ops.map((_, i) => i));
    expect(ops.filter(({ type }) => type === 'invoke')).toHaveLength(report.stats.invoked);
  });

  it('is the same packed and unpacked', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText(lossy) });
    const [plain, packed] = [join(directory, 't.ndjson'), join(directory, 't.ndjson.gz')];
    await cli(['run', join(directory, 'small.yaml'), '--trace', plain]);
    await cli(['run', join(directory, 'small.yaml'), '--trace', packed]);
    expect(gunzipSync(readFileSync(packed)).toString()).toBe(readFileSync(plain, 'utf8'));
  });

  it('takes the place of an older one', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText(), 't.ndjson': 'old' });
    await cli(['run', join(directory, 'small.yaml'), '--trace', join(directory, 't.ndjson')]);
    expect(readFileSync(join(directory, 't.ndjson'), 'utf8')).toMatch(/^\{"type":"header"/);
    expect(namesIn(directory)).toEqual(['small.yaml', 't.ndjson']);
  });
});

describe('a scenario', () => {
  it('that is shipped can be named', async () => {
    const { report, code } = await json(['run', 'echo']);
    expect(code).toBe(0);
    expect(report.scenario).toMatch(/scenarios\/echo\.yaml$/);
  });
});
