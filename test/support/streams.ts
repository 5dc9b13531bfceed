// A stream of numbered messages to a node, and what may befall the node.
import { type Act, acting, type FaultAt, type Setting, watch } from './worlds.js';

/** n1 sends n0 a numbered message every `everyUs`; n0 notes each. */
export const stream = (count: number, everyUs: number, type = 'a'): Act[] =>
  Array.from({ length: count }, (_, n) => [
    (n + 1) * everyUs,
    'n1',
    (ctx) => ctx.send('n0', { type, n }),
  ]);

/** Lets nodes act, with these faults. */
export const run = (acts: readonly Act[], faults: readonly FaultAt[], setting: Setting = {}) =>
  watch({ protocol: acting(acts), faults, ...setting });

/** The numbers of the messages that arrived, in their order. */
export const numbers = (notes: readonly string[]): number[] =>
  notes.map((note) => Number(note.split(' ').at(-1)));

export const crash = { f: 'crash', nodes: ['n0'], lost: 'all' } as const;
export const pause = { f: 'pause', nodes: ['n0'] } as const;
export const slow = (serviceUs: number) => ({ f: 'slow-node', nodes: ['n0'], serviceUs }) as const;
