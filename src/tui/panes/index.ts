// The registry of panes, in the order in which Tab goes through them.
import { branches } from './branches.js';
import { checks } from './checks.js';
import { event } from './event.js';
import { faults } from './faults.js';
import { flight } from './flight.js';
import { log } from './log.js';
import { ops } from './ops.js';
import type { Pane } from './pane.js';
import { props } from './props.js';
import { state } from './state.js';
import { why } from './why.js';

export const panes: ReadonlyMap<string, Pane> = new Map([
  ['state', state],
  ['event', event],
  ['flight', flight],
  ['faults', faults],
  ['ops', ops],
  ['checks', checks],
  ['props', props],
  ['branches', branches],
  ['log', log],
  ['why', why],
]);
