// The node programs of fixtures/nodes/javascript under their workloads: the right ones pass, each
// wrong one is refused by the checker that should refuse it.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { maelstromVerdicts } from '../../../src/maelstrom/leniency.js';
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

/** The kinds of anomalies that a checker found. */
function kindsOf({ assessment }: Run, checker: string): string[] {
  const judgement = assessment.judgements.find(({ name }) => name === checker);
  return judgement?.valid === false ? judgement.anomalies.map(({ kind }) => kind) : [];
}

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
  it.each<[string, string, Extra, string, string]>([
    ['other-echo.js', 'echo', {}, 'echo', 'wrong-echo'],
    ['duplicate-ids.js', 'unique-ids', {}, 'unique-ids', 'duplicate-id'],
    ['broadcast-no-retry.js', 'broadcast', { nodes: 5, loss: '20%' }, 'set-full', 'lost'],
    ['list-of-all.js', 'broadcast', {}, 'set-full', 'duplicate'],
    ['small-set.mjs', 'g-set', {}, 'set-full', 'lost'],
    ['refused-add.mjs', 'g-set', {}, 'set-full', 'failed-but-read'],
    ['forgetful-counter.js', 'g-counter', {}, 'counter', 'wrong-final'],
    ['only-up.js', 'pn-counter', {}, 'counter', 'wrong-final'],
    ['refused-count.js', 'pn-counter', {}, 'counter', 'failed-but-counted'],
    ['stale-kv.js', 'lin-kv', { services: ['lin-kv'] }, 'linearizable', 'not-linearizable'],
    ['refused-cas.js', 'lin-kv', { services: ['lin-kv'] }, 'linearizable', 'not-linearizable'],
    ['jealous-kv.js', 'lin-kv', { services: ['lin-kv'] }, 'linearizable', 'not-linearizable'],
    ['aborted-append.js', 'txn-list-append', { nodes: 1 }, 'list-append', 'G1a'],
    ['stale-append.js', 'txn-list-append', { services: ['lin-kv'] }, 'list-append', 'lost-update'],
    ['aborted-write.mjs', 'txn-rw-register', { nodes: 1 }, 'rw-register', 'G1a'],
    ['other-txn.mjs', 'txn-rw-register', { nodes: 1 }, 'rw-register', 'reply-mismatch'],
    ['refused-send.js', 'kafka', { nodes: 1 }, 'kafka', 'G1a'],
    ['skipping-poll.js', 'kafka', { nodes: 1 }, 'kafka', 'lost-write'],
    ['lost-commit.js', 'kafka', { nodes: 1 }, 'kafka', 'lost-commit'],
    ['open-lock.mjs', 'lock', { nodes: 1 }, 'linearizable', 'not-linearizable'],
    ['jealous-lock.mjs', 'lock', { nodes: 1 }, 'linearizable', 'not-linearizable'],
  ])('%s is refused under %s', (name, workload, extra, checker, kind) => {
    expect(kindsOf(run(`wrong/${name}`, workload, extra), checker)).toContain(kind);
  });

  it.each<[string, string, Extra]>([
    ['refused-add.mjs', 'g-set', {}],
    ['refused-count.js', 'pn-counter', {}],
    ['jealous-kv.js', 'lin-kv', { services: ['lin-kv'] }],
  ])('%s passes under Maelstrom', (name, workload, extra) => {
    const { assessment, history, scenario } = run(`wrong/${name}`, workload, extra);
    const verdicts = maelstromVerdicts(assessment.judgements, history, scenario.checkers);
    expect([...verdicts.values()]).not.toContain(false);
  });

  it.each([
    ['exits.js', 'crashes'],
    ['throws.mjs', 'crashes'],
    ['silent.js', 'acknowledged'],
  ])('%s is refused for what becomes of it', (name, checker) => {
    expect(objections(run(`wrong/${name}`, 'echo'))).toContain(checker);
  });

  it.each(['garbage.js', 'double-reply.js', 'out-of-turn.js'])(
    '%s goes on, and is told of',
    (name) => {
      expect(objections(run(`wrong/${name}`, 'echo'))).toEqual(['conduct']);
    },
  );
});
