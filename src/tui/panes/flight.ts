// Messages on their way, the next to arrive first.
import { brief, clockText, showBody } from '../../scenario/diagram/show.js';
import { type Line, span } from '../../scenario/diagram/span.js';
import { inFlight } from '../flight.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const flight: Pane = { title: () => 'in flight', lines, rows: 6 };

const listedMax = 60;

function lines({ world }: View): readonly Line[] {
  const messages = inFlight(world, listedMax);
  if (messages === undefined) {
    return [[span(`  ${world.queue.size} events wait: too many to list`, 'faint')]];
  }
  if (messages.length === 0) return [[span('  nothing', 'faint')]];
  const now = world.queue.nowUs;
  return messages.map(({ source, dest, body, dueUs, away, awaits }): Line => {
    const kept = awaits === undefined ? 'held by a cut' : `waits for the event ${awaits}`;
    const due = dueUs === undefined ? kept : `${clockText(dueUs)} in ${brief(dueUs - now)}`;
    const down = away ? [span(`  ✗ ${dest} is away`, 'bad')] : [];
    return [
      span(`  ${source}→${dest} ${showBody(body, 30)}`),
      span(`  ${due}`, dueUs === undefined ? 'fault' : 'faint'),
      ...down,
    ];
  });
}
