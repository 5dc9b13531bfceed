// Which operations there are: when they are due, and which come last.
import { describe, expect, it } from 'vitest';
import { planOps } from '../../src/sim/op-plan.js';
import { type Answer, asked, ends, lines, ok, silent, values } from '../support/asking.js';
import { clientsOf, second } from '../support/worlds.js';

describe('planOps', () => {
  const spec = clientsOf({}, { ratePerSecond: 200, concurrency: 4 });

  it('plans operations at the rate, with gaps from 0 to twice the mean, for all workers', () => {
    const { atUs, workers } = planOps(spec, '1', 50 * second);
    const gaps = [...atUs].slice(1).map((at, i) => at - (atUs[i] ?? 0));
    expect(Math.abs(atUs.length - 10_000)).toBeLessThan(300);
    expect(Math.max(...gaps)).toBeLessThan(10_000);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(0);
    expect(new Set(workers)).toEqual(new Set([0, 1, 2, 3]));
  });

  it('plans nothing without clients or at no rate', () => {
    expect(planOps(undefined, '1', second).atUs).toHaveLength(0);
    expect(planOps({ ...spec, ratePerSecond: 0 }, '1', second).atUs).toHaveLength(0);
  });

  it.each([0.000_001, 0.001, 2_000_000, 1e9])('ends, and soon, at %d a second', (ratePerSecond) => {
    const { atUs } = planOps({ ...spec, ratePerSecond }, '1', 1_000);
    expect(atUs.length).toBeGreaterThan(0);
    expect(atUs.length).toBeLessThan(10_000);
  });
});

describe('final operations', () => {
  const final = () => [
    { f: 'ask', value: 'last but one' },
    { f: 'ask', value: 'last' },
  ];

  it('are done by every worker at its node, in order, after recovery', () => {
    const { result } = asked(ok, { workload: { ...values(), final }, spec: { concurrency: 2 } });
    const finals = result.history.filter((op) => op.final === true && op.type === 'ok');
    expect(finals.map(({ node, value }) => `${node} ${value}`).toSorted()).toEqual([
      'n0 last',
      'n0 last but one',
      'n1 last',
      'n1 last but one',
    ]);
    expect(Math.min(...finals.map(({ timeUs }) => timeUs))).toBeGreaterThanOrEqual(2 * second);
    expect(result.history).toHaveLength(8);
  });

  it('wait for the operation that is open', () => {
    const spec = { timeoutUs: 5 * second };
    const { result } = asked(silent, { workload: { ...values('x'), final }, spec });
    expect(lines(result.history).slice(0, 3)).toEqual([
      '0 invoke x',
      '0 info x timeout',
      '1 invoke last but one',
    ]);
  });

  it('reach members that nobody talked to: those that joined', () => {
    const { result } = asked(ok, {
      workload: { ...values(), final },
      faults: [[500_000, { f: 'join', nodes: ['n7'] }]],
    });
    const nodes = new Set(
      result.history.filter(({ type }) => type === 'ok').map(({ node }) => node),
    );
    expect(nodes).toEqual(new Set(['n0', 'n1', 'n7']));
  });

  it('go elsewhere when their node has left', () => {
    const { result } = asked(ok, {
      workload: { ...values(), final },
      faults: [[500_000, { f: 'leave', nodes: ['n0'] }]],
    });
    expect(new Set(result.history.map(({ node }) => node))).toEqual(new Set(['n1']));
  });

  it('are tried again when they are harmless and get no answer', () => {
    let silence = 3;
    const answer: Answer = (message, ctx) => {
      if (silence-- <= 0) ok(message, ctx);
    };
    const workload = { ...values(), idempotent: ['ask'], final: () => final().slice(1) };
    const { result } = asked(answer, { workload, nodes: ['n0'], spec: { timeoutUs: 50_000 } });
    expect(ends(result.history).map(({ type }) => type)).toEqual(['fail', 'fail', 'fail', 'ok']);
  });

  it('are given up in the end: the run ends', () => {
    const workload = { ...values(), idempotent: ['ask'], final };
    const { result } = asked(silent, { workload, nodes: ['n0'], spec: { timeoutUs: 1_000 } });
    expect(ends(result.history)).toHaveLength(20);
    expect(result.end).toBe('done');
  });
});
