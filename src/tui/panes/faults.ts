// Faults with their times: `●` strikes now, `·` is over, `○` is to come.
import { clockText } from '../../scenario/diagram/show.js';
import { type Line, span } from '../../scenario/diagram/span.js';
import { faultText } from '../../scenario/fault-text.js';
import { writeFault } from '../../scenario/faults.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const faults: Pane = { title: () => 'faults', lines, rows: 4 };

function lines({ world }: View): readonly Line[] {
  if (world.faults.length === 0) return [[span('  none', 'faint')]];
  const now = world.queue.nowUs;
  return world.faults.map(({ fault, startUs, endUs, touched }, number): Line => {
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
}
