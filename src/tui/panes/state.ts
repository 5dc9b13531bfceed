// The state of the node in focus, with what the event of the cursor has changed.
import { formatInstant } from '../../kernel/time.js';
import { show } from '../../scenario/diagram/show.js';
import { type Line, span } from '../../scenario/diagram/span.js';
import { read } from '../../sim/clock.js';
import { comparedWith } from '../bases.js';
import { timersOf } from '../flight.js';
import { stateLines } from '../state-lines.js';
import type { View } from '../view.js';
import type { Pane } from './pane.js';

export const state: Pane = { title, lines, rows: 11 };

function title({ node, stepper, world }: View): string {
  const found = world.parties[world.partyOf.get(node ?? '') ?? -1]?.node;
  if (found === undefined) return 'state';
  const pin = stepper.pinned ? ' (pinned, Esc frees)' : '';
  const life = found.incarnation > 1 ? `, life ${found.incarnation}` : '';
  const base = comparedWith(stepper)?.about;
  const beside = base === undefined ? '' : `, beside ${base}`;
  return `${found.name} ${found.status}${life}${beside}${pin}`;
}

function lines({ node, before, world }: View, width: number): readonly Line[] {
  const party = world.partyOf.get(node ?? '') ?? -1;
  const found = world.parties[party]?.node;
  if (found === undefined) return [[span(' h and l choose a node', 'faint')]];
  const { disk, clock, afflictions } = found;
  const nowUs = world.queue.nowUs;
  const own = read(clock, nowUs);
  const extra: readonly (readonly [string, string])[] = [
    ['timers', timersOf(world, party, width)],
    ['disk', disk.durable.size === 0 ? '' : show(disk.durable, width)],
    ['unsynced', disk.unsynced.length === 0 ? '' : `${disk.unsynced.length} writes`],
    ['clock', own === nowUs ? '' : `${formatInstant(own)} (true time ${formatInstant(nowUs)})`],
    ['faults', afflictions.map(({ fault }) => world.faults[fault]?.id ?? '').join(' ')],
  ];
  return [
    ...stateLines(before, world.roster.states[party], width),
    ...extra
      .filter(([, text]) => text !== '')
      .map(([name, text]): Line => [span(`  ${name.padEnd(10)}`, 'faint'), span(text)]),
  ];
}
