// `stormglass check`: the verdict on recorded histories, and one clear message for bad ones.
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { knownVerdicts, sharedHistories } from '../checkers/linearizable/shared-histories.js';
import { cli, directoryWith, namesIn } from './harness.js';

const fixture = (name: string): string =>
  fileURLToPath(new URL(`../../fixtures/histories/formats/${name}`, import.meta.url));

const verdicts: readonly (readonly [code: number, name: string, ...flags: string[]])[] = [
  [0, 'register.jsonl'],
  [1, 'register-bad.jsonl'],
  [0, 'intervals.jsonl', '--model', 'kv'],
  [1, 'intervals-bad.jsonl'],
  [0, 'history.edn', '--model', 'cas-register'],
  [1, 'cas-register-bad.edn', '--model', 'cas-register', '--format', 'knossos'],
  [0, 'list-append.edn', '--checker', 'list-append'],
  [0, 'etcd.log', '--model', 'cas-register'],
  [1, 'etcd-bad.log'],
  [0, 'kv.log', '--model', 'kv'],
  [1, 'kv-bad.log'],
];

const read = '{:process 0, :type :invoke, :f :read, :value nil}\n';
const ended = '{:process 0, :type :ok, :f :read, :value nil}\n';
const ndjson = (more: object): string =>
  `${JSON.stringify({ timeUs: 0, process: 0, type: 'invoke', f: 'read', ...more })}\n`;

const model = ['--model', 'register'];

type BadInput = readonly [
  claim: string,
  content: string | Uint8Array,
  message: RegExp,
  flags?: readonly string[],
];

