// What nodes noted and threw shortly before the cursor, and what their code printed, the latest
// first.
import { clockText } from '../../scenario/diagram/show.js';
import { type Line, printable, span } from '../../scenario/diagram/span.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const log: Pane = { title: () => 'log, latest first', lines, rows: 5 };

function lines(view: View): readonly Line[] {
  const all = [...notesOf(view), ...printsOf(view)].sort((a, b) => b.event - a.event);
  if (all.length === 0) return [[span('  nothing was noted shortly before this', 'faint')]];
  return all.flatMap(({ lines }) => lines);
}

interface Entry {
  readonly event: number;
  readonly lines: readonly Line[];
}

function printsOf({ stepper: { cursor, printed } }: View): readonly Entry[] {
  return printed
    .filter(({ event }) => event <= cursor)
    .slice(-printsMax)
    .map(({ event, text }) => {
      const shown = text
        .split('\n')
        .map((part): Line => [span(`  #${event} printed `, 'faint'), span(printable(part))]);
      return { event, lines: shown };
    });
}

const printsMax = 64;

function notesOf({ log: rows }: View): readonly Entry[] {
  return rows.map(({ step }) => {
    const node = 'node' in step.happening ? step.happening.node : '';
    const head = `${clockText(step.atUs)} ${node} `;
    const notes = step.effects.flatMap((effect): readonly Line[] =>
      effect.effect === 'note' ? [[span(`  ${head}`, 'faint'), span(effect.text)]] : [],
    );
    const [crash] = step.crash?.split('\n') ?? [];
    const lines: readonly Line[] =
      crash === undefined ? notes : [...notes, [span(`  ${head}${crash}`, 'bad')]];
    return { event: step.index, lines };
  });
}
