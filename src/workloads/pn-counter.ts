// Maelstrom's pn-counter: a sum that grows and shrinks.
import { anyAdd, counting } from './counters.js';
import type { Workload } from './workload.js';

export const pnCounter: Workload = counting({
  name: 'pn-counter',
  about: 'Clients add to and take from a counter; in the end all nodes must show the sum.',
  draw: anyAdd,
  checkers: ['counter'],
});