const badInputs: readonly BadInput[] = [
  ['an empty file', '', /has no operations/],
  ['blank lines', ' \n\n', /has no operations/],
  ['an empty vector', '[]', /has no operations/],
  ['a binary file', new Uint8Array([0x5b, 0, 1, 2]), /is no text: it has zero bytes/],
  ['a file in another encoding', new Uint8Array([0x5b, 0xff, 0xfe]), /not in UTF-8/],
  ['prose', 'Once upon a time.\n', /:1:1 {2}error {2}\S+ is in no format/],
  ['a truncated vector', `[${read}`, /:2:1 {2}error {2}found the end[\s\S]*expected '\]'/],
  ['a truncated map', read.slice(0, 30), /:1:31 {2}error {2}found the end/],
  ['truncated JSON', ndjson({}).slice(0, 20), /:1:\d+ {2}error/],
  ['a completion without invocation', ended, /:1:11 {2}error[\s\S]*with an open operation/],
  ['two open operations of one process', read + read, /:2:11 {2}error[\s\S]*without an open op/],
  ['another function completed', read + ended.replace('read', 'write'), /:2:\d+ .*'write'/],
  [
    'times that run backwards',
    ndjson({ timeUs: 9 }) + ndjson({ process: 1, timeUs: 8 }),
    /:2:11 {2}error {2}found 8[\s\S]*a time not before 9/,
  ],
  ['NaN in JSON', ndjson({ value: 0 }).replace(':0}', ':NaN}'), /:1:\d+ {2}error {2}found 'NaN/],
  ['NaN in EDN', read.replace('nil', '##NaN'), /:1:46 {2}error[\s\S]*a finite number/],
  ['an unknown function', read.replace('read', 'reed'), /:1:32 {2}error {2}found reed/],
  ['a function of another model', read.replace('read', 'cas'), /register knows read, write/],
  ['a cas of one value', read.replace('read', 'cas'), /\[from, to\]/, ['-m', 'cas-register']],
  ['a value without its key', read, /as its value \[key, value\]/, ['-m', 'kv']],
  ['an unknown type', read.replace('invoke', 'start'), /:1:20 {2}error[\s\S]*:invoke, :ok/],
  ['an unknown field', ndjson({ proces: 1 }), /a field of operations/],
  ['a wrong format', read, /:1:2 {2}error[\s\S]*double quotes/, [...model, '--format', 'ndjson']],
  ['no model', read, /which model[\s\S]*--model with/, []],
  ['an unknown model', read, /no model "regster"[\s\S]*"register"\?/, ['-m', 'regster']],
  ['an unknown checker', read, /no checker "quue"[\s\S]*"queue"\?/, ['--checker', 'quue']],
  ['an unknown format', read, /no format "jepsn"[\s\S]*"jepsen"\?/, ['--format', 'jepsn']],
  [
    'an unknown strictness',
    read,
    /no strictness "maelstrm"/,
    [...model, '--strictness', 'maelstrm'],
  ],
  [
    'a strictness of a checker without',
    read,
    /judges in one way only/,
    ['-c', 'queue', '--strictness', 'maelstrom'],
  ],
  ['a model of a checker without', read, /has no models/, [...model, '--checker', 'queue']],
  ['a picture of a checker without', read, /no pictures/, ['-c', 'queue', '--html', 'x']],
  [
    'a model that is not that of the file',
    '{"model":"kv"}\n{"client":0,"key":1,"f":"get","call":0,"ret":1,"type":"ok"}\n',
    /is a history of the model kv, not of register/,
  ],
  [
    'a model in the file that there is not',
    '{"model":"kvv"}\n{"client":0,"key":1,"f":"get","call":0,"ret":1,"type":"ok"}\n',
    /names the model "kvv"/,
    [],
  ],
  [
    'a client with two operations at once',
    '{"client":0,"f":"read","call":0,"ret":5,"type":"ok"}\n'.repeat(2),
    /:2:\d+ {2}error[\s\S]*a client that is free at 0/,
  ],
  ['a place in a long line', `[${read.trim().repeat(9)}`, /h:1:61: found process 0/],
];

describe('check', () => {
  for (const [code, name, ...flags] of verdicts) {
    it(`ends with ${code} for ${name}`, async () => {
      const file = fixture(name);
      const result = await cli(['check', file, ...flags]);
      expect(result).toMatchObject({ code, stderr: '' });
      const last = result.stdout.trimEnd().split('\n').at(-1);
      expect(last).toBe(['stormglass check', file, ...flags].join(' '));
    });
  }

  for (const [claim, content, message, flags = model] of badInputs) {
    it(`says what is wrong with ${claim}`, async () => {
      const file = join(directoryWith({ h: content }), 'h');
      const { code, stdout, stderr } = await cli(['check', file, ...flags]);
      expect({ code, stdout }).toEqual({ code: 64, stdout: '' });
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/^\s+at /m);
    });
  }

  it('says that a directory is one, and that a file is missing', async () => {
    const directory = directoryWith();
    mkdirSync(join(directory, 'd'));
    const first = await cli(['check', join(directory, 'd'), ...model]);
    const second = await cli(['check', join(directory, 'nothing'), ...model]);
    expect([first.code, second.code]).toEqual([64, 64]);
    expect(first.stderr).toMatch(/is a directory/);
    expect(second.stderr).toMatch(/there is no such file/);
  });

  it('ends with 2 where nothing was acknowledged', async () => {
    const file = join(directoryWith({ h: read }), 'h');
    const { code, stdout } = await cli(['check', file, ...model]);
    expect(code).toBe(2);
    expect(stdout).toMatch(/no operation was acknowledged[\s\S]*verdict +unknown/);
  });

  it('prints one JSON document', async () => {
    const { stdout } = await cli(['check', fixture('kv-bad.log'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ format: 'kv-log', checker: 'linearizable', model: 'kv', valid: false },
      operations: { invoked: 2, ok: 2, fail: 0, info: 0, open: 0 },
      anomalies: [{ kind: 'not-linearizable', ops: [0, 1, 2, 3] }],
    });
  });

  it('draws what is wrong, and leaves nothing else behind', async () => {
    const directory = directoryWith();
    const html = join(directory, 'why.html');
    const { code, stdout } = await cli(['check', fixture('etcd-bad.log'), '--html', html]);
    expect(code).toBe(1);
    expect(stdout).toContain(`picture   ${html}`);
    expect(readFileSync(html, 'utf8')).toMatch(/^<!doctype html>/);
    expect(namesIn(directory)).toEqual(['why.html']);
  });

  it.each(['register.jsonl', 'etcd-bad.log', 'history.edn'])(
    'judges %s packed, and piped in, as it judges the file',
    async (name) => {
      const flags = name === 'history.edn' ? ['--model', 'cas-register'] : [];
      const content = readFileSync(fixture(name));
      const packed = join(directoryWith({ 'h.gz': gzipSync(content) }), 'h.gz');
      const plain = await cli(['check', fixture(name), ...flags, '--json']);
      const file = await cli(['check', packed, ...flags, '--json']);
      const pipe = await cli(['check', '-', ...flags, '--json'], { stdin: gzipSync(content) });
      const text = await cli(['check', '-', ...flags, '--json'], { stdin: content });
      const verdictOf = ({ stdout }: { stdout: string }) => {
        const { file: _, repro: __, ...verdict } = JSON.parse(stdout);
        return verdict;
      };
      for (const other of [file, pipe, text]) {
        expect(other).toMatchObject({ code: plain.code, stderr: '' });
        expect(verdictOf(other)).toEqual(verdictOf(plain));
      }
    },
  );

  it('says what is wrong with what is packed, or piped in', async () => {
    const packed = gzipSync(read + ended);
    const short = join(directoryWith({ h: packed.subarray(0, -12) }), 'h');
    const damaged = join(directoryWith({ h: packed.fill(0, 12, 20) }), 'h');
    expect(await cli(['check', short, ...model])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/cannot unpack .*: it ends too early/),
    });
    expect(await cli(['check', damaged, ...model])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/cannot unpack .*: it is damaged/),
    });
    expect(await cli(['check', '-', ...model], { stdin: ended })).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/standard input:1:11: found process 0/),
    });
    expect(await cli(['check', '-', ...model])).toMatchObject({
      code: 64,
      stderr: expect.stringMatching(/standard input has no operations/),
    });
  });

  it('stops before operations fill the memory', async () => {
    const file = join(directoryWith({ h: (read + ended).repeat(9) }), 'h');
    const { code, stderr } = await cli(['check', file, ...model], { usedBytes: 2.1e9 });
    expect(code).toBe(64);
    expect(stderr).toMatch(/operations of \S+ do not fit into 2000 MB; 100 % was read/);
    expect(stderr).toMatch(/one key at a time/);
  });

  it('says on a terminal how long a checker will take', async () => {
    // Its path must fit into the line, wherever this checkout lies.
    const content = readFileSync(fixture('list-append.edn'), 'utf8');
    const file = join(directoryWith({ 'h.edn': content }), 'h.edn');
    const options = { tty: true, tickMs: 600 };
    const { stderr } = await cli(['check', file, '--checker', 'list-append'], options);
    expect(stderr).toMatch(/checking \d+ lines of \S+ 50\.0 % · \d+ s left/);
  });

  it('judges as Maelstrom does where that is asked for', async () => {
    const written = read.replace(':read, :value nil', ':write, :value 1');
    const content = written + written.replace('invoke', 'ok') + read + ended;
    const file = join(directoryWith({ h: content }), 'h');
    const ours = await cli(['check', file, ...model]);
    const theirs = await cli(['check', file, ...model, '--strictness', 'maelstrom']);
    expect([ours.code, theirs.code]).toEqual([1, 0]);
    expect(theirs.stdout.trimEnd()).toMatch(/--model register --strictness maelstrom$/);
  });

  it('draws nothing where nothing is wrong', async () => {
    const html = join(directoryWith(), 'why.html');
    const { stdout } = await cli(['check', fixture('etcd.log'), '--html', html]);
    expect(stdout).toMatch(/picture +none/);
    expect(existsSync(html)).toBe(false);
  });

  it('says on a terminal how much is read and how long the rest takes', async () => {
    const file = join(directoryWith({ h: (read + ended).repeat(15_000) }), 'h');
    const { stderr } = await cli(['check', file, ...model], { tty: true, tickMs: 600 });
    expect(stderr).toMatch(/reading \S+ \d+\.\d % · \d+ s left/);
    expect(stderr).toMatch(/checking \S+ lines of \S+ \d+\.\d % · \d+ s left/);
  });

  it('ends at a signal', async () => {
    const result = await cli(['check', fixture('kv.log')], { signalAt: ['SIGINT', 1] });
    expect(result).toMatchObject({ code: 130, stdout: '' });
  });
});

const folder =
  process.env.STORMGLASS_HISTORIES ??
  fileURLToPath(new URL('../../../shared/histories/', import.meta.url));

describe.skipIf(sharedHistories.length === 0)('check of shared histories', () => {
  it.each([...sharedHistories])('decides %s', async (name) => {
    const expected = knownVerdicts().get(name.replace('.jsonl', '')) ? 0 : 1;
    const { code } = await cli(['check', join(folder, name)]);
    expect(code).toBe(expected);
  });
});
