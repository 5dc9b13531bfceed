// What is kept of a test: a directory with its results, its history in three notations, its
// messages, its nodes' logs and its pictures. Messages and logs are written while the run goes on.
import { ednOfOp, formatEdnLines, textLineOf } from '../../history/formats/edn-text.js';
import type { History } from '../../history/history.js';
import { formatHeader, formatOp } from '../../history/ndjson.js';
import { formatInstant } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { Caption } from '../pictures/chart.js';
import { latencyQuantiles, latencyRaw } from '../pictures/latency.js';
import { drawnMax, messagesPicture } from '../pictures/messages.js';
import { ratePicture } from '../pictures/rate.js';
import { timelinePage } from '../pictures/timeline.js';
import { type GrowingFile, ResultsDirectory } from './directory.js';
import { type JournalEvent, journalLine, type Listener } from './journal.js';

/** What is written when a test is over. */
interface Keepsake {
  readonly history: History;
  /** What the history's first line says of it. */
  readonly header: Readonly<Record<string, unknown>>;
  readonly results: Readonly<Record<string, unknown>>;
  readonly caption: Caption;
  readonly workers: number;
  /** Files beside those that every test has, by name. */
  readonly files: ReadonlyMap<string, string>;
}

export interface Recorder {
  readonly listener: Listener;
  /** Where programs write their own logs, a file each; what is told of them is kept apart then. */
  logFolder(): string;
  /** Where a file is until the directory takes its place; for those who write it themselves. */
  placeOf(name: string): string;
  /** Where the results are once they are committed. */
  readonly path: string;
  /** Writes all that is left to write, and puts the directory in its place. */
  commit(keepsake: Keepsake): void;
  /** Leaves nothing behind. Harmless after `commit`. */
  abandon(): void;
}

/** Begins a directory in `root`. Throws a UsageError when it cannot be written. */
export function openRecorder(
  root: string,
  { workload, nodes }: { readonly workload: string; readonly nodes: readonly NodeId[] },
  now: Date,
): Recorder {
  const directory = new ResultsDirectory(root, workload, stampOf(now));
  const journal = directory.growing('messages.ndjson');
  const logs = new Map<string, GrowingFile>();
  let ownLogs = false;
  const members = new Set(nodes);
  const first: JournalEvent[] = [];
  let total = 0;
  const listener: Listener = {
    message: (event) => {
      journal.write(`${journalLine(event)}\n`);
      if (isInit(event)) return;
      total++;
      if (first.length < drawnMax) first.push(event);
    },
    log: (node, timeUs, text) => {
      if (!members.has(node)) return; // Of services there is nothing to say.
      const name = ownLogs ? 'lives.log' : `node-logs/${node}.log`;
      const log = logs.get(name) ?? directory.growing(name);
      logs.set(name, log);
      log.write(`${formatInstant(timeUs)} ${ownLogs ? `${node} ` : ''}${text}\n`);
    },
  };
  return {
    listener,
    path: directory.path,
    placeOf: (name) => directory.placeOf(name),
    logFolder: () => {
      ownLogs = true;
      return directory.placeOf('node-logs');
    },
    commit: (keepsake) => {
      for (const [name, text] of filesOf(keepsake, first, total)) directory.file(name, text);
      directory.commit();
    },
    abandon: () => directory.abandon(),
  };
}

/** The files that every test has, and those that this one has beside. */
function* filesOf(
  { history, header, results, caption, workers, files }: Keepsake,
  first: readonly JournalEvent[],
  total: number,
): Generator<readonly [name: string, text: string]> {
  yield ['results.json', `${JSON.stringify(results, jsonPart, 2)}\n`];
  yield ['results.edn', `${formatEdnLines(results)}\n`];
  yield ['history.ndjson', linesOf([formatHeader(header), ...history.ops.map(formatOp)])];
  yield ['history.edn', linesOf(history.ops.map(ednOfOp))];
  yield ['history.txt', linesOf(history.ops.map(textLineOf))];
  yield ['messages.svg', messagesPicture(first, { total, workers }, caption)];
  yield ['timeline.html', timelinePage(history, workers, caption)];
  yield ['latency-raw.svg', latencyRaw(history, caption)];
  yield ['latency-quantiles.svg', latencyQuantiles(history, caption)];
  yield ['rate.svg', ratePicture(history, caption)];
  yield* files;
}

/** Maelstrom draws no `init` either. */
function isInit({ message: { body } }: JournalEvent): boolean {
  const { type } = (body ?? {}) as { readonly type?: unknown };
  return type === 'init' || type === 'init_ok';
}

/** What JSON has not, as the nearest that it has. */
function jsonPart(_: string, part: unknown): unknown {
  if (part instanceof Map) return Object.fromEntries(part);
  return part instanceof Set ? [...part] : part;
}

function linesOf(lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join('');
}

/** `20260102T030405.678Z`, as Jepsen calls its directories. */
function stampOf(now: Date): string {
  return now.toISOString().replaceAll(/[-:]/g, '');
}
