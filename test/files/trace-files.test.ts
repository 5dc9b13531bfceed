// Traces on disk: written in chunks, read row by row.
import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { readTrace } from '../../src/files/trace-reader.js';
import { openTrace } from '../../src/files/trace-writer.js';
import { type EventRow, headerRow, type TraceRow } from '../../src/scenario/trace-row.js';

const scenario = { version: 1, about: 'x', expect: 'valid', protocol: 'echo', nodes: 1 } as const;
const header = headerRow(scenario, '1', []);
const pathOf = (name: string) => join(mkdtempSync(join(tmpdir(), 'stormglass-trace-')), name);

const event = (index: number): EventRow => ({
  type: 'event',
  index,
  atUs: index,
  key: '0123456789abcdef',
  cause: -1,
  kind: 'start',
  node: 'n0',
  text: 'ü'.repeat(100),
  digest: '0123456789abcdef',
});

function write(path: string, count: number): void {
  const writer = openTrace(path, header);
  for (let index = 0; index < count; index++) writer.event(event(index));
  writer.end({ type: 'end', events: count, digest: '0123456789abcdef', verdict: true });
}

async function read(path: string): Promise<TraceRow[]> {
  const rows: TraceRow[] = [];
  for await (const batch of readTrace(path)) rows.push(...batch.map(({ row }) => row));
  return rows;
}

describe('a trace file', () => {
  it.each(['t.ndjson', 't.ndjson.gz'])('is read as it was written: %s', async (name) => {
    const path = pathOf(name);
    write(path, 20_000);
    const rows = await read(path);
    expect(rows).toHaveLength(20_002);
    expect(rows[0]).toEqual(header);
    expect(rows[12_345]).toEqual(event(12_344));
    expect(rows.at(-1)).toMatchObject({ type: 'end', events: 20_000 });
  });

  it('in gzip has several members, so that a run of any length is packed as it goes', () => {
    const path = pathOf('t.ndjson.gz');
    write(path, 20_000);
    const bytes = readFileSync(path);
    const magic = Buffer.from([0x1f, 0x8b, 0x08]);
    expect(bytes.indexOf(magic, 1)).toBeGreaterThan(0);
    expect(gunzipSync(bytes).toString().split('\n')).toHaveLength(20_003);
  });

  it('in gzip may be packed by others', async () => {
    const [plain, packed] = [pathOf('t.ndjson'), pathOf('t.ndjson.gz')];
    write(plain, 10);
    writeFileSync(packed, gzipSync(readFileSync(plain)));
    expect(await read(packed)).toHaveLength(12);
  });

  it('that is abandoned is not there', () => {
    const path = pathOf('t.ndjson');
    const writer = openTrace(path, header);
    for (let index = 0; index < 20_000; index++) writer.event(event(index));
    writer.abandon();
    expect(readdirSync(join(path, '..'))).toEqual([]);
  });

  it('comes in batches, the header alone', async () => {
    const path = pathOf('t.ndjson');
    write(path, 20_000);
    const sizes: number[] = [];
    for await (const batch of readTrace(path)) sizes.push(batch.length);
    expect(sizes[0]).toBe(1);
    expect(sizes.length).toBeGreaterThan(5);
  });

  it('numbers its lines', async () => {
    const path = pathOf('t.ndjson');
    write(path, 3);
    const lines: number[] = [];
    for await (const batch of readTrace(path)) lines.push(...batch.map(({ line }) => line));
    expect(lines).toEqual([1, 2, 3, 4, 5]);
  });
});
