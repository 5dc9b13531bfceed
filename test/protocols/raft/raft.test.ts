// Raft, rule by rule: what a cluster of `raft` does in small scenarios.
import { describe, expect, it } from 'vitest';
import type { State } from '../../../src/protocols/raft/state.js';
import type { ScenarioInput } from '../../../src/scenario/scenario.js';
import { advance, finish, type Running, simulate, start } from '../../../src/scenario/simulate.js';

const quiet = {
  protocol: 'raft',
  nodes: 3,
  workload: { name: 'lin-kv', rate: 30, concurrency: 3 },
  duration: '3s',
  recovery: '5s',
} satisfies ScenarioInput;

/** Runs to the end; the judgement must be what was expected. */
function ran(scenario: ScenarioInput, seed = 1): Running & { readonly notes: string[] } {
  const notes: string[] = [];
  const running = start(scenario, seed, [], {
    observer: ({ effects }) => {
      for (const row of effects) if (row.effect === 'note') notes.push(row.text);
    },
  });
  while (advance(running, 10_000));
  expect(finish(running).assessment.surprise).toBeUndefined();
  return { ...running, notes };
}

const serversOf = ({ world }: Running): State[] =>
  world.members.map((member) => world.cluster.state(member) as unknown as State);

const storms: readonly ScenarioInput[] = [
  { ...quiet, faults: [{ every: '700ms', for: '500ms', faults: ['partition', 'crash'] }] },
  {
    ...quiet,
    nodes: 5,
    protocol: { name: 'raft', options: { 'snapshot-every': 8, churn: '200ms', transfer: '500ms' } },
    network: { loss: '5%', duplicate: '5%', reorder: '10%' },
    faults: [{ every: '600ms', for: '400ms', faults: ['partition', 'crash', 'pause'] }],
  },
  {
    ...quiet,
    protocol: { name: 'raft', options: { reads: 'lease', drift: '12%' } },
    faults: [{ every: '600ms', for: '500ms', faults: ['clock-drift', 'partition', 'slow-node'] }],
  },
  {
    ...quiet,
    disk: { sync: '5ms' },
    network: { clients: 'network', duplicate: '10%' },
    faults: [{ every: '500ms', for: '300ms', faults: ['crash', 'disk-full', 'disk-fail'] }],
  },
];
const seeds = [1, 2, 3, 4, 5];

