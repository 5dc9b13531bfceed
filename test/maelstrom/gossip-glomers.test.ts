// The challenges of Fly.io's Gossip Glomers, each with the command of its page: protocols of ours
// pass, and what the page leaves to the eye (3d, 3e) is asserted. Source: fly.io/dist-sys.
import { describe, expect, it } from 'vitest';
import { cli } from '../cli/harness.js';

interface Challenge {
  readonly number: string;
  readonly workload: string;
  readonly protocol: string;
  readonly options: string;
  readonly asserts?: readonly string[];
}

const challenges: readonly Challenge[] = [
  { number: '1', workload: 'echo', protocol: 'echo', options: '--node-count 1 --time-limit 10' },
  {
    number: '2',
    workload: 'unique-ids',
    protocol: 'unique-ids/snowflake',
    options: '--time-limit 30 --rate 1000 --node-count 3 --availability total --nemesis partition',
  },
  {
    number: '3a',
    workload: 'broadcast',
    protocol: 'broadcast/flood',
    options: '--node-count 1 --time-limit 20 --rate 10',
  },
  {
    number: '3b',
    workload: 'broadcast',
    protocol: 'broadcast/flood',
    options: '--node-count 5 --time-limit 20 --rate 10',
  },
  {
    number: '3c',
    workload: 'broadcast',
    protocol: 'broadcast/flood-retry',
    options: '--node-count 5 --time-limit 20 --rate 10 --nemesis partition',
  },
  {
    number: '3d',
    workload: 'broadcast',
    protocol: 'broadcast/tree-retry',
    options: '--node-count 25 --time-limit 20 --rate 100 --latency 100',
    asserts: ['msgs-per-op<30', 'latency.p50<400ms', 'latency.max<600ms'],
  },
  {
    number: '3e',
    workload: 'broadcast',
    protocol: 'broadcast/batched',
    options: '--node-count 25 --time-limit 20 --rate 100 --latency 100',
    asserts: ['msgs-per-op<20', 'latency.p50<1s', 'latency.max<2s'],
  },
];

function commandOf({ workload, protocol, options, asserts = [] }: Challenge): readonly string[] {
  return [
    ...['test', '-w', workload, '--protocol', protocol, ...options.split(' '), '--no-store'],
    ...asserts.flatMap((claim) => ['--assert', claim]),
  ];
}

describe('Gossip Glomers', () => {
  it.each(challenges)('$number: $protocol passes', async (challenge) => {
    const { code, stdout } = await cli(commandOf(challenge));
    expect(stdout).toMatch(/verdict +valid\n/);
    expect(code).toBe(0);
  });

  it('3c: a broadcast that never repeats itself does not pass', async () => {
    const challenge = challenges.find(({ number }) => number === '3c');
    if (challenge === undefined) throw new Error('3c is a challenge');
    const command = commandOf({ ...challenge, protocol: 'broadcast/flood' });
    const { code, stdout } = await cli([...command, '--test-count', '3']);
    expect(stdout).toMatch(/set-full +✗ lost/);
    expect(code).toBe(1);
  });

  it('3d: flooding a grid does not pass, and the figures say why', async () => {
    const challenge = challenges.find(({ number }) => number === '3d');
    if (challenge === undefined) throw new Error('3d is a challenge');
    const { code, stdout } = await cli(commandOf({ ...challenge, protocol: 'broadcast/flood' }));
    expect(stdout).toMatch(/✗ latency\.p50<400ms: latency\.p50 is \d+ms/);
    expect(code).toBe(1);
  });
});
