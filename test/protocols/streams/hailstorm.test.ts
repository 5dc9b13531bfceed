// streams/hailstorm is exact whatever strikes it; each of its rules, left out, is caught by a
// scenario, in which the whole protocol is clean.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../../../src/files/scenario-file.js';
import { aligned, atMostOnce, unaligned } from '../../../src/protocols/streams/barriers.js';
import { hailstorm } from '../../../src/protocols/streams/hailstorm.js';
import { hailstormReleased } from '../../../src/protocols/streams/hailstorm-released.js';
import { defects } from '../../../src/protocols/streams/job/defects.js';
import type { Scenario } from '../../../src/scenario/scenario.js';
import { simulate } from '../../../src/scenario/simulate.js';
import { sweepScenario } from '../../bench/stream-sweep.js';

const load = (name: string): Promise<Scenario> => loadScenario(`scenarios/${name}.yaml`);
const seeds = ['5', '6', '7'];

/** The scenario without what is wrong in it, and what it then comes to. */
function repaired(scenario: Scenario, seed: string): unknown {
  const options = { ...scenario.options, defects: '' };
  const sound = { ...scenario, options, expect: { expect: 'valid' as const } };
  return simulate(sound, seed).assessment.surprise;
}

/** By defect the scenario that shows it. */
const shown = new Map(
  await Promise.all(
    readdirSync('scenarios')
      .filter((name) => name.startsWith('streams-'))
      .map(async (file) => {
        const scenario = await load(file.replace('.yaml', ''));
        return [(scenario.options as { defects?: string }).defects ?? '', scenario] as const;
      }),
  ),
);

describe.each(['', '-trending', '-windowed', '-diamond'])('streams-hailstorm%s', (name) => {
  it.each(seeds)('is exact with seed %s', async (seed) => {
    const { assessment } = simulate(await load(`streams-hailstorm${name}`), seed);
    expect(assessment.surprise).toBeUndefined();
  });
});

/** Found by sweeps of 1,000 seeds a configuration, with what was wrong then. */
const hardSeeds = [
  ['slow watches', 507], // The one negotiator removed the other, who had just become it.
  ['slow watches', 849],
  ['slow watches', 879],
  ['no order', 492],
  ['three stages', 402], // A node that came back removed the processor of its stand-by.
  ['three stages', 531],
  ['three stages', 783],
  ['crashes', 939], // That an entry was gone overtook the answer that it was there.
  ['loss and copies', 259], // The state was asked for while a processor loaded it.
] as const;

describe('a node that comes back', () => {
  it('ends its session of before, and is there again long before that would expire', () => {
    const scenario = sweepScenario('crashes, back in 100 ms', 1);
    const { name, options } = scenario.protocol as { name: string; options: object };
    const { surprise } = simulate({
      ...scenario,
      protocol: { name, options: { ...options, session: '60s' } },
      faults: [{ at: '3s', for: '100ms', fault: 'crash', nodes: ['n0', 'n2', 'n6'] }],
    }).assessment;
    expect(surprise).toBeUndefined();
  });
});

describe('a seed that was hard', () => {
  it.each(hardSeeds)('is exact: %s, %i', (name, seed) => {
    expect(simulate(sweepScenario(name, seed), seed).assessment.surprise).toBeUndefined();
  });
});

describe('defects', () => {
  it('have a scenario each', () => {
    expect([...defects.keys()].filter((name) => !shown.has(name))).toEqual([]);
  });

  const lenient = ['earliest', 'unchecked', 'reserve-late'];
  const strict = [...defects.keys()].filter((name) => !lenient.includes(name));
  it.each(strict)('%s: without it the same scenario is clean', (name) => {
    const scenario = shown.get(name) as Scenario;
    expect(repaired(scenario, scenario.seed)).toBeUndefined();
  });

  it('name their places in the source of the release', () => {
    const places = hailstormReleased.options.defects.split(' ').map((name) => defects.get(name));
    expect(places).toHaveLength(17);
    for (const place of places) expect(place?.source).toMatch(/\.hs/);
  });

  it('are known by their names', () => {
    const problem = hailstorm.problem?.({ ...hailstorm.options, defects: 'incl inkl' });
    expect(problem?.option).toBe('defects');
    expect(problem?.expected).toMatch(/not inkl$/);
  });
});

it('never commits what is wrong, even where it must stop', async () => {
  const scenario = await load('streams-hailstorm-retention');
  const notes: string[] = [];
  const { history } = simulate(scenario, '1', [], {
    observer: ({ effects }) => {
      for (const row of effects) if (row.effect === 'note') notes.push(row.text);
    },
  });
  expect(notes).toContainEqual(expect.stringMatching(/^stands still, since exactly-once cannot/));
  expect(history.ops.length).toBeGreaterThan(0);
});

it('is exact in states where sinks are direct: only outputs are shown again', async () => {
  const { assessment } = simulate(await load('streams-hailstorm-direct'), '2');
  const [found] = assessment.judgements;
  const kinds = found?.valid === false ? new Set(found.anomalies.map(({ kind }) => kind)) : [];
  expect([...kinds]).toEqual(['duplicated-output']);
});

it.each([
  ['commit-early', 'commits-are-durable'],
  ['no-cas', 'commits-rise'],
])('%s breaks the property %s', async (defect, property) => {
  const { assessment } = simulate(shown.get(defect) as Scenario);
  const found = assessment.judgements.find(({ name }) => name === 'properties');
  const kinds = found?.valid === false ? found.anomalies.map(({ kind }) => kind) : [];
  expect(kinds).toContain(property);
});

describe('barriers', () => {
  it.each(seeds)('aligned are exact with seed %s', async (seed) => {
    expect(simulate(await load('streams-aligned'), seed).assessment.surprise).toBeUndefined();
  });

  it.each(seeds)('that overtake are exact with seed %s', async (seed) => {
    expect(simulate(await load('streams-unaligned'), seed).assessment.surprise).toBeUndefined();
  });

  it('that nobody waits for are exact where they are aligned after all', async () => {
    const scenario = await load('streams-at-least-once');
    const options = { ...scenario.options, barriers: 'aligned', sinkKind: 'txn' };
    const sink = scenario.services.map((service) => {
      return service.name === 'sink'
        ? { ...service, options: { ...service.options, kind: 'transactional' } }
        : service;
    });
    const sound = { ...scenario, options, services: sink, expect: { expect: 'valid' as const } };
    expect(simulate(sound, '1').assessment.surprise).toBeUndefined();
  });

  it.each([aligned, unaligned])('of $name need channels that keep the order', (protocol) => {
    const options = { ...protocol.options, channels: 'unordered' };
    expect(protocol.problem?.(options)?.option).toBe('channels');
  });
});

describe('at most once', () => {
  it.each(seeds)('loses, and counts nothing twice, with seed %s', async (seed) => {
    const [found] = simulate(await load('streams-at-most-once'), seed).assessment.judgements;
    const kinds = found?.valid === false ? new Set(found.anomalies.map(({ kind }) => kind)) : [];
    expect([...kinds].sort()).toEqual(['lost', 'lost-output']);
  });

  it('has no transactions', () => {
    const options = { ...atMostOnce.options, sinkKind: 'txn' };
    expect(atMostOnce.problem?.(options)?.option).toBe('sinkKind');
  });
});
