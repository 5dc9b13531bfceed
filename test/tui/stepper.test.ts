// The stepper at a terminal: what is on the screen's cells, after which keys.
import { describe, expect, it } from 'vitest';
import { brokenBroadcast } from '../support/tracks.js';
import { type Opened, open } from './terminal.js';

const cursorLine = ({ screen }: Opened): string =>
  screen().find((line) => line.startsWith('❯')) ?? '';
const event = (opened: Opened): number => Number(/event (\d+)\//.exec(opened.text())?.[1]);
const last = (opened: Opened): number => Number(/event \d+\/(\d+)/.exec(opened.text())?.[1]);
const said = ({ screen }: Opened): string => screen().at(-2) ?? '';

const retries = {
  ...brokenBroadcast,
  expect: 'valid',
  protocol: 'broadcast/flood-retry',
} as typeof brokenBroadcast;

describe('the first screen', () => {
  it('shows the run, the rows, the state of a node and the keys', async () => {
    const opened = await open(brokenBroadcast);
    const lines = opened.screen();
    expect(lines[0]).toMatch(/^ test {2}seed 1 {2}main {2}event 0\/\d+ {2}0\.000 s +✗ \d+$/);
    expect(lines[1]).toMatch(/░/);
    expect(lines[2]).toMatch(/^ {2}event {5}time {2}c\* {3}n0 {3}n1 {3}n2 {3}\[all: \d+\]$/);
    expect(lines[3]).toMatch(/^❯ {5}0 {4}0\.000 {2}│ {4}▲ {4}┊ {4}┊ {4}starts$/);
    expect(opened.text()).toMatch(/─❯ n0 up ─+┬── in flight ─/);
    expect(said(opened)).toMatch(/^ ✗ \d+ violations: v goes to the first, w there says why$/);
    expect(lines.at(-1)).toMatch(/^ j\/k step {2}v violation .*\? help {2}q quit$/);
    expect(opened.buffer).toBe('alternate');
    expect(opened.raw).toBe(true);
  });

  it('has colours, of which red is for what went wrong', async () => {
    const opened = await open(brokenBroadcast, { at: 'violation' });
    const column = opened.screen()[0]?.indexOf('✗') ?? 0;
    expect(opened.cell(column, 0)).toMatchObject({ char: '✗', color: 1 });
    const row = opened.screen().findIndex((line) => line.startsWith('❯'));
    expect(opened.cell(30, row).inverse).toBe(true);
  });

  it('has none, and no other characters, where they are not wanted', async () => {
    const palette = { colors: false, ascii: true };
    const opened = await open(brokenBroadcast, { palette, at: 'violation' });
    expect(opened.text()).toMatch(/^[\n\x20-\x7e]*$/);
    for (let row = 0; row < 24; row++) {
      for (let column = 0; column < 80; column++) {
        expect(opened.cell(column, row)).toMatchObject({ color: -1, inverse: false });
      }
    }
    expect(opened.screen().some((line) => line.startsWith('>'))).toBe(true);
  });
});

describe('moving', () => {
  it('goes by events, with counts, however keys come in', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('j');
    expect(event(opened)).toBe(1);
    await opened.type('jjj', 'down', '\u001b[B\u001b[B');
    expect(event(opened)).toBe(7);
    await opened.type('10j', 'k', 'up');
    expect(event(opened)).toBe(15);
    await opened.type('G');
    expect(event(opened)).toBe(last(opened));
    await opened.type('42G');
    expect(event(opened)).toBe(42);
    expect(cursorLine(opened)).toMatch(/^❯ {4}42 /);
    await opened.type('g', 'k');
    expect([event(opened), said(opened)]).toEqual([0, ' this is the start of the run']);
  });

  it('follows a message to its sender and back', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('/', 'kind=deliver broadcast', 'enter', 'n', 'n');
    const arrival = event(opened);
    await opened.type('%');
    expect(event(opened)).toBeLessThan(arrival);
    await opened.type('%');
    expect(event(opened)).toBe(arrival);
  });

  it('goes to faults, operations and marks, and back', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('f');
    expect(cursorLine(opened)).toContain('partition n0 | n1 n2');
    const fault = event(opened);
    await opened.type('mx', 'o');
    expect(cursorLine(opened)).toMatch(/c\d (read|broadcast|ok)/);
    await opened.type("'x");
    expect(event(opened)).toBe(fault);
    await opened.type('f');
    expect(cursorLine(opened)).toContain('ends: partition');
    await opened.type('`');
    expect(event(opened)).toBe(fault);
    await opened.type("'y");
    expect(said(opened)).toContain('there is no mark y');
  });

  it('stays with a node, and steps at that node', async () => {
    const opened = await open(brokenBroadcast, { at: 60 });
    await opened.type('l', 'l', 'l');
    expect(opened.text()).toContain('n2 up (pinned, Esc frees)');
    await opened.type('J');
    expect(cursorLine(opened)).toMatch(/^❯.{17}[├│●].{9,10}[→─┤┼]*.*[●┤]/u);
    await opened.type('K', 'K', 'esc');
    expect(opened.text()).not.toContain('pinned');
  });
});

