// Three messages from n0 to n1, a millisecond apart and 10 ms on their way, for edits to change.
import type { Edit } from '../../src/sim/edit.js';
import {
  type Act,
  acting,
  effectsOf,
  type FaultAt,
  type Setting,
  type Watched,
  watch,
} from './worlds.js';

export const send = (atUs: number, n: number): Act => [
  atUs,
  'n0',
  (ctx) => ctx.send('n1', { type: 'a', n }),
];
export const acts = [send(1_000, 1), send(2_000, 2), send(3_000, 3)];

export const run = (edits: readonly Edit[], setting: Setting = {}): Watched =>
  watch({ protocol: acting(acts), edits, ...setting });

/** The key of the message with this number. */
export function keyOf({ steps }: Watched, n: number): string {
  const sent = effectsOf(steps, 'send').find(({ body }) => (body as { n?: number }).n === n);
  return sent?.key ?? '';
}

export const second2 = (setting: Setting = {}): string => keyOf(run([], setting), 2);

/** What n1 notes of them without edits. */
export const plain = ['11000 n1 a n0 1', '12000 n1 a n0 2', '13000 n1 a n0 3'];
export const halves: FaultAt = [
  500,
  { f: 'partition', components: [['n0'], ['n1']], mode: 'drop' },
];
