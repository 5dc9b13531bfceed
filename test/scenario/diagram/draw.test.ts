// Rows of the space-time diagram, drawn as text.
import { describe, expect, it } from 'vitest';
import { drawHead, drawRow, frameOf } from '../../../src/scenario/diagram/draw.js';
import { filterOf } from '../../../src/scenario/diagram/filter.js';
import { show } from '../../../src/scenario/diagram/show.js';
import { asciiText, fitted, printable, textOf } from '../../../src/scenario/diagram/span.js';
import { brokenBroadcast, wholeTrack } from '../../support/tracks.js';

const track = wholeTrack(brokenBroadcast);
const frame = frameOf(track.rows.lanes.all.length, 100);
const drawn = (event: number): string => {
  const row = track.rows.at(event);
  return row === undefined ? '' : textOf(drawRow(row, frame));
};
const whole = Array.from({ length: track.timeline.length }, (_, event) => drawn(event));
const withText = (text: string): string => whole.find((line) => line.includes(text)) ?? '';

describe('a row', () => {
  it('has its number, its time, a lane for the clients and one a node', () => {
    expect(textOf(drawHead(track.rows.lanes.all, frame))).toBe('c*   n0   n1   n2   ');
    expect(drawn(0)).toBe('      0    0.000  │    ▲    ┊    ┊    starts');
  });

  it('draws the arrow where the message arrives', () => {
    expect(withText('├───→●    │    │    broadcast')).toMatch(/^ +\d+ +\d+\.\d{3} {2}├───→●/);
    expect(withText('c0 ok')).toContain('  ●←───┤    │    │    c0 ok');
  });

  it('shows what was lost when it was sent', () => {
    expect(withText('✗→n0')).toMatch(/├────✗───→● {4}│ {4}broadcast \d+ .*✗→n0 broadcast \d+/);
  });

  it('shows faults on the lanes that they strike, and how they end', () => {
    expect(withText('partition')).toMatch(/│ {4}↯ {4}↯ {4}↯ {4}partition n0 \| n1 n2$/);
    expect(withText('ends: partition')).toMatch(/│ {4}↻ {4}↻ {4}↻/);
    expect(withText('crash n2')).toMatch(/│ {4}│ {4}│ {4}↯ {4}crash n2/);
  });

  it('shows a node that is down', () => {
    const crash = whole.findIndex((line) => line.includes('crash n2'));
    const next = whole.slice(crash).find((line) => line.includes('c0 ok'));
    expect(next).toContain('●←───┤    │    ┊    ');
  });
});

describe('a frame', () => {
  it.each([
    [6, 140, 5],
    [6, 80, 5],
    [10, 80, 3],
  ])('of %i lanes in %i columns gives each %i', (lanes, columns, width) => {
    expect(frameOf(lanes, columns)).toEqual({ first: 0, count: lanes, width });
  });

  it('of more lanes than fit shows those around the focus', () => {
    const { first, count } = frameOf(500, 80, { focus: 250 });
    expect(first).toBeLessThanOrEqual(250);
    expect(first + count).toBeGreaterThan(250);
    expect(count * 4).toBeLessThanOrEqual(80);
    expect(frameOf(500, 80, { focus: 499 }).first + count).toBe(500);
  });
});

describe('a filter', () => {
  const matches = (text: string): number[] => {
    const filter = filterOf(text);
    return whole.flatMap((_, event) => {
      const row = track.rows.at(event);
      return row !== undefined && filter(row) ? [event] : [];
    });
  };

  it('wants all of its words, in any case of letters', () => {
    expect(matches('STARTS').length).toBeGreaterThanOrEqual(3);
    expect(matches('partition ends')).toHaveLength(1);
    expect(matches('no such thing')).toEqual([]);
  });

  it('knows fields, and what must not be', () => {
    const deliveries = matches('kind=deliver');
    expect(matches('kind=deliver node=n1').length).toBeLessThan(deliveries.length);
    expect(
      [...matches('kind=deliver broadcast'), ...matches('kind=deliver !broadcast')].length,
    ).toBe(deliveries.length);
  });
});

describe('text', () => {
  it('is as wide as it is told', () => {
    const line = [
      { text: 'abc', tone: 'plain' as const },
      { text: 'defg', tone: 'bad' as const },
    ];
    expect(textOf(fitted(line, 5))).toBe('abcd…');
    expect(textOf(fitted(line, 9))).toBe('abcdefg  ');
  });

  it('has nothing in it that could disturb a screen', () => {
    expect(printable('a\u001b[2Jb\nc\u200bd漢')).toBe('a·[2Jb c·d·');
  });

  it('is the same length in ASCII', () => {
    const text = '├───→● ✗ ┊ ◷ ▁█ ❯…';
    expect(asciiText(text)).toBe('+--->* x : @ .# >~');
    expect(asciiText(text)).toHaveLength(text.length);
  });

  it('of a large value costs and says little', () => {
    const large = Array.from({ length: 1_000_000 }, (_, i) => i);
    expect(show(large, 20)).toHaveLength(20);
    expect(show(new Map([['a', new Set([1])]]))).toBe('{a:{1}}');
  });
});
