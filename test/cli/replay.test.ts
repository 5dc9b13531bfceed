// `stormglass replay`: the same events again, or the first that differs.
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, scenarioText } from './harness.js';

/** A directory with a scenario and a trace of it. */
async function traced(args: readonly string[] = [], name = 'trace.ndjson'): Promise<string> {
  const directory = directoryWith({ 'small.yaml': scenarioText() });
  await cli(['run', join(directory, 'small.yaml'), '--trace', join(directory, name), ...args]);
  return join(directory, name);
}

/** Changes one event of a trace. */
function spoil(
  trace: string,
  index: number,
  change: (row: Record<string, unknown>) => object,
): void {
  const rows = readFileSync(trace, 'utf8').trimEnd().split('\n');
  rows[index + 1] = JSON.stringify(change(JSON.parse(rows[index + 1] ?? '')));
  writeFileSync(trace, `${rows.join('\n')}\n`);
}

const otherDigest = { digest: 'ffffffffffffffff' };

describe('a replay', () => {
  it('of a trace is identical', async () => {
    const trace = await traced();
    const { code, stdout } = await cli(['replay', trace]);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^identical {2}[\d,]+ events, digest [0-9a-f]{16}, seed 1\n/);
    expect(stdout.trimEnd().split('\n').at(-1)).toBe(`stormglass replay ${trace}`);
  });

  it('of a packed trace is identical', async () => {
    const { code } = await cli(['replay', await traced([], 'trace.ndjson.gz')]);
    expect(code).toBe(0);
  });

  it('takes the seed and the edits from the trace', async () => {
    const trace = await traced(['--seed', 'other', '--edit', 'omit-op 3']);
    const { code, stdout } = await cli(['replay', trace, '--json']);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ seed: 'other', identical: true });
  });

  it('of a run that met its limit is identical', async () => {
    const directory = directoryWith({ 'small.yaml': scenarioText({ limits: { events: 20 } }) });
    const trace = join(directory, 'trace.ndjson');
    await cli(['run', join(directory, 'small.yaml'), '--trace', trace]);
    const { stdout } = await cli(['replay', trace, '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ identical: true, events: 20 });
  });

  it('names the first event whose digest differs, with both digests', async () => {
    const trace = await traced();
    spoil(trace, 30, (row) => ({ ...row, ...otherDigest }));
    spoil(trace, 40, (row) => ({ ...row, ...otherDigest }));
    const { code, stdout } = await cli(['replay', trace]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/first +event 30 at [\d.]+ s on \w+/);
    expect(stdout).toMatch(/kind +deliver|kind +\w+/);
    expect(stdout).toMatch(/digests +ffffffffffffffff recorded, [0-9a-f]{16} replayed/);
  });

  it('says what of the event differs', async () => {
    const trace = await traced();
    const rows = readFileSync(trace, 'utf8').trimEnd().split('\n').slice(1, -1);
    const at = rows.findIndex((row) => /"effects":\[\{"effect":"send"/.test(row));
    spoil(trace, at, (row) => {
      const [send, ...rest] = row.effects as { body: object }[];
      return {
        ...row,
        ...otherDigest,
        effects: [{ ...send, body: { ...send?.body, x: 1 } }, ...rest],
      };
    });
    const { stdout, code } = await cli(['replay', trace, '--json']);
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      identical: false,
      mismatch: { index: at, label: expect.stringMatching(/^send #1 to \S+: body\.x$/), left: 1 },
    });
  });

  it('notices that it goes on where the trace ends', async () => {
    const trace = await traced();
    const rows = readFileSync(trace, 'utf8').trimEnd().split('\n');
    const cut = [
      ...rows.slice(0, 41),
      JSON.stringify({ type: 'end', events: 40, digest: '', verdict: true }),
    ];
    writeFileSync(trace, `${cut.join('\n')}\n`);
    const { code, stdout } = await cli(['replay', trace]);
    expect(code).toBe(3);
    expect(stdout).toMatch(/differs +end of the run/);
  });

  it('finds the modules of its scenario from where the trace lies', async () => {
    const protocol = `export const protocol = {
      name: 'mine', about: '', options: {}, init: () => ({ seen: [] }),
      on: {
        broadcast(state, message, ctx) {
          state.seen.push(message.body.message);
          ctx.reply(message, { type: 'broadcast_ok' });
        },
        read(state, message, ctx) {
          ctx.reply(message, { type: 'read_ok', messages: state.seen });
        },
      },
    };\n`;
    const directory = directoryWith({
      'mine.mjs': protocol,
      'small.yaml': scenarioText({ protocol: './mine.mjs', nodes: 1 }),
    });
    mkdirSync(join(directory, 'traces'));
    const trace = join(directory, 'traces/trace.ndjson');
    await cli(['run', join(directory, 'small.yaml'), '--trace', trace]);
    expect(readFileSync(trace, 'utf8')).toContain('"protocol":"../mine.mjs"');
    expect((await cli(['replay', trace])).code).toBe(0);
    const moved = directoryWith();
    cpSync(directory, join(moved, 'all'), { recursive: true });
    expect((await cli(['replay', join(moved, 'all/traces/trace.ndjson')])).code).toBe(0);
  });
});
