// What went wrong in a stream, in words: which input, in which snapshot. By which messages its
// effects came, those know who have the run: scenario/paths.ts.
import { showValue } from '../../history/value.js';
import type { Anomaly } from '../checker.js';
import { count, enumeration } from '../words.js';
import type { Blame } from './blame.js';
import type { Difference } from './fold.js';
import type { Disorder } from './order.js';
import type { OutputFinding } from './outputs.js';
import type { StaleCommit } from './progress.js';
import { collects, type Glimpse, partitionOf, type Snapshot, type StreamRun } from './run.js';

type Witness = Omit<Anomaly, 'kind'>;

/** How many inputs a witness names. */
const inputsMax = 4;
/** Of more than so many, one of which is to blame, none is looked into. */
const suspectsMax = 2;

/** Puts findings about one run into words. */
export class Witnesses {
  readonly #run: StreamRun;

  constructor(run: StreamRun) {
    this.#run = run;
  }

  state(difference: Difference, blame: Blame): Witness {
    const { snapshot, cell, expected, found } = difference;
    const { monoid, cells } = this.#run;
    const { key, value } = cells[cell] ?? { key: undefined };
    const name = `the key ${showValue(key)}`;
    const subject = collects(monoid)
      ? `${showValue(value)} of ${name} ${times(found)} instead of ${times(expected)}`
      : `${name} at ${amount(found)} instead of ${amount(expected)}`;
    const { rows } = blame;
    return {
      about: `${placeText(snapshot)} has ${subject}${this.#cause(blame)}`,
      ops: this.#ops([snapshot.op], rows),
      ...this.#inputs(rows),
    };
  }

  disorder({ snapshot, key, rows }: Disorder): Witness {
    const [first, second] = rows.map((row) => this.#name(row));
    return {
      about:
        `${placeText(snapshot)} has, under the key ${showValue(key)}, the input ${first} before ` +
        `${second}, which comes first in the log`,
      ops: this.#ops([snapshot.op], rows),
      ...this.#inputs(rows),
    };
  }

  stale({ earlier, later, partition }: StaleCommit): Witness {
    const name = showValue(this.#run.partitions[partition]);
    return {
      about:
        `operation ${later.op} committed partition ${name} up to ${later.clock[partition] ?? 0} ` +
        `after operation ${earlier.op} had committed it up to ${earlier.clock[partition] ?? 0}`,
      ops: this.#ops([earlier.op, later.op], []),
    };
  }

  output({ fault, row, nth, outputs, wanted }: OutputFinding): Witness {
    const { op, value, partition, offset } = this.#run.outputs;
    const at = outputs[0] ?? -1;
    const unknown = `${String(this.#run.partitions[partition[at] ?? -1])}@${offset[at]}`;
    const input = row < 0 ? unknown : this.#name(row);
    const number = nth === 0 ? '' : ` number ${nth}`;
    const beyond = row < 0 ? 'is no input' : 'has fewer outputs';
    const shown = outputs.map((i) => `operation ${op[i]}: ${showValue(value[i])}`);
    const words = {
      'phantom-output':
        `the sink shows an output${number} of ${input}, ` + `which ${beyond} (${shown[0]})`,
      'duplicated-output': `the sink shows the same output of ${input} twice (${shown.join('; ')})`,
      'divergent-output':
        `the sink shows two values of one output of ${input} ` + `(${shown.join('; ')})`,
      'wrong-output':
        `the sink shows another output of ${input} than ${showValue(wanted)}, ` +
        `which it should show (${shown[0]})`,
      'lost-output': `the sink shows no output${number} of ${input}`,
      'reordered-output':
        `the sink shows the output of ${input} after that of a later input of its partition ` +
        `(${shown.join('; ')})`,
    };
    const rows = row < 0 ? [] : [row];
    const seen = outputs.map((i) => op[i] ?? -1);
    const inputs = row < 0 && at >= 0 ? { inputs: [unknown] } : this.#inputs(rows);
    return { about: words[fault], ops: this.#ops(seen, rows), ...inputs };
  }

  /** `inputs` that no committed snapshot has. */
  behind(inputs: number, row: number): Witness {
    const last = this.#run.snapshots.at(-1);
    return {
      about:
        `${count(inputs, 'accepted input')} lie beyond every committed snapshot, ` +
        `the first ${this.#name(row)}`,
      ops: this.#ops(last === undefined ? [] : [last.op], [row]),
    };
  }

  idle(commits: number, commitsMin: number): Witness {
    const { inputs, snapshots, final } = this.#run;
    const rows = inputs.op.length > 0 ? [0, inputs.op.length - 1] : [];
    const seen = [...snapshots.slice(0, 1), ...(final === undefined ? [] : [final])];
    return {
      about: `${count(commits, 'snapshot')} committed; at least ${commitsMin} must be`,
      ops: this.#ops(
        seen.map(({ op }) => op),
        rows,
      ),
    };
  }

  #cause({ fault, rows, exact }: Blame): string {
    const verb = {
      lost: 'is not in it',
      duplicated: 'is counted more than once',
      early: 'is in it, although its clock is not past it',
      phantom: '',
      'wrong-state': '',
    }[fault];
    if (fault === 'phantom') return ': no input explains it';
    if (rows.length === 0 || !exact) return ': no single input explains it';
    const names = rows.map((row) => this.#name(row));
    if (names.length === 1) return `: the input ${names[0]} ${verb}`;
    return `: one of the inputs ${enumeration(names, inputsMax)} ${verb}`;
  }

  #name(row: number): string {
    const partition = this.#run.partitions[partitionOf(this.#run.inputs, row)];
    return `${String(partition)}@${this.#run.inputs.offset[row]}`;
  }

  #inputs(rows: readonly number[]): Pick<Anomaly, 'inputs'> {
    if (rows.length === 0 || rows.length > suspectsMax) return {};
    return { inputs: rows.map((row) => this.#name(row)) };
  }

  #ops(known: readonly number[], rows: readonly number[]): readonly number[] {
    const inputs = rows.slice(0, inputsMax).map((row) => this.#run.inputs.op[row] ?? -1);
    return [...new Set([...known, ...inputs])].filter((op) => op >= 0).sort((a, b) => a - b);
  }
}

function placeText(snapshot: Snapshot | Glimpse): string {
  const { op, clock } = snapshot;
  if ('about' in snapshot) return `the output of operation ${op}`;
  const final = clock.length > 0 && clock.every((offset) => offset === Number.POSITIVE_INFINITY);
  return final ? 'the final state' : `the snapshot of operation ${op}`;
}

function times(n: number): string {
  return n === 0 ? 'not at all' : count(n, 'time');
}

function amount(value: number): string {
  return Number.isFinite(value) ? String(value) : 'nothing';
}
