// A history of topos, read: which were submitted and accepted, what was fed to them, what the sink
// showed and the nodes said in the end. Its operations:
//
//   submit    {topo, spec, codes: [{hash, text}]}; ok: accepted
//   feed      {topo, stream, seq, key, value}; ok: accepted
//   inputs    the name of a source; ok: [[topo, stream, seq, key, value, accepted] …]
//   outputs   the name of a sink; ok: [[topo, sink, position, record, value, epoch, visible] …]
//   topos     ok: [{topo, status, sums: [[`vertex/key`, sum] …]} …]
//
// Of outputs, topos and inputs the final ones count. It judges nothing.
import type { History } from '../../history/history.js';
import type { Op } from '../../history/op.js';
import type { Spec } from './oracle.js';

/** A topo that clients submitted. */
export interface Topo {
  readonly name: string;
  readonly spec: Spec;
  readonly codes: ReadonlyMap<string, string>;
  readonly op: Op;
  /** The operation that was acknowledged, if one was. */
  accepted: Op | undefined;
}

/** A record that went in, or may have. */
export interface Input {
  readonly topo: string;
  readonly stream: string;
  readonly seq: number;
  readonly key: string;
  readonly value: number;
  readonly sure: boolean;
  readonly op: Op;
}

/** What came to a sink. */
export interface Arrival {
  readonly topo: string;
  readonly sink: string;
  readonly position: number;
  readonly record: string;
  readonly value: number;
  readonly epoch: string;
  readonly visible: boolean;
  readonly op: Op;
}

/** What a node said of a topo in the end. */
interface Status {
  readonly topo: string;
  readonly status: string;
  readonly sums: readonly (readonly [string, number])[] | undefined;
  readonly op: Op;
}

export interface Reading {
  readonly topos: ReadonlyMap<string, Topo>;
  readonly inputs: readonly Input[];
  readonly arrivals: readonly Arrival[];
  readonly statuses: readonly Status[];
  /** Whether the sink was read in the end, and whether nodes were asked. */
  readonly finalOutputs: boolean;
  readonly finalTopos: boolean;
}

type Fields = Readonly<Record<string, unknown>>;
type Row = readonly unknown[];

/** O(operations + what they carry). Throws where an operation is not of the shape above. */
export function readingOf(history: History): Reading {
  const topos = new Map<string, Topo>();
  const inputs: Input[] = [];
  const statuses: Status[] = [];
  const sinks = new Map<unknown, Op>();
  const sources = new Map<unknown, Op>();
  let finalTopos = false;
  for (const op of history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    const done = history.completionOf(op);
    const ok = done?.type === 'ok' ? done : undefined;
    if (op.f === 'submit') readSubmit(topos, op, ok);
    else if (op.f === 'feed' && done?.type !== 'fail') inputs.push(inputOf(op, ok !== undefined));
    else if (ok === undefined || op.final !== true) continue;
    else if (op.f === 'outputs') sinks.set(op.value, ok);
    else if (op.f === 'inputs') sources.set(op.value, ok);
    else if (op.f === 'topos') {
      finalTopos = true;
      statuses.push(...rowsOf(ok).map((row) => statusOf(row as Fields, ok)));
    }
  }
  for (const op of sources.values()) {
    inputs.push(...rowsOf(op).map((row) => recordOf(row as Row, op)));
  }
  const arrivals = [...sinks.values()].flatMap((op) =>
    rowsOf(op).map((row) => arrivalOf(row as Row, op)),
  );
  return { topos, inputs, arrivals, statuses, finalOutputs: sinks.size > 0, finalTopos };
}

function readSubmit(topos: Map<string, Topo>, op: Op, ok: Op | undefined): void {
  const { topo, spec, codes } = op.value as Fields;
  const name = String(topo);
  const texts = (codes as readonly { hash: string; text: string }[]) ?? [];
  const known = topos.get(name) ?? {
    ...{ name, spec: spec as Spec, op, accepted: undefined },
    codes: new Map(texts.map(({ hash, text }) => [hash, text])),
  };
  known.accepted ??= ok;
  topos.set(name, known);
}

function inputOf(op: Op, sure: boolean): Input {
  const { topo, stream, seq, key, value } = op.value as Fields;
  return {
    ...{ topo: String(topo), stream: String(stream), seq: whole(seq, op) },
    ...{ key: String(key), value: Number(value), sure, op },
  };
}

function recordOf(row: Row, op: Op): Input {
  const [topo, stream, seq, key, value, accepted] = row;
  return {
    ...{ topo: String(topo), stream: String(stream), seq: whole(seq, op) },
    ...{ key: String(key), value: Number(value), sure: accepted === 1, op },
  };
}

function arrivalOf(row: Row, op: Op): Arrival {
  const [topo, sink, position, record, value, epoch, visible] = row;
  return {
    ...{ topo: String(topo), sink: String(sink), position: Number(position) },
    ...{ record: String(record), value: Number(value), epoch: String(epoch) },
    ...{ visible: visible === 1, op },
  };
}

function statusOf({ topo, status, sums }: Fields, op: Op): Status {
  // Who has sums of a topo that is done has slept: what it believes counts for nothing.
  const owned = status === 'assigned' && Array.isArray(sums);
  const known = owned ? (sums as [string, number][]) : undefined;
  return { topo: String(topo), status: String(status), sums: known, op };
}

function rowsOf(op: Op): readonly unknown[] {
  if (Array.isArray(op.value)) return op.value;
  throw new Error(`operation ${op.index}, ${op.f}: its value is no list`);
}

function whole(value: unknown, { index, f }: Op): number {
  if (Number.isSafeInteger(value) && (value as number) >= 0) return value as number;
  throw new Error(`operation ${index}, ${f}: ${String(value)} is no whole number`);
}
