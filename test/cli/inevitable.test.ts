// `stormglass inevitable`: what it says, and what it refuses.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, scenarioText } from './harness.js';

/** One value, one message between two nodes, and an even chance that it is lost. */
const tossing = {
  about: 'One message is lost, or it is not.',
  protocol: 'broadcast/flood',
  nodes: 2,
  workload: {
    name: 'broadcast',
    concurrency: 1,
    operations: [{ at: '1s', f: 'broadcast', value: 5 }],
  },
  network: { latency: '10ms', loss: '50%' },
  duration: '2s',
  recovery: '1s',
};

const fileWith = (more: object): string =>
  join(directoryWith({ 'toss.yaml': scenarioText({ ...tossing, ...more }) }), 'toss.yaml');

describe('stormglass inevitable', () => {
  it('shows the curve, the event that decided, and how to look at it', async () => {
    const file = fileWith({});
    // The first seed whose one message is lost.
    let seed = 1;
    while ((await cli(['run', file, '--seed', String(seed)])).code === 0) seed++;
    const args = ['inevitable', file, '--seed', String(seed), '--futures', '60'];
    const { code, stdout } = await cli(args);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^failure {3}set-full\/lost: the value 5/);
    const title = /^(\d+) % → 100 % at event (\d+)$/m.exec(stdout);
    expect(Number(title?.[1])).toBeGreaterThan(25);
    expect(Number(title?.[1])).toBeLessThan(75);
    expect(stdout).toMatch(new RegExp(`^ +${title?.[2]} +1\\.0.*broadcast 5`, 'm'));
    const last = stdout.trimEnd().split('\n').at(-1);
    expect(last).toBe(`stormglass step ${file} --seed ${seed} --at ${title?.[2]}`);
    const { jumps, points } = JSON.parse((await cli([...args, '--json'])).stdout);
    expect(jumps).toMatchObject([{ event: Number(title?.[2]), after: { probability: 1 } }]);
    expect(points.length).toBeGreaterThan(3);
  });

  it.each([
    ['a run that does not fail', { network: { latency: '10ms' } }, [], /no failure in it/],
    ['futures that are none', {}, ['--futures', 'many'], /a whole number from 4 to 10000/],
  ])('refuses %s', async (_, more, args, message) => {
    const { code, stdout, stderr } = await cli(['inevitable', fileWith(more), ...args]);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toMatch(message);
  });
});
