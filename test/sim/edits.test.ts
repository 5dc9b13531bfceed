// Edits: each does what it says to what it names, nothing else, and whatever else is taken away.
import { describe, expect, it } from 'vitest';
import type { Message } from '../../src/node/message.js';
import type { Context } from '../../src/node/protocol.js';
import type { Edit } from '../../src/sim/edit.js';
import { acts, halves, keyOf, plain, run, second2 } from '../support/three-messages.js';
import {
  type Act,
  acting,
  clientsOf,
  effectsOf,
  type FaultAt,
  type Setting,
  second,
  type Watched,
  watch,
} from '../support/worlds.js';

describe('an edit of a message', () => {
  it('drops it', () => {
    const { notes, result } = run([{ edit: 'drop', message: second2() }]);
    expect(notes).toEqual([plain[0], plain[2]]);
    expect(result.counts.messages.all.dropped).toBe(1);
  });

  it('delays it: others overtake it', () => {
    const { notes } = run([{ edit: 'delay', message: second2(), byUs: 50_000 }]);
    expect(notes).toEqual([plain[0], plain[2], '62000 n1 a n0 2']);
  });

  it('delays it twice', () => {
    const delay = { edit: 'delay', message: second2(), byUs: 50_000 } as const;
    expect(run([delay, delay]).notes.at(-1)).toBe('112000 n1 a n0 2');
  });

  it('duplicates it: the copy comes after the original', () => {
    const { notes, result } = run([{ edit: 'duplicate', message: second2(), afterUs: 7 }]);
    expect(notes).toEqual([plain[0], plain[1], '12007 n1 a n0 2', plain[2]]);
    expect(result.counts.messages.all.duplicated).toBe(1);
  });

  it.each([
    ['loss', { network: { lossPpm: 1_000_000 } }],
    ['a partition', { faults: [halves] }],
    ['a hold', { faults: [[500, { ...halves[1], mode: 'hold' }]] }],
    ['slowness', { network: { latency: { shape: 'constant', us: second } } }],
    ['a broken connection', { faults: [halves], network: { transport: 'connection' } }],
  ] as [string, Setting][])('delivers it at once in spite of %s', (_, setting) => {
    const edits: Edit[] = [{ edit: 'deliver', message: second2(setting) }];
    const { notes } = run(edits, setting);
    expect(notes[0]).toBe('2000 n1 a n0 2');
  });

  it.each([
    ['loss', true, {}, [plain[0], plain[2]]],
    ['loss', false, { network: { lossPpm: 1_000_000 } }, [plain[1]]],
    ['latency', 5, {}, ['2005 n1 a n0 2', plain[0], plain[2]]],
    ['duplicate', true, {}, [plain[0], plain[1], plain[1], plain[2]]],
    [
      'duplicate',
      false,
      { network: { duplicatePpm: 1_000_000 } },
      [plain[0], plain[0], plain[1], plain[2], plain[2]],
    ],
  ] as [string, number | boolean, Setting, string[]][])(
    'chooses its %s: %s',
    (choice, value, setting, notes) => {
      const edits: Edit[] = [{ edit: 'choose', at: second2(setting), choice, value }];
      const edited = run(edits, setting);
      expect(edited.notes).toEqual(notes);
      expect(edited.result.edits).toEqual([true]);
    },
  );

  it('may be of a copy that the network made', () => {
    const setting: Setting = { network: { duplicatePpm: 1_000_000 } };
    const copies = run([], setting).steps.filter(
      ({ happening }) =>
        happening.kind === 'deliver' && (happening.message.body as { n?: number }).n === 2,
    );
    const keys = copies.map(({ key }) => key);
    expect(new Set(keys).size).toBe(2);
    for (const message of keys) {
      const { notes } = run([{ edit: 'drop', message }], setting);
      expect(notes.filter((note) => note.endsWith('2'))).toHaveLength(message === keys[0] ? 0 : 1);
    }
  });

  it('says whether it has found its message', () => {
    const edits: Edit[] = [
      { edit: 'drop', message: '0123456789abcdef' },
      { edit: 'delay', message: second2(), byUs: 1 },
    ];
    expect(run(edits).result.edits).toEqual([false, true]);
  });

  it('that finds nothing changes nothing', () => {
    const [edited, free] = [run([{ edit: 'drop', message: '0123456789abcdef' }]), run([])];
    expect(edited.result.digest).toBe(free.result.digest);
  });
});

