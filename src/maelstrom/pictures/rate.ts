// How many operations ended how in each second: Jepsen's rate picture.
import type { History } from '../../history/history.js';
import { type Caption, chart, polyline } from './chart.js';
import { escaped } from './markup.js';
import { briefDuration, linearScale, windowUs } from './scale.js';

/** Windows that a picture has, more or less. */
const windowsWanted = 40;

const dashes = ['', '7 4', '2 3', '9 3 2 3'];

/** Completions a second, by function and outcome. Pure. */
export function ratePicture({ ops }: History, caption: Caption): string {
  const lengthUs = windowUs(caption.endUs, windowsWanted);
  const length = Math.ceil(Math.max(1, caption.endUs) / lengthUs);
  const series = new Map<string, { readonly type: string; readonly counts: number[] }>();
  const functions: string[] = [];
  for (const { process, type, f, timeUs } of ops) {
    if (process === 'nemesis' || type === 'invoke') continue;
    if (!functions.includes(f)) functions.push(f);
    const name = `${f} ${type}`;
    const known = series.get(name) ?? { type, counts: Array.from({ length }, () => 0) };
    series.set(name, known);
    const at = Math.min(length - 1, Math.floor(timeUs / lengthUs));
    known.counts[at] = (known.counts[at] ?? 0) + 1;
  }
  const perSecond = 1_000_000 / lengthUs;
  const most = Math.max(0, ...[...series.values()].flatMap(({ counts }) => counts)) * perSecond;
  const styleOf = (name: string, type: string): string => {
    const dash = dashes[functions.indexOf(name.split(' ')[0] ?? '') % dashes.length] ?? '';
    return `stroke="var(--${type})" stroke-width="2" stroke-dasharray="${dash}"`;
  };
  const legend = [...series].map(([label, { type }]) => ({
    label,
    mark: `<line x1="-12" x2="9" y1="0" y2="0" ${styleOf(label, type)}/>`,
  }));
  const title = 'Rate of completions';
  const note = `Windows of ${briefDuration(lengthUs)}.`;
  const y = linearScale(most, (value) => String(Math.round(value * 100) / 100));
  return chart({ title, caption, y, yTitle: 'operations a second', legend, note }, (place) =>
    [...series].map(([name, { type, counts }]) => {
      const points = counts.map(
        (count, nth) => [place.x((nth + 0.5) * lengthUs), place.y(count * perSecond)] as const,
      );
      return `<g><title>${escaped(name)}</title>${polyline(points, styleOf(name, type))}</g>`;
    }),
  );
}
