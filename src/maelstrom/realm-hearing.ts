// What is heard of JavaScript programs in-process beside their messages: what they write on stderr,
// what they print that is no message, what they asked for and cannot have.
import type { LogEntry } from './realm/hosted-node.js';
import type { Listener } from './store/journal.js';

/** Where a realm's log goes: to the hearing of the test that is running. */
export interface Ear {
  hearing: RealmHearing | undefined;
}

/** Things that a program cannot have, of which a report tells. */
const refusedMax = 3;

export class RealmHearing {
  readonly #refused = new Set<string>();
  readonly #log: Listener['log'] | undefined;

  constructor(listener: Listener | undefined) {
    this.#log = listener && ((node, timeUs, text) => listener.log(node, timeUs, text));
  }

  /** Told by the realms. */
  entry({ node, atUs, kind, text }: LogEntry): void {
    this.#log?.(node, atUs, kind === 'stderr' ? text : `${kind}: ${text}`);
    if (kind === 'refused') this.#refused.add(text);
  }

  /** What the programs asked for and could not have, with what to do about it. */
  notes(): readonly string[] {
    if (this.#refused.size === 0) return [];
    const shown = [...this.#refused].slice(0, refusedMax);
    const rest = this.#refused.size - shown.length;
    return [
      ...shown,
      ...(rest > 0 ? [`… and ${rest} more`] : []),
      '--host pipe runs the program as a process of its own, which may have it.',
    ];
  }
}
