// Bad traces: one clear message, exit code 64, no stack, and nothing left behind.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, it } from 'vitest';
import { engineVersion } from '../../src/scenario/version.js';
import { cli, directoryWith, expectUsageError, scenarioText } from './harness.js';

const sound = (): string => join(directoryWith({ 'sound.yaml': scenarioText() }), 'sound.yaml');

/** A sound trace, to be spoilt. */
async function traceText(): Promise<string> {
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
