// The node programs of fixtures/nodes/javascript: right ones answer rightly, wrong ones are told
// from them by what the host reports.
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type Asked, talk } from './cluster.js';

const program = (name: string): string =>
  fileURLToPath(new URL(`../../../fixtures/nodes/javascript/${name}`, import.meta.url));

/** What was answered, without times and message numbers. */
function bodies(answers: readonly string[]): unknown[] {
  return answers.map((answer) => {
    const { msg_id, in_reply_to, ...body } = JSON.parse(answer.replace(/^\S+ \S+ /, ''));
    return body;
  });
}

const echo = (count: number): Asked[] =>
  Array.from({ length: count }, (_, i) => [100 * (i + 1), 'n0', { type: 'echo', echo: `e${i}` }]);

describe('right programs', () => {
  it('echo: answers what it was told, two hops later', () => {
    const { answers } = talk(program('echo.js'), echo(1));
    expect(answers).toEqual(
      ['120 n0 {"echo":"e0","msg_id":1,"in_reply_to":0,"type":"echo_ok"}'].map(() =>
        expect.stringMatching(/^120 n0 .*"echo":"e0"/),
      ),
    );
  });

  it('unique-ids: never the same id, and the same ids again for the same seed', () => {
    const asked: Asked[] = Array.from({ length: 30 }, (_, i) => [
      i,
      `n${i % 3}`,
      { type: 'generate' },
    ]);
    const ids = (seed: string) =>
      bodies(talk(program('unique-ids/main.js'), asked, { count: 3, seed }).answers).map(
        (body) => (body as { id: string }).id,
      );
    expect(new Set(ids('1')).size).toBe(30);
    expect(ids('1')).toEqual(ids('1'));
    expect(ids('1')).not.toEqual(ids('2'));
  });

  it('broadcast: tries again until a partition has healed', () => {
    const topology = { n0: ['n1'], n1: ['n0', 'n2'], n2: ['n1'] };
    const asked: Asked[] = [
      ...[0, 1, 2].map((i): Asked => [1, `n${i}`, { type: 'topology', topology }]),
      [100, 'n0', { type: 'broadcast', message: 7 }],
      [2_000, 'n2', { type: 'read' }],
      [9_000, 'n2', { type: 'read' }],
    ];
    const cut = {
      f: 'partition',
      components: [['n0', 'n1', 'tester'], ['n2']],
      mode: 'drop',
    } as const;
    const faults = [[50_000, cut, 1_900_000]] as const;
    const { answers } = talk(program('broadcast/main.mjs'), asked, { count: 3, faults });
    expect(bodies(answers).slice(-2)).toEqual([
      { type: 'read_ok', messages: [] },
      { type: 'read_ok', messages: [7] },
    ]);
  });

  it('g-counter: sums over nodes, by way of seq-kv', () => {
    const asked: Asked[] = [
      [100, 'n0', { type: 'add', delta: 3 }],
      [100, 'n1', { type: 'add', delta: 4 }],
      [500, 'n2', { type: 'read' }],
    ];
    const { answers } = talk(program('g-counter.js'), asked, { count: 3 });
    expect(bodies(answers).at(-1)).toEqual({ type: 'read_ok', value: 7 });
  });

  it('lin-kv: passes on what the service says, errors too', () => {
    const asked: Asked[] = [
      [100, 'n0', { type: 'read', key: 1 }],
      [200, 'n0', { type: 'write', key: 1, value: 5 }],
      [300, 'n1', { type: 'cas', key: 1, from: 5, to: 6 }],
      [400, 'n1', { type: 'cas', key: 1, from: 5, to: 6 }],
      [500, 'n0', { type: 'read', key: 1 }],
    ];
    const { answers } = talk(program('lin-kv.js'), asked, { count: 2 });
    expect(bodies(answers)).toMatchObject([
      { type: 'error', code: 20 },
      { type: 'write_ok' },
      { type: 'cas_ok' },
      { type: 'error', code: 22 },
      { type: 'read_ok', value: 6 },
    ]);
  });

  it('kafka: offsets in order, polls from them, commits', () => {
    const asked: Asked[] = [
      [100, 'n0', { type: 'send', key: 'a', msg: 11 }],
      [110, 'n0', { type: 'send', key: 'a', msg: 12 }],
      [120, 'n0', { type: 'poll', offsets: { a: 1 } }],
      [130, 'n0', { type: 'commit_offsets', offsets: { a: 1 } }],
      [140, 'n0', { type: 'list_committed_offsets', keys: ['a', 'b'] }],
    ];
    expect(bodies(talk(program('kafka.mjs'), asked).answers)).toEqual([
      { type: 'send_ok', offset: 0 },
      { type: 'send_ok', offset: 1 },
      { type: 'poll_ok', msgs: { a: [[1, 12]] } },
      { type: 'commit_offsets_ok' },
      { type: 'list_committed_offsets_ok', offsets: { a: 1 } },
    ]);
  });

  it.each(['txn-rw-register.ts', 'txn-list-append.js'])('%s: reads what was written', (name) => {
    const f = name.includes('append') ? 'append' : 'w';
    const asked: Asked[] = [
      [
        100,
        'n0',
        {
          type: 'txn',
          txn: [
            ['r', 1, null],
            [f, 1, 5],
          ],
        },
      ],
      [300, 'n1', { type: 'txn', txn: [['r', 1, null]] }],
    ];
    const seen = f === 'w' ? 5 : [5];
    expect(bodies(talk(program(name), asked, { count: 2 }).answers)).toEqual([
      {
        type: 'txn_ok',
        txn: [
          ['r', 1, null],
          [f, 1, 5],
        ],
      },
      { type: 'txn_ok', txn: [['r', 1, seen]] },
    ]);
  });

  it.each(['g-set.mjs', 'pn-counter.cjs'])('%s: what one adds the other has', (name) => {
    const add = name.startsWith('g') ? { element: 4 } : { delta: -4 };
    const asked: Asked[] = [
      [100, 'n0', { type: 'add', ...add }],
      [900, 'n1', { type: 'read' }],
    ];
    const value = name.startsWith('g') ? [4] : -4;
    const { answers } = talk(program(name), asked, { count: 2 });
    expect(bodies(answers)).toEqual([{ type: 'add_ok' }, { type: 'read_ok', value }]);
  });

  it('lock: held by one at a time', () => {
    const asked: Asked[] = [
      [100, 'n1', { type: 'acquire', lock: 1, client: 'a' }],
      [200, 'n0', { type: 'acquire', lock: 1, client: 'b' }],
      [300, 'n0', { type: 'release', lock: 1, client: 'tester' }],
      [400, 'n0', { type: 'acquire', lock: 1, client: 'b' }],
    ];
    const types = bodies(talk(program('lock.mjs'), asked, { count: 2 }).answers);
    expect(types).toMatchObject([
      { type: 'acquire_ok' },
      { type: 'error', code: 22 },
      { type: 'release_ok' },
      { type: 'acquire_ok' },
    ]);
  });
});

