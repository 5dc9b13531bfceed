// `stormglass hunt` as it is typed: threads, accidents, shards, signals. Tallies and strategies are
// tested in test/scenario/hunt.
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HuntReport } from '../../../src/cli/hunt/report.js';
import { builtCli, spawnCli } from '../../support/built-cli.js';
import { directoryWith, namesIn, scenarioText } from '../harness.js';

const lossy = scenarioText({
  protocol: 'broadcast/flood',
  network: { loss: '2%' },
  faults: [{ every: '1s', faults: ['partition', 'pause'] }],
});

/** What a scenario can do to whoever runs it; each node draws by chance whether it does. */
const wicked = `
const kept = [];
export const protocol = {
  name: 'wicked',
  about: 'Does what programs should not.',
  options: {},
  init(ctx) {
    const draw = ctx.self === 'n0' ? ctx.random.below(12) : 99;
    if (draw === 0) process.exit(7);
    if (draw === 1) while (true);
    if (draw === 2) while (true) kept.push({ more: [kept.length] });
    if (draw > 2 && draw < 6) throw new Error('wicked');
    return {};
  },
  on: {
    topology: (_, message, ctx) => ctx.reply(message, { type: 'topology_ok' }),
    echo: (_, message, ctx) => ctx.reply(message, { type: 'echo_ok', echo: message.body.echo }),
  },
};
`;

const hunted = (stdout: string) => {
  const report = JSON.parse(stdout) as HuntReport & { exitCode: number };
  const prey = report.scenarios[0];
  if (prey === undefined) throw new Error('a scenario was hunted');
  return { report, prey, names: prey.tally.findings.map(({ name }) => name) };
};

describe('stormglass hunt', () => {
  it('groups failures, and each can be had again by its command', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const { code, stdout } = await spawnCli(['hunt', 'lossy.yaml', '-n', '40'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toMatch(/40 of 40 runs, \d+ a second/);
    expect(stdout).toMatch(/✗ set-full\/lost: in \d+ runs of 40, first seed \d+: the value/);
    expect(stdout).toMatch(/^verdict {3}1 kind of failure$/m);
    const repro = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(repro).toMatch(/^stormglass run store\/hunt\/lossy-set-full-lost-\d+\.yaml$/);
    const again = await spawnCli(repro.split(' ').slice(1), { cwd });
    expect(again.code).toBe(1);
    expect(again.stdout).toMatch(/set-full {2}✗ lost/);
  });

  it('reports what throws, hangs, leaks or ends its process, and goes on', async () => {
    const text = scenarioText({ protocol: './wicked.mjs', workload: 'echo', duration: '200ms' });
    const cwd = directoryWith({ 'wicked.yaml': text, 'wicked.mjs': wicked });
    const how = ['--strategy', 'uniform', '--patience', '2s', '--memory', '64', '-w', '2'];
    const args = ['hunt', 'wicked.yaml', '-n', '24', ...how, '--reporter', 'json'];
    const { code, stdout } = await spawnCli(args, { cwd });
    expect(code).toBe(1);
    const { prey, names } = hunted(stdout);
    expect(prey.tally.runs).toBe(24);
    const kinds = ['hunt/exit', 'hunt/hang', 'hunt/memory', 'crashes/crash'];
    expect(names.slice(0, 4)).toEqual(kinds);
    const [exit, hang, memory, crash] = prey.tally.findings.map(({ count }) => count);
    expect(prey.tally.fine).toBe(24 - Number(exit) - Number(hang) - Number(memory) - Number(crash));
    expect(prey.complete).toBe(true);
  });

  it('in shards adds up to the whole, to the last digit', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const all = ['hunt', 'lossy.yaml', '-n', '31', '--reporter'];
    const [whole, one, two] = await Promise.all([
      spawnCli([...all, 'json'], { cwd }),
      spawnCli([...all, 'blob', '--shard', '1/2', '-w', '1'], { cwd }),
      spawnCli([...all, 'blob'], {
        cwd,
        env: { SLURM_ARRAY_TASK_ID: '6', SLURM_ARRAY_TASK_COUNT: '2', SLURM_ARRAY_TASK_MIN: '5' },
      }),
    ]);
    expect([one.code, two.code]).toEqual([1, 1]);
    expect(namesIn(join(cwd, '.stormglass-reports'))).toEqual(['blob-1-2.json', 'blob-2-2.json']);
    const args = ['merge-reports', '--reporter', 'json,junit', '--outputFile.junit=out/storm.xml'];
    const merged = await spawnCli(args, { cwd });
    expect(merged.code).toBe(whole.code);
    expect(hunted(merged.stdout).prey).toEqual(hunted(whole.stdout).prey);
    expect(readFileSync(join(cwd, 'out', 'storm.xml'), 'utf8')).toContain('set-full/lost');
  });

  it('ends at the first failure if that is enough, whoever finds it', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const args = ['hunt', 'lossy.yaml', '-n', '500', '--until-failure', '--reporter', 'json'];
    const [one, two] = await Promise.all(
      ['1', '2'].map((workers) => spawnCli([...args, '-w', workers], { cwd })),
    );
    const { prey } = hunted(one?.stdout ?? '');
    expect(prey.tally.failed).toBe(1);
    expect(prey.tally.findings.find(({ kind }) => kind === 'failure')?.first.index).toBe(
      prey.tally.runs - 1,
    );
    expect(hunted(two?.stdout ?? '').prey.tally).toEqual(prey.tally);
  });

  it('ends with a report of what was found so far when it is interrupted', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const args = [builtCli(), 'hunt', 'lossy.yaml', '-n', '1000000', '--reporter', 'ndjson'];
    const child = spawn(process.execPath, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    let stdout = '';
    child.stdout.on('data', (data) => {
      if (stdout === '') child.kill('SIGINT');
      stdout += data;
    });
    const code = await new Promise((done) => child.on('close', done));
    expect(code).toBe(130);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines[0]).toMatchObject({ type: 'finding', scenario: 'lossy.yaml', count: 1 });
    expect(lines.at(-1)).toMatchObject({
      type: 'end',
      signal: 'SIGINT',
      scenarios: [{ complete: false }],
    });
    const [{ resume, tally, seed }] = lines.at(-1).scenarios;
    const [, from, left] = /hunt lossy\.yaml --seed (\d+) --seeds (\d+) --strategy swarm$/.exec(
      resume,
    ) as readonly string[] as [string, string, string];
    expect(Number(from) + Number(left)).toBe(Number(seed) + 1_000_000);
    expect(Number(from)).toBeGreaterThan(Number(seed));
    expect(Number(from)).toBeLessThanOrEqual(Number(seed) + tally.runs);
  });
});
