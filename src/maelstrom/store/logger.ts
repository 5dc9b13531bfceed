// What `--log-net-send`, `--log-net-recv` and `--log-stderr` ask for: lines while the run goes on.
import { formatInstant } from '../../kernel/time.js';
import { type JournalEvent, journalLine, type Listener } from './journal.js';

/** Which lines are wanted. */
interface Wanted {
  readonly sent: boolean;
  readonly received: boolean;
  readonly stderr: boolean;
}

/** A listener that says what is wanted; `undefined` if nothing is. */
export function logger(
  { sent, received, stderr }: Wanted,
  say: (line: string) => void,
): Listener | undefined {
  if (!sent && !received && !stderr) return undefined;
  const wants = (event: JournalEvent['event']): boolean =>
    event === 'send' ? sent : event === 'recv' ? received : sent || received;
  return {
    message: (event) => {
      if (wants(event.event)) say(`${formatInstant(event.timeUs)} ${journalLine(event)}\n`);
    },
    log: (node, timeUs, text) => {
      if (stderr) say(`${formatInstant(timeUs)} ${node} ${text}\n`);
    },
  };
}
