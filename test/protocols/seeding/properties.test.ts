// Invariants of the cluster of seed 000 over states made by hand: what each has to refuse, and what
// only looks wrong.
import { describe, expect, it } from 'vitest';
import type { Cluster } from '../../../src/node/property.js';
import type { Epoch } from '../../../src/protocols/seeding/epoch.js';
import { commitsSurvive } from '../../../src/protocols/seeding/properties/ownership.js';
import { creditsBind } from '../../../src/protocols/seeding/properties/units.js';
import type { State } from '../../../src/protocols/seeding/state.js';
import { kindsIn } from '../../support/kinds.js';

type World = Cluster<State>;
type Plain = Record<string, unknown>;

const epoch: Epoch = [4, 'n0'];

function world(states: Readonly<Record<string, Plain>>): World {
  const nodes = Object.keys(states);
  return {
    ...{ nowUs: 0, healed: false, members: nodes, nodes, options: { workers: 2 } },
    ...{ status: () => 'up', incarnation: () => 1, durable: () => undefined },
    state: (node: string) => states[node],
  } as unknown as World;
}

function owner(topo: Plain): Plain {
  const own = { topo: 't0', epoch, commit: 0, configs: [], leases: new Map(), ...topo };
  return node({ owns: new Map([['t0', own]]) });
}

function node(rest: Plain): Plain {
  const durable = { seats: new Map() };
  const journal = { unsynced: new Map() };
  return { durable, journal, works: new Map(), owns: new Map(), ...rest };
}

const counts = (credits: number, granted: number) => ({
  credits: new Map([['n1', credits]]),
  granted: new Map([['n1', granted]]),
});

describe('credits-bind (M13)', () => {
  const memory = () => structuredClone(creditsBind.memory ?? new Map());
  const say = (states: readonly Plain[]): string | undefined => {
    const seen = memory();
    return states.map((n0) => creditsBind.broken(world({ n0 }), 'n0', seen)).find(Boolean);
  };

  it('has nothing against units that were asked for', () => {
    expect(say([owner(counts(2, 0)), owner(counts(0, 2)), owner(counts(1, 3))])).toBeUndefined();
  });

  it('refuses a unit that is given and not counted', () => {
    expect(say([owner(counts(2, 0)), owner(counts(2, 1))])).toMatch(/1 units of t0 .* not ask/);
  });

  it('refuses requests that are added up', () => {
    expect(say([owner(counts(2, 0)), owner(counts(4, 0))])).toMatch(/2 units of t0 .* not ask/);
  });

  it('refuses a lease that nobody gave', () => {
    const leases = new Map([['u', { worker: 'n1', attempt: 1, untilUs: 0 }]]);
    expect(say([owner({ ...counts(2, 0), leases })])).toMatch(/holds 1 units/);
  });

  it('refuses more work than hands', () => {
    const works = new Map(['a', 'b', 'c'].map((name) => [name, {}]));
    expect(say([node({ works })])).toMatch(/works on 3 units and has 2 workers/);
  });
});

describe('commits-survive (M9)', () => {
  const seat = (length: number, unsyncedFrom?: number) => {
    const log = Array.from({ length }, (_, at) => `${at}`);
    const record = { kind: 'log', topo: 't0', epoch, from: unsyncedFrom, entries: [] };
    const unsynced = unsyncedFrom === undefined ? [] : [[1, { record, failures: 0 }] as const];
    return {
      durable: { seats: new Map([['t0', { promised: epoch, accepted: epoch, log }]]) },
      journal: { unsynced: new Map(unsynced) },
    };
  };
  const configs = [{ kind: 'config', version: 1, seeds: ['n0', 'n1', 'n2'] }];
  const say = (seats: readonly Plain[]): string | undefined => {
    const seen = structuredClone(commitsSurvive.memory ?? { lengths: new Map(), seen: new Map() });
    for (const each of seats) commitsSurvive.broken(world({ n1: node(each) }), 'n1', seen);
    const n0 = { ...owner({ configs, commit: 3 }), ...seat(3) };
    return commitsSurvive.broken(world({ n0 }), 'n0', seen);
  };

  it('refuses what only the owner has on disk', () => {
    expect(say([seat(3, 1)])).toMatch(/only 1 have on disk/);
  });

  it('counts what was on disk before it is written once more', () => {
    expect(say([seat(3), seat(4, 1)])).toBeUndefined();
  });

  it('counts nothing that a crash has taken', () => {
    expect(say([seat(3), seat(1)])).toMatch(/only 1 have on disk/);
  });
});

describe('acknowledged-kept (M4)', () => {
  it('refuses an owner who goes on without what was acknowledged', async () => {
    const kinds = await kindsIn('seeding-own-log', '1');
    expect(kinds).toContain('acknowledged-kept');
  });
});
