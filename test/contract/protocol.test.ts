// What every registered protocol promises, whatever it does: see docs/writing-a-protocol.md. A new
// protocol is under this contract as soon as it is registered. What it promises in any trouble is
// tried in swarm.test.ts.
import { describe, expect, it } from 'vitest';
import { clone } from '../../src/kernel/plain.js';
import { stream } from '../../src/kernel/random.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { advance, type Running, simulate, start } from '../../src/scenario/simulate.js';
import { digestState, inspect } from '../../src/sim/inspect.js';
import type { Step } from '../../src/sim/step.js';
import type { Workload } from '../../src/workloads/workload.js';
import { swarm, workloadFor } from '../support/swarm.js';

describe.each([...protocols])('%s', (name, protocol) => {
  it('is registered under its own name, with a line about it', () => {
    expect(protocol.name).toBe(name);
    expect(protocol.about).toMatch(/^[A-Z].*\.$/);
  });

  it('has options with plain defaults', () => {
    expect(clone(protocol.options)).toEqual(protocol.options);
  });

  it('keeps plain state', () => {
    const running = start(swarm(protocol, 0), 'contract');
    while (advance(running, 100)) {
      for (const member of running.world.members) inspect(running.world, member);
    }
  });

  it.each(['none', 'suffix', 'torn', 'all'] as const)(
    'starts from its own disk after a crash that loses %s of the unsynced writes',
    (lost) => {
      const { result } = simulate(crashes(protocol, lost), 'contract');
      expect(result.crashes).toEqual([]);
      expect(result.faults.every(({ startUs }) => startUs !== undefined)).toBe(true);
    },
  );

  it('does nothing about a message that it does not know', () => {
    const steps: Step[] = [];
    const observer = (step: Step) => steps.push(step);
    const asked = start(withSetUp(protocol, 'stranger-than-any'), 'contract', [], { observer });
    const left = start(withSetUp(protocol, undefined), 'contract');
    for (const running of [asked, left]) while (advance(running, 100));
    const strange = steps.filter(
      ({ happening }) =>
        happening.kind === 'deliver' && happening.message.body.type === 'stranger-than-any',
    );
    expect(strange).toHaveLength(2);
    expect(strange.flatMap(({ effects }) => effects)).toEqual([]);
    expect(statesOf(asked)).toEqual(statesOf(left));
  });

  it('serves a workload', () => {
    expect(workloadFor(protocol)).toBeDefined();
  });
});

function statesOf({ world }: Running): string[] {
  return world.members.map((member) => digestState(world, member));
}

/** Two nodes that nobody asks anything but, at the start, one request of this type. */
function withSetUp(protocol: AnyProtocol, type: string | undefined): ScenarioInput {
  const workload: Workload = {
    name: 'silence',
    about: 'Asks nothing.',
    options: {},
    setup: (nodes) => new Map(type === undefined ? [] : nodes.map((node) => [node, { type }])),
    generator: { init: undefined, next: () => undefined },
    request: () => ({ type: 'never' }),
    complete: () => ({ type: 'ok', value: undefined }),
    idempotent: [],
    checkers: [],
  };
  return { protocol, nodes: 2, workload: { name: workload }, duration: '1s', recovery: '1s' };
}

/** One node after another crashes in the middle of whatever it is doing. */
function crashes(protocol: AnyProtocol, lost: 'none' | 'suffix' | 'torn' | 'all'): ScenarioInput {
  const random = stream('contract', `crashes/${protocol.name}/${lost}`);
  const at = (second: number): string => `${1_000 * second + random.below(500)}ms`;
  return {
    ...swarm(protocol, 0),
    nodes: 3,
    disk: { sync: '20ms' },
    faults: [0, 1, 2].map((index) => ({
      at: at(index + 1),
      for: '300ms',
      fault: 'crash',
      nodes: [`n${index}`],
      lost,
    })),
  };
}
