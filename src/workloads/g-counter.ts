// Maelstrom's g-counter: a sum that only grows. A client never sees it shrink, which Maelstrom does
// not look at.
import { counting, positiveAdd } from './counters.js';
import type { Workload } from './workload.js';

export const gCounter: Workload = counting({
  name: 'g-counter',
  about: 'Clients add to a counter and read it; in the end all nodes must show the sum.',
  draw: positiveAdd,
  checkers: [{ name: 'counter', options: { growing: true } }],
});
