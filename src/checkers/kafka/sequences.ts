// What one client may expect: its polls go through a log in order and leave nothing out, its sends
// come to lie one behind the other. A client's position is known from its last poll, until it is
// assigned other keys, or a poll fails or has no answer: then nobody knows how far it came.
import type { ValueKey } from '../../history/value.js';
import { knownBetween, type Log } from './log.js';
import type { Step } from './reading.js';

interface Slip {
  readonly kind: string;
  readonly key: ValueKey;
  /** The operation before, or the same one. */
  readonly before: Step;
  readonly after: Step;
  readonly from: number;
  readonly to: number;
  /** What was left out. */
  readonly skipped: number | undefined;
}

interface Position {
  readonly step: Step;
  readonly offset: number;
}

interface Client {
  readonly polls: Map<ValueKey, Position>;
  readonly sends: Map<ValueKey, Position>;
}

type Logs = ReadonlyMap<ValueKey, Log>;

/** O(n log n): everything that a client saw out of its order. `steps` in order of invocation. */
export function slipsIn(
  steps: readonly Step[],
  logs: Logs,
  lenient: boolean,
  report: (slip: Slip) => void,
): void {
  const clients = new Map<number | 'nemesis', Client>();
  for (const step of steps) {
    const { process, f } = step.invoked;
    const client = clients.get(process) ?? { polls: new Map(), sends: new Map() };
    clients.set(process, client);
    if (step.assigned !== undefined) keepOnly(client, step.assigned, step.done?.type === 'ok');
    if (f === 'crash' || (step.done?.type !== 'ok' && step.assigned === undefined)) {
      // A poll that failed may have moved the client on; a send that failed sent nothing.
      // Maelstrom thinks that it has not, and so may see a message skipped that was not.
      const failed = step.done?.type === 'fail' && (f === 'send' || lenient);
      if (!failed) client.polls.clear();
      continue;
    }
    follow(client, step, { logs, lenient, report });
  }
}

/** Keys that are no longer assigned begin anew. After an assignment that failed all do. */
function keepOnly(client: Client, keys: ReadonlySet<ValueKey>, sure: boolean): void {
  for (const positions of [client.polls, client.sends]) {
    for (const key of positions.keys()) if (!sure || !keys.has(key)) positions.delete(key);
  }
}

interface Following {
  readonly logs: Logs;
  /** Whether a client's place is known from what it polled alone, and not from what it asked. */
  readonly lenient: boolean;
  readonly report: (slip: Slip) => void;
}

function follow(client: Client, step: Step, { logs, lenient, report }: Following): void {
  for (const move of step.moves) {
    const log = logs.get(move.key);
    if (log === undefined) continue;
    if (move.f === 'send') {
      if (move.offset !== undefined) {
        compare({ log, step, report, f: 'send' }, client.sends.get(move.key), move.offset);
        client.sends.set(move.key, { step, offset: move.offset });
      }
      continue;
    }
    const { from } = move;
    const asked = from === undefined || lenient ? undefined : { step, offset: from - 1 };
    let before = asked ?? client.polls.get(move.key);
    for (const { offset } of move.records) {
      compare({ log, step, report, f: 'poll' }, before, offset, asked === before);
      before = { step, offset };
    }
    if (before !== undefined && move.records.length > 0) client.polls.set(move.key, before);
  }
}

interface Place {
  readonly log: Log;
  readonly step: Step;
  readonly f: 'poll' | 'send';
  readonly report: (slip: Slip) => void;
}

/** `asked`: the position before is what the poll was asked to begin behind. */
function compare(
  { log, step, f, report }: Place,
  before: Position | undefined,
  offset: number,
  asked = false,
): void {
  if (before === undefined) return;
  const inner = before.step === step && !asked ? 'int-' : '';
  const slip = { key: log.key, before: before.step, after: step, from: before.offset, to: offset };
  if (offset <= before.offset) {
    report({ ...slip, kind: `${inner}nonmonotonic-${f}`, skipped: undefined });
    return;
  }
  if (f === 'send' && inner === '') return;
  const skipped = knownBetween(log, before.offset + 1, offset);
  if (skipped !== undefined) report({ ...slip, kind: `${inner}${f}-skip`, skipped });
}