describe('wrong programs', () => {
  it('garbage: each line is reported, and the run goes on', () => {
    const { answers, log, notes, states } = talk(program('wrong/garbage.js'), echo(2));
    expect(bodies(answers)).toHaveLength(2);
    expect(log.filter(({ kind }) => kind === 'garbage').map(({ text }) => text)).toEqual([
      'line 2 of stdout is no message, it is no JSON: got e0',
      'line 3 of stdout is no message, it is no JSON object: [1, 2]',
      'line 4 of stdout is no message, `src` should be a string: {"dest": 5}',
      'line 5 of stdout is no message, it is no JSON: {"src": "n0", "dest": "c1"',
      'line 7 of stdout is no message, it is no JSON: got e1',
      'line 8 of stdout is no message, it is no JSON object: [1, 2]',
      'line 9 of stdout is no message, `src` should be a string: {"dest": 5}',
      'line 10 of stdout is no message, it is no JSON: {"src": "n0", "dest": "c1"',
    ]);
    expect(notes.filter((note) => note.includes('is no message'))).toHaveLength(8);
    expect(states).toMatchObject([{ garbage: 8, printed: 11 }]);
  });

  it('exits: answers the tenth request, and is gone after it', () => {
    const { answers, crashes } = talk(program('wrong/exits.js'), echo(12));
    expect(answers).toHaveLength(10);
    const message = 'the program ended with code 1, process.exit(1)';
    expect(crashes).toMatchObject([{ node: 'n0', message }]);
  });

  it('throws: the crash names the error, the file and the line', () => {
    const { answers, crashes } = talk(program('wrong/throws.mjs'), echo(4));
    expect(answers).toHaveLength(2);
    expect(crashes[0]?.message).toMatch(
      /ended with code 1, unhandled rejection: TypeError: the third .* \(throws\.mjs:10:\d+\)$/,
    );
    expect(crashes[0]?.stack).toMatch(
      /^TypeError: the third .*\n {4}at .*answer .*throws\.mjs:10:/,
    );
    expect(crashes[0]?.stack).not.toMatch(/stormglass|src\/maelstrom/);
  });

  it('double-reply and out-of-turn: what they say arrives, and what is odd is warned of', () => {
    expect(talk(program('wrong/double-reply.js'), echo(1)).answers).toHaveLength(2);
    const { answers, log } = talk(program('wrong/out-of-turn.js'), echo(1));
    expect(bodies(answers)).toEqual([
      { type: 'echo_ok', echo: '' },
      { type: 'echo_ok', echo: 'e0' },
    ]);
    expect(log).toMatchObject([
      { kind: 'warning', text: expect.stringMatching(/^n0 says .* "n9"/) },
    ]);
  });

  it('network: refused, with module, function and line', () => {
    const { answers, log } = talk(program('wrong/network.js'), echo(1));
    expect(bodies(answers)).toMatchObject([
      { type: 'error', text: expect.stringMatching(/^http\.get/) },
    ]);
    expect(log[0]).toMatchObject({
      kind: 'refused',
      text: expect.stringMatching(
        /^http\.get is refused here: a hosted program has no network .*network\.js:7:8\)$/,
      ),
    });
  });

  it('silent and idle: the node crashes, and says why', () => {
    expect(talk(program('wrong/silent.js'), []).crashes[0]?.message).toBe(
      'the program did not answer init with init_ok in 10 s',
    );
    expect(talk(program('wrong/idle.js'), []).crashes[0]?.message).toMatch(
      /^the program ended with code 0, nothing was left to wait for/,
    );
  });

  it('duplicate-ids, forgetful-counter, stale-kv: they do what is wrong with them', () => {
    const ids = talk(
      program('wrong/duplicate-ids.js'),
      [
        [100, 'n0', { type: 'generate' }],
        [100, 'n1', { type: 'generate' }],
      ],
      { count: 2 },
    );
    expect(bodies(ids.answers)).toEqual([
      { type: 'generate_ok', id: 1 },
      { type: 'generate_ok', id: 1 },
    ]);
    const counter = talk(
      program('wrong/forgetful-counter.js'),
      [
        [100, 'n0', { type: 'add', delta: 3 }],
        [200, 'n1', { type: 'read' }],
      ],
      { count: 2 },
    );
    expect(bodies(counter.answers).at(-1)).toEqual({ type: 'read_ok', value: 0 });
    const kv = talk(
      program('wrong/stale-kv.js'),
      [
        [100, 'n0', { type: 'write', key: 1, value: 1 }],
        [200, 'n0', { type: 'read', key: 1 }],
        [300, 'n1', { type: 'write', key: 1, value: 2 }],
        [400, 'n0', { type: 'read', key: 1 }],
      ],
      { count: 2 },
    );
    expect(bodies(kv.answers).at(-1)).toEqual({ type: 'read_ok', value: 1 });
  });

  it('broadcast-no-retry: what a partition took never arrives', () => {
    const topology = { n0: ['n1'], n1: ['n0'] };
    const cut = { f: 'partition', components: [['n0', 'tester'], ['n1']], mode: 'drop' } as const;
    const { answers } = talk(
      program('wrong/broadcast-no-retry.js'),
      [
        ...[0, 1].map((i): Asked => [1, `n${i}`, { type: 'topology', topology }]),
        [100, 'n0', { type: 'broadcast', message: 7 }],
        [9_000, 'n1', { type: 'read' }],
      ],
      { count: 2, faults: [[50_000, cut, 1_900_000]] },
    );
    expect(bodies(answers).at(-1)).toEqual({ type: 'read_ok', messages: [] });
  });
});
