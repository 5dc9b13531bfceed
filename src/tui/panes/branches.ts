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
  return stepper.branches.map((branch): Line => {
    const isHere = branch === stepper.branch;
    const { name, change } = branch;
    const difference = branch.track.run === undefined ? undefined : differenceOf(branch);
    const from = difference === undefined ? '' : `  differs from #${difference} on`;
    const made = change === undefined ? '' : `${change.of.name} + ${change.about}: `;
    return [
      span(`${isHere ? '❯' : ' '} ${name} `, isHere ? 'strong' : 'plain'),
      span(made, 'faint'),
      span(verdictText(branch), branch.track.run?.assessment.valid === true ? 'good' : 'plain'),
      span(from, 'faint'),
    ];
  });
}
