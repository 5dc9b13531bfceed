// The log that Jepsen prints while a test runs, as recorded of etcd and others: lines such as
// `INFO  jepsen.util - 3	:invoke	:write	4`. All other lines are left out. An operation without
// a completion is unknown; a compare-and-set that fails has seen another value.
import { foundAt, HistoryError } from '../history-error.js';
import type { Op, OpType } from '../op.js';
import { EdnMistake, readEdn } from './edn.js';
import { Collector, type Format, lineReader, noAbout, type Reader } from './recording.js';

export const etcdLog: Format = {
  name: 'etcd-log',
  about: "Jepsen's log on the screen: INFO jepsen.util - PROCESS :TYPE :F VALUE.",
  aliases: ['jepsen-log'],
  recognizes: (line) => /^(?:\S+ \S+\s+)?(?:INFO|WARN|ERROR|DEBUG)\s/.test(line),
  open,
};

function open(): Reader {
  const collector = new Collector();
  return lineReader(
    (line, number) => addLine(collector, line, number),
    () => collector.recording({ ...noAbout, usual: 'cas-register' }),
  );
}

const logLine = /\bINFO\b.*?\bjepsen\.(?:util|core)\s+-\s+(?=\d+\s+:|:nemesis\s)/y;
const head = /(\d+|:nemesis)(\s+):(invoke|ok|fail|info)(\s+):(\S+)(?:\s+|$)/y;

function addLine(collector: Collector, line: string, number: number): void {
  const start = startOf(line, number);
  if (start === undefined) return;
  head.lastIndex = start;
  const found = head.exec(line);
  if (found === null) {
    const expected = 'PROCESS :TYPE :F VALUE, where TYPE is invoke, ok, fail or info';
    throw new HistoryError({ line: number, column: start + 1 }, expected, foundAt(line, start));
  }
  const [all, process = '', gap = '', type = '', second = '', f = ''] = found;
  if (process === ':nemesis') return;
  const fAt = start + process.length + gap.length + 1 + type.length + second.length;
  const value = valueIn(line, start + all.length, number);
  const op: Op = {
    index: collector.count,
    timeUs: collector.count,
    process: Number(process),
    f,
    ...outcomeOf(type as OpType, f, value),
  };
  const place = { line: number, column: fAt + 1 };
  collector.add(op, place, (field) => (field === 'f' ? fAt : start) + 1);
}

/** Where what a line says of an operation begins; undefined if it says nothing of one. */
function startOf(line: string, number: number): number | undefined {
  const from = line.indexOf('INFO');
  if (from < 0) return undefined;
  logLine.lastIndex = from;
  if (logLine.test(line)) return logLine.lastIndex;
  if (!/^INFO\s+jepsen\.util\b/.test(line)) return undefined;
  const expected = '- PROCESS :TYPE :F VALUE after jepsen.util';
  const column = line.indexOf('jepsen.util') + 'jepsen.util'.length + 1;
  throw new HistoryError({ line: number, column }, expected, foundAt(line, column - 1));
}

/** A word that stands where the value should is why there is none. */
interface Value {
  readonly value: unknown;
  readonly error: string | undefined;
}

function valueIn(line: string, at: number, number: number): Value {
  if (line.slice(at).trim() === '') {
    throw new HistoryError({ line: number, column: at + 1 }, 'a value', 'the end');
  }
  if (line[at] === ':') return { value: undefined, error: line.slice(at + 1).trim() };
  try {
    return { value: readEdn({ text: line, at }), error: undefined };
  } catch (error) {
    if (!(error instanceof EdnMistake)) throw error;
    const place = { line: number, column: error.at + 1 };
    throw new HistoryError(place, error.expected, foundAt(line, error.at));
  }
}

/**
 * A compare-and-set that fails with its argument saw another value, which is an answer. What fails
 * for want of an answer may have happened, unless it only reads.
 */
function outcomeOf(type: OpType, f: string, { value, error }: Value) {
  if (type === 'fail' && f === 'cas' && error === undefined) {
    return { type: 'ok' as const, value: false };
  }
  const unsure = type === 'fail' && error !== undefined && f !== 'read';
  const outcome = unsure ? ('info' as const) : type;
  return { type: outcome, value, ...(error !== undefined && { error }) };
}
