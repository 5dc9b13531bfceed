// Bad scenario files of every kind that we could think of: one clear message, exit code 64, no
// stack, and nothing left behind.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, expectUsageError, namesIn, scenarioText } from './harness.js';

/** What is wrong, the file's fields (or its text), and what the message must say. */
type BadScenario = readonly [
  claim: string,
  scenario: Readonly<Record<string, unknown>> | string | Uint8Array,
  message: RegExp,
];

const fault = (more: object) => ({
  faults: [{ at: '1s', fault: 'crash', nodes: ['n1'], ...more }],
});
const workload = (more: object) => ({ workload: { name: 'broadcast', ...more } });
const someKey = '0123456789abcdef';
const edited = (edit: object) => ({ edits: [edit] });
const altered = (body: unknown) => edited({ edit: 'alter', message: someKey, body });
const chosen = (choice: string, value: unknown) => ({
  edits: [{ edit: 'choose', at: '0123456789abcdef', choice, value }],
});

const badScenarios: readonly BadScenario[] = [
  ['an empty file', '', /is empty/],
  ['a file of comments', '# Nothing here.\n', /is empty/],
  ['a binary file', new Uint8Array([0x1f, 0x8b, 0, 1, 2, 255]), /is no text/],
  ['a list', '- a\n- b\n', /the file is a list; expected a map|the file is a list/],
  ['a number', '42\n', /the file is 42/],
  ['a syntax error', 'about: [unclosed\nversion: 1\n', /:\d+:\d+ {2}error/],
  ['a tab as indentation', 'workload:\n\tname: echo\n', /tab/],
  ['a duplicate key', `${scenarioText()}nodes: 4\n`, /there twice/],
  ['two documents', `${scenarioText()}---\nversion: 1\n`, /more than one document/],
  ['an unknown tag', `${scenarioText({ seed: undefined })}seed: !!js/function 'f'\n`, /tag/i],
  ['an alias without an anchor', `${scenarioText({ seed: undefined })}seed: *nobody\n`, /nobody/],
  ['an alias bomb', bomb(), /alias/i],
  ['no version', { version: undefined }, /"version" is missing/],
  ['a newer version', { version: 2 }, /"version" is 2[\s\S]*expected 1/],
  ['no about', { about: undefined }, /"about" is missing/],
  ['no expectation', { expect: undefined }, /"expect" is missing/],
  ['no protocol', { protocol: undefined }, /"protocol" is missing/],
  ['no nodes', { nodes: undefined }, /"nodes" is missing/],
  ['an unknown field', { durration: '2s' }, /unknown field "durration"[\s\S]*mean "duration"/],
  ['an unknown field inside', workload({ rat: 5 }), /unknown field "rat"[\s\S]*mean "rate"/],
  ['a duration without a unit', { duration: 20 }, /"duration" is 20[\s\S]*such as 250ms/],
  ['a duration in a foreign unit', { duration: '20 sec' }, /"duration" is "20 sec"/],
  ['a negative duration', { duration: '-5s' }, /"duration" is "-5s"/],
  ['a duration of nothing', { duration: '0s' }, /"duration" is "0s"[\s\S]*above zero/],
  ['a duration finer than a microsecond', { recovery: '0.5us' }, /"recovery" is "0.5us"/],
  ['a duration beyond time', { duration: '999999999999h' }, /"duration" is "999999999999h"/],
  ['a duration beyond reason', { duration: '501h' }, /"duration" is "501h"[\s\S]*500h at most/],
  [
    'an unknown protocol',
    { protocol: 'broadcast/flod' },
    /unknown protocol[\s\S]*broadcast\/flood"\?/,
  ],
  ['half of a protocol name', { protocol: 'flood' }, /did you mean "broadcast\/flood"/],
  ['a protocol without its ./', { protocol: 'mine.ts' }, /did you mean "\.\/mine\.ts"/],
  ['a module that is not there', { protocol: './nobody.mjs' }, /there is no module "\.\/nobody/],
  ['a module that throws', { protocol: './throws.mjs' }, /cannot be loaded: Error: oh no/],
  [
    'a module that does not parse',
    { protocol: './broken.mjs' },
    /"\.\/broken\.mjs" cannot be loaded/,
  ],
  ['a module without a protocol', { protocol: './empty.mjs' }, /exports no `protocol` but other/],
  ['half of a protocol', { protocol: './half.mjs' }, /whose `init` is no function/],
  [
    'an unknown option of a protocol',
    { protocol: { name: 'broadcast/flood-retry', options: { rety: '1s' } } },
    /has no option "rety"[\s\S]*mean "retry"/,
  ],
  [
    'an option of the wrong kind',
    { protocol: { name: 'broadcast/flood-retry', options: { retry: 5 } } },
    /"retry" is 5[\s\S]*a duration/,
  ],
  ['an unknown workload', { workload: 'brodcast' }, /unknown workload[\s\S]*mean "broadcast"/],
  [
    'a workload that does not fit',
    { workload: 'echo' },
    /does not serve workload echo[\s\S]*`echo`/,
  ],
  ['a negative rate', workload({ rate: -1 }), /"rate" is -1[\s\S]*from 0 to/],
  [
    'a rate that is no number',
    `${scenarioText({ workload: undefined })}workload: {name: broadcast, rate: .nan}\n`,
    /"rate" is NaN/,
  ],
  [
    'an infinite rate',
    `${scenarioText({ workload: undefined })}workload: {name: broadcast, rate: .inf}\n`,
    /"rate" is Infinity/,
  ],
  ['more operations than fit', { ...workload({ rate: 500_000 }), duration: '1h' }, /too many/],
  ['no clients at all', workload({ concurrency: 0 }), /"concurrency" is 0/],
  ['half a client', workload({ concurrency: 1.5 }), /"concurrency" is 1.5/],
  [
    'an unknown topology',
    workload({ options: { topology: 'gird' } }),
    /topology[\s\S]*mean "grid"/,
  ],
  ['zero nodes', { nodes: 0 }, /"nodes" is 0[\s\S]*whole number from 1/],
  ['absurdly many nodes', { nodes: 1e12 }, /"nodes" is 1000000000000/],
  ['duplicate node names', { nodes: ['a', 'b', 'a'] }, /two nodes "a"/],
  ['a node named like a client', { nodes: ['n0', 'c1'] }, /cannot be called "c1"[\s\S]*clients/],
  ['an empty list of nodes', { nodes: [] }, /"nodes" is an empty list/],
  ['an unknown fault', fault({ fault: 'crsh' }), /unknown fault "crsh"[\s\S]*mean "crash"/],
  ['a fault without a time', { faults: [{ fault: 'heal' }] }, /"at" is missing/],
  ['a fault at the end', fault({ at: '2s' }), /when all faults have ended/],
  ['a fault after the end', fault({ at: '1m' }), /when all faults have ended/],
  ['a fault at a node that is not', fault({ nodes: ['n7'] }), /no node "n7"[\s\S]*n0, n1 or n2/],
  ['a fault at one node twice', fault({ nodes: ['n1', 'n1'] }), /"n1" is named twice/],
  ['a fault at nobody', fault({ nodes: [] }), /"nodes" is an empty list/],
  ['a fault with a field of another', fault({ probability: '5%' }), /unknown field "probability"/],
  [
    'two faults of one name',
    { faults: [1, 2].map(() => ({ id: 'x', at: '1s', fault: 'heal' })) },
    /the id "x" is taken/,
  ],
  [
    'a link to nobody',
    { faults: [{ at: '1s', fault: 'cut', links: [['n0', 'n9']] }] },
    /no node "n9"/,
  ],
  [
    'a link with three ends',
    { faults: [{ at: '1s', fault: 'cut', links: [['n0', 'n1', 'n2']] }] },
    /pair of nodes/,
  ],
  ['a partition into nothing', { faults: [{ at: '1s', fault: 'partition' }] }, /names no groups/],
  [
    'a partition with overlap',
    { faults: [{ at: '1s', fault: 'partition', components: [['n0'], ['n0']] }] },
    /two places/,
  ],
  [
    'an unknown shape',
    { faults: [{ at: '1s', fault: 'partition', shape: 'halfs' }] },
    /unknown shape[\s\S]*"halves"/,
  ],
  [
    'a generator of unknown faults',
    { faults: [{ every: '1s', faults: ['crsh'] }] },
    /unknown fault "crsh"/,
  ],
  [
    'a generator of heals',
    { faults: [{ every: '1s', faults: ['heal'] }] },
    /heal cannot be drawn by chance/,
  ],
  [
    'a generator that ends first',
    { faults: [{ every: '1s', faults: ['crash'], from: '1s', until: '1s' }] },
    /not after "from"/,
  ],
  [
    'a generator without pause',
    { faults: [{ every: '0s', faults: ['crash'] }] },
    /"every" is "0s"/,
  ],
  [
    'an unknown milestone',
    { faults: [{ when: { state: 'leadr' }, fault: 'heal' }] },
    /unknown milestone "leadr"/,
  ],
  ['a share without a unit', { network: { loss: 0.05 } }, /"loss" is 0.05[\s\S]*such as 2%/],
  ['a share above the whole', { network: { loss: '101%' } }, /"loss" is "101%"/],
  [
    'a latency upside down',
    { network: { latency: { shape: 'uniform', min: '2s', max: '1s' } } },
    /"max" lies below "min"/,
  ],
  [
    'an unknown latency',
    { network: { latency: { shape: 'gaussian', mean: '1s' } } },
    /unknown shape "gaussian"/,
  ],
  ['an unknown transport', { network: { transport: 'tcp' } }, /unknown transport "tcp"/],
  ['a bandwidth of nothing', { network: { bandwidth: '0B/s' } }, /"bandwidth" is "0B\/s"/],
  ['an unknown checker', { checkers: ['set-ful'] }, /unknown checker[\s\S]*mean "set-full"/],
  ['a checker twice', { checkers: ['stats', 'stats'] }, /judges twice/],
  ['an expectation of nobody', { expect: 'linearizable' }, /no checker "linearizable" judges/],
  [
    'a checker option that is none',
    { checkers: [{ name: 'availability', options: { mini: '5%' } }] },
    /no option "mini"/,
  ],
  ['a seed that is a list', { seed: [1] }, /"seed" is a list/],
  [
    'a seed beyond whole numbers',
    `${scenarioText({ seed: undefined })}seed: 99999999999999999999\n`,
    /"seed" is/,
  ],
  ['an edit without a key', { edits: [{ edit: 'drop', message: 'xyz' }] }, /16 hexadecimal digits/],
  [
    'an unknown edit',
    { edits: [{ edit: 'drp', message: '0123456789abcdef' }] },
    /unknown edit "drp"/,
  ],
  ['a body without a type', altered({ n: 5 }), /the body has no "type"[\s\S]*a text/],
  ['a body with an odd type', altered({ type: 5 }), /its "type" is 5[\s\S]*a text/],
  ['a body that is no map', altered('add'), /"body" is "add"[\s\S]*a map/],
  [
    'a message that is to come before itself',
    edited({ edit: 'deliver-before', message: someKey, event: someKey }),
    /a message cannot come before itself/,
  ],
  ['a choice that nobody makes', chosen('latncy', 5), /choice "latncy"[\s\S]*mean "latency"/],
  ['a latency with a unit', chosen('latency', '5ms'), /"value" is "5ms"[\s\S]*microseconds/],
  ['a latency before the start', chosen('latency', -5), /"value" is -5[\s\S]*microseconds/],
  ['half a microsecond', chosen('latency', 1.5), /"value" is 1.5[\s\S]*microseconds/],
  ['a loss by number', chosen('loss', 1), /"value" is 1[\s\S]*true or false/],
  ['a draw that is no number', chosen('random#0', 'abc'), /"value" is "abc"[\s\S]*whole number/],
  [
    'a heal that lasts',
    { faults: [{ at: '1s', for: '1s', fault: 'heal' }] },
    /heal happens at once[\s\S]*no "for"/,
  ],
  ['an edit of no fault', { edits: [{ edit: 'omit-fault', fault: 'x' }] }, /there is no fault "x"/],
  ['limits of nothing', { limits: { events: 0 } }, /"events" is 0/],
];

/** Aliases of aliases of aliases: ten lines, ten billion items. */
function bomb(): string {
  const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x, x]'];
  for (let i = 1; i < 11; i++) {
    const aliases = Array.from({ length: 10 }, () => `*a${i - 1}`).join(', ');
    lines.push(`a${i}: &a${i} [${aliases}]`);
  }
  return `${lines.join('\n')}\n`;
}

