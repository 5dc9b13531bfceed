// The protocols of the store workloads: every broken one beside a sound one in the same scenario,
// on many seeds; and, step by step, what the sound ones do among themselves.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { services } from '../../src/services/index.js';
import { kafka } from '../../src/workloads/kafka/kafka.js';
import { linKv } from '../../src/workloads/lin-kv.js';
import { txnListAppend } from '../../src/workloads/txn-list-append.js';
import { uniqueIds } from '../../src/workloads/unique-ids.js';
import type { Invocation, Workload } from '../../src/workloads/workload.js';
import { scripted } from '../support/script.js';
import { transcript } from '../support/transcript.js';

const seedCount = 15;

interface Twins {
  readonly sound: string;
  readonly broken: readonly (string | { readonly name: string; readonly options: object })[];
  readonly checker: string;
  readonly workload: string;
  readonly scenario: Partial<ScenarioInput>;
}

const partitions = [{ every: '1s', faults: ['partition'], shapes: ['one', 'majority'] }];

const twins: readonly Twins[] = [
  {
    sound: 'g-set/gossip',
    broken: ['g-set/replace'],
    checker: 'set-full',
    workload: 'g-set',
    scenario: { faults: partitions, network: { loss: '5%', duplicate: '5%' } },
  },
  {
    sound: 'g-counter/seq-kv',
    broken: ['g-counter/stale'],
    checker: 'counter',
    workload: 'g-counter',
    scenario: { nodes: 8 },
  },
  {
    sound: 'pn-counter/gossip',
    broken: ['pn-counter/grow-only'],
    checker: 'counter',
    workload: 'pn-counter',
    scenario: { faults: partitions, network: { loss: '5%', duplicate: '5%' } },
  },
  {
    sound: 'lin-kv/proxy',
    broken: [{ name: 'lin-kv/proxy', options: { service: 'seq-kv' } }],
    checker: 'linearizable',
    workload: 'lin-kv',
    scenario: { network: { loss: '2%' } },
  },
  {
    sound: 'txn-list-append/root',
    broken: ['txn-list-append/no-retry', 'txn-list-append/unchecked-reads'],
    checker: 'list-append',
    workload: 'txn-list-append',
    scenario: { nodes: 5 },
  },
  {
    sound: 'txn-rw-register/replicated',
    broken: ['txn-rw-register/dirty'],
    checker: 'rw-register',
    workload: 'txn-rw-register',
    scenario: {
      checkers: [{ name: 'rw-register', options: { models: ['read-committed'] } }],
      network: { loss: '5%' },
    },
  },
  {
    sound: 'kafka/lin-kv',
    broken: ['kafka/look-then-write'],
    checker: 'kafka',
    workload: 'kafka',
    scenario: { network: { loss: '1%' } },
  },
  {
    sound: 'kafka/lin-kv',
    broken: [{ name: 'kafka/resend', options: { 'call-timeout': '100ms' } }],
    checker: 'kafka',
    workload: 'kafka',
    scenario: { network: { loss: '4%' } },
  },
  {
    sound: 'kafka/lin-kv',
    broken: ['kafka/own-commits'],
    checker: 'kafka',
    workload: 'kafka',
    scenario: { workload: { name: 'kafka', rate: 150 } },
  },
  {
    sound: 'lock/lin-kv',
    broken: ['lock/anyone', 'lock/look-then-write'],
    checker: 'linearizable',
    workload: 'lock',
    scenario: { network: { loss: '2%' } },
  },
];

const seeds = Array.from({ length: seedCount }, (_, i) => `store-${i}`);

describe.each(twins)('$broken beside $sound', ({ sound, broken, checker, workload, scenario }) => {
  const common = {
    nodes: 3,
    services: [...services.keys()],
    workload: { name: workload, rate: 30 },
    duration: '6s',
    recovery: '5s',
    ...scenario,
  };

  it(`the sound one passes on ${seedCount} seeds`, () => {
    const failed = seeds.filter(
      (seed) => simulate({ ...common, protocol: sound }, seed).assessment.valid !== true,
    );
    expect(failed).toEqual([]);
  });

  it.each(broken)('%s is caught', (protocol) => {
    const caught = seeds.filter(
      (seed) => simulate({ ...common, protocol, expect: checker }, seed).assessment.expected,
    );
    expect(caught.length).toBeGreaterThanOrEqual(seedCount * 0.8);
  });
});

const singles = ['lin-kv/single', 'txn-rw-register/single', 'kafka/single'];

describe.each(singles)('%s', (protocol) => {
  const alone = {
    protocol,
    workload: { name: protocol.replace(/\/.*/, ''), rate: 60, concurrency: 4 },
    duration: '5s' as const,
    recovery: '1s' as const,
  };
  const verdicts = (nodes: number) =>
    seeds.map((seed) => simulate({ ...alone, nodes }, seed).assessment.valid);

  it('is right with one node', () => {
    expect(verdicts(1)).toEqual(seeds.map(() => true));
  });

  it('is wrong with two', () => {
    expect(verdicts(2)).toEqual(seeds.map(() => false));
  });
});

