// Pictures of a run: well-formed, complete in themselves, and with all that happened in them.
import { describe, expect, it } from 'vitest';
import { history } from '../../../src/history/text.js';
import type { Caption } from '../../../src/maelstrom/pictures/chart.js';
import { latencyQuantiles, latencyRaw } from '../../../src/maelstrom/pictures/latency.js';
import { messagesPicture } from '../../../src/maelstrom/pictures/messages.js';
import { ratePicture } from '../../../src/maelstrom/pictures/rate.js';
import {
  decadeScale,
  linearScale,
  timeScale,
  windowUs,
} from '../../../src/maelstrom/pictures/scale.js';
import { timelinePage } from '../../../src/maelstrom/pictures/timeline.js';
import type { JournalEvent, JournalMessage } from '../../../src/maelstrom/store/journal.js';
import { flawOfMarkup } from '../../support/markup.js';

const caption: Caption = {
  about: 'a test <of> "pictures" & more',
  strikes: [{ name: 'partition', startUs: 4, endUs: 5_000 }],
  endUs: 10_000,
};

const told = history('0@n0:w1 1@n1:r? 0:ok 1:ok1 0@n0:w2 1@n1:r? 0:info!timeout 1:fail!crash');

const message = (id: number, src: string, dest: string, body: unknown): JournalMessage => ({
  ...{ id, src, dest, body, text: undefined },
});
const write = message(0, 'c0', 'n0', { type: 'write', value: '<1>' });
const gossip = message(1, 'n0', 'n1', { type: 'gossip', msg_id: 7 });
const self = message(2, 'n0', 'n0', { type: 'self' });
const error = message(3, 'n0', 'c0', { type: 'error', code: 11 });
const read = message(4, 'n1', 'lin-kv', { type: 'read' });
const event = (
  timeUs: number,
  what: JournalEvent['event'],
  of: JournalMessage,
  why?: string,
): JournalEvent => ({ timeUs, event: what, message: of, why });

const journal: readonly JournalEvent[] = [
  event(0, 'send', write),
  event(0, 'recv', write),
  event(5, 'send', gossip),
  event(5, 'send', self),
  event(9, 'drop', gossip, 'the link is cut'),
  event(9, 'recv', self),
  event(9, 'send', error),
  event(9, 'recv', error),
  event(9, 'send', read),
];

const pictures: readonly (readonly [string, string])[] = [
  ['messages.svg', messagesPicture(journal, { total: 9, workers: 2 }, caption)],
  ['timeline.html', timelinePage(told, 2, caption)],
  ['latency-raw.svg', latencyRaw(told, caption)],
  ['latency-quantiles.svg', latencyQuantiles(told, caption)],
  ['rate.svg', ratePicture(told, caption)],
];

describe.each(pictures)('%s', (_, markup) => {
  it('is well formed', () => {
    expect(flawOfMarkup(markup)).toBeUndefined();
  });

  it('loads nothing and runs nothing', () => {
    const own = markup.replaceAll('http://www.w3.org/2000/svg', '');
    expect(own).not.toMatch(/https?:|url\((?!#)|<script|@import|src="|href="/);
  });

  it('reads on light and on dark', () => {
    expect(markup).toContain('prefers-color-scheme: dark');
    const fixed = markup.replace(/<style>[^<]*<\/style>/g, '').match(/(fill|stroke)="#\w+"/);
    expect(fixed).toBeNull();
  });

  it('says which run it shows, and names its faults', () => {
    expect(markup).toContain('a test &lt;of&gt; &quot;pictures&quot; &amp; more');
    expect(markup).toContain('partition');
    expect(markup).not.toMatch(/NaN|undefined|Infinity/);
  });
});

describe('the picture of messages', () => {
  const markup = messagesPicture(journal, { total: 9, workers: 2 }, caption);

  it('draws lost messages, and says why they were lost', () => {
    expect(markup).toContain('gossip ✗ the link is cut');
    expect(markup.match(/class="cross"/g)).toHaveLength(1);
  });

  it('draws messages that are still under way when it ends', () => {
    expect(markup).toContain('not there when the picture ends');
  });

  it('has a lane for each party: clients, nodes, services', () => {
    const lanes = [...markup.matchAll(/class="name middle label"[^>]*>([^<]+)</g)];
    expect(lanes.map((match) => match[1])).toEqual(['c0', 'n0', 'n1', 'lin-kv']);
  });

  it('puts the clients of one worker into one lane', () => {
    const other = { ...write, src: 'c4' };
    const later = journal.map((one) => (one.message === write ? { ...one, message: other } : one));
    const shared = messagesPicture(later, { total: 9, workers: 2 }, caption);
    expect([...shared.matchAll(/class="name middle label"[^>]*>c0</g)]).toHaveLength(1);
    expect(shared).not.toMatch(/class="name middle label"[^>]*>c4</);
    expect(shared).toContain('c4 → n0, message 0');
  });

  it('tells errors and clients from what servers say', () => {
    expect(markup).toMatch(/text-error"[^>]*>error code 11</);
    expect(markup).toMatch(/text-client"[^>]*>write value &quot;&lt;1&gt;&quot;</);
    expect(markup).toMatch(/text-server"[^>]*>self</);
  });

  it('says how much of a longer journal it shows', () => {
    expect(messagesPicture(journal, { total: 20_000, workers: 2 }, caption)).toContain(
      'Only the first 9 of 20000 events',
    );
  });
});

describe('the timeline', () => {
  const markup = timelinePage(told, 2, caption);

  it('has a bar for each operation, by how it ended', () => {
    const bars = [...markup.matchAll(/<div class="op (\w+)"/g)].map((match) => match[1]);
    expect(bars).toEqual(['ok', 'ok', 'info', 'fail']);
  });

  it('shows what was asked, what was answered and why not', () => {
    expect(markup).toContain('read → 1');
    expect(markup).toContain('write 2 timeout');
  });
});

describe('axes', () => {
  it('have round figures', () => {
    expect(linearScale(17, String).ticks.map(({ label }) => label)).toEqual([
      '0',
      '5',
      '10',
      '15',
      '20',
    ]);
    expect(timeScale(20_000_000).ticks.map(({ label }) => label)).toEqual([
      '0',
      '2',
      '4',
      '6',
      '8',
      '10',
      '12',
      '14',
      '16',
      '18',
      '20',
    ]);
    expect(windowUs(30_000_000, 40)).toBe(1_000_000);
  });

  it('of durations go by decades, with a place for those that take no time', () => {
    const scale = decadeScale(2_000, 900_000, true);
    expect(scale.ticks.map(({ label }) => label)).toEqual(['0', '1 ms', '10 ms', '100 ms', '1 s']);
    expect(scale.shareOf(0)).toBe(0);
    expect(scale.shareOf(10_000)).toBeCloseTo(0.5);
    expect(scale.shareOf(1_000_000)).toBeCloseTo(1);
  });

  it('bear runs in which nothing happened', () => {
    const nothing = history('');
    const brief = { ...caption, strikes: [], endUs: 0 };
    for (const draw of [latencyRaw, latencyQuantiles, ratePicture]) {
      expect(draw(nothing, brief)).not.toMatch(/NaN|Infinity/);
    }
    expect(timelinePage(nothing, 1, brief)).not.toMatch(/NaN|Infinity/);
    expect(messagesPicture([], { total: 0, workers: 1 }, brief)).not.toMatch(/NaN|Infinity/);
  });
});