describe('raft', () => {
  it.each(storms.map((storm, number) => [number, storm] as const))(
    'keeps all of its properties in storm %i',
    (_, storm) => {
      for (const seed of seeds) {
        const { assessment } = simulate(storm, seed);
        expect([seed, assessment.surprise]).toEqual([seed, undefined]);
      }
    },
  );

  it('answers everything where nothing goes wrong', () => {
    const { result } = simulate(quiet);
    const types = new Set(result.history.map(({ type }) => type));
    expect(types.has('info')).toBe(false);
    expect(result.events).toBeLessThan(3_000);
  });

  it('elects one leader, and all servers have what it has', () => {
    const servers = serversOf(ran(quiet));
    expect(servers.filter(({ role }) => role === 'leader')).toHaveLength(1);
    expect(new Set(servers.map(({ commit }) => commit)).size).toBe(1);
    expect(new Set(servers.map(({ machine }) => JSON.stringify([...machine.values]))).size).toBe(1);
  });

  it.each([
    [true, 1],
    [false, 3],
  ])('with pre-vote (%s) a server that is cut off is in term %i or later', (preVote, term) => {
    const cutOff: ScenarioInput = {
      ...quiet,
      protocol: { name: 'raft', options: { 'pre-vote': preVote } },
      faults: [{ at: '1s', for: '2s', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
      recovery: '6s',
    };
    const running = start(cutOff);
    while (running.world.queue.nowUs < 2_990_000 && advance(running, 1));
    const [alone] = serversOf(running);
    if (preVote) expect(alone?.term).toBeLessThanOrEqual(2);
    else expect(alone?.term).toBeGreaterThanOrEqual(term);
  });

  it('hands leadership over without an election timeout (§3.10)', () => {
    const { notes } = ran({ ...quiet, protocol: { name: 'raft', options: { transfer: '300ms' } } });
    expect(notes.filter((note) => note.startsWith('leads term')).length).toBeGreaterThan(5);
  });

  it('takes in who joins and lets go who leaves (§4.1)', () => {
    const running = ran({
      ...quiet,
      protocol: { name: 'raft', options: { voters: 'n0 n1 n2' } },
      faults: [
        { at: '1s', fault: 'join', nodes: ['n3'] },
        { at: '2s', fault: 'leave', nodes: ['n0'] },
      ],
    });
    for (const { log } of serversOf(running)) {
      expect([...(log.configurations.at(-1)?.members ?? [])].sort()).toEqual(['n1', 'n2', 'n3']);
    }
  });

  it('sends its snapshot to who lags behind its log (§5.3)', () => {
    const installed: string[] = [];
    const lagging: ScenarioInput = {
      ...quiet,
      protocol: { name: 'raft', options: { 'snapshot-every': 5 } },
      faults: [{ at: '1s', for: '1500ms', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
    };
    simulate(lagging, 1, [], {
      observer: ({ happening }) => {
        if (happening.kind !== 'deliver') return;
        const { src, dest, body } = happening.message;
        if (body.type === 'install-snapshot') installed.push(`${src} ${dest}`);
      },
    });
    expect(installed.length).toBeGreaterThan(0);
  });

  it('serves reads under a lease without asking anybody (§6.4.1)', () => {
    const messages = (reads: string): number => {
      let count = 0;
      simulate(
        { ...quiet, recovery: '100ms', protocol: { name: 'raft', options: { reads } } },
        1,
        [],
        {
          observer: ({ happening }) => {
            if (happening.kind === 'deliver' && happening.message.body.type === 'appended') count++;
          },
        },
      );
      return count;
    };
    expect(messages('lease')).toBeLessThan(0.8 * messages('read-index'));
  });

  it('is not stale when it answers late copies of reads whose clients have gone on', () => {
    const copied: ScenarioInput = {
      ...quiet,
      protocol: { name: 'raft', options: { reads: 'lease' } },
      workload: { name: 'lin-kv', rate: 60, concurrency: 3 },
      network: { clients: 'network', duplicate: '30%', reorder: '20%', 'reorder-window': '300ms' },
    };
    for (const seed of [4, 18]) ran(copied, seed);
  });

  it('makes progress though there is no leader just when it is asked', () => {
    const churning: ScenarioInput = {
      protocol: { name: 'raft', options: { churn: '300ms', transfer: '700ms' } },
      nodes: 5,
      workload: { name: 'lin-kv', rate: 40 },
      network: {
        latency: { shape: 'exponential', min: '1ms', mean: '10ms' },
        loss: '2%',
        duplicate: '20%',
        reorder: '10%',
        'reorder-window': '100ms',
      },
      faults: [{ every: '1500ms', for: '700ms', faults: ['partition', 'crash'], from: '1s' }],
      duration: '12s',
      recovery: '6s',
    };
    ran(churning, 53);
  });

  it('executes a command once, however often it arrives (§6.3)', () => {
    const copied: ScenarioInput = { ...quiet, network: { duplicate: '30%', clients: 'network' } };
    const servers = serversOf(ran(copied));
    const [{ log, machine } = {}] = servers as (State | undefined)[];
    const commands = log?.entries.filter(({ kind }) => kind === 'command').length ?? 0;
    expect(machine?.executed).toBeLessThanOrEqual(commands);
    expect(machine?.executed).toBeGreaterThan(10);
  });

  it('starts again from what its disk holds (§3.8)', () => {
    const { notes } = ran({
      ...quiet,
      faults: [{ at: '2s', for: '200ms', fault: 'crash', nodes: ['n0', 'n1', 'n2'] }],
    });
    expect(notes).toContainEqual(expect.stringMatching(/^recovered: term [1-9]\d*, [1-9]\d* ent/));
  });

  it.each([
    [{ reads: 'guess' }, /reads/],
    [{ election: '50ms' }, /longer than `heartbeat`/],
    [{ reads: 'lease', sticky: false }, /leases/],
    [{ 'snapshot-every': 0 }, /at least 1/],
  ])('refuses options %j', (options, expected) => {
    expect(() => simulate({ ...quiet, protocol: { name: 'raft', options } })).toThrow(expected);
  });
});
