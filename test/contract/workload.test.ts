// What every registered workload promises: under every fault its history is well formed, and no
// reply, however odd, makes it throw. A new workload is under this contract as soon as it is
// registered.
import { fc, test } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { historyOf } from '../../src/history/history.js';
import { clone, equal } from '../../src/kernel/plain.js';
import { templates } from '../../src/nemesis/templates.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { protocols } from '../../src/protocols/index.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';
import { services } from '../../src/services/index.js';
import { workloads } from '../../src/workloads/index.js';
import type { Invocation, Workload } from '../../src/workloads/workload.js';
import { generated } from '../support/operations.js';
import { workloadFor } from '../support/swarm.js';

describe.each([...workloads])('%s', (name, workload) => {
  const [protocol] = [...protocols.values()].filter((found) => workloadFor(found) === workload);

  it('is registered under its own name, with a line about it and a protocol that serves it', () => {
    expect(workload.name).toBe(name);
    expect(workload.about).toMatch(/^[A-Z].*\.$/);
    expect(protocol).toBeDefined();
  });

  it('names checkers and functions that it has', () => {
    const { ops, state } = generated(workload, 4_096);
    const functions = new Set(ops.map(({ f }) => f));
    expect(workload.checkers.length).toBeGreaterThan(0);
    for (const f of workload.idempotent) expect(functions).toContain(f);
    for (const op of workload.final?.(workload.options, state) ?? []) {
      if (workload.local?.(op) === undefined) expect(functions).toContain(op.f);
    }
  });

  it('makes the same operations from the same state, and leaves the state alone', () => {
    const before = clone(workload.generator.init);
    const [first, second] = [generated(workload, 256), generated(workload, 256)];
    expect(equal(first, second)).toBe(true);
    expect(clone(first)).toEqual(first);
    expect(workload.generator.init).toEqual(before);
  });

  it.each([...templates.keys()])('has a well-formed history under %s', (fault) => {
    const { result, history } = simulate(troubled(workload, protocol as AnyProtocol, fault), 'w');
    const { state } = generated(workload, 256);
    const finals = workload.final?.(workload.options, state) ?? [];
    const workers = 3 * (workload.workersPerNode ?? 1);
    expect(result.end).toBe('done');
    expect(() => historyOf(history.ops)).not.toThrow();
    const ended = history.ops.filter((op) => op.final && op.type === 'invoke');
    if (workload.session === undefined) expect(ended).toHaveLength(workers * finals.length);
    else expect(ended.length).toBeGreaterThanOrEqual(workers * finals.length);
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
    const op = generated(workload, 64).ops[index] as Invocation;
    if (workload.local?.(op) !== undefined) return;
    const asked = `${workload.request(op).type}_ok`;
    const { type, error } = workload.complete(op, { ...reply, type: reply.type } as never);
    if (reply.type !== asked)
      expect([type, error?.slice(0, 15)]).toEqual(['info', 'malformed-reply']);
  });
});

/** Three nodes that one kind of fault strikes again and again. */
function troubled(workload: Workload, protocol: AnyProtocol, fault: string): ScenarioInput {
  return {
    protocol,
    nodes: 3,
    services: [...services.keys()],
    workload: { name: workload, rate: 50, timeout: '300ms' },
    network: { clients: 'network', latency: '5ms' },
    faults: [{ every: '400ms', faults: [fault], targets: ['one', 'minority', 'all'] }],
    duration: '4s',
    recovery: '1s',
  };
}