describe('g-counter/gossip and unique-ids/oracle', () => {
  it.each(['g-counter/gossip', 'unique-ids/oracle'])('%s passes in trouble', (protocol) => {
    const scenario = {
      protocol,
      nodes: 5,
      services: ['lin-tso'],
      workload: { name: protocol.replace(/\/.*/, ''), rate: 30 },
      network: { loss: '5%', duplicate: '5%' },
      faults: partitions,
      duration: '6s',
    };
    expect(seeds.filter((seed) => simulate(scenario, seed).assessment.valid !== true)).toEqual([]);
  });
});

/** What two nodes do when a client of the first one asks this, 10 ms a hop. */
function told(protocol: string, workload: Workload, ops: readonly Invocation[]): string[] {
  const lines = transcript({
    protocol,
    nodes: 2,
    services: ['lin-kv', { name: 'lww-kv', options: { replicas: 1 } }, 'lin-tso'],
    network: { latency: '10ms' },
    workload: { name: scripted({ ...workload, final: () => [] }, ops), rate: 2, concurrency: 1 },
    duration: '6s',
    recovery: '0s',
  });
  return lines.filter((line) => !/^\S+ starts$/.test(line));
}

describe('step by step', () => {
  it('lin-kv/proxy passes a request on and its answer back', () => {
    expect(told('lin-kv/proxy', linKv, [{ f: 'write', value: [0, 3] }])).toEqual([
      'n0 ◀ c0 write 0 3 → lin-kv write 0 3',
      'lin-kv ◀ n0 write 0 3 → n0 write_ok',
      'n0 ◀ lin-kv write_ok → c0 write_ok',
    ]);
  });

  it('unique-ids/oracle asks for a timestamp', () => {
    expect(told('unique-ids/oracle', uniqueIds, [{ f: 'generate', value: undefined }])).toEqual([
      'n0 ◀ c0 generate → lin-tso ts',
      'lin-tso ◀ n0 ts → n0 ts_ok 0',
      'n0 ◀ lin-tso ts_ok 0 → c0 generate_ok "0"',
    ]);
  });

  it('txn-list-append/root saves a thunk, swaps the root and checks it for a read', () => {
    const ops = [
      { f: 'txn', value: [['append', 7, 1]] },
      { f: 'txn', value: [['r', 7, null]] },
    ];
    expect(told('txn-list-append/root', txnListAppend, ops)).toEqual([
      'n0 ◀ c0 txn [["append",7,1]] → lww-kv write "n0-1-1" [1]',
      'lww-kv ◀ n0 write "n0-1-1" [1] → n0 write_ok',
      'n0 ◀ lww-kv write_ok → lin-kv cas "root" [] [[7,"n0-1-1"]] true',
      'lin-kv ◀ n0 cas "root" [] [[7,"n0-1-1"]] true → n0 cas_ok',
      'n0 ◀ lin-kv cas_ok → c0 txn_ok [["append",7,1]]',
      'n0 ◀ c0 txn [["r",7,null]] → lin-kv cas "root" [[7,"n0-1-1"]] [[7,"n0-1-1"]] true',
      'lin-kv ◀ n0 cas "root" [[7,"n0-1-1"]] [[7,"n0-1-1"]] true → n0 cas_ok',
      'n0 ◀ lin-kv cas_ok → c0 txn_ok [["r",7,[1]]]',
    ]);
  });

  it('kafka/lin-kv claims an offset and reads up to the first free one', () => {
    const ops = [
      { f: 'send', value: { key: '7', msg: 1 } },
      { f: 'poll', value: { offsets: { 7: 0 } } },
    ];
    const plain = { ...kafka, session: undefined as never };
    expect(told('kafka/lin-kv', plain, ops)).toEqual([
      'n0 ◀ c0 send "7" 1 → lin-kv cas "log/7/0" null 1 true',
      'lin-kv ◀ n0 cas "log/7/0" null 1 true → n0 cas_ok',
      'n0 ◀ lin-kv cas_ok → c0 send_ok 0',
      'n0 ◀ c0 poll {"7":0} → lin-kv read "log/7/0"',
      'lin-kv ◀ n0 read "log/7/0" → n0 read_ok 1',
      'n0 ◀ lin-kv read_ok 1 → lin-kv read "log/7/1"',
      'lin-kv ◀ n0 read "log/7/1" → n0 error 20 "key \\"log/7/1\\" does not exist"',
      'n0 ◀ lin-kv error 20 "key \\"log/7/1\\" does not exist" → c0 poll_ok {"7":[[0,1]]}',
    ]);
  });
});
