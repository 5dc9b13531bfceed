// The programs of fixtures/nodes: the right ones pass, the wrong ones are refused for what is wrong
// with them.
import { describe, expect, it } from 'vitest';
import { fixture, kindsOf, pipe } from '../../support/piped.js';

describe('a right program', () => {
  it.each([
    ['echo', 'python/echo.py'],
    ['echo', 'shell/echo.sh'],
    ['unique-ids', 'python/unique_ids.py'],
    ['unique-ids', 'shell/unique-ids.sh'],
    ['broadcast', 'python/broadcast_flood.py'],
    ['g-set', 'shell/g-set.sh'],
    ['g-counter', 'python/g_counter.py'],
    ['lin-kv', 'python/lin_kv.py'],
    ['txn-list-append', 'python/txn_list_append.py'],
    ['txn-rw-register', 'python/txn_rw_register.py'],
    ['kafka', 'python/kafka.py'],
    ['lock', 'python/lock.py'],
  ])('passes %s in lock-step: %s', async (workload, name) => {
    const run = await pipe(workload, fixture(name));
    expect(run.assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
    expect(run.history.ops.length).toBeGreaterThan(40);
    expect(run.hosting).toMatchObject({ by: 'pipe', clock: 'lock-step', timed: [] });
  });

  it.each([
    ['broadcast', 'python/broadcast.py'],
    ['g-set', 'python/g_set.py'],
    ['pn-counter', 'python/pn_counter.py'],
  ])('passes %s with timers of its own: %s', async (workload, name) => {
    const run = await pipe(workload, fixture(name), { recovery: '1500ms' });
    expect(run.assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
    expect(run.hosting).toMatchObject({ by: 'pipe', clock: 'wall' });
    expect(run.hosting.timed).toHaveLength(3);
  });

  it('loses nothing to a network that loses a fifth of all messages, if it retries', async () => {
    const more = { network: { latency: '2ms', loss: '20%' }, recovery: '3s' };
    const run = await pipe('broadcast', fixture('python/broadcast.py'), more);
    expect(run.assessment.valid).toBe(true);
    expect(run.result.counts.messages.servers.dropped).toBeGreaterThan(0);
  });
});

describe('a wrong program', () => {
  it.each([
    ['echo', 'dies', 'crashes', 'crash'],
    ['echo', 'garbage', 'conduct', 'garbage'],
    ['echo', 'twice', 'conduct', 'twice'],
    ['echo', 'out_of_turn', 'conduct', 'out-of-turn'],
    ['unique-ids', 'ids', 'unique-ids', 'duplicate-id'],
    ['broadcast', 'broadcast', 'set-full', 'lost'],
    ['g-set', 'g_set', 'set-full', 'lost'],
    ['g-counter', 'counter', 'counter', 'wrong-final'],
    ['pn-counter', 'counter', 'counter', 'wrong-final'],
    ['lin-kv', 'kv', 'linearizable', 'not-linearizable'],
    ['txn-list-append', 'txn', 'list-append', 'incompatible-order'],
    ['txn-rw-register', 'txn', 'rw-register', 'lost-update'],
    ['kafka', 'kafka', 'kafka', 'inconsistent-offsets'],
    ['lock', 'lock', 'linearizable', 'not-linearizable'],
  ])('is refused by %s: wrong_%s.py, by %s as %s', async (workload, name, judge, kind) => {
    const more = { workload: { name: workload, rate: 100 } };
    // Two nodes write what both have read as new at two of three seeds: at this one, too.
    const run = await pipe(workload, fixture(`python/wrong_${name}.py`), more, {}, '3');
    expect(run.assessment.valid).toBe(false);
    expect(kindsOf(run, judge)).toContain(kind);
  });

  it.each([
    ['echo', 'wrong-echo'],
    ['unique-ids', 'duplicate-id'],
    ['g-set', 'lost'],
  ])('is refused under %s in shell, too, as %s', async (workload, kind) => {
    const run = await pipe(workload, fixture(`shell/wrong-${workload}.sh`));
    const found = run.assessment.judgements.flatMap(({ name }) => [...kindsOf(run, name)]);
    expect(found).toContain(kind);
  });

  it('is refused when what it tells once gets lost', async () => {
    const more = { network: { latency: '2ms', loss: '20%' } };
    const run = await pipe('broadcast', fixture('python/broadcast_flood.py'), more);
    expect(kindsOf(run, 'set-full')).toContain('lost');
  });
});

describe('the report on a wrong program', () => {
  it('names the line that is no message', async () => {
    const run = await pipe('echo', fixture('python/wrong_garbage.py'));
    expect(run.violations[0]).toMatchObject({ kind: 'garbage', number: 2, line: 'got an echo' });
    expect(run.history.ops.filter(({ type }) => type === 'ok').length).toBeGreaterThan(30);
  });

  it('names the line that answers a second time', async () => {
    const run = await pipe('echo', fixture('python/wrong_twice.py'));
    const [first] = run.violations;
    expect(first).toMatchObject({ kind: 'twice', number: 3 });
    expect(JSON.parse(first?.line ?? '')).toMatchObject({ body: { type: 'echo_ok' } });
  });

  it('names the line that nobody asked for', async () => {
    const run = await pipe('echo', fixture('python/wrong_out_of_turn.py'));
    expect(run.violations[0]).toMatchObject({ kind: 'out-of-turn' });
    expect(run.violations[0]?.line).toContain('I am well');
  });

  it('tells of a death its exit code, the last request and the end of stderr', async () => {
    const run = await pipe('echo', fixture('python/wrong_dies.py'));
    const [crash] = run.result.crashes;
    expect(crash?.message).toMatch(/exited with code 3; it was last told \{.*"type":"echo"/);
    expect(crash?.message).toContain('five is too much');
    expect(run.result.end).toBe('done');
  });
});
