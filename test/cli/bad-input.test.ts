// Bad input of every kind that we could think of: one clear message, exit code 64, no stack, and
// nothing left behind.
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { engineVersion } from '../../src/scenario/version.js';
import { cli, directoryWith, namesIn, scenarioText } from './harness.js';

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
  ['a run longer than time', { duration: '18000h' }, /longer than virtual time/],
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

function expectUsageError(
  result: { code: number; stdout: string; stderr: string },
  message: RegExp,
) {
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/error {2}/);
  expect(result.stderr).not.toMatch(/^\s+at |node:internal|\.js:\d+:\d+\)/m);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(64);
}

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

type BadCommand = readonly [claim: string, args: readonly string[], message: RegExp];

const sound = (): string => join(directoryWith({ 'sound.yaml': scenarioText() }), 'sound.yaml');

const badCommands: readonly BadCommand[] = [
  ['an unknown command', ['rnu', 'x.yaml'], /unknown command 'rnu'[\s\S]*mean "run"/],
  ['an unknown option', ['run', '--sed', '1', 'x.yaml'], /unknown option '--sed'[\s\S]*"--seed"/],
  ['no file', ['run'], /missing required argument 'file'/],
  ['a file too many', ['run', 'a.yaml', 'b.yaml'], /too many arguments/],
  ['an option without its value', ['run', 'a.yaml', '--seed'], /argument missing/],
  ['a file that is not there', ['run', 'nobody.yaml'], /there is no scenario file "nobody.yaml"/],
  ['a name nearly right', ['run', 'broadcast-no-rety'], /did you mean "broadcast-no-retry"/],
  ['a directory', ['run', '/'], /is a directory/],
  ['an empty seed', ['run', sound(), '--seed', ''], /the seed is ""/],
  ['a seed with a line feed', ['run', sound(), '--seed', 'a\nb'], /the seed is "a\\nb"/],
  ['an endless seed', ['run', sound(), '--seed', 'x'.repeat(300)], /the seed is "xxx/],
  ['an unknown edit', ['run', sound(), '--edit', 'drp x'], /unknown edit "drp"[\s\S]*mean "drop"/],
  ['an edit of a bad key', ['run', sound(), '--edit', 'drop 12'], /"message" is "12"/],
  ['an edit of too few words', ['run', sound(), '--edit', 'delay'], /expected delay MESSAGE BY/],
  ['an edit that is no YAML', ['run', sound(), '--edit', '{edit: '], /--edit "\{edit: "/],
  [
    'an edit at nobody',
    ['run', sound(), '--edit', "{edit: fault, at: '0123456789abcdef', fault: crash, nodes: [n9]}"],
    /no node "n9"/,
  ],
  ['no seeds', ['check-determinism', sound(), '--seeds', '0'], /--seeds is "0"/],
  ['half a seed', ['check-determinism', sound(), '--seeds', '1.5'], /--seeds is "1.5"/],
  ['an unknown list', ['list', 'protocol'], /no list of "protocol"[\s\S]*mean "protocols"/],
  ['a trace that is not there', ['replay', 'nobody.ndjson'], /there is no such file/],
  ['a trace that is a directory', ['replay', '/'], /is a directory/],
  ['a scenario for a trace', ['replay', sound()], /is no trace/],
];

describe('the command line', () => {
  for (const [claim, args, message] of badCommands) {
    it(`refuses ${claim}`, async () => {
      expectUsageError(await cli(args), message);
    });
  }

  it('refuses to write a trace where there is no directory', async () => {
    const result = await cli(['run', sound(), '--trace', '/nowhere/at/all.ndjson']);
    expectUsageError(result, /cannot write trace .*: there is no such file or directory/);
  });

  it('refuses to write a trace over a directory', async () => {
    const directory = directoryWith();
    mkdirSync(join(directory, 'there'));
    const result = await cli(['run', sound(), '--trace', join(directory, 'there')]);
    expectUsageError(result, /there is a directory/);
    expect(namesIn(directory)).toEqual(['there']);
  });

  it('refuses to write a trace into a file', async () => {
    const directory = directoryWith({ file: '' });
    const result = await cli(['run', sound(), '--trace', join(directory, 'file/trace.ndjson')]);
    expectUsageError(result, /part of the path is not a directory/);
  });

  it.skipIf(process.getuid?.() === 0)('refuses a file without permission', async () => {
    const file = sound();
    chmodSync(file, 0);
    expectUsageError(await cli(['run', file]), /permission is denied/);
  });
});

/** A sound trace, to be spoilt. */
async function traceText(): Promise<string> {
  const { readFileSync } = await import('node:fs');
  const directory = directoryWith();
  const trace = join(directory, 'trace.ndjson');
  await cli(['run', sound(), '--trace', trace]);
  return readFileSync(trace, 'utf8');
}

type BadTrace = readonly [
  claim: string,
  spoil: (text: string) => string | Uint8Array,
  message: RegExp,
  name?: string,
];

const headerWith = (more: object) => (text: string) => {
  const [header = '', ...rest] = text.split('\n');
  return [JSON.stringify({ ...JSON.parse(header), ...more }), ...rest].join('\n');
};

const line = (number: number, change: (row: string) => string) => (text: string) =>
  text
    .split('\n')
    .map((row, at) => (at === number - 1 ? change(row) : row))
    .join('\n');

const badTraces: readonly BadTrace[] = [
  ['is empty', () => '', /is no trace: it is empty/],
  ['is another JSON', () => '{"a": 1}\n', /is no trace: its first line is no header/],
  [
    'is from another engine',
    headerWith({ stormglass: '0' }),
    new RegExp(`engine version 0[\\s\\S]*expected engine version ${engineVersion}`),
  ],
  ['has a newer format', headerWith({ format: 2 }), /has format 2[\s\S]*newer stormglass/],
  ['has a strange format', headerWith({ format: 'x' }), /has format x/],
  ['lacks its seed', headerWith({ seed: undefined }), /damaged at line 1/],
  [
    'has an unsound scenario',
    headerWith({ scenario: { version: 1 } }),
    /scenario\.about[\s\S]*missing/,
  ],
  ['has unsound edits', headerWith({ edits: [{ edit: 'x' }] }), /unknown edit "x"/],
  [
    'names a protocol that is unknown',
    (text) => text.replace('broadcast/flood-retry', 'nobody/knows'),
    /unknown protocol/,
  ],
  ['lacks its end', (text) => text.replace(/\{"type":"end".*\n$/, ''), /truncated after line \d+/],
  ['is cut within a line', (text) => text.slice(0, -20), /truncated after line \d+/],
  ['is cut within its header', (text) => text.slice(0, 100), /is no trace/],
  ['goes on after its end', (text) => `${text}{"type":"event"}\n`, /more after its end/],
  [
    'has a line that is no JSON',
    line(9, () => '{"type":"event",,'),
    /damaged at line 9: this line is not JSON/,
  ],
  [
    'has a row of another type',
    line(9, () => '{"type":"x"}'),
    /damaged at line 9: this row is of type "x"/,
  ],
  [
    'lacks an event',
    line(9, (row) => row.replace(/"index":7/, '"index":8')),
    /damaged at line 9: events are missing/,
  ],
  ['is not packed as its name says', (text) => text, /not in gzip/, 'trace.ndjson.gz'],
  ['is packed and cut', (text) => gzipSync(text).subarray(0, -30), /truncated/, 'trace.ndjson.gz'],
  ['is packed and corrupt', corruptGzip, /corrupt|truncated|damaged|not JSON/, 'trace.ndjson.gz'],
];

function corruptGzip(text: string): Uint8Array {
  const bytes = gzipSync(text);
  bytes.fill(0x55, Math.floor(bytes.length / 2), Math.floor(bytes.length / 2) + 40);
  return bytes;
}

describe('a trace', () => {
  for (const [claim, spoil, message, name = 'trace.ndjson'] of badTraces) {
    it(`is refused if it ${claim}`, async () => {
      const directory = directoryWith();
      writeFileSync(join(directory, name), spoil(await traceText()));
      expectUsageError(await cli(['replay', join(directory, name)]), message);
    });
  }
});
