// `stormglass test` with protocols of ours: verdicts, exit codes, reports, repetition.
import { readFileSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, namesIn } from './harness.js';

const echo = ['test', '-w', 'echo', '--protocol', 'echo', '--time-limit', '2', '--no-store'];
const flood = ['test', '-w', 'broadcast', '--protocol', 'broadcast/flood', '--no-store'];
const brief = ['--time-limit', '5', '--rate', '20', '--latency', '20'];

describe('stormglass test', () => {
  it('says what was run, what was found and how to have it again', async () => {
    const { code, stdout, stderr } = await cli(echo);
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(stdout).toMatch(/^echo by echo on 5 nodes, seed 1\n/);
    expect(stdout).toMatch(/hosted +a protocol of ours, in-process: deterministic/);
    expect(stdout).toMatch(/verdict +valid\n/);
    expect(stdout).toMatch(/results +not kept\n/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass ${echo.join(' ')} --seed 1`);
    expect(stdout).not.toContain('\u001b[');
  });

  it('gives the same run again with the same seed, and another with another', async () => {
    const digest = async (seed: string) =>
      /digest ([0-9a-f]{16})/.exec((await cli([...echo, '--seed', seed])).stdout)?.[1];
    expect(await digest('a')).toBe(await digest('a'));
    expect(await digest('a')).not.toBe(await digest('b'));
  });

  it('names nodes as Maelstrom does: n1 … without a count, n0 … with one', async () => {
    const json = async (args: readonly string[]) =>
      JSON.parse((await cli([...flood, ...brief, '--json', '--nemesis', 'kill', ...args])).stdout);
    const struck = (results: { stormglass: { faults: { fault: { nodes: string[] } }[] } }) =>
      results.stormglass.faults.flatMap(({ fault }) => fault.nodes);
    expect(struck(await json(['--nemesis-interval', '0.1']))).toContain('n5');
    expect(struck(await json(['--nemesis-interval', '0.1', '--node-count', '2']))).toContain('n0');
  });

  it('ends with 1 when values are lost', async () => {
    const { code, stdout } = await cli([...flood, ...brief, '--loss', '30%']);
    expect(code).toBe(1);
    expect(stdout).toMatch(/set-full +✗ lost: the value/);
    expect(stdout).toMatch(/verdict +invalid\n/);
  });

  it('tells effective faults from inert ones', async () => {
    const { stdout } = await cli([...flood, ...brief, '--nemesis', 'partition', '--seed', '4']);
    expect(stdout).toMatch(/faults .*effective: \d+ touched/);
    const calm = await cli([...echo, '--nemesis', 'partition']);
    expect(calm.stdout).toMatch(/faults .*inert/);
  });

  it('fails when an assertion does not hold, with the figure', async () => {
    const held = await cli([...flood, ...brief, '--assert', 'msgs-per-op < 30 && ok-fraction = 1']);
    expect(held.code).toBe(0);
    expect(held.stdout).toMatch(/asserted +✓ msgs-per-op < 30 && ok-fraction = 1: msgs-per-op is/);
    const failed = await cli([...flood, ...brief, '--assert', 'msgs-per-op<1']);
    expect(failed.code).toBe(1);
    expect(failed.stdout).toMatch(/asserted +✗ msgs-per-op<1: msgs-per-op is \d/);
    expect(failed.stdout).toMatch(/verdict +invalid: an assertion does not hold/);
  });

  it('asks for availability when told to', async () => {
    const killed = [...flood, ...brief, '--nemesis', 'kill', '--nemesis-interval', '1'];
    const asked = await cli([...killed, '--availability', 'total']);
    expect(asked.stdout).toMatch(/availability +✗ unavailable/);
    expect(asked.code).toBe(1);
    const unasked = await cli([...killed, '--strictness', 'maelstrom']);
    expect(unasked.stdout).toMatch(/availability +✓/);
  });

  it('judges as Maelstrom does when told to, and says when the two differ', async () => {
    // A crash makes a node forget: the values that it held are not on it in the end.
    const forgetful = [...flood, ...brief, '--nemesis', 'kill', '--node-count', '3', '--seed', '2'];
    const strict = await cli([...forgetful, '--json']);
    const found = JSON.parse(strict.stdout);
    expect(found['valid?']).toBe(false);
    const lenient = await cli([...forgetful, '--strictness', 'maelstrom', '--json']);
    expect(JSON.parse(lenient.stdout)['valid?']).toBe(found.stormglass['maelstrom-verdict']);
    const told = await cli(forgetful);
    const differ = found.stormglass['maelstrom-verdict'] !== found.stormglass.verdict;
    expect(differ).toBe(/Maelstrom would say/.test(told.stdout));
  });

  it('runs one seed after the other, up to the first that fails', async () => {
    const { stdout, code } = await cli([...flood, ...brief, '--loss', '1%', '--test-count', '30']);
    const verdicts = [...stdout.matchAll(/verdict +(\w+)/g)].map((match) => match[1]);
    expect(code).toBe(1);
    expect(verdicts.pop()).toBe('invalid');
    expect(verdicts.every((verdict) => verdict === 'valid')).toBe(true);
    const last = stdout.trimEnd().split('\n').at(-1) ?? '';
    expect(last).not.toContain('--test-count');
    const again = await cli(last.split(' ').slice(1));
    expect(again.code).toBe(1);
    expect(stdout.endsWith(again.stdout)).toBe(true);
  });

  it('accepts what only Jepsen has a use for, and says what a workload has none for', async () => {
    const unused = ['--no-ssh', '--username', 'root', '--leave-db-running', '--logging-json'];
    const { code, stderr } = await cli([...echo, ...unused, '--topology', 'line']);
    expect(code).toBe(0);
    expect(stderr).toBe(
      'note   --topology means nothing to the workload echo; it is passed over.\n',
    );
  });

  it('prints messages and logs as they come when told to', async () => {
    const { stderr } = await cli([...echo, '--log-net-send', '--log-stderr']);
    expect(stderr).toMatch(/^0\.000000 n1 started$/m);
    expect(stderr).toMatch(/"event":"send".*"src":"c\d".*"dest":"n\d".*"type":"echo"/);
    expect(stderr).not.toMatch(/"event":"recv"/);
  });
});

describe('a signal', () => {
  it.each([1, 3])('keeps no results and leaves nothing half-written (pause %i)', async (pause) => {
    const output = directoryWith();
    const args = [...flood.filter((word) => word !== '--no-store'), ...brief, '--output', output];
    const long = [...args, '--time-limit', '60', '--rate', '1000'];
    const { code, stdout } = await cli(long, { signalAt: ['SIGINT', pause] });
    expect(code).toBe(130);
    expect(stdout).toMatch(/results +not kept/);
    expect(stdout).toMatch(/^ +events +[\d,]+$/m);
    expect(namesIn(output)).toEqual([]);
  });

  it('leaves no digest to compare with a whole run', async () => {
    const args = [...flood, ...brief, '--time-limit', '60', '--rate', '1000', '--json'];
    const { stdout } = await cli(args, { signalAt: ['SIGINT', 1] });
    expect(JSON.parse(stdout).stormglass).toMatchObject({ end: 'interrupted', seed: '1' });
    expect(JSON.parse(stdout).stormglass).not.toHaveProperty('digest');
  });
});

describe('the results', () => {
  it('can be run again as a scenario', async () => {
    const output = directoryWith();
    const args = [...echo.filter((word) => word !== '--no-store'), '--output', output];
    const { stdout } = await cli([...args, '--seed', 'again', '--nemesis', 'pause']);
    const path = join(realpathSync(join(output, 'latest')), 'scenario.yaml');
    const again = await cli(['run', path]);
    expect(again.code).toBe(0);
    const digestIn = (text: string) => /digest ([0-9a-f]{16})/.exec(text)?.[1];
    expect(digestIn(again.stdout)).toBe(digestIn(stdout));
    expect(readFileSync(join(output, 'latest/report.txt'), 'utf8')).toBe(stdout);
  });
});
