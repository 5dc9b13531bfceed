// Whatever a fault does to a world, its end undoes: the network, the nodes and their clocks are as
// they were. What is meant to stay (a jump of a clock, lost memory) stays.
import { describe, expect, it } from 'vitest';
import { clone } from '../../src/kernel/plain.js';
import { templates } from '../../src/nemesis/templates.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { advance, type Running, start } from '../../src/scenario/simulate.js';

const seeds = ['a', 'b', 'c', 'd', 'e'];

/** Four nodes; one fault lasts from 1 s to 2 s, and the main phase to 4 s. */
function scenario(faults: string[]): ScenarioInput {
  return {
    protocol: 'broadcast/durable',
    nodes: 4,
    workload: { name: 'broadcast', rate: 50, timeout: '200ms' },
    network: { latency: '20ms' },
    faults: faults.map((fault) => ({
      id: fault,
      every: '10s',
      for: '1s',
      from: '1s',
      until: '2s',
      faults: [fault],
      targets: ['any'],
      shapes: ['majority', 'majorities-ring', 'bridge-send-only'],
    })),
    duration: '4s',
  };
}

/** Runs until all that happens before `untilUs` has happened. */
function runTo(running: Running, untilUs: number): void {
  while (running.world.queue.nowUs < untilUs && advance(running, 1));
}

/** What faults act upon, as it is now. */
function condition({ world }: Running) {
  const { members, heldMessages, network, parties } = world;
  const nodes = parties.flatMap(({ node }) => node ?? []);
  return clone({
    members: members.toSorted(),
    rules: network.rules,
    heldMessages,
    nodes: nodes.map(({ name, status, afflictions, serviceUs, held, clock }) => {
      return { name, status, afflictions, serviceUs, held, driftPpm: clock.driftPpm };
    }),
  });
}

describe.each([...templates.keys()])('%s', (fault) => {
  it.each(seeds)('leaves the world as it found it (seed %s)', (seed) => {
    const running = start(scenario([fault]), seed);
    runTo(running, 900_000);
    const before = condition(running);
    runTo(running, 3_000_000);
    expect(condition(running)).toEqual(before);
  });
});

it('undoes each of several that overlap on its own', () => {
  const all = [...templates.keys()].filter((fault) => fault !== 'leave');
  for (const seed of seeds) {
    const running = start(scenario(all), seed);
    runTo(running, 900_000);
    const before = condition(running);
    runTo(running, 3_000_000);
    expect(condition(running)).toEqual(before);
  }
});

it('undoes all that is active when the main phase ends', () => {
  const faults: ScenarioInput['faults'] = [
    { at: '1s', fault: 'partition', shape: 'majority', mode: 'hold' },
    { at: '1s', fault: 'crash', nodes: ['n0'] },
    { at: '1s', fault: 'pause', nodes: ['n1'] },
    { at: '1s', fault: 'clock-drift', nodes: ['n2'], drift: '5%' },
    { at: '1s', fault: 'slow-node', nodes: ['n3'], service: '10ms' },
  ];
  const running = start({ ...scenario([]), faults }, 'a');
  runTo(running, 900_000);
  const before = condition(running);
  runTo(running, 5_000_000);
  expect(condition(running)).toEqual(before);
});

it('ends what a heal ends, and nothing at the nodes', () => {
  const faults: ScenarioInput['faults'] = [
    { at: '1s', fault: 'partition', shape: 'majority' },
    { at: '1s', fault: 'loss', probability: '50%' },
    { at: '1s', fault: 'pause', nodes: ['n1'] },
    { at: '2s', fault: 'heal' },
  ];
  const running = start({ ...scenario([]), faults }, 'a');
  runTo(running, 3_000_000);
  const { rules, nodes } = condition(running);
  expect(rules).toEqual([]);
  expect(nodes.map(({ status }) => status)).toEqual(['up', 'paused', 'up', 'up']);
});
