// Services in scenarios: by constant, under names of their own, and what is wrong with them.
import { describe, expect, it } from 'vitest';
import type { AnyProtocol } from '../../src/node/protocol.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate, start } from '../../src/scenario/simulate.js';
import { inspect } from '../../src/sim/inspect.js';
import { tiny } from '../support/worlds.js';

const shelf: AnyProtocol = tiny({
  name: 'shelf',
  options: { places: 3, openUs: 0 },
  problem: ({ places }) =>
    places > 0 ? undefined : { option: 'places', expected: 'at least one place' },
  init: ({ options }) => ({ free: options.places }),
});
const idle = tiny({ name: 'idle' });

function withServices(...services: NonNullable<ScenarioInput['services']>): ScenarioInput {
  return { protocol: idle, nodes: 2, services };
}

describe('services of a scenario', () => {
  it('are nodes with the options that the scenario gives', () => {
    const { world } = start(
      withServices(shelf, { name: 'big', service: shelf, options: { places: 40 } }),
    );
    expect(world.spec.services.map(({ name, options }) => [name, options])).toEqual([
      ['shelf', { places: 3, openUs: 0 }],
      ['big', { places: 40, openUs: 0 }],
    ]);
    expect(inspect(world, 'big')).toMatchObject({ status: 'down', incarnation: 0 });
  });

  it('can be named by faults and links', () => {
    const { result } = simulate({
      ...withServices(shelf),
      network: { links: [{ from: 'shelf', to: 'n0', latency: '5ms' }] },
      faults: [{ at: '1s', fault: 'crash', nodes: ['shelf'] }],
    });
    expect(result.faults).toHaveLength(1);
  });

  it.each([
    [['shelve'], 'unknown service "shelve"'],
    [[shelf, shelf], 'there is a node "shelf" already'],
    [[{ name: 'n1', service: shelf }], 'there is a node "n1" already'],
    [[{ name: 'c3', service: shelf }], 'a service cannot be called "c3"'],
    [['./no.ts'], 'a service from a module has a name of its own'],
    [[{ name: 's', service: shelf, options: { places: 0 } }], '"places" is 0'],
    [[{ name: 's', service: shelf, options: { place: 1 } }], 'service shelf has no option "place"'],
  ] as const)('%j: %s', (services, about) => {
    expect(() => start(withServices(...services))).toThrow(about);
  });

  it('refuses strict mode where programs are hosted', () => {
    const hosted = { perWorld: () => idle, ended: () => {} };
    const scenario = { protocol: tiny({ name: 'guest', hosted }), nodes: 1 };
    expect(() => start(scenario, '1', [], { strict: true })).toThrow('guest cannot run strictly');
    expect(start(scenario).world.programs[0]?.protocol.name).toBe('idle');
  });
});
