// The price of each guarantee as a picture: one panel for each figure, one bar for each kind of
// stream.
import { sheet } from '../svg.js';
import type { Price } from './figures.js';

const [width, panelHeight] = [900, 215];
const [left, barHeight, step] = [150, 14, 21];

interface Panel {
  readonly title: string;
  readonly of: (price: Price) => number;
  readonly words: (value: number) => string;
}

const ms = (value: number): string =>
  value >= 1_000 ? `${(value / 1_000).toFixed(2)} s` : `${Math.round(value)} ms`;

const panels: readonly Panel[] = [
  { title: 'records a second', of: (price) => price.perSecond, words: (value) => value.toFixed(0) },
  { title: 'latency, median', of: (price) => price.medianMs, words: ms },
  { title: 'messages a record', of: (price) => price.messages, words: (value) => value.toFixed(1) },
  { title: 'recovery after a crash', of: (price) => price.recoveryMs, words: ms },
];

const colors = [
  '#7a7f87',
  '#c2571a',
  '#1b7f4d',
  '#2a9d8f',
  '#4f9ed8',
  '#6a4c93',
  '#9a86c0',
  '#d4a017',
];

export function picture(prices: readonly Price[]): string {
  const height = 2 * panelHeight;
  const parts = panels.map((panel, nth) => {
    const at = `translate(${(nth % 2) * (width / 2)} ${Math.floor(nth / 2) * panelHeight})`;
    return `<g transform="${at}">${bars(panel, prices).join('')}</g>`;
  });
  const style = 'text { font: 11px sans-serif; fill: #333; } .head { font-size: 13px; }';
  return sheet({ width, height, title: 'What each guarantee costs', style }, parts);
}

function bars({ title, of, words }: Panel, prices: readonly Price[]): readonly string[] {
  const most = Math.max(...prices.map(of));
  const room = width / 2 - left - 70;
  return [
    `<text class="head" x="${left}" y="20">${title}</text>`,
    ...prices.map((price, nth) => {
      const [value, y] = [of(price), 32 + nth * step];
      const length = most > 0 ? (value / most) * room : 0;
      const end = (left + length + 6).toFixed(1);
      const bar = `width="${length.toFixed(1)}" height="${barHeight}" fill="${colors[nth]}"`;
      return (
        `<text x="${left - 8}" y="${y + 11}" text-anchor="end">${price.label}</text>` +
        `<rect x="${left}" y="${y}" ${bar}/>` +
        `<text x="${end}" y="${y + 11}">${words(value)}</text>`
      );
    }),
  ];
}
