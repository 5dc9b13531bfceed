// What every registered workload promises: under every fault its history is well formed, and no
// reply, however odd, makes it throw. A new workload is under this contract as soon as it is
// registered.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/history/history.js';
import { clone, equal } from '../../src/kernel/plain.js';
import { stream } from '../../src/kernel/random.js';
import { templates } from '../../src/nemesis/templates.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { workloads } from '../../src/workloads/index.js';
import type { Invocation, Workload } from '../../src/workloads/workload.js';
import { workloadFor } from '../support/swarm.js';

describe.each([...workloads])('%s', (name, workload) => {
  const [protocol] = [...protocols.values()].filter((found) => workloadFor(found) === workload);

  it('is registered under its own name, with a line about it and a protocol that serves it', () => {
    expect(workload.name).toBe(name);
    expect(workload.about).toMatch(/^[A-Z].*\.$/);
    expect(protocol).toBeDefined();
  });

  it('names checkers and functions that it has', () => {
    const functions = new Set(operations(workload, 64).map(({ f }) => f));
    expect(workload.checkers.length).toBeGreaterThan(0);
    for (const f of workload.idempotent) expect(functions).toContain(f);
    for (const { f } of workload.final?.(workload.options) ?? []) expect(functions).toContain(f);
  });

  it('makes the same operations from the same state, and leaves the state alone', () => {
    const [first, second] = [operations(workload, 64), operations(workload, 64)];
    expect(equal(first, second)).toBe(true);
    expect(clone(first)).toEqual(first);
  });

  it.each([...templates.keys()])('has a well-formed history under %s', (fault) => {
    const { result, history } = simulate(troubled(workload, protocol as AnyProtocol, fault), 'w');
    const finals = workload.final?.(workload.options) ?? [];
    expect(result.end).toBe('done');
    expect(() => historyOf(history.ops)).not.toThrow();
    expect(history.ops.filter((op) => op.final && op.type === 'invoke')).toHaveLength(
      3 * finals.length,
    );
    const ok = history.ops.filter(({ type }) => type === 'ok');
    expect(ok.length).toBeGreaterThan(0);
    const malformed = history.ops.filter(({ error }) => error?.startsWith('malformed-reply'));
    expect(malformed).toEqual([]);
  });

  const odd = fc.record(
    { type: fc.string(), messages: fc.anything(), id: fc.anything(), echo: fc.anything() },
    { requiredKeys: ['type'] },
  );
  test.prop([odd, fc.nat(63)], { seed: 9 })('takes an odd reply for what it is', (reply, index) => {
    const op = operations(workload, 64)[index] as Invocation;
    const asked = `${workload.request(op).type}_ok`;
    const { type, error } = workload.complete(op, { ...reply, type: reply.type } as never);
    if (reply.type !== asked)
      expect([type, error?.slice(0, 15)]).toEqual(['info', 'malformed-reply']);
  });
});

/** The first `count` operations that a workload makes. */
function operations({ generator, options }: Workload, count: number): Invocation[] {
  const result: Invocation[] = [];
  let state = clone(generator.init);
  for (let number = 0; number < count; number++) {
    const before = clone(state);
    const random = stream('contract', `op/${number}`);
    const next = generator.next(state, { random, worker: number % 3, options });
    if (next === undefined) break;
    expect(equal(state, before)).toBe(true);
    result.push(next.op);
    state = next.state;
  }
  return result;
}

/** Three nodes that one kind of fault strikes again and again. */
function troubled(workload: Workload, protocol: AnyProtocol, fault: string): ScenarioInput {
  return {
    protocol,
    nodes: 3,
    workload: { name: workload, rate: 50, timeout: '300ms' },
    network: { clients: 'network', latency: '5ms' },
    faults: [{ every: '400ms', faults: [fault], targets: ['one', 'minority', 'all'] }],
    duration: '4s',
    recovery: '1s',
  };
}
