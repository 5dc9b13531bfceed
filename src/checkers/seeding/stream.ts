// A history of topos as a stream of inputs and outputs, in the columns of the exactly-once checker,
// whose rules for outputs then judge it: each stream of a topo is a partition, its records are at
// their numbers, and the oracle says what the sink should show for each.
import { checkOutputs, type OutputFinding } from '../exactly-once/outputs.js';
import { Rows } from '../exactly-once/rows.js';
import type { Declared, StreamRun } from '../exactly-once/run.js';
import { type Output, outcomeOf } from './oracle.js';
import type { Arrival, Input, Reading } from './reading.js';

/** Inputs with what is to come of them, and the run that they make. */
export interface Stream {
  readonly run: StreamRun;
  /** The input that a number in the run's columns of operations stands for. */
  readonly inputs: readonly Input[];
  readonly outputs: readonly Arrival[];
}

/** Above every number that a record can have: where outputs of no input are put. */
const nowhere = 2 ** 40;

/** Visible arrivals against inputs of topos that are known. */
export function streamOf(reading: Reading): Stream {
  const { topos, arrivals } = reading;
  const inputs = distinct(reading.inputs.filter(({ topo }) => topos.has(topo)));
  const partitions: string[] = [];
  const partitionOf = (name: string): number => {
    const known = partitions.indexOf(name);
    return known >= 0 ? known : partitions.push(name) - 1;
  };
  const rows = new Rows(inputs.length);
  const declared = new Map<number, Declared>();
  const places = new Map<string, readonly [offset: number, outputs: readonly Output[]]>();
  for (const [number, input] of inputs.entries()) {
    const { topo, stream, seq, sure } = input;
    const from = rows.length;
    rows.add(seq, -1, 0);
    const partition = partitionOf(`${topo}/${stream}`);
    rows.close({ partition, offset: seq, pending: sure ? 0 : 1, op: number }, from);
    const outputs = outputsOf(reading, input);
    const values = outputs.map(({ value }) => value);
    declared.set(number, { offset: seq, outputs: [values], one: false });
    places.set(`${topo}/${stream}@${seq}`, [seq, outputs]);
  }
  const outputs = arrivals.filter(({ visible }) => visible);
  const found = outputs.map((arrival) => placeOf(arrival, places));
  const columns = {
    count: outputs.length,
    partition: Int32Array.from(outputs, (arrival) => partitionOf(streamName(arrival))),
    offset: Float64Array.from(found, ([offset]) => offset),
    nth: Int32Array.from(found, ([, nth]) => nth),
    value: outputs.map(({ value }) => value),
    pending: new Uint8Array(outputs.length),
    op: Int32Array.from(outputs.keys()),
    invoked: Int32Array.from(outputs.keys()),
  };
  const run: StreamRun = {
    ...{
      monoid: 'sum',
      partitions,
      cells: [],
      adrift: [],
      untold: [],
      declared,
      snapshots: [],
      glimpses: [],
    },
    ...{ inputs: rows.sorted(partitions.length), final: undefined, outputs: columns },
  };
  return { run, inputs, outputs };
}

/** What is wrong with the outputs, as the exactly-once checker sees it. */
export function findingsOf({ run }: Stream, report: (finding: OutputFinding) => void): void {
  checkOutputs(run, { owed: 'all', order: 'any' }, report);
}

/** Each record once; one that was acknowledged at least once is sure. */
function distinct(inputs: readonly Input[]): readonly Input[] {
  const known = new Map<string, Input>();
  for (const input of inputs) {
    const name = `${input.topo}/${input.stream}@${input.seq}`;
    if (known.get(name)?.sure !== true) known.set(name, input);
  }
  return [...known.values()];
}

function outputsOf({ topos }: Reading, input: Input): readonly Output[] {
  const topo = topos.get(input.topo);
  return topo === undefined ? [] : outcomeOf(topo.spec, topo.codes, input).outputs;
}

const rootOf = ({ record }: Arrival): string => record.split('>', 1)[0] ?? '';
const streamName = (arrival: Arrival): string =>
  `${arrival.topo}/${rootOf(arrival).replace(/@\d+$/, '')}`;

/** Of which input an output is, and which of its outputs. */
function placeOf(
  arrival: Arrival,
  places: ReadonlyMap<string, readonly [number, readonly Output[]]>,
): readonly [offset: number, nth: number] {
  const place = places.get(`${arrival.topo}/${rootOf(arrival)}`);
  if (place === undefined) return [nowhere, 0];
  const nth = place[1].findIndex(
    ({ sink, record }) => sink === arrival.sink && record === arrival.record,
  );
  return [place[0], nth < 0 ? place[1].length : nth];
}