const modules = {
  'throws.mjs': "throw new Error('oh no');\n",
  'broken.mjs': 'export const = 1;\n',
  'empty.mjs': 'export const other = 1;\n',
  'half.mjs': "export const protocol = { name: 'half', about: '', options: {}, on: {} };\n",
};

describe('a scenario file', () => {
  for (const [claim, scenario, message] of badScenarios) {
    it(`is refused if it is or has ${claim}`, async () => {
      const isText = typeof scenario === 'string' || scenario instanceof Uint8Array;
      const content = isText ? scenario : scenarioText(scenario as Record<string, unknown>);
      const directory = directoryWith({ ...modules, 'bad.yaml': content });
      const before = namesIn(directory);
      const trace = join(directory, 'out.ndjson');
      const result = await cli(['run', join(directory, 'bad.yaml'), '--trace', trace]);
      expectUsageError(result, message);
      expect(namesIn(directory)).toEqual(before);
    });
  }

  it('is told of all that is wrong with it at once, in the order of its lines', async () => {
    const directory = directoryWith({
      'bad.yaml': scenarioText({
        nodes: 0,
        protocol: 'nope',
        expect: 'nobody',
        faults: [{ at: 5 }],
      }),
    });
    const { stderr } = await cli(['run', join(directory, 'bad.yaml')]);
    const lines = [...stderr.matchAll(/bad\.yaml:(\d+):/g)].map((match) => Number(match[1]));
    expect(lines.length).toBeGreaterThanOrEqual(4);
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it('is told of ten problems at most', async () => {
    const fields = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`field${i}`, i]));
    const directory = directoryWith({ 'bad.yaml': scenarioText(fields) });
    const { stderr } = await cli(['run', join(directory, 'bad.yaml')]);
    expect([...stderr.matchAll(/unknown field/g)]).toHaveLength(10);
  });
});
