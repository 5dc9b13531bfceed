// One node of a protocol of ours in real time: lines in, lines out, timers by the wall's clock. It
// keeps the promise of the context: what a handler did takes place when it has returned, and
// nothing of it when it throws.
import { keyOf } from '../../kernel/key.js';
import { KeyedRandom } from '../../kernel/random.js';
import { type Micros, timeUsMax } from '../../kernel/time.js';
import type { Body, Message, NodeId } from '../../node/message.js';
import type { AnyProtocol, Context, Timer, TimerId } from '../../node/protocol.js';
import { jsonOf } from '../../scenario/trace-row.js';
import { lineOf, parseLine } from '../line.js';
import { revived } from './plain-json.js';
import { MemoryStore } from './store.js';

/** What is served, and to whom it talks. */
export interface Serving {
  readonly protocol: AnyProtocol;
  /** Complete. */
  readonly options: object;
  readonly seed: string;
  /** Takes a line for stdout. */
  readonly say: (line: string) => void;
  /** Takes a line for stderr. */
  readonly note: (text: string) => void;
  /** Takes what the protocol throws: the node has crashed. */
  readonly crash: (error: unknown) => void;
}

/** Maelstrom's code for a request that nobody understands. */
const notSupported = 10;

/** A sync of the store takes so long. */
const syncMs = 1;

export class ServedNode {
  readonly #serving: Serving;
  readonly #random = new KeyedRandom();
  readonly #timers = new Map<TimerId, NodeJS.Timeout>();
  readonly #store = new MemoryStore((done) => this.#effects.push(() => this.#sync(done)));
  #effects: (() => void)[] = [];
  #context: Context | undefined;
  #state: unknown;
  #events = 0;
  #timerNext = 1;

  constructor(serving: Serving) {
    this.#serving = serving;
  }

  /** Takes a line of stdin. */
  hear(line: string): void {
    if (line.trim() === '') return;
    const parsed = parseLine(line);
    if (parsed.kind === 'wrong') return this.#serving.note(`${parsed.why}: ${line}`);
    const { src, dest, body } = parsed.message;
    const message = { src, dest, body: revived(body) as Body };
    if (this.#context === undefined) this.#init(message);
    else this.#receive(message, this.#context);
  }

  /** Lets go of all timers. */
  close(): void {
    for (const timeout of this.#timers.values()) clearTimeout(timeout);
    this.#timers.clear();
  }

  #init(message: Message): void {
    const { body } = message;
    const { node_id, node_ids } = body as Body & {
      readonly node_id?: unknown;
      readonly node_ids?: unknown;
    };
    if (body.type !== 'init' || typeof node_id !== 'string' || !Array.isArray(node_ids)) {
      return this.#serving.note(`before init comes ${body.type} of ${message.src}`);
    }
    const context = this.#contextOf(node_id, node_ids.map(String));
    this.#context = context;
    const { protocol } = this.#serving;
    this.#event(() => {
      this.#state = protocol.init(context);
      this.#effects.unshift(() => this.#send(message, { type: 'init_ok' }));
    });
  }

  #receive(message: Message, context: Context): void {
    const { protocol } = this.#serving;
    const { body } = message;
    const known = Object.hasOwn(protocol.on, body.type) ? protocol.on[body.type] : undefined;
    const handler = known ?? protocol.other?.bind(protocol);
    if (handler !== undefined) return this.#event(() => handler(this.#state, message, context));
    this.#serving.note(`${protocol.name} has no handler for ${body.type}`);
    if (body.msg_id === undefined || body.in_reply_to !== undefined) return;
    const text = `${protocol.name} does not know ${body.type}`;
    this.#send(message, { type: 'error', code: notSupported, text } as Body);
  }

  /** Answers without a context. */
  #send({ src, dest, body: { msg_id } }: Message, body: Body): void {
    const reply = msg_id === undefined ? body : { ...body, in_reply_to: msg_id };
    this.#serving.say(lineOf(undefined, { src: dest, dest: src, body: reply }));
  }

  /** Runs a handler; then what it did takes place. */
  #event(handler: () => void): void {
    const { hi, lo } = keyOf(this.#serving.seed, this.#context?.self ?? '', this.#events++);
    this.#random.rekey(hi, lo);
    this.#effects = [];
    try {
      handler();
      for (const effect of this.#effects) effect();
      this.#serving.protocol.invariant?.(this.#state as object);
    } catch (error) {
      this.#serving.crash(error);
    }
  }

  #contextOf(self: NodeId, nodes: readonly NodeId[]): Context {
    const { note, options, say } = this.#serving;
    const send = (dest: NodeId, body: Body): void => {
      const line = lineOf(undefined, { src: self, dest, body: jsonOf(body) as Body });
      this.#effects.push(() => say(line));
    };
    return {
      self,
      nodes,
      options,
      get nowUs() {
        return nowUs();
      },
      incarnation: 1,
      random: this.#random,
      store: this.#store,
      send,
      reply: (request, body) => {
        const { msg_id } = request.body;
        send(request.src, msg_id === undefined ? body : { ...body, in_reply_to: msg_id });
      },
      setTimer: (timer, delayUs) => this.#setTimer(timer, delayUs),
      clearTimer: (id) => {
        this.#effects.push(() => {
          clearTimeout(this.#timers.get(id));
          this.#timers.delete(id);
        });
      },
      note,
    };
  }

  #setTimer(timer: Timer, delayUs: Micros): TimerId {
    const id = this.#timerNext++;
    this.#effects.push(() => {
      const fire = (): void => {
        if (this.#timers.delete(id)) this.#fire(timer);
      };
      this.#timers.set(id, setTimeout(fire, delayUs / 1_000));
    });
    return id;
  }

  #sync(done: Timer): void {
    const id = this.#timerNext++;
    const fire = (): void => {
      if (this.#timers.delete(id)) this.#fire(done);
    };
    this.#timers.set(id, setTimeout(fire, syncMs));
  }

  #fire(timer: Timer): void {
    const handler = this.#serving.protocol.timers?.[timer.type];
    const context = this.#context;
    if (handler === undefined || context === undefined) return;
    this.#event(() => handler(this.#state, timer, context));
  }
}

/** The wall's clock, which all nodes of a machine share, in the range that protocols know. */
function nowUs(): Micros {
  return Math.floor((performance.timeOrigin + performance.now()) * 1_000) % timeUsMax;
}
