// Faults with their times: `●` strikes now, `·` is over, `○` is to come.

import { type Milestone, milestoneNode } from '../../nemesis/fault.js';
import { clockText } from '../../scenario/diagram/show.js';
import { type Line, printable, span } from '../../scenario/diagram/span.js';
import { faultText } from '../../scenario/fault-text.js';
import { writeFault } from '../../scenario/faults.js';
import type { World } from '../../sim/world.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const faults: Pane = { title: () => 'faults', lines, rows: 4 };

function lines({ world }: View): readonly Line[] {
  const waiting = world.spec.milestones.flatMap((milestone, nth) =>
    waitingLine(world, milestone, nth),
  );
  if (world.faults.length + waiting.length === 0) return [[span('  none', 'faint')]];
  const now = world.queue.nowUs;
  const known = world.faults.map(({ fault, startUs, endUs, touched }, number): Line => {
    const text = faultText(writeFault(fault));
    const planned = world.spec.faults[number]?.atUs;
    if (startUs === undefined) {
      if (planned === undefined) return [span(`○ at its milestone  ${text}`, 'faint')];
      const at = clockText(planned);
      const said = planned < now ? `– ${at}  does not strike: ${text}` : `○ at ${at}  ${text}`;
      return [span(said, 'faint')];
    }
    const isOver = endUs !== undefined && endUs <= now;
    const until = endUs === undefined ? '' : `–${clockText(endUs)}`;
    const effect = touched > 0 ? `  touched ${touched}` : '';
    const said = `${isOver ? '·' : '●'} ${clockText(startUs)}${until}  ${text}${effect}`;
    return [span(said, isOver ? 'faint' : 'fault')];
  });
  return [...known, ...waiting];
}

/** A milestone that has not been reached yet: what it waits for, and what then strikes. */
function waitingLine(world: World, milestone: Milestone, nth: number): readonly Line[] {
  const { count = 0, reachedUs } = world.milestones[nth] ?? {};
  if (reachedUs !== undefined) return [];
  const { when, node = 'some node' } = milestone;
  const what = 'note' in when ? `notes “${when.note}”` : `is ${when.state}`;
  const times = milestone.count === 1 ? '' : ` for the ${milestone.count}. time (${count} so far)`;
  const over = world.phase === 'main' ? '○ when' : '– never:';
  const text = faultText(writeFault(milestone.fault)).replaceAll(milestoneNode, 'it');
  return [[span(`${over} ${printable(`${node} ${what}${times}`)}: ${text}`, 'faint')]];
}
