// `stormglass trace` and `stormglass export`: a run for pipes and for other programs.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { cli, directoryWith, namesIn, scenarioText } from './harness.js';

const lossy = {
  about: 'A partition loses a value.',
  expect: 'set-full',
  protocol: 'broadcast/flood',
  workload: { name: 'broadcast', rate: 20, options: { topology: 'line' } },
  network: { latency: '10ms' },
  duration: '3s',
  faults: [{ at: '1s', for: '1s', fault: 'partition', components: [['n0'], ['n1', 'n2']] }],
};
const directory = directoryWith({ 'lossy.yaml': scenarioText(lossy) });
const file = join(directory, 'lossy.yaml');
const lines = async (...args: string[]): Promise<string[]> => {
  const { code, stdout, stderr } = await cli(['trace', file, ...args]);
  expect([code, stderr]).toEqual([0, '']);
  return stdout.trimEnd().split('\n');
};

describe('trace', () => {
  it('prints a row an event, under the names of the lanes', async () => {
    const rows = await lines();
    const { stdout } = await cli(['run', file]);
    const events = Number(/(\d+) events in/.exec(stdout)?.[1]);
    expect(rows[0]).toBe('  event     time  c*   n0   n1   n2');
    expect(rows).toHaveLength(events + 1);
  });

  it('prints a stretch, by numbers or times', async () => {
    const numbered = await lines('--from', '10', '--to', '13');
    expect(numbered.slice(1).map((line) => Number.parseInt(line, 10))).toEqual([10, 11, 12]);
    const timed = await lines('--from', '1s', '--to', '2s');
    expect(timed[1]).toContain('partition n0 | n1 n2');
    expect(timed.every((line) => !line.includes('ends:'))).toBe(true);
  });

  it('prints what is asked for, and says that there is no such node', async () => {
    const rows = await lines('--node', 'n1', '--grep', 'kind=deliver broadcast');
    expect(rows.length).toBeGreaterThan(3);
    expect(rows.slice(1).every((line) => line.includes('broadcast'))).toBe(true);
    const { code, stderr } = await cli(['trace', file, '--node', 'n7']);
    expect(code).toBe(64);
    expect(stderr).toContain('there is no node "n7"');
  });

  it('says why, and what would have changed the outcome', async () => {
    const rows = await lines('--why', 'violation');
    const text = rows.join('\n');
    expect(text).toMatch(/✗ set-full: lost: the value \d+/);
    expect(text).toMatch(/lost: the link is cut {2}→ delivered: this violation is gone/);
    expect(text).toMatch(/partition n0 \| n1 n2 {2}→ without it: the run is valid/);
    const cause = await lines('--why', '30');
    expect(cause.at(-1)).toMatch(/^ +30 /);
  });

  it('draws in ASCII, and reads a trace that a run wrote', async () => {
    const trace = join(directory, 'run.ndjson.gz');
    await cli(['run', file, '--trace', trace]);
    const { stdout } = await cli(['trace', trace, '--ascii']);
    expect(stdout).toMatch(/^[\n\x20-\x7e]*$/);
    const { code, stderr } = await cli(['trace', trace, '--seed', '2']);
    expect([code, stderr]).toEqual([64, expect.stringContaining('has a seed of its own')]);
  });

  it.each([
    ['--from', 'soon'],
    ['--why', '999999'],
  ])('refuses %s %s', async (flag, value) => {
    const { code, stderr } = await cli(['trace', file, flag, value]);
    expect([code, stderr]).toEqual([64, expect.stringContaining(value)]);
  });
});

describe('export', () => {
  const written = async (format: string): Promise<string> => {
    const out = join(directory, `out.${format}`);
    const { code, stdout } = await cli(['export', file, '--format', format, '--out', out]);
    expect([code, stdout]).toEqual([0, '']);
    return readFileSync(out, 'utf8');
  };

  it('writes a page that needs nothing else', async () => {
    const page = await written('html');
    expect(page).toContain('<input id="slider" type="range"');
    expect(page).not.toMatch(/(src|href)="http/);
    const facts = JSON.parse(/const facts = (.*);\n/.exec(page)?.[1] ?? '') as {
      states: [number, string, string][];
    };
    const last = facts.states.filter(([, node]) => node === 'n1').at(-1);
    expect(last?.[2]).toMatch(/^up\n\{/);
  });

  it('writes a picture that is well-formed', async () => {
    const text = await written('svg');
    const opened = [...text.matchAll(/<(g|svg|text|title|style)\b/g)].length;
    const closed = [...text.matchAll(/<\/(g|svg|text|title|style)>/g)].length;
    expect(opened).toBe(closed);
    expect(text).toContain('class="x"');
  });

  it('writes tracks, arrows that have both ends, and faults for Perfetto', async () => {
    const { traceEvents } = JSON.parse(await written('perfetto')) as {
      traceEvents: { ph: string; id?: number; ts?: number; dur?: number; cat?: string }[];
    };
    const flows = (ph: string) => traceEvents.filter((entry) => entry.ph === ph);
    expect(flows('s').length).toBeGreaterThan(20);
    expect(flows('s').map(({ id }) => id)).toEqual(flows('f').map(({ id }) => id));
    expect(traceEvents.find(({ cat }) => cat === 'fault')).toMatchObject({
      ts: 1_000_000,
      dur: 1_000_000,
    });
    expect(traceEvents.some(({ cat }) => cat === 'operation')).toBe(true);
  });

  it('writes vector clocks that ShiViz can read and that grow at each host', async () => {
    const text = await written('shiviz');
    const events = [...text.matchAll(/(?<event>.*)\n(?<host>\S*) (?<clock>\{.*\})\n/g)];
    expect(events.length * 2).toBe(text.trimEnd().split('\n').length);
    const own = new Map<string, number>();
    for (const { groups } of events) {
      const { host = '', clock = '{}' } = groups ?? {};
      const counts = JSON.parse(clock) as Record<string, number>;
      expect(counts[host]).toBe((own.get(host) ?? 0) + 1);
      own.set(host, counts[host] as number);
    }
  });

  it('writes a sequence diagram in which lost messages are crossed', async () => {
    const text = await written('mermaid');
    expect(text).toMatch(/^sequenceDiagram\n/);
    expect(text).toMatch(/p_n0-xp_n1: lost|p_n1-xp_n0: lost/);
    expect(text).toContain('Note over p_n0,p_n2: partition n0 | n1 n2');
  });

  it('refuses an unknown format and leaves nothing behind', async () => {
    const out = join(directory, 'none.htm');
    const { code, stderr } = await cli(['export', file, '--format', 'htm', '--out', out]);
    expect([code, existsSync(out)]).toEqual([64, false]);
    expect(stderr).toContain('did you mean "html"');
    expect(namesIn(directory).filter((name) => name.endsWith('.tmp'))).toEqual([]);
  });
});
