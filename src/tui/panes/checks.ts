// What the checkers say of the whole run, with where each objection can be seen.
import { type Line, span } from '../../scenario/diagram/span.js';
import { violationHere } from '../looking.js';
import { wrappedText } from '../text.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const checks: Pane = { title: () => 'checks', lines, rows: 5 };

function lines({ stepper }: View, width: number): readonly Line[] {
  const { run, timeline, violations } = stepper.track;
  if (run === undefined) {
    return [[span(`  the run goes on: ${timeline.length} events so far`, 'faint')]];
  }
  const { judgements } = run.assessment;
  const others = judgements.flatMap((judgement): readonly Line[] => {
    if (judgement.valid === true) return [[span('✓ ', 'good'), span(judgement.name)]];
    if (judgement.valid === false) return [];
    return [[span(`? ${judgement.name}: `, 'fault'), span(judgement.reason)]];
  });
  const here = violationHere(stepper);
  const objections = violations.flatMap((violation): readonly Line[] => {
    const { checker, kind, about, event } = violation;
    if (violation !== here) return [[span(`✗ ${checker} @${event} ${kind}: ${about}`, 'faint')]];
    const [first = '', ...others] = wrappedText(
      `${checker} @${event} ${kind}: ${about}`,
      width - 3,
    );
    return [[span(`✗ ${first}`, 'bad')], ...others.map((text): Line => [span(`  ${text}`, 'bad')])];
  });
  const all = [...objections, ...others];
  return all.length === 0 ? [[span('  there is no checker', 'faint')]] : all;
}