describe('an edit of what a message says', () => {
  const alter = (setting: Setting = {}): Edit[] => [
    { edit: 'alter', message: second2(setting), body: { type: 'a', n: 22 } },
  ];

  it('changes what arrives, and when nothing', () => {
    const { notes, steps, result } = run(alter());
    expect(notes).toEqual([plain[0], '12000 n1 a n0 22', plain[2]]);
    expect(result.edits).toEqual([true]);
    // The sender has said what it has said.
    expect(effectsOf(steps, 'send').map(({ body }) => (body as { n?: number }).n)).toEqual([
      1, 2, 3,
    ]);
  });

  it('is in the digest from where it is sent on', () => {
    const digests = ({ steps }: Watched) => steps.map(({ digest }) => digest);
    const [free, edited] = [run([]), run(alter())];
    const sent = free.steps.findIndex(({ atUs }) => atUs === 2_000);
    const differs = digests(free).findIndex((digest, at) => digest !== digests(edited)[at]);
    expect(differs).toBe(sent);
  });

  it('counts for copies that the network makes, but for those with an edit of their own', () => {
    const setting: Setting = { network: { duplicatePpm: 1_000_000 } };
    expect(run(alter(setting), setting).notes.filter((note) => note.endsWith('22'))).toHaveLength(
      2,
    );
    const copy = run([], setting).steps.filter(
      ({ key, happening }) =>
        happening.kind === 'deliver' &&
        (happening.message.body as { n?: number }).n === 2 &&
        key !== second2(setting),
    )[0];
    const own: Edit = { edit: 'alter', message: copy?.key ?? '', body: { type: 'a', n: 222 } };
    const { notes } = run([own], setting);
    expect(notes.filter((note) => /2$/.test(note))).toEqual([
      '12000 n1 a n0 2',
      '12000 n1 a n0 222',
    ]);
  });

  it('gives each run a body of its own', () => {
    const edits = alter();
    const mutating = acting(acts, {
      on: {
        a(_, { body }, ctx) {
          ctx.note(String(body.n));
          (body as { n: number }).n = 0;
        },
      },
    });
    const notes = () => watch({ protocol: mutating, edits }).notes;
    expect([notes(), notes()].map((each) => each.includes('12000 n1 22'))).toEqual([true, true]);
  });

  it('may be of a type that nobody knows', () => {
    const { result } = run([{ edit: 'alter', message: second2(), body: { type: 'zzz' } }]);
    expect(result.unhandled).toEqual([{ type: 'zzz', count: 1 }]);
  });
});

describe('an edit of a client’s request', () => {
  const answering = {
    on: {
      ask: (_: unknown, m: Message, ctx: Context) => ctx.reply(m, { type: 'ask_ok' } as never),
    },
  };
  const asked = (clients: 'instant' | 'network', edits: (key: string) => Edit[]) => {
    const setting: Setting = {
      protocol: answering,
      clients: clientsOf({}),
      network: { clients },
      durationUs: second,
    };
    const free = watch(setting);
    const [, request] = effectsOf(free.steps, 'send').filter(({ dest }) => dest === 'n0');
    return watch({ ...setting, edits: edits(request?.key ?? '') });
  };

  it.each(['instant', 'network'] as const)('drops it when clients are %s', (clients) => {
    const { result } = asked(clients, (message) => [{ edit: 'drop', message }]);
    const ends = result.history.filter(({ type }) => type !== 'invoke').map(({ type }) => type);
    expect(ends.slice(0, 2)).toEqual(['ok', 'info']);
    expect(result.edits).toEqual([true]);
  });

  it.each(['instant', 'network'] as const)('delays it when clients are %s', (clients) => {
    const { result } = asked(clients, (message) => [{ edit: 'delay', message, byUs: 3_000 }]);
    const [, , invoked, ended] = result.history;
    const basicUs = clients === 'instant' ? 0 : 20_000;
    expect((ended?.timeUs ?? 0) - (invoked?.timeUs ?? 0)).toBe(basicUs + 3_000);
  });
});

describe('an edit of a set-up request', () => {
  const clients = clientsOf({
    setup: (nodes) => new Map(nodes.map((node) => [node, { type: 'hello' }])),
    generator: { init: 0, next: () => undefined },
  });
  const protocol = { on: { hello: (_: unknown, __: Message, ctx: Context) => ctx.note('hello') } };
  const told = (edits: readonly Edit[]) => watch({ protocol, clients, edits });

  it('drops it, or lets it come later or twice', () => {
    const { notes, steps } = told([]);
    expect(notes).toEqual(['0 n0 hello', '0 n1 hello']);
    const key = steps.find(({ happening }) => happening.kind === 'deliver')?.key ?? '';
    expect(told([{ edit: 'drop', message: key }]).notes).toEqual(['0 n1 hello']);
    expect(told([{ edit: 'delay', message: key, byUs: 7 }]).notes).toEqual([
      '0 n1 hello',
      '7 n0 hello',
    ]);
    const twice = told([{ edit: 'duplicate', message: key, afterUs: 5 }]);
    expect(twice.notes).toEqual(['0 n0 hello', '0 n1 hello', '5 n0 hello']);
    expect(twice.result.edits).toEqual([true]);
  });
});

