// What is heard of JavaScript programs in-process beside their messages: what they write on stderr,
// what they print that is no message, what they asked for and cannot have; and how they behave
// towards clients, which is judged as it is behind pipes.
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';
import type { NamedJudgement } from '../scenario/check.js';
import { Conduct, type Utterance } from './pipe/conduct.js';
import type { LogEntry } from './realm/hosted-node.js';
import { bodyText, isClient, type JournalEvent, type Listener } from './store/journal.js';

/** Where a realm's log goes: to the hearing of the test that is running. */
export interface Ear {
  hearing: RealmHearing | undefined;
}

/** Things that a program cannot have, of which a report tells. */
const refusedMax = 3;

export class RealmHearing implements Listener {
  readonly #conduct = new Conduct();
  readonly #refused = new Set<string>();
  /** Lines that each node has said; `init_ok` is the first. */
  readonly #lines = new Map<NodeId, number>();
  readonly #log: Listener['log'] | undefined;

  constructor(listener: Listener | undefined) {
    this.#log = listener && ((node, timeUs, text) => listener.log(node, timeUs, text));
  }

  /** Told by the realms. */
  entry({ node, atUs, kind, text }: LogEntry): void {
    this.#log?.(node, atUs, kind === 'stderr' ? text : `${kind}: ${text}`);
    if (kind === 'refused') this.#refused.add(text);
    if (kind !== 'garbage') return;
    const [, why = text, line = text] = /is no message, (.*?): (.*)$/s.exec(text) ?? [];
    this.#conduct.note('garbage', this.#utterance(node, atUs, line), why);
  }

  message(event: JournalEvent): void {
    const { src, dest, body, timeUs } = event;
    const { type, msg_id, in_reply_to } = body as {
      readonly type: string;
      readonly msg_id?: number;
      readonly in_reply_to?: number;
    };
    if (isClient(src)) {
      if (event.event === 'recv') this.#conduct.asked(src, msg_id, type);
      return;
    }
    if (event.event === 'send' && this.#conduct.isClient(dest)) {
      this.#conduct.answered(dest, in_reply_to, this.#utterance(src, timeUs, bodyText(body)));
    } else if (event.event === 'send') {
      this.#count(src);
    } else if (event.why === nowhere) {
      this.#conduct.note(
        'nobody',
        this.#utterance(src, timeUs, bodyText(body)),
        `there is no ${dest}`,
      );
    }
  }

  /** Nothing to listen for in particular: realms tell their logs themselves. */
  log(): void {}

  /** What the programs are to be blamed for; `undefined`: nothing. */
  judge(): NamedJudgement | undefined {
    return this.#conduct.judge();
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

  #utterance(node: NodeId, atUs: Micros, line: string): Utterance {
    return { node, atUs, number: this.#count(node), line };
  }

  #count(node: NodeId): number {
    const number = (this.#lines.get(node) ?? 1) + 1;
    this.#lines.set(node, number);
    return number;
  }
}

/** Why the simulation drops messages to names that nobody has. */
const nowhere = 'there is no such node';
