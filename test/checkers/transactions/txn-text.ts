// Histories of transactions in one line, in the manner of Elle's tests: `ax1ry12` appends 1 to x
// and reads y as [1, 2]; with registers `wx1ry2` writes 1 to x and reads 2 from y; `rx` reads
// nothing.
//
//   ax1 ry12      two transactions at the same time, each of a process of its own
//   ax1 | ry12    the second is invoked when the first has completed
//   3:ax1         of process 3
//   ax1! ax2?     one that failed, one whose outcome is unknown
import { type History, historyOf } from '../../../src/history/history.js';
import type { Op, OpType } from '../../../src/history/op.js';

type Operation = readonly [f: string, key: string, value: unknown];

/** One transaction: its operations with their results, and when it ran. */
interface Txn {
  readonly process: number;
  readonly operations: readonly Operation[];
  readonly type: OpType;
}

/** Reads the language above, of lists. */
export const lists = (text: string): History => txns(text, true);

/** Reads the language above, of registers. */
export const registers = (text: string): History => txns(text, false);

function txns(text: string, ofLists: boolean): History {
  const phases = text.split('|').map((phase) => phase.trim().split(/\s+/).filter(Boolean));
  let process = 0;
  return sequenced(
    phases.map((phase) =>
      phase.map((word) => {
        const [, own, body = '', mark = ''] = /^(?:(\d+):)?(.*?)([!?]?)$/.exec(word) ?? [];
        return txnOf(own === undefined ? 100 + process++ : Number(own), body + mark, ofLists);
      }),
    ),
  );
}

function txnOf(process: number, word: string, ofLists: boolean): Txn {
  const words = [...word.matchAll(/([arw])([a-z])(\d*)/g)];
  const operations = words.map(([, f = '', key = '', digits = '']): Operation => {
    if (f === 'a') return ['append', key, Number(digits)];
    if (f === 'w') return ['w', key, Number(digits)];
    if (digits === '') return ['r', key, null];
    return ['r', key, ofLists ? [...digits].map(Number) : Number(digits)];
  });
  const type = word.endsWith('!') ? 'fail' : word.endsWith('?') ? 'info' : 'ok';
  return { process, operations, type };
}

/** All of a phase are invoked, then all complete; then the next. */
function sequenced(phases: readonly (readonly Txn[])[]): History {
  const ops: Op[] = [];
  const add = ({ process, operations }: Txn, type: OpType, done: boolean): void => {
    const value = operations.map(([f, key, result]) =>
      f === 'r' && !done ? [f, key, null] : [f, key, result],
    );
    ops.push({ index: ops.length, timeUs: ops.length * 1_000, process, type, f: 'txn', value });
  };
  for (const phase of phases) {
    for (const txn of phase) add(txn, 'invoke', false);
    for (const txn of phase) add(txn, txn.type, txn.type === 'ok');
  }
  return historyOf(ops);
}