describe('the panes', () => {
  it('show what the event of the cursor has changed', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('/', 'kind=deliver broadcast node=n1', 'enter');
    expect(opened.text()).toMatch(/^~ seen +\{.*\} *│/m);
    expect(opened.text()).toMatch(/^ {4}\+ \d+ +│/m);
  });

  it('come in turn, and alone', async () => {
    const opened = await open(brokenBroadcast, { at: 100 });
    const world = ['event 100', 'in flight', 'faults', 'operations'];
    const titles = [...world, 'checks', 'properties', 'branches'];
    for (const title of titles) {
      await opened.type('tab');
      expect(opened.text()).toContain(`❯ ${title}`);
    }
    await opened.type('+');
    expect(opened.screen()[2]).toMatch(/^─❯ branches ─+$/);
    await opened.type('esc');
    expect(opened.screen()[2]).toContain('event     time');
  });

  it('say when a node is down, and that it has no state', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('/', 'crash n2', 'enter');
    expect(opened.text()).toContain('n2 down');
    expect(opened.text()).toContain('it has no state');
  });
});

describe('search, filter, fold and breakpoints', () => {
  it('searches round the end', async () => {
    const opened = await open(brokenBroadcast, { at: 'end' });
    await opened.type('/', 'partition', 'enter');
    expect(cursorLine(opened)).toContain('partition');
    expect(said(opened)).toContain('(round the end)');
    await opened.type('/', 'nothing like it', 'enter');
    expect(said(opened)).toBe(' no row has nothing like it');
  });

  it('shows only what passes a filter; moving stays on the list', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('&', 'kind=fault', 'enter');
    const rows = opened.screen().filter((line) => /^.{6}\d +\d+\.\d{3} /.test(line));
    expect(rows).toHaveLength(2);
    await opened.type('G');
    expect(cursorLine(opened)).toContain('crash n2');
    await opened.type('esc');
    expect(opened.text()).toContain('[all: ');
    await opened.type('&', 'no such row', 'enter');
    expect(said(opened)).toContain('showing all');
  });

  it('folds timers', async () => {
    const opened = await open(retries);
    await opened.type('/', 'kind=timer', 'enter');
    expect(cursorLine(opened)).toContain('◷');
    await opened.type('z');
    expect(opened.screen().slice(3, 14).join()).not.toContain('◷');
    expect(opened.text()).toContain('[folded: ');
  });

  it('stops at events like one, and where a state changes, both ways', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type(':watch n2.seen', 'enter', 'c', 'c');
    const first = event(opened);
    expect(opened.text()).toMatch(/^~ seen/m);
    await opened.type('c', 'C');
    expect(event(opened)).toBe(first);
    await opened.type(':clear', 'enter', 'f', 'b', 'enter', 'g', 'c');
    expect(cursorLine(opened)).toContain('partition');
    await opened.type('c', 'C');
    expect(cursorLine(opened)).toContain('partition');
  });
});

