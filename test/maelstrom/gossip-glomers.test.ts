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

const transactions = '--time-limit 20 --rate 1000 --concurrency 2n --availability total';
const committed = `--node-count 2 ${transactions} --consistency-models read-committed`;

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
  {
    number: '4',
    workload: 'g-counter',
    protocol: 'g-counter/seq-kv',
    options: '--node-count 3 --rate 100 --time-limit 20 --nemesis partition',
  },
  {
    number: '5a',
    workload: 'kafka',
    protocol: 'kafka/single',
    options: '--node-count 1 --concurrency 2n --time-limit 20 --rate 1000',
  },
  {
    number: '5b',
    workload: 'kafka',
    protocol: 'kafka/lin-kv',
    options: '--node-count 2 --concurrency 2n --time-limit 20 --rate 1000',
  },
  {
    number: '6a',
    workload: 'txn-rw-register',
    protocol: 'txn-rw-register/single',
    options: `--node-count 1 ${transactions} --consistency-models read-uncommitted`,
  },
  {
    number: '6b',
    workload: 'txn-rw-register',
    protocol: 'txn-rw-register/replicated',
    options: `--node-count 2 ${transactions} --consistency-models read-uncommitted`,
  },
  {
    number: '6b with partitions',
    workload: 'txn-rw-register',
    protocol: 'txn-rw-register/replicated',
    options:
      `--node-count 2 ${transactions} --consistency-models read-uncommitted ` +
      '--nemesis partition',
  },
  {
    number: '6c',
    workload: 'txn-rw-register',
    protocol: 'txn-rw-register/replicated',
    options: `${committed} --nemesis partition`,
  },
];

function commandOf({ workload, protocol, options, asserts = [] }: Challenge): readonly string[] {
  return [
    ...['test', '-w', workload, '--protocol', protocol, ...options.split(' '), '--no-store'],
    ...asserts.flatMap((claim) => ['--assert', claim]),
  ];
}

describe('Gossip Glomers', () => {
  it.each(challenges)('$number: $protocol passes', { timeout: 60_000 }, async (challenge) => {
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

  it('5b: two nodes that each keep a log of their own do not pass', async () => {
    const challenge = challenges.find(({ number }) => number === '5b');
    if (challenge === undefined) throw new Error('5b is a challenge');
    const options = challenge.options.replace('--rate 1000', '--rate 100');
    const { code, stdout } = await cli(
      commandOf({ ...challenge, options, protocol: 'kafka/single' }),
    );
    expect(stdout).toMatch(/kafka +✗/);
    expect(code).toBe(1);
  });

  it('6c: a node that leaves what it aborted where it was does not pass', async () => {
    const challenge = challenges.find(({ number }) => number === '6c');
    if (challenge === undefined) throw new Error('6c is a challenge');
    const options = challenge.options.replace('--availability total', '');
    const { code, stdout } = await cli(
      commandOf({
        ...challenge,
        options: options.replaceAll(/ +/g, ' '),
        protocol: 'txn-rw-register/dirty',
      }),
    );
    expect(stdout).toMatch(/rw-register +✗ G1a/);
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
