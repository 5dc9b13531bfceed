// Transactions over registers: each writes unique values to keys and reads the last. Who overwrote
// whom can only be told in part, so that no anomaly is no proof: a history passes only if there is
// an order of its transactions, or of its writes, that shows it; else the verdict is unknown.
// Sources: Adya 1999; Kingsbury & Alvaro 2020, "Elle: Inferring Isolation Anomalies from
// Experimental Observations", §5.

import type { Counts } from '../../history/counts.js';
import type { History } from '../../history/history.js';
import { assert } from '../../kernel/assert.js';
import type { Checker, CheckerOptions, Judgement, Progress } from '../checker.js';
import type { Wording } from './explain.js';
import { ledgerOf, type Shape, same } from './ledger.js';
import { presentIn } from './list-dependencies.js';
import { seekProof } from './proof.js';
import {
  findVersionAnomalies,
  type Known,
  readersIn,
  registerDependencies,
  writesIn,
} from './register-dependencies.js';
import { registersIn } from './registers.js';
import {
  concluded,
  defaults,
  dependencyCycles,
  endsOf,
  findCycles,
  objects,
  opened,
} from './verdict.js';
import { type Hints, versionsIn } from './versions.js';

export const rwRegister: Checker = {
  name: 'rw-register',
  about: 'Transactions that read and write registers are isolated from each other.',
  options: {
    ...defaults,
    /** Whether each key alone is known to be sequentially consistent, or linearizable. */
    sequentialKeys: false,
    linearizableKeys: false,
  },
  check: checkRwRegister,
};

const shape: Shape = { write: 'w', flawOf: () => undefined };

function checkRwRegister(
  history: History,
  options: CheckerOptions,
  _counts?: Counts,
  progress?: Progress,
): Judgement {
  const ledger = ledgerOf(history, shape);
  progress?.(0.15);
  const one = opened(ledger, options);
  const hints = hintsIn(options);
  const registers = registersIn(ledger, one.findings);
  const present = presentIn(ledger, registers.observed);
  const [readers, writes] = [readersIn(ledger, registers), writesIn(ledger, registers, present)];
  const known: Known = { registers, readers, writes, present };
  const versions = versionsIn(ledger, registers, hints);
  findVersionAnomalies(one, registers, versions);
  const builder = registerDependencies(ledger, known, versions);
  progress?.(0.25);
  const cycles = dependencyCycles(one, builder, present);
  progress?.(0.5);
  findCycles(one, cycles, wording, false);
  if (ledger.count === 0) one.doubts.push('no transaction was invoked');
  else if (registers.count === 0) one.doubts.push('no transaction that read committed');
  if (registers.unexplained > 0) {
    one.doubts.push('values are not unique: they do not tell who wrote');
  }
  if (!objects(one) && one.doubts.length === 0) seekProof(one, known, versions, cycles, wording);
  return concluded(one, { ...endsOf(ledger), keys: ledger.keyNames.length });
}

function hintsIn({ sequentialKeys, linearizableKeys }: CheckerOptions): Hints {
  assert(typeof sequentialKeys === 'boolean', 'sequentialKeys is true or false');
  assert(typeof linearizableKeys === 'boolean', 'linearizableKeys is true or false');
  return { sequentialKeys, linearizableKeys };
}

const wording: Wording = {
  wrote: (value, key) => `wrote ${value} to ${key}`,
  shows: same,
  has: same,
  precedes: () => true,
};
