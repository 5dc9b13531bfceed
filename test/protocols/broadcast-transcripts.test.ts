// Each broadcast protocol at work, event by event: what it does when all is well and in the one
// situation that tells it from the others.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { broadcast } from '../../src/workloads/broadcast.js';
import { scripted } from '../support/script.js';
import { transcript } from '../support/transcript.js';

type Fault = NonNullable<ScenarioInput['faults']>[number];

/** Three nodes in a line, 10 ms a hop; the first one is asked to broadcast `values`. */
function scenario(protocol: ScenarioInput['protocol'], values: number[]): ScenarioInput {
  const ops = values.map((value) => ({ f: 'broadcast', value }));
  return {
    protocol,
    nodes: 3,
    network: { latency: '10ms' },
    workload: {
      name: scripted(broadcast, ops),
      rate: 10,
      concurrency: 1,
      options: { topology: 'line' },
    },
    duration: '3s',
    recovery: '1s',
  };
}

/** Without the starts of nodes and timers that found nothing to do. */
const told = (input: ScenarioInput): string[] =>
  transcript(input).filter((line) => !/^n\d starts$|⏱ [^→]*$/.test(line));

describe('flood', () => {
  it('passes a value on once, not back to where it came from', () => {
    expect(told(scenario('broadcast/flood', [7]))).toEqual([
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok, n1 broadcast 7',
      'n1 ◀ n0 broadcast 7 → n2 broadcast 7',
      'n2 ◀ n1 broadcast 7',
    ]);
  });

  it('never sends again what was lost', () => {
    const cut: Fault = { at: '0s', for: '1s', fault: 'cut', links: [['n1', 'n2']] };
    const input = { ...scenario('broadcast/flood', [7]), faults: [cut] };
    expect(told(input)).toEqual([
      'cut strikes',
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok, n1 broadcast 7',
      'n1 ◀ n0 broadcast 7 → n2 broadcast 7 (lost)',
      'cut ends',
    ]);
  });
});

describe('flood-retry', () => {
  it('sends again until the neighbour has acknowledged', () => {
    const cut: Fault = { at: '0s', for: '1s', fault: 'cut', links: [['n1', 'n2']] };
    const input = { ...scenario('broadcast/flood-retry', [7]), faults: [cut] };
    expect(told(input)).toEqual([
      'cut strikes',
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok, n1 gossip [7]',
      'n1 ◀ n0 gossip [7] → n0 gossip_ok [7], n2 gossip [7] (lost)',
      'n0 ◀ n1 gossip_ok [7]',
      'n1 ⏱ retry "n2" → n2 gossip [7] (lost)',
      'cut ends',
      'n1 ⏱ retry "n2" → "n2 is silent, owed: 1", n2 gossip [7]',
      'n2 ◀ n1 gossip [7] → n1 gossip_ok [7]',
      'n1 ◀ n2 gossip_ok [7]',
    ]);
  });

  it('sends all that a silent neighbour is owed in one message', () => {
    const cut: Fault = { at: '0s', for: '1s', fault: 'cut', links: [['n1', 'n0']] };
    const input = { ...scenario('broadcast/flood-retry', [7, 8]), nodes: 2, faults: [cut] };
    expect(told(input).filter((line) => line.startsWith('n0 ⏱'))).toEqual([
      'n0 ⏱ retry "n1" → n1 gossip [7,8]',
      'n0 ⏱ retry "n1" → "n1 is silent, owed: 2", n1 gossip [7,8]',
    ]);
  });

  it('tells a member that joins all that it knows', () => {
    const join: Fault = { at: '1s', fault: 'join', nodes: ['n2'] };
    const input = { ...scenario('broadcast/flood-retry', [7, 8]), nodes: 2, faults: [join] };
    expect(told(input).slice(-3)).toEqual([
      'join strikes',
      'n2 ◀ n1 gossip [7,8] → n1 gossip_ok [7,8]',
      'n1 ◀ n2 gossip_ok [7,8]',
    ]);
  });
});

