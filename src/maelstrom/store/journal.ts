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
  const names = new Map<string, string>();
  const nameText = (name: string): string => {
    let text = names.get(name);
    if (text === undefined) names.set(name, (text = JSON.stringify(name)));
    return text;
  };
  /** The part of a line that is the same for all that becomes of a message. */
  const ofMessage = ({ id, src, dest, body }: JournalEvent): string =>
    `"id":${id},"src":${nameText(src)},"dest":${nameText(dest)},"body":${bodyText(body)}`;
  const underWay = new Map<number, string>();
  return (event) => {
    const { timeUs, event: what, id, why } = event;
    const known = what === 'send' ? undefined : underWay.get(id);
    const message = known ?? ofMessage(event);
    if (what === 'send') underWay.set(id, message);
    else if (what !== 'hold') underWay.delete(id);
    const reason = why === undefined ? '' : `,"why":${JSON.stringify(why)}`;
    return `{"timeUs":${timeUs},"event":"${what}",${message}${reason}}`;
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
  for (const key in value) if (hasCollections(value[key as keyof object])) return true;
  return false;
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