describe('why and what if', () => {
  it('finds the cause of a violation, and what makes the run valid, with three keys', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('v');
    expect(said(opened)).toMatch(/^ ✗ 1 of \d+: w says why$/);
    await opened.type('w');
    expect(opened.text()).toMatch(/\[why #\d+ set-full: lost: \d+\]/);
    expect(opened.text()).toContain('this violation is gone');
    await opened.type('a');
    expect(opened.text()).toContain('what would have changed it');
    await opened.type('enter');
    expect(opened.screen()[0]).toContain('  w1  ');
    expect(opened.text()).toMatch(/main ✗ invalid: set-full lost/);
    expect(opened.text()).toMatch(/❯ w1 +(✓ valid|✗ invalid)/);
  });

  it('branches at an edit, goes to the first difference, undoes and brings back', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('f', 'a', 'o', 'd');
    const difference = event(opened);
    expect(said(opened)).toMatch(/^ first difference; main has here: /);
    await opened.type('[');
    expect(opened.screen()[0]).toContain('  main  ');
    expect(event(opened)).toBe(difference);
    await opened.type(']', 'u');
    expect(opened.screen()[0]).toContain('  main  ');
    expect(said(opened)).toBe(' w1 is undone; ^r brings it back');
    await opened.type('C-r');
    expect(opened.screen()[0]).toContain('  w1  ');
    await opened.type('f');
    expect(opened.text()).toMatch(/does not strike|crash n2/);
  });

  it('leaves an answer for an event that is not in it, and not for one that is', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('/', 'kind=deliver broadcast node=n1', 'enter', 'w', 'g');
    expect(opened.text()).toMatch(/\[why #\d+: \d\]/);
    await opened.type('v');
    expect(opened.text()).toContain('[all: ');
    expect(said(opened)).toMatch(/^ ✗ 1 of \d+: w says why$/);
    expect(opened.screen().find((line) => line.startsWith('❯'))).toMatch(/ok read/);
  });

  it('leads from an event to its causes, and from there to its effects', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('/', 'kind=deliver broadcast node=n1', 'enter', 'w');
    expect(opened.text()).toMatch(/\[why #\d+: \d\]/);
    expect(opened.screen()[3]).toMatch(/c\d broadcast \d+/);
    await opened.type('k', 'k', 'W');
    expect(opened.text()).toMatch(/\[effects of #\d+: \d+\]/);
  });
});

describe('a terminal', () => {
  it.each([
    [60, 15],
    [80, 24],
    [140, 40],
    [240, 60],
    [40, 10],
  ])('of %i×%i is filled, and no line is longer', async (columns, rows) => {
    const opened = await open(brokenBroadcast, { columns, rows, at: 'violation' });
    expect(opened.screen()).toHaveLength(rows);
    expect(opened.screen().at(-1)).toContain('? help');
    expect(cursorLine(opened)).toMatch(/^❯ +\d+ /);
    await opened.type('a');
    expect(opened.text()).toContain('what if, from event');
    await opened.type('esc', '?');
    expect(opened.text()).toContain('help: type to filter');
  });

  it('that is resized is painted anew, panes where they belong', async () => {
    const opened = await open(brokenBroadcast, { at: 'violation' });
    await opened.resize(140, 40);
    expect(opened.screen().at(-1)).toContain('q quit');
    expect(opened.text()).toMatch(/│─❯ checks/);
    await opened.resize(60, 15);
    expect(opened.text()).not.toContain('checks');
    expect(opened.screen().at(-1)).toContain('q quit');
    await opened.resize(30, 8);
    expect(opened.text().trim()).toBe('the stepper needs 40×10');
    await opened.resize(80, 24);
    expect(opened.screen()[0]).toMatch(/^ test {2}seed 1/);
  });

  it('is written to only where something has changed', async () => {
    const opened = await open(brokenBroadcast, { columns: 140, rows: 40, at: 60 });
    const before = opened.written;
    await opened.type('unheard of'.slice(0, 0), 'esc');
    expect(opened.written - before).toBeLessThan(400);
  });

  it('is given back by q, by ^C and by SIGTERM, with the command that comes back', async () => {
    for (const [how, code] of [
      ['q', 0],
      ['C-c', 0],
      ['SIGTERM', 143],
    ] as const) {
      const opened = await open(brokenBroadcast, { at: 60 });
      if (how === 'SIGTERM') await opened.signal(how);
      else await opened.type('j', how);
      const { exitCode, farewell } = await opened.ended;
      expect([opened.buffer, opened.raw, exitCode]).toEqual(['normal', false, code]);
      const at = how === 'SIGTERM' ? 60 : 61;
      expect(farewell).toMatch(new RegExp(`\nstormglass step test.yaml --seed 1 --at ${at}\n$`));
    }
  });

  it('is given back at ^Z, and taken again at fg', async () => {
    const opened = await open(brokenBroadcast, { at: 60 });
    const rows = (): readonly string[] => opened.screen().slice(0, -2);
    const before = rows();
    await opened.type('C-z');
    expect([opened.stops, opened.buffer, opened.raw]).toEqual([1, 'normal', false]);
    await opened.signal('SIGCONT');
    expect([opened.buffer, opened.raw]).toEqual(['alternate', true]);
    expect(rows()).toEqual(before);
  });

  it('is given back when our own code throws', async () => {
    const opened = await open(brokenBroadcast);
    opened.breakSize();
    await opened.type('j');
    await expect(opened.ended).rejects.toThrow('the size is broken');
    expect([opened.buffer, opened.raw]).toEqual(['normal', false]);
  });

  it('is drawn to under CI=1, too', async () => {
    const { CI } = process.env;
    process.env.CI = '1';
    try {
      const opened = await open(brokenBroadcast);
      await opened.type('j');
      expect(event(opened)).toBe(1);
    } finally {
      if (CI === undefined) delete process.env.CI;
      else process.env.CI = CI;
    }
  });
});

describe('what is unusual', () => {
  it('is told what an unknown key is', async () => {
    const opened = await open(brokenBroadcast);
    await opened.type('Q');
    expect(said(opened)).toBe(' Q does nothing here; ? shows what there is');
    await opened.type('\u001b[20~', ':nonsense', 'enter');
    expect(said(opened)).toContain('there is no :nonsense');
    await opened.type(':', 'wa', 'tab');
    expect(said(opened)).toContain(':watch ');
  });

  it('is a run of next to nothing', async () => {
    const opened = await open({ protocol: 'echo', nodes: 1, duration: '1ms', recovery: '0s' });
    await opened.type('G', 'v', 'w', 'W', '%', 'f', 'o', 'J', 'c', 'd', 'u', ']', 'z', 'tab', 'a');
    expect(opened.screen()[0]).toContain('event');
  });

  it('is a run of many nodes', async () => {
    const opened = await open(
      { ...brokenBroadcast, nodes: 500, faults: [], workload: { name: 'broadcast', rate: 5 } },
      { at: 700 },
    );
    expect(opened.text()).toMatch(/\+4\d\d lanes/);
    await opened.type('j', 'l', 'l', 'tab', 'tab');
    expect(cursorLine(opened)).toContain('701');
  });
});

describe('a node state of five megabytes', () => {
  const large = {
    name: 'hoarder',
    about: 'Keeps more than it should.',
    options: {},
    init: () => ({
      ticks: 0,
      hoard: Array.from({ length: 100_000 }, (_, n) => ({
        n,
        text: `a text of some length, ${n}`,
      })),
    }),
    on: {},
    timers: {
      tick(
        state: { ticks: number; hoard: { n: number; text: string }[] },
        _: unknown,
        ctx: { setTimer(timer: object, delayUs: number): void },
      ) {
        state.ticks++;
        ctx.setTimer({ type: 'tick' }, 1_000);
      },
    },
  };
  const ticking = {
    ...large,
    init(ctx: { setTimer(timer: object, delayUs: number): void }) {
      ctx.setTimer({ type: 'tick' }, 1_000);
      return large.init();
    },
  };

  it('is stepped through, forwards and backwards', async () => {
    const scenario = { protocol: ticking as never, nodes: 1, duration: '300ms', recovery: '0s' };
    const opened = await open(scenario, { at: 200 });
    expect(opened.text()).toMatch(/^~ ticks +199 → 200/m);
    await opened.type('k', 'k', 'j');
    expect(opened.text()).toMatch(/^~ ticks +198 → 199/m);
    expect(opened.text()).toMatch(/^ {2}hoard +\[\{n:0 text:/m);
  });
});
