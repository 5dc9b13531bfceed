// Sequential consistency of registers and key-value stores: one order of all operations that keeps
// the order of each process, in which each read finds what was last written. Unlike
// linearizability it does not care when things happened, and it cannot be checked key by key.
// Where values differ, what each process saw may already run in a circle; otherwise an order is
// searched for, within `statesMax`. Source: Lamport 1979.
import type { History } from '../history/history.js';
import { showValue } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { countsOf, find, noFindings, verdictOf } from './findings.js';
import { accessesOf, phantomsIn } from './registers/accesses.js';
import { searchOrder } from './registers/search.js';
import { count, when } from './words.js';

export const sequential: Checker = {
  name: 'sequential',
  about: 'One order explains all reads and writes, and keeps the order of each process.',
  options: { keyed: false, statesMax: 200_000 },
  check: checkSequential,
};

/** How many operations a witness names. */
const opsMax = 8;

function checkSequential(history: History, options: CheckerOptions): Judgement {
  const { keyed, statesMax } = options;
  if (typeof keyed !== 'boolean') throw new Error('keyed is true or false');
  if (typeof statesMax !== 'number') throw new Error('statesMax is a number');
  const accesses = accessesOf(history, keyed);
  const findings = noFindings(['phantom-read', 'no-order']);
  for (const { access, value } of phantomsIn(accesses)) {
    const done = access.done ?? access.invoked;
    const who = `process ${access.process}`;
    const about = `${who} read ${showValue(value)} ${when(done)}, which nobody had written`;
    find(findings, 'phantom-read', () => ({ about, ops: [done.index] }));
  }
  const doubts: string[] = [];
  if (!accesses.some(({ read }) => read !== undefined)) doubts.push('nothing was read');
  const phantoms = countsOf(findings)['phantom-read'] ?? 0;
  if (phantoms > 0) return { ...verdictOf(findings, doubts), stats: { accesses: accesses.length } };
  const outcome = searchOrder(accesses, statesMax);
  if (outcome.found === 'limit') {
    doubts.push(`no order was found in statesMax = ${statesMax} states, and none excluded`);
  } else if (outcome.found === 'none') {
    const stuck = outcome.stuck.slice(0, opsMax);
    const ops = stuck.map(({ done, invoked }) => (done ?? invoked).index).sort((a, b) => a - b);
    const next = count(outcome.stuck.length, 'operation');
    const about =
      'no order of all operations explains every read; ' +
      `the furthest that one comes leaves ${next} of which none can be next`;
    find(findings, 'no-order', () => ({ about, ops }));
  }
  const stats = {
    accesses: accesses.length,
    states: outcome.states,
    anomalies: countsOf(findings),
  };
  return { ...verdictOf(findings, doubts), stats };
}
