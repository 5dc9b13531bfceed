// The journal of a run's messages: each send, and what became of it. Whoever hosts the nodes tells
// it; whoever keeps or draws it listens.
import { jsonTextOf } from '../../history/json-text.js';
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';

/** A message of the journal. A copy that the network made is the same message. */
export interface JournalMessage {
  readonly id: number;
  readonly src: NodeId;
  readonly dest: NodeId;
  readonly body: unknown;
  /** What all lines on it have in common, once one has been written. */
  text: string | undefined;
}

/**
 * One line of the journal. `drop`: the message was lost, when it was sent or when it should have
 * arrived; `hold`: a cut keeps it for later.
 */
export interface JournalEvent {
  readonly timeUs: Micros;
  readonly event: 'send' | 'recv' | 'drop' | 'hold';
  readonly message: JournalMessage;
  /** Why it was dropped. */
  readonly why: string | undefined;
}

/** Told of everything that nodes and clients say while a run goes on. */
export interface Listener {
  message(event: JournalEvent): void;
  /** A line of a node's log: what it writes on stderr, notes, crashes. */
  log(node: NodeId, timeUs: Micros, text: string): void;
}

/** An event as a line, without a line feed. */
export function journalLine({ timeUs, event, message, why }: JournalEvent): string {
  message.text ??= textOf(message);
  const reason = why === undefined ? '' : `,"why":${JSON.stringify(why)}`;
  return `{"timeUs":${timeUs},"event":"${event}",${message.text}${reason}}`;
}

function textOf({ id, src, dest, body }: JournalMessage): string {
  const said = bodyText(body);
  if (plainName.test(src) && plainName.test(dest)) {
    return `"id":${id},"src":"${src}","dest":"${dest}","body":${said}`;
  }
  return `"id":${id},"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)},"body":${said}`;
}

/** A name that needs no escapes; nearly all are such. */
const plainName = /^[\w.-]+$/;

/** A body as JSON. */
export function bodyText(body: unknown): string {
  return jsonTextOf(body) ?? 'null';
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
