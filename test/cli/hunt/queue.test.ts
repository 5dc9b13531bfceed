// A hunt that processes share over a real Redis. Skipped where there is no redis-server.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { builtCli, spawnCli } from '../../support/built-cli.js';
import { directoryWith, scenarioText } from '../harness.js';

function redisBinary(): string | undefined {
  try {
    const found =
      process.env.REDIS_SERVER_BIN ?? execFileSync('which', ['redis-server']).toString();
    return found.trim();
  } catch {
    return undefined;
  }
}

function expectRefusal(
  { code, stderr }: Awaited<ReturnType<typeof spawnCli>>,
  words: RegExp,
): void {
  expect(stderr).toMatch(words);
  expect(code).toBe(64);
}

const binary = redisBinary();
const socket = join(mkdtempSync(join(tmpdir(), 'stormglass-redis-')), 'redis.sock');
const lossy = scenarioText({ protocol: 'broadcast/flood', network: { loss: '2%' } });

describe.skipIf(binary === undefined)('a hunt that is shared over Redis', () => {
  let redis: ChildProcess | undefined;

  beforeAll(async () => {
    builtCli(); // Before any clock runs.
    const args = ['--port', '0', '--unixsocket', socket, '--save', ''];
    redis = spawn(binary ?? '', args, { stdio: 'ignore' });
    while (!existsSync(socket)) await new Promise((resume) => setTimeout(resume, 20));
  }, 300_000);
  afterAll(() => redis?.kill());

  const tallyOf = (stdout: string) => JSON.parse(stdout).scenarios[0].tally;

  it('loses nothing of a worker that dies, and counts nothing twice', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const alone = ['hunt', 'lossy.yaml', '-n', '200', '-w', '1', '--reporter', 'json'];
    const shared = [...alone, '--queue', socket, '--queue-id', 'one'];
    const dying = spawn(process.execPath, [builtCli(), ...shared], { cwd, stdio: 'ignore' });
    const died = new Promise((done) => dying.on('exit', (_code, signal) => done(signal)));
    // It has a range and has not said what that comes to.
    const held = () =>
      execFileSync('redis-cli', ['-s', socket, 'llen', 'bull:stormglass-one-0:active']);
    while (Number(held()) === 0) await new Promise((resume) => setTimeout(resume, 5));
    dying.kill('SIGKILL');
    expect(await died).toBe('SIGKILL');
    const [one, two, whole] = await Promise.all([
      ...[spawnCli(shared, { cwd }), spawnCli(shared, { cwd }), spawnCli(alone, { cwd })],
    ]);
    expect(tallyOf(one?.stdout ?? '')).toEqual(tallyOf(whole?.stdout ?? ''));
    expect(tallyOf(two?.stdout ?? '')).toEqual(tallyOf(whole?.stdout ?? ''));
    const late = await spawnCli(shared, { cwd });
    expect(tallyOf(late.stdout)).toEqual(tallyOf(whole?.stdout ?? '')); // It ran nothing.
    const other = ['hunt', 'lossy.yaml', '-n', '201', '--queue', socket, '--queue-id', 'one'];
    expectRefusal(await spawnCli(other, { cwd }), /another hunt has this --queue-id/);
  });
});

describe('a hunt to be shared', () => {
  it('wants a Redis and a name', async () => {
    const cwd = directoryWith({ 'lossy.yaml': lossy });
    const hunt = ['hunt', 'lossy.yaml', '-n', '10', '--queue', '/no/such/redis.sock'];
    const env = { GITHUB_RUN_ID: undefined, CI_PIPELINE_ID: undefined };
    expectRefusal(await spawnCli(hunt, { cwd, env }), /the hunt has no --queue-id/);
    const named = [...hunt, '--queue-id', 'one'];
    expectRefusal(await spawnCli(named, { cwd, env }), /there is no Redis at/);
  });
});
