// What each protocol's file says that it survives, tried on a swarm of networks and faults: no
// checker ever objects. Where clients got no answer at all, a checker may not know; that is no
// objection.
import { describe, expect, it } from 'vitest';
import { protocols } from '../../src/protocols/index.js';
import { simulate } from '../../src/scenario/simulate.js';
import { swarm } from '../support/swarm.js';

const swarmSize = 60;

/** Nodes that lose their memory; leaving is a way to lose it too. */
const amnesia = ['crash', 'leave'];

/** Each sound protocol, and the faults that it does not claim to survive. */
const claims: readonly (readonly [protocol: string, spared: readonly string[]])[] = [
  ['broadcast/flood-retry', amnesia],
  ['broadcast/tree-retry', amnesia],
  ['broadcast/batched', amnesia],
  ['broadcast/slotted-retry', amnesia],
  ['broadcast/breaker', amnesia],
  ['broadcast/own-root', amnesia],
  ['broadcast/adaptive', amnesia],
  ['broadcast/durable', []],
  ['dissemination/anti-entropy', amnesia],
  ['dissemination/rumour', amnesia],
  ['dissemination/plumtree', amnesia],
  ['crdt/document', amnesia],
  ['membership/swim', []],
  ['membership/accrual', ['clock-jump', 'clock-offset', 'clock-drift']],
  ['unique-ids/counter', []],
  ['unique-ids/random', []],
  ['unique-ids/snowflake', amnesia],
  ['unique-ids/clock', ['clock-jump', 'clock-offset', 'clock-drift']],
  ['unique-ids/forgetful', amnesia],
  ['unique-ids/oracle', []],
  ['g-set/gossip', amnesia],
  ['g-counter/gossip', [...amnesia, 'duplicate']],
  ['g-counter/seq-kv', ['duplicate']],
  ['pn-counter/gossip', [...amnesia, 'duplicate']],
  ['lin-kv/proxy', ['duplicate']],
  ['txn-list-append/root', ['duplicate']],
  ['kafka/lin-kv', ['duplicate']],
  ['lock/lin-kv', ['duplicate']],
];

describe.each(claims)('%s', (name, spared) => {
  it(`has nothing to answer for in ${swarmSize} runs without [${spared.join(', ')}]`, () => {
    const protocol = protocols.get(name);
    if (protocol === undefined) throw new Error(`${name} is registered`);
    const objections = Array.from({ length: swarmSize }, (_, number) => number).flatMap(
      (number) => {
        const scenario = { ...swarm(protocol, number, spared), recovery: '20s' };
        const { judgements } = simulate(scenario, 'survival').assessment;
        const objecting = judgements.filter((found) => found.valid === false && !found.builtIn);
        return objecting.map((found) => [number, found.name, found]);
      },
    );
    expect(objections).toEqual([]);
  });
});

it('shows that the swarm is no calm: it catches the broken ones', () => {
  const caught = ['broadcast/flood', 'broadcast/unsynced', 'unique-ids/forgetful'].map((name) => {
    const protocol = protocols.get(name);
    if (protocol === undefined) throw new Error(`${name} is registered`);
    const runs = Array.from({ length: swarmSize }, (_, number) =>
      simulate(swarm(protocol, number), 'survival'),
    );
    return runs.filter(({ assessment }) => assessment.valid === false).length;
  });
  for (const count of caught) expect(count).toBeGreaterThan(2);
});
