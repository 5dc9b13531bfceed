// The journal of a run's messages: each send, and what became of it. Whoever hosts the nodes tells
// it; whoever keeps or draws it listens.
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';

/**
 * One line of the journal. `id` names a message; a copy that the network made has the same. `drop`:
 * it was lost, when it was sent or when it should have arrived; `hold`: a cut keeps it for later.
 */
export interface JournalEvent {
  readonly timeUs: Micros;
  readonly event: 'send' | 'recv' | 'drop' | 'hold';
  readonly id: number;
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly body: unknown;
  /** Why it was dropped. */
  readonly why?: string;
}

/** Told of everything that nodes and clients say while a run goes on. */
export interface Listener {
  message(event: JournalEvent): void;
  /** A line of a node's log: what it writes on stderr, notes, crashes. */
  log(node: NodeId, timeUs: Micros, text: string): void;
}

/** A journal's line, without a line feed. Maps and Sets are written as lists. */
export function journalLine(event: JournalEvent): string {
  return JSON.stringify(event, (_, part: unknown) =>
    part instanceof Map || part instanceof Set ? [...part] : part,
  );
}

/** Both listeners as one. */
export function bothOf(listeners: readonly Listener[]): Listener | undefined {
  const [first, ...others] = listeners;
  if (first === undefined || others.length === 0) return first;
  return {
    message: (event) => {
      for (const listener of listeners) listener.message(event);
    },
    log: (node, timeUs, text) => {
      for (const listener of listeners) listener.log(node, timeUs, text);
    },
  };
}

/** Whether a name is a client's, as Maelstrom has it. */
export function isClient(name: NodeId): boolean {
  return name.startsWith('c');
}
