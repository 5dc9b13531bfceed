// The run as it is and the what-ifs, with their verdicts and where they begin to differ.
import { type Line, span } from '../../scenario/diagram/span.js';
import { differenceOf, verdictText } from '../branches.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const branches: Pane = { title: () => 'branches', lines, rows: 5 };

function lines({ stepper }: View): readonly Line[] {
  if (stepper.branches.length === 1) {
    return [
      [span('❯ main ', 'strong'), span(verdictText(stepper.branch))],
      [span('  a asks what if; each answer is a branch', 'faint')],
    ];
  }
  return stepper.branches.flatMap((branch): readonly Line[] => {
    const isHere = branch === stepper.branch;
    const { name, change } = branch;
    const difference = branch.track.run === undefined ? undefined : differenceOf(branch);
    const from = difference === undefined ? '' : `  differs from #${difference} on`;
    const isValid = branch.track.run?.assessment.valid === true;
    const head: Line = [
      span(`${isHere ? '❯' : ' '} ${name.padEnd(4)} `, isHere ? 'strong' : 'plain'),
      span(verdictText(branch), isValid ? 'good' : 'plain'),
      span(from, 'faint'),
    ];
    if (change === undefined) return [head];
    return [head, [span(`       ${change.of.name} + ${change.about}`, 'faint')]];
  });
}
