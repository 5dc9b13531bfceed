// A topo's specification: how streams are matched with vertices, and what is refused; the code that
// they run, and that clients mean the same by a hash as nodes do.
import { describe, expect, it } from 'vitest';
import { outcomeOf } from '../../../src/checkers/seeding/oracle.js';
import { chunksOf, deployed, hashOf, run } from '../../../src/protocols/seeding/code.js';
import { isPlan, resolve, type TopoSpec } from '../../../src/protocols/seeding/spec.js';
import { modules, packages, submissionOf } from '../../../src/workloads/seeding/specs.js';

const wanted = { n: 3, ack: true, priority: 0, sink: 'sink', source: '' };
const fan = submissionOf(1, wanted).spec as unknown as TopoSpec;
const vertex = (name: string, consumes: string[], produces: string[]) => ({
  ...{ name, consumes, produces },
  code: { kind: 'module' as const, name: 'double', hash: '' },
});

describe('resolving', () => {
  it('sends a stream to every vertex that takes its type or a class of it', () => {
    const plan = resolve(fan);
    if (!isPlan(plan)) throw new Error(plan.text);
    expect(plan.map(({ stream, vertices, sinks }) => [stream, vertices, sinks])).toEqual([
      ['copy.copied', ['shift'], []],
      ['double.even', [], ['sink']],
      ['numbers', ['copy', 'double'], []],
      ['shift.shifted', [], ['sink']],
    ]);
  });

  it('does not depend on the order of declarations', () => {
    const turned = { ...fan, vertices: [...fan.vertices].reverse() };
    expect(resolve(turned)).toEqual(resolve(fan));
  });

  it.each([
    ['unmatched_stream', { ...fan, outlets: [] }],
    ['no_input', { ...fan, streams: [] }],
    ['no_seeds', { ...fan, n: 0 }],
    ['duplicate_name', { ...fan, vertices: [...fan.vertices, vertex('copy', ['number'], [])] }],
    ['unreachable_vertex', { ...fan, vertices: [...fan.vertices, vertex('idle', ['word'], [])] }],
    ['cycle', { ...fan, vertices: [...fan.vertices, vertex('back', ['even'], ['number'])] }],
  ] as const)('refuses %s', (reason, spec) => {
    expect(resolve(spec as TopoSpec)).toMatchObject({ reason });
  });
});

describe('code', () => {
  it('has the hashes that clients mean', () => {
    for (const { hash, text } of [...Object.values(modules), ...Object.values(packages)]) {
      expect(hashOf(text)).toBe(hash);
    }
    for (const [name, { text }] of Object.entries(modules)) {
      expect(deployed.get(name)?.old).toBe(text);
      expect(hashOf(deployed.get(name)?.next ?? '')).not.toBe(hashOf(text));
    }
  });

  it('runs from left to right', () => {
    expect(run('add 3; twice; mul 2', 1)).toEqual([8, 8]);
  });

  it('travels in pieces that make the whole again', () => {
    const text = 'mul 3; add 7; mul 1; add 0';
    expect(chunksOf(text).length).toBeGreaterThan(1);
    expect(chunksOf(text).join('')).toBe(text);
  });
});

it('the oracle computes a fan', () => {
  const codes = new Map(Object.values(modules).map(({ hash, text }) => [hash, text]));
  const input = { stream: 'numbers', seq: 4, value: 10 };
  const { outputs } = outcomeOf(fan as never, codes, input);
  expect(outputs.map(({ record, value }) => `${record} = ${value}`)).toEqual([
    'numbers@4>double.0 = 20',
    'numbers@4>copy.0>shift.0 = 11',
    'numbers@4>copy.1>shift.0 = 11',
  ]);
});
