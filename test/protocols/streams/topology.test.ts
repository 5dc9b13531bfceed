// Topologies: what is wrong with one is said before a run starts; units keep names of their own; a
// merge that is no commutative monoid is refuted by samples.
import { describe, expect, it } from 'vitest';
import { hailstorm } from '../../../src/protocols/streams/hailstorm.js';
import { lowWaterMark } from '../../../src/protocols/streams/job/channels.js';
import { brokenLaw, monoids } from '../../../src/protocols/streams/topology/monoids.js';
import { topologies } from '../../../src/protocols/streams/topology/named.js';
import { operators } from '../../../src/protocols/streams/topology/operators.js';
import { hashed, nameOf, planOf } from '../../../src/protocols/streams/topology/plan.js';
import { scenarioOf } from '../../../src/scenario/from-code.js';

const log = { name: 'log', do: 'read' };
const out = { name: 'out', do: 'write', from: ['count'] };
const count = { name: 'count', do: 'count', from: ['log'] };
const problemOf = (topology: unknown) => {
  return hailstorm.problem?.({ ...hailstorm.options, topology })?.expected;
};

describe('a topology', () => {
  it.each([...topologies])('%s is sound', (name, spec) => {
    expect(problemOf(name)).toBeUndefined();
    expect(problemOf(spec)).toBeUndefined();
  });

  it.each([
    [
      'a cycle',
      [log, { ...count, from: ['log', 'more'] }, { name: 'more', do: 'letters', from: ['count'] }],
      'a topology without a cycle: count → more → count',
    ],
    [
      'a vertex that is not there',
      [log, { ...count, from: ['lag'] }],
      /count hears lag, which is not/,
    ],
    ['an operator that is not there', [log, { ...count, do: 'cuont' }], /count does cuont$/],
    ['two vertices of one name', [log, log], /there are two called log/],
    [
      'a sink that is heard',
      [log, count, out, { ...count, name: 'c', from: ['out'] }],
      /c hears out/,
    ],
    ['no spout', [count], /count hears log/],
    ['no parallelism', [log, { ...count, parallelism: 0 }], /that of count is 0/],
    [
      'a sink without ids',
      [log, count, { ...out, ids: false }],
      /exactly-once is asked; out has none/,
    ],
    [
      'a merge that is not commutative',
      [log, { ...count, do: 'last' }],
      /last of count is not commut/,
    ],
    [
      'a merge that is not associative',
      [log, { ...count, do: 'mean' }],
      /mean of count is not associ/,
    ],
    [
      'a merge in which ties go by arrival',
      [log, { ...count, do: 'top' }],
      /top-two of count is not/,
    ],
    ['no list', 'wrod-count', /^a list of vertices/],
  ])('with %s is refused', (_, topology, expected) => {
    expect(problemOf(topology)).toMatch(expected);
  });

  it('that is wrong is an error before anything runs', () => {
    const options = { topology: [log, { ...count, from: ['lag'] }] };
    const scenario = () =>
      scenarioOf({
        protocol: { name: 'streams/hailstorm', options },
        nodes: 3,
        workload: 'streams',
      });
    expect(scenario).toThrow(/"topology" is .*/);
  });

  it('numbers its processors, spouts first and sinks last', () => {
    const plan = planOf(topologies.get('diamond') ?? [], 2);
    expect(plan.spouts).toEqual([0, 1]);
    expect(plan.sinks).toEqual([plan.vertexOf.length - 1]);
    expect(nameOf(plan, 3)).toBe('split/1');
  });

  it('sends one key to one processor, and many to all', () => {
    const places = Array.from({ length: 200 }, (_, i) => hashed(`w${i}`, 4));
    expect(hashed('w7', 4)).toBe(places[7]);
    expect(new Set(places).size).toBe(4);
  });
});

describe('monoids', () => {
  it.each(['sum', 'max', 'min'])('%s keeps the laws', (name) => {
    expect(brokenLaw(monoids.get(name) as never)).toBeUndefined();
  });

  it.each(['last', 'mean', 'top-two'])('%s does not, and the law is named', (name) => {
    expect(brokenLaw(monoids.get(name) as never)).toMatch(/^not (commutative|associative): \{/);
  });
});

it('assigns a word to each window that it is in', () => {
  const made = operators.get('windows')?.emit({ key: '1250 a', value: 0 }, 0);
  expect(made?.map(({ key }) => key)).toEqual(['1000:a', '500:a']);
});

it('has as low-water mark the lowest of its channels, as in figure 3 of the paper', () => {
  const bolts = [
    [5, 7, 9],
    [3, 8, 6],
    [4, 4, 8],
  ];
  expect(lowWaterMark(bolts)).toEqual([3, 4, 6]);
  expect(lowWaterMark([[8], [undefined, 6]])).toEqual([8, 6]);
});
