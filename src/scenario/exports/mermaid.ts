// A sequence diagram for Mermaid, which Markdown viewers draw. See mermaid.js.org.
import type { Row } from '../diagram/row.js';
import { clockText } from '../diagram/show.js';
import type { Export, Stretch } from './export.js';

export const mermaid: Export = {
  extension: '.md',
  about: 'a sequence diagram in Markdown',
  eventsMax: 400,
  write,
};

function write({ track, from, to, title }: Stretch): string {
  const { all } = track.rows.lanes;
  const lines = [
    'sequenceDiagram',
    `  title ${clean(title)}, events ${from} to ${to - 1}`,
    ...all.map(({ name }) => `  participant ${idOf(name)} as ${clean(name)}`),
  ];
  for (let event = from; event < to; event++) {
    const row = track.rows.at(event);
    if (row !== undefined) lines.push(...linesOf(row, (lane) => idOf(all[lane]?.name ?? '')));
  }
  return `${lines.join('\n')}\n`;
}

function linesOf(row: Row, id: (lane: number) => string): readonly string[] {
  const { happening, atUs } = row.step;
  const at = clockText(atUs);
  const text = `${clean(row.label)} ${at}`;
  const lost = row.lostTo.map((lane) => `  ${id(row.lane)}-x${id(lane)}: lost ${at}`);
  if (row.source >= 0 && row.source !== row.lane) {
    const arrow = happening.kind === 'deliver' ? '->>' : '-x';
    return [`  ${id(row.source)}${arrow}${id(row.lane)}: ${text}`, ...lost];
  }
  const where = row.struck.length > 0 ? ends(row.struck) : [row.lane];
  const over = where.filter((lane) => lane >= 0).map(id);
  return over.length === 0 ? lost : [`  Note over ${over.join(',')}: ${text}`, ...lost];
}

function ends(lanes: readonly number[]): readonly number[] {
  const [first, last] = [Math.min(...lanes), Math.max(...lanes)];
  return first === last ? [first] : [first, last];
}

function idOf(name: string): string {
  return `p_${name.replace(/\W/g, '_')}`;
}

/** Without what Mermaid takes for syntax. */
function clean(text: string): string {
  return text.replace(/[;#<>{}\n]/g, ' ').trim();
}
