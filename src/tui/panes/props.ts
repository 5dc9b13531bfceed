// The properties of the cluster as of the cursor: which have held so far, which were broken or
// reached and at which event, which are not asked yet.
import { unreachable } from '../../kernel/assert.js';
import type { AnyProperty } from '../../node/property.js';
import { type Line, printable, span } from '../../scenario/diagram/span.js';
import { wrappedText } from '../text.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

/** Without properties it takes no room beside others. */
export const props: Pane = { title: () => 'properties', lines, rows: 5 };

type State = NonNullable<View['world']['watch']>['states'][number];

function lines({ row, stepper, world }: View, width: number): readonly Line[] {
  const states = world.watch?.states ?? [];
  if (states.length === 0 && stepper.pane === 'props') {
    return [[span('  there are none', 'faint')]];
  }
  const told = states.filter(({ breach }) => breach !== undefined);
  const others = states.filter(({ breach }) => breach === undefined);
  return [...told, ...others].flatMap((state) => linesOf(state, row?.step.index ?? -1, width));
}

function linesOf({ property, standing, breach }: State, here: number, width: number): Line[] {
  const { name } = property;
  const where = breach === undefined ? '' : ` @${breach.event}`;
  switch (standing) {
    case 'open':
      return [openLine(property)];
    case 'held':
      return [[span('✓ ', 'good'), span(name), span('  held to the end', 'faint')]];
    case 'reached':
      return [[span('✓ ', 'good'), span(`${name}${where}`), span('  reached', 'faint')]];
    case 'broken':
    case 'undecided':
    case 'gave-up': {
      const text = printable(`${name}${where}: ${breach?.about ?? standing}`);
      const tone = standing === 'broken' ? 'bad' : 'fault';
      const mark = standing === 'broken' ? '✗' : '?';
      // In full where it happens.
      const [first = '', ...rest] = breach?.event === here ? wrappedText(text, width - 3) : [text];
      return [[span(`${mark} ${first}`, tone)], ...rest.map((more) => [span(`  ${more}`, tone)])];
    }
    default:
      return unreachable(standing);
  }
}

function openLine({ kind, name }: AnyProperty): Line {
  switch (kind) {
    case 'always':
      return [span('✓ ', 'good'), span(name), span('  so far', 'faint')];
    case 'eventually':
      return [span(`○ ${name}`), span('  asked at the end', 'faint')];
    case 'sometimes':
      return [span(`○ ${name}`), span('  not reached yet', 'faint')];
    default:
      return unreachable(kind);
  }
}
