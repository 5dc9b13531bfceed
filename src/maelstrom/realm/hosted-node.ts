// One node of a hosted program: messages become lines of its stdin, lines of its stdout become
// messages; the handshake with `init`; what it says that is no message; its end.
import { dirname } from 'node:path';
import type { Micros } from '../../kernel/time.js';
import type { Message, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import { administrator } from '../../sim/lifecycle.js';
import type { Utterance } from '../conduct.js';
import { lineOf, parseLine, type Spoken } from '../line.js';
import { type Audience, hear, say } from '../speech.js';
import { shortened } from './lines.js';
import { NodeRealm, type RealmChoices } from './node-realm.js';

/** Something that a program said, or did, beside sending messages. */
export interface LogEntry {
  readonly node: NodeId;
  /** By the node's own clock. */
  readonly atUs: Micros;
  /**
   * `stderr`: a line of its log. `garbage`: a line on stdout that is no message. `warning`: a
   * message that is odd. `refused`: what it asked for and cannot have. `over`: its end.
   */
  readonly kind: 'stderr' | 'garbage' | 'warning' | 'refused' | 'over';
  readonly text: string;
}

/** What the simulator sees of a program: its inside is its own. */
export interface HostedState {
  initialised: boolean;
  /** Lines of stdin, and a hash of all of them. */
  received: number;
  stdin: number;
  /** Lines of stdout, and a hash of all of them. */
  printed: number;
  stdout: number;
  /** Lines of stdout that were no messages, and the last of them. */
  garbage: number;
  lastGarbage: string;
  /** Messages that came before `init_ok` and wait for it. */
  waiting: number;
  /** How the program ended; '' while it runs. */
  over: string;
}

/** What the nodes of one world share. */
export interface Shared extends Audience {
  readonly log: (entry: LogEntry) => void;
  readonly counter: { messages: number };
}

/** Maelstrom gives a program so long to answer `init`. */
const initTimeoutUs = 10_000_000;

export class HostedNode {
  readonly state: HostedState = {
    ...{ initialised: false, received: 0, stdin: 0, printed: 0, stdout: 0 },
    ...{ garbage: 0, lastGarbage: '', waiting: 0, over: '' },
  };
  readonly #realm: NodeRealm;
  readonly #shared: Shared;
  readonly #directory: string;
  #ctx: Context;
  #queue: Message[] = [];
  /** The line that it was told last. */
  #told = '';
  #initTimer = 0;

  constructor(choices: RealmChoices, ctx: Context, shared: Shared) {
    this.#shared = shared;
    this.#ctx = ctx;
    this.#directory = dirname(choices.entry);
    this.#realm = new NodeRealm(choices, ctx, {
      printed: (line) => this.#printed(line),
      logged: (text) => this.#log('stderr', text),
      refused: (text) => this.#log('refused', text),
    });
  }

  /** Loads the program and sends it `init`. */
  start(ctx: Context): void {
    this.#ctx = ctx;
    this.#realm.start(ctx);
    const { self: node_id, nodes: node_ids, incarnation: msg_id } = ctx;
    const body = { type: 'init', msg_id, node_id, node_ids };
    this.#initTimer = ctx.setTimer({ type: 'init-timeout' }, initTimeoutUs);
    this.#shared.conduct.starts(node_id);
    this.#line({ src: administrator, dest: node_id, body });
    this.#after();
  }

  receive(message: Message, ctx: Context): void {
    this.#ctx = ctx;
    hear(message, ctx, this.#shared);
    // A program may ask services before it answers `init`; requests to it wait until then.
    if (this.state.initialised || message.body.in_reply_to !== undefined) this.#line(message);
    else this.state.waiting = this.#queue.push(message);
    this.#after();
  }

  timer(id: number, ctx: Context): void {
    this.#ctx = ctx;
    this.#realm.timer(ctx, id);
    this.#after();
  }

  checkInitialised(): void {
    if (this.state.initialised) return;
    const text = `the program did not answer init with init_ok in ${initTimeoutUs / 1e6} s`;
    throw Object.assign(new Error(text), { stack: text });
  }

  /** Ends the node's life by throwing what the program's end was. */
  crash(): never {
    const { ending } = this.#realm;
    const error = new Error(this.state.over);
    error.stack = ending?.error?.stack ?? this.state.over;
    throw error;
  }

  #line(message: Message): void {
    if (this.#realm.ending !== undefined) return;
    const json = lineOf(this.#shared.counter.messages++, message);
    // Node's readline ends a line at Unicode's separators as well.
    const text = separators.test(json) ? json.replace(/[\u2028\u2029]/g, escaped) : json;
    this.state.received++;
    this.state.stdin = stirText(this.state.stdin, text);
    this.#told = text;
    this.#realm.line(this.#ctx, text);
  }

  /** After an event: what waited is said once `init` is answered; an end takes place. */
  #after(): void {
    const { state } = this;
    while (state.initialised && this.#queue.length > 0) {
      const queue = this.#queue;
      this.#queue = [];
      state.waiting = 0;
      for (const message of queue) this.#line(message);
    }
    const { ending } = this.#realm;
    if (ending === undefined || state.over !== '') return;
    const { code, error, reason } = ending;
    const what = error === undefined ? '' : `: ${this.#place(error)}`;
    const told = this.#realm.isEndless ? `; it was last told ${shortened(this.#told)}` : '';
    state.over = `the program ended with code ${code}, ${reason}${what}${told}`;
    this.#log('over', error?.stack ?? state.over);
    // What it printed in this event has been said: only then is it gone.
    this.#ctx.setTimer({ type: 'over' }, 0);
  }

  /** An error's message with the place in the program, below its own directory. */
  #place({ message, stack }: { readonly message: string; readonly stack: string }): string {
    const found = /\(?((?:\/|file:)[^\s()]+:\d+:\d+)\)?/.exec(stack)?.[1];
    const local = (text: string): string => text.replaceAll(`${this.#directory}/`, '');
    const first = local(message);
    if (found === undefined || first.includes(local(found))) return first;
    return `${first} (${local(found)})`;
  }

  #printed(line: string): void {
    const { state } = this;
    if (this.#realm?.ending !== undefined) return;
    state.printed++;
    state.stdout = stirText(state.stdout, line);
    const parsed = parseLine(line);
    if (parsed.kind === 'wrong') return this.#garbage(line, parsed.why);
    const { message } = parsed;
    if (message.dest === administrator && !state.initialised && this.#initialised(message, line)) {
      return;
    }
    const { self } = this.#ctx;
    const { src } = message;
    if (src !== self) this.#log('warning', `${self} says that it is "${src}": ${shortened(line)}`);
    say(message, this.#utterance(line), this.#ctx, this.#shared);
  }

  #utterance(line: string): Utterance {
    const { self: node, nowUs: atUs } = this.#ctx;
    return { node, atUs, number: this.state.printed, line };
  }

  /** The answer to `init`: it goes nowhere. */
  #initialised({ body }: Spoken, line: string): boolean {
    if (body.in_reply_to !== this.#ctx.incarnation) return false;
    if (body.type !== 'init_ok') {
      this.#log('warning', `init was answered with ${shortened(line)}, not with init_ok`);
      return true;
    }
    this.state.initialised = true;
    this.#shared.conduct.isReady(this.#ctx.self);
    this.#ctx.clearTimer(this.#initTimer);
    return true;
  }

  #garbage(line: string, wrong: string): void {
    if (line.trim() === '') return;
    this.state.garbage++;
    this.state.lastGarbage = shortened(line);
    const text = `line ${this.state.printed} of stdout is no message, ${wrong}: ${shortened(line)}`;
    this.#ctx.note(text);
    this.#log('garbage', text);
    this.#shared.conduct.note('garbage', this.#utterance(line), wrong);
  }

  #log(kind: LogEntry['kind'], text: string): void {
    this.#shared.log({ node: this.#ctx.self, atUs: this.#ctx.nowUs, kind, text });
  }
}

const separators = /[\u2028\u2029]/;
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16)}`;

/** A rolling hash of lines. */
function stirText(hash: number, text: string): number {
  let mixed = hash ^ text.length;
  for (let i = 0; i < text.length; i++) mixed = Math.imul(mixed ^ text.charCodeAt(i), 0x01000193);
  return mixed;
}
