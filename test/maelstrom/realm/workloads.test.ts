// The node programs of fixtures/nodes/javascript under their workloads: the right ones pass, each
// wrong one is refused by the checker that should refuse it.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hostedJavaScript } from '../../../src/maelstrom/realm/hosted-javascript.js';
import { type Run, simulate } from '../../../src/scenario/simulate.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/nodes/javascript/${name}`, import.meta.url));

/** What a row may say beside its program and its workload. */
interface Extra {
  readonly services?: readonly string[];
  readonly nodes?: number;
  readonly options?: object;
  readonly loss?: string;
}

function run(name: string, workload: string, extra: Extra = {}): Run {
  const { services = [], nodes = 3, options = {}, loss = '0%' } = extra;
  return simulate({
    ...{ protocol: hostedJavaScript(fixture(name)), nodes, services: [...services] },
    workload: { name: workload, rate: 40, options },
    network: { latency: '10ms', loss, clients: 'instant' },
    ...{ duration: '5s', recovery: '5s' },
  } as never);
}

/** Checkers that objected. */
const objections = ({ assessment }: Run): string[] =>
  assessment.judgements.filter(({ valid }) => valid === false).map(({ name }) => name);

describe('right programs', () => {
  it.each<[string, string, Extra]>([
    ['echo.js', 'echo', {}],
    ['unique-ids/main.js', 'unique-ids', {}],
    ['broadcast/main.mjs', 'broadcast', { nodes: 5, loss: '10%' }],
    ['g-counter.js', 'g-counter', { services: ['seq-kv'] }],
    ['pn-counter.cjs', 'pn-counter', {}],
    ['g-set.mjs', 'g-set', {}],
    ['lin-kv.js', 'lin-kv', { services: ['lin-kv'] }],
    ['kafka.mjs', 'kafka', { nodes: 1 }],
    ['txn-list-append.js', 'txn-list-append', { services: ['lin-kv'] }],
    ['txn-rw-register.ts', 'txn-rw-register', { nodes: 1 }],
    ['lock.mjs', 'lock', {}],
  ])('%s passes %s', (name, workload, extra) => {
    const result = run(name, workload, extra);
    expect(objections(result)).toEqual([]);
    expect(result.assessment.valid).toBe(true);
  });
});

describe('wrong programs', () => {
  it.each<[string, string, Extra, string]>([
    ['broadcast-no-retry.js', 'broadcast', { nodes: 5, loss: '20%' }, 'set-full'],
    ['duplicate-ids.js', 'unique-ids', {}, 'unique-ids'],
    ['forgetful-counter.js', 'g-counter', {}, 'counter'],
    ['stale-kv.js', 'lin-kv', { services: ['lin-kv'] }, 'linearizable'],
    ['exits.js', 'echo', {}, 'crashes'],
    ['throws.mjs', 'echo', {}, 'crashes'],
    ['silent.js', 'echo', {}, 'acknowledged'],
  ])('%s is refused under %s', (name, workload, extra, checker) => {
    expect(objections(run(`wrong/${name}`, workload, extra))).toContain(checker);
  });

  it.each(['garbage.js', 'double-reply.js', 'out-of-turn.js'])('%s goes on', (name) => {
    expect(objections(run(`wrong/${name}`, 'echo'))).toEqual([]);
  });
});