describe('an edit of a draw', () => {
  const drawing: Act[] = [
    [1_000, 'n0', (ctx) => ctx.note([0, 1, 2].map(() => ctx.random.below(1_000)).join())],
    [2_000, 'n0', (ctx) => ctx.note([0, 1, 2].map(() => ctx.random.below(1_000)).join())],
  ];
  const drawn = (edits: readonly Edit[]) => watch({ protocol: acting(drawing), edits });

  it('decides that draw at that event, and no other draw anywhere', () => {
    const free = drawn([]);
    const at = free.steps.find(({ atUs }) => atUs === 1_000)?.key ?? '';
    const edited = drawn([{ edit: 'choose', at, choice: 'random#1', value: 777 }]);
    const [first = '', later] = free.notes;
    expect(edited.notes).toEqual([first.replace(/,\d+,/, ',777,'), later]);
    expect(edited.result.edits).toEqual([true]);
  });

  it('may be in init', () => {
    const protocol = {
      init(ctx: Context) {
        ctx.note(String(ctx.random.below(1_000)));
        return {};
      },
    };
    const at = watch({ protocol }).steps[0]?.key ?? '';
    const { notes } = watch({
      protocol,
      edits: [{ edit: 'choose', at, choice: 'random#0', value: 777 }],
    });
    expect(notes[0]).toBe('0 n0 777');
  });
});

describe('an edit that adds a fault', () => {
  it('lets it strike right after the event, for as long as it says', () => {
    const at = run([]).steps.find(({ happening }) => happening.kind === 'deliver')?.key ?? '';
    const pause = { f: 'pause', nodes: ['n1'] } as const;
    const { notes, result } = run([{ edit: 'fault', at, fault: pause, forUs: 1_500 }]);
    expect(notes).toEqual([plain[0], '12500 n1 a n0 2', plain[2]]);
    expect(result.faults).toMatchObject([{ id: 'edit-0', startUs: 11_000, endUs: 12_500 }]);
  });

  it('takes away what the event has just led to, if that is what it does', () => {
    const at = run([]).steps.find(({ atUs }) => atUs === 1_000)?.key ?? '';
    const crash = { f: 'crash', nodes: ['n0'], lost: 'all' } as const;
    const { notes } = run([{ edit: 'fault', at, fault: crash, forUs: undefined }]);
    expect(notes).toEqual([plain[0]]);
  });

  it('lets it strike once only, also after a message that is held and comes again', () => {
    const at = second2();
    const hold = { f: 'cut', links: [['n0', 'n1']], mode: 'hold' } as const;
    const fault = { f: 'restart', nodes: ['n0'] } as const;
    const edits: Edit[] = [{ edit: 'fault', at, fault, forUs: undefined }];
    const { result, notes } = run(edits, { faults: [[5_000, hold, second]] });
    expect(notes).toContain('1005000 n1 a n0 2');
    expect(result.faults.map(({ id }) => id)).toEqual(['f0', 'edit-0']);
  });
});

describe('an edit that leaves something out', () => {
  const faults: FaultAt[] = [halves, [2_500, { f: 'heal' }]];

  it('leaves out a fault, and no other', () => {
    const { notes, result } = run([{ edit: 'omit-fault', fault: 'f0' }], { faults });
    expect(notes).toEqual(plain);
    expect(result.faults.map(({ startUs }) => startUs)).toEqual([undefined, 2_500]);
    expect(result.edits).toEqual([true]);
  });

  it('leaves out an operation: all others keep their numbers, times and values', () => {
    const setting: Setting = { clients: clientsOf({}, { timeoutUs: 1_000 }), durationUs: second };
    const invoked = ({ result }: Watched) =>
      result.history
        .filter(({ type }) => type === 'invoke')
        .map(({ timeUs, value }) => [timeUs, value]);
    const all = invoked(watch(setting));
    const edited = watch({ ...setting, edits: [{ edit: 'omit-op', op: 2 }] });
    expect(invoked(edited)).toEqual(all.toSpliced(2, 1));
    expect(edited.result.edits).toEqual([true]);
  });

  it('says whether there was something to leave out', () => {
    const edits: Edit[] = [
      { edit: 'omit-op', op: 99 },
      { edit: 'omit-fault', fault: 'f9' },
    ];
    expect(run(edits).result.edits).toEqual([false, false]);
  });
});

describe('an edit', () => {
  it('still finds its message when another fault and another operation are left out', () => {
    const setting: Setting = {
      protocol: acting(acts, {
        on: { ask: (_, message, ctx) => ctx.send('n1', { type: 'b', n: message.body.value }) },
      }),
      clients: clientsOf({}, { timeoutUs: 1_000 }),
      durationUs: second,
      faults: [[200_000, { f: 'loss', ppm: 500_000, links: [['*', '*']] }, 300_000]],
    };
    const key = keyOf(watch(setting), 4);
    const edits: Edit[] = [
      { edit: 'omit-op', op: 1 },
      { edit: 'omit-fault', fault: 'f0' },
      { edit: 'delay', message: key, byUs: 55_555 },
    ];
    const [free, edited] = [
      watch({ ...setting, edits: edits.slice(0, 2) }),
      watch({ ...setting, edits }),
    ];
    expect(edited.result.edits).toEqual([true, true, true]);
    expect(free.notes.filter((note) => !edited.notes.includes(note))).toHaveLength(1);
    expect(edited.notes.filter((note) => !free.notes.includes(note))).toHaveLength(1);
  });
});
