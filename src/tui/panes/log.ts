// What nodes noted and threw shortly before the cursor, the latest first.
import { clockText } from '../../scenario/diagram/show.js';
import { type Line, span } from '../../scenario/diagram/span.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const log: Pane = { title: () => 'log, latest first', lines, rows: 5 };

function lines({ log: rows }: View): readonly Line[] {
  if (rows.length === 0) return [[span('  nothing was noted shortly before this', 'faint')]];
  return rows.flatMap(({ step }) => {
    const node = 'node' in step.happening ? step.happening.node : '';
    const head = `${clockText(step.atUs)} ${node} `;
    const notes = step.effects.flatMap((effect): readonly Line[] =>
      effect.effect === 'note' ? [[span(`  ${head}`, 'faint'), span(effect.text)]] : [],
    );
    const [crash] = step.crash?.split('\n') ?? [];
    return crash === undefined ? notes : [...notes, [span(`  ${head}${crash}`, 'bad')]];
  });
}
