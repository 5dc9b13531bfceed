// What is wrong with a view, in words.
import type { Op } from '../../history/op.js';
import { formatDuration } from '../../kernel/time.js';
import { when } from '../words.js';
import type { Silence, View } from './reading.js';

/** `failed in incarnation 3`, or `unknown`. */
function standing({ standings }: View, node: string): string {
  const found = standings.get(node);
  return found === undefined ? 'unknown' : `${found.status} in incarnation ${found.incarnation}`;
}

/** Positions in a history, the earlier one first. */
function inOrder(a: number, b: number): readonly number[] {
  return a < b ? [a, b] : [b, a];
}

export const split = (view: View, own: View) => ({
  about:
    `in the end, ${when(view.done)}, ${own.reader} is ${standing(view, own.reader)} ` +
    `to ${view.reader}, and answers ${when(own.done)}`,
  ops: inOrder(view.done.index, own.done.index),
});

export const ghost = (view: View, node: string) => ({
  about: `in the end, ${when(view.done)}, ${view.reader} still counts on ${node}, which is gone`,
  ops: [view.done.index],
});

export const disagreement = (yes: View, no: View, node: string) => ({
  about:
    `in the end ${node} is ${standing(yes, node)} to ${yes.reader} ${when(yes.done)} ` +
    `and ${standing(no, node)} to ${no.reader} ${when(no.done)}`,
  ops: inOrder(yes.done.index, no.done.index),
});

export const resurrected = (before: View, after: View, node: string) => ({
  about:
    `to ${after.reader} ${node} was ${standing(before, node)} ${when(before.done)} ` +
    `and is ${standing(after, node)} ${when(after.done)}`,
  ops: inOrder(before.done.index, after.done.index),
});

export const forged = (seen: View, own: View, node: string) => ({
  about:
    `${seen.reader} knew ${node} as ${standing(seen, node)} ${when(seen.done)}; ` +
    `${node} itself is in incarnation ${own.own} ${when(own.invoked)}`,
  ops: inOrder(seen.done.index, own.invoked.index),
});

export const leaverFailed = (view: View, node: string, left: Op) => ({
  about:
    `${node} left ${when(left)} and is ${standing(view, node)} ` +
    `to ${view.reader} ${when(view.done)}`,
  ops: inOrder(left.index, view.done.index),
});

export const undetected = (view: View, { node, from }: Silence) => ({
  about:
    `${node} answers nothing since ${when(from).slice(3)}, and is ${standing(view, node)} to ` +
    `${view.reader} ${formatDuration(view.invoked.timeUs - from.timeUs)} later`,
  ops: inOrder(from.index, view.done.index),
});

export const falseFailure = (view: View, node: string) => ({
  about: `${node} is ${standing(view, node)} to ${view.reader} ${when(view.done)}, and answers`,
  ops: [view.done.index],
});