describe('tree-retry', () => {
  it('follows its own tree and not the line that it is told of', () => {
    const protocol = { name: 'broadcast/tree-retry', options: { fanout: 2 } };
    expect(told({ ...scenario(protocol, [7]), nodes: 4 })).toEqual([
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok, n1 gossip [7], n2 gossip [7]',
      'n1 ◀ n0 gossip [7] → n0 gossip_ok [7], n3 gossip [7]',
      'n2 ◀ n0 gossip [7] → n0 gossip_ok [7]',
      'n0 ◀ n1 gossip_ok [7]',
      'n3 ◀ n1 gossip [7] → n1 gossip_ok [7]',
      'n0 ◀ n2 gossip_ok [7]',
      'n1 ◀ n3 gossip_ok [7]',
    ]);
  });
});

describe('batched', () => {
  it('waits for company before it sends', () => {
    const input = { ...scenario('broadcast/batched', [7, 8, 9]), nodes: 2 };
    expect(told(input)).toEqual([
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok',
      'n0 ⏱ flush "n1" → n1 gossip [7]',
      'n1 ◀ n0 gossip [7] → n0 gossip_ok [7]',
      'n0 ◀ n1 gossip_ok [7]',
      'n0 ◀ c0 broadcast 8 → c0 broadcast_ok',
      'n0 ◀ c0 broadcast 9 → c0 broadcast_ok',
      'n0 ⏱ flush "n1" → n1 gossip [8,9]',
      'n1 ◀ n0 gossip [8,9] → n0 gossip_ok [8,9]',
      'n0 ◀ n1 gossip_ok [8,9]',
    ]);
  });
});

/** Two nodes whose syncs take 100 ms; n0 crashes in the middle of one. */
function crashInSync(protocol: string): ScenarioInput {
  const crash: Fault = { at: '50ms', for: '200ms', fault: 'crash', nodes: ['n0'] };
  const input = { ...scenario(protocol, [7]), nodes: 2, disk: { sync: '100ms' } };
  return { ...input, faults: [crash] };
}

describe('durable', () => {
  it('acknowledges after the sync, to clients and to neighbours', () => {
    const input = { ...scenario('broadcast/durable', [7]), nodes: 2, disk: { sync: '100ms' } };
    expect(told(input)).toEqual([
      'n0 ◀ c0 broadcast 7 → write 7, sync',
      'n0 synced [7] → c0 broadcast_ok, n1 gossip [7]',
      'n1 ◀ n0 gossip [7] → write 7, sync',
      'n1 synced [7] → n0 gossip_ok [7]',
      'n0 ◀ n1 gossip_ok [7]',
    ]);
  });

  it('has acknowledged nothing that a crash in the middle of a sync takes', () => {
    expect(told(crashInSync('broadcast/durable'))).toEqual([
      'n0 ◀ c0 broadcast 7 → write 7, sync',
      'crash strikes',
      'n0 the node is down',
      'crash ends',
    ]);
  });

  it('offers all that its disk held to its neighbours after a crash', () => {
    const crash: Fault = { at: '1s', for: '200ms', fault: 'crash', nodes: ['n0'] };
    const input = { ...scenario('broadcast/durable', [7, 8]), nodes: 2, faults: [crash] };
    expect(transcript(input).slice(-5, -1)).toEqual([
      'crash ends',
      'n0 starts → "recovered: 2"',
      'n1 ◀ n0 gossip [7,8] → n0 gossip_ok [7,8]',
      'n0 ◀ n1 gossip_ok [7,8]',
    ]);
  });

  it('writes again what a failed sync has lost, and only then acknowledges', () => {
    const fail: Fault = { at: '0s', for: '200ms', fault: 'disk-fail', nodes: ['n0'] };
    const input = { ...scenario('broadcast/durable', [7]), nodes: 1, faults: [fail] };
    expect(told(input)).toEqual([
      'disk-fail strikes',
      'n0 ◀ c0 broadcast 7 → write 7, sync',
      'n0 failed → "disk failed, unsynced: 1"',
      'disk-fail ends',
      'n0 ⏱ commit → write 7, sync',
      'n0 synced [7] → c0 broadcast_ok',
    ]);
  });
});

describe('unsynced', () => {
  it('has acknowledged a value that a crash in the middle of a sync takes', () => {
    expect(told(crashInSync('broadcast/unsynced'))).toEqual([
      'n0 ◀ c0 broadcast 7 → c0 broadcast_ok, write 7, sync',
      'crash strikes',
      'n0 the node is down',
      'crash ends',
    ]);
  });
});
