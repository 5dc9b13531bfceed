// What states are compared with, what-ifs once more, the event for the clipboard, breakpoints seen.
import { describe, expect, it } from 'vitest';
import { brokenBroadcast } from '../support/tracks.js';
import { type Opened, open } from './terminal.js';

const wide = { columns: 140, rows: 40 };
const said = ({ screen }: Opened): string => screen().at(-2) ?? '';

describe('D', () => {
  it('compares states with those at a mark, and again with those before the event', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('G', 'l', 'h', '30G', 'm', 'a', 'G', 'D');
    expect(said(opened)).toBe(' states beside mark a #30');
    expect(opened.text()).toMatch(/─❯ n\d up.*, beside mark a #30/);
    expect(opened.text()).toMatch(/~ seen/);
    await opened.type('D');
    expect(said(opened)).toContain('states beside the event before');
    expect(opened.text()).not.toMatch(/~ seen/);
  });

  it('compares a what-if with the run that it was made from, at the same time', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('f', 'a', 'o', 'l', 'h', 'h', 'G', 'D');
    expect(said(opened)).toBe(' states beside main then');
    for (let nth = 0; nth < 12 && !/❯ n\d up/.test(opened.text()); nth++) await opened.type('tab');
    expect(opened.text()).toMatch(/~ seen[\s\S]*\+ \d/);
  });

  it('says that there is nothing else to compare with', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('D');
    expect(said(opened)).toMatch(/the event before: there is no mark/);
  });
});

describe('a dot', () => {
  it('makes the what-if of the last choice once more, at another place', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('.');
    expect(said(opened)).toMatch(/nothing to repeat/);
    await opened.type('/', 'kind=deliver', 'enter', 'a', 'x', '[', 'n', '.');
    expect(opened.text()).toMatch(/main \+ drop it @\d+[\s\S]*main \+ drop it @\d+/);
    await opened.type('[', '[', '/', 'recovery', 'enter', '.');
    expect(said(opened)).toMatch(/^ x is no what-if here/);
  });
});

describe('Y', () => {
  it('copies the event as a trace has it, and prints it in the end', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('/', 'kind=deliver', 'enter', 'Y');
    expect(said(opened)).toMatch(/^ copied: event \d+, \d+ characters of JSON/);
    await opened.type('q');
    const [line = ''] = (await opened.ended).farewell.split('\n');
    expect(JSON.parse(line)).toMatchObject({ type: 'event', kind: 'deliver' });
  });
});

describe('breakpoints', () => {
  it('are seen beside the rows, and listed', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('B');
    expect(said(opened)).toBe(' no breakpoints: b sets one');
    await opened.type(':', 'b kind=fault', 'enter', ':', 'watch n1.seen', 'enter', 'B');
    expect(said(opened)).toMatch(
      /^ :b kind=fault · :watch n1\.seen; the same again takes one away/,
    );
    await opened.type('f', 'j');
    expect(opened.text()).toMatch(/^▸ +\d+ +1\.000 .*partition/m);
  });
});

describe('the panes', () => {
  it('come back with _, and stay', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('+');
    expect(opened.text()).not.toContain('in flight');
    await opened.type('_', '_');
    expect(opened.text()).toContain('in flight');
  });

  it('show timers that are set', async () => {
    const ticking = {
      name: 'ticking',
      about: 'Ticks.',
      options: {},
      init(ctx: { setTimer(timer: object, delayUs: number): void }) {
        ctx.setTimer({ type: 'tick' }, 2_000);
        ctx.setTimer({ type: 'tock' }, 1_000);
        return {};
      },
      on: {},
      timers: { tick: () => {}, tock: () => {} },
    };
    const opened = await open({ protocol: ticking as never, nodes: 1, duration: '1s' }, wide);
    expect(opened.text()).toMatch(/timers +tock in 1ms, tick in 2ms/);
    await opened.type('j');
    expect(opened.text()).toMatch(/timers +tick in 1ms/);
  });
});

describe('a filter', () => {
  it('knows fields of messages, and * for anything', async () => {
    const opened = await open(brokenBroadcast, wide);
    await opened.type('&', 'type=broad*', 'enter');
    expect(opened.text()).toMatch(/\[& type=broad\*: \d+\]/);
    await opened.type('&', 'C-u', 'kind=deliver message=3', 'enter');
    const rows = opened.screen().filter((line) => /\d\.\d{3} /.test(line.slice(0, 20)));
    expect(rows.length).toBeGreaterThan(1);
    expect(rows.filter((line) => !/broadcast 3\b/.test(line))).toEqual([]);
    await opened.type('&', 'C-u', 'type=*x', 'enter');
    expect(said(opened)).toMatch(/no row passes/);
  });
});
