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

/** Writes events as lines, without line feeds. It remembers what is under way. */
export function journalWriter(): (event: JournalEvent) => string {
  const bodies = new Map<number, string>();
  return ({ timeUs, event, id, src, dest, body, why }) => {
    const text = (event === 'send' ? undefined : bodies.get(id)) ?? bodyText(body);
    if (event === 'send') bodies.set(id, text);
    else if (event !== 'hold') bodies.delete(id);
    const reason = why === undefined ? '' : `,"why":${JSON.stringify(why)}`;
    const ends = `"src":${JSON.stringify(src)},"dest":${JSON.stringify(dest)}`;
    return `{"timeUs":${timeUs},"event":"${event}","id":${id},${ends},"body":${text}${reason}}`;
  };
}

/** A body as JSON. Maps and Sets are written as lists. */
export function bodyText(body: unknown): string {
  const text = hasCollections(body)
    ? JSON.stringify(body, (_, part: unknown) =>
        part instanceof Map || part instanceof Set ? [...part] : part,
      )
    : JSON.stringify(body);
  return text ?? 'null';
}

/** Whether JSON does not know something in it; to look costs less than a replacer. */
function hasCollections(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (Array.isArray(value)) return value.some(hasCollections);
  if (value instanceof Map || value instanceof Set) return true;
  return Object.values(value).some(hasCollections);
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
