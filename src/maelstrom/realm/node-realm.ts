// One realm: a context with microtasks of its own, in which one program of one node runs. Every
// entry is one event of the simulation: the program's callback, its ticks and its microtasks, until
// nothing is left; what it does through its host goes to the context of that event.
import { createRequire, isBuiltin } from 'node:module';
import { resolve } from 'node:path';
import { types } from 'node:util';
import { constants, createContext, type Context as Global, Script } from 'node:vm';
import type { Micros } from '../../kernel/time.js';
import type { Context } from '../../node/protocol.js';
import { bootIn } from './guest-bundle.js';
import type { Answer, Ending, Guest, Host } from './host.js';
import { LineBuffer } from './lines.js';
import { kindOfPath, type ProgramFiles, readOwnDirectory, readOwnFile } from './program-files.js';
import { closeWatch, openWatch, promisesMade, takeRejected } from './rejections.js';

/** What a realm is made from. */
export interface RealmChoices {
  readonly files: ProgramFiles;
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Whether anybody reads what it logs: formatting it costs more than all the rest. */
  readonly logged: boolean;
  /** The directory of the program's package: what is in it can be read. */
  readonly root: string;
}

/** What a program says, beside what it does through the context. */
interface Listener {
  /** A line of stdout. */
  printed(line: string): void;
  /** A line of stderr. */
  logged(line: string): void;
  refused(text: string): void;
}

const require = createRequire(import.meta.url);

/** Evaluating anything drains the microtasks of its context. */
const drain = new Script('0', { filename: 'stormglass:drain' });

const globals = {
  ...{ ArrayBuffer, Uint8Array, URL, URLSearchParams, TextEncoder, TextDecoder, atob, btoa },
  ...{ AbortController, AbortSignal, Event, EventTarget, DOMException },
  isNativeError: types.isNativeError,
};

/** So many rounds of ticks and microtasks in one event are a loop. */
const roundsMax = 100_000;

export class NodeRealm {
  /** How the program ended; `undefined` while it runs. */
  ending: Ending | undefined;
  readonly #global: Global;
  readonly #guest: Guest;
  /** The context of the event at hand. */
  #ctx: Context;
  #monotonicUs: Micros = 0;
  #lastUs: Micros;
  /**
   * Whether its program has ever made a promise. While it has not, no microtask can be waiting, for
   * each belongs to somebody who waits for a promise.
   */
  #promising = false;
  /** Promises that the event at hand took before the program had its turn. */
  #own = 0;

  constructor(choices: RealmChoices, ctx: Context, listener: Listener) {
    this.#ctx = ctx;
    this.#lastUs = ctx.nowUs;
    this.#global = createContext(constants.DONT_CONTEXTIFY, { microtaskMode: 'afterEvaluate' });
    this.#guest = bootIn(this.#global)(this.#host(choices, ctx, listener));
  }

  /** Whether it ended because an event of it did not. */
  get isEndless(): boolean {
    return this.ending?.endless === true;
  }

  /** Loads the program. */
  start(ctx: Context): void {
    this.#event(ctx, () => {
      this.#own = this.#guest.start();
    });
    this.#own = 0;
  }

  /** One line of stdin, without its end. */
  line(ctx: Context, text: string): void {
    this.#event(ctx, () => this.#guest.line(text));
  }

  timer(ctx: Context, id: number): void {
    this.#event(ctx, () => this.#guest.timer(id));
  }

  #event(ctx: Context, work: () => void): void {
    if (this.ending !== undefined) return;
    this.#ctx = ctx;
    openWatch(!this.#promising);
    try {
      work();
      this.#settle();
    } finally {
      closeWatch();
    }
  }

  /** Microtasks and ticks, until there are none; then who is to blame for rejections. */
  #settle(): void {
    const guest = this.#guest;
    for (let round = 0; ; round++) {
      if (this.#promising || promisesMade() > 0) drain.runInContext(this.#global);
      if (guest.ticks.length > 0) {
        if (round > roundsMax) throw new RangeError(`${roundsMax} rounds of ticks in one event`);
        guest.runTicks();
        continue;
      }
      const rejected = takeRejected();
      if (rejected.length === 0) break;
      for (const promise of rejected) guest.rejected(promise);
    }
    this.#promising ||= promisesMade() > this.#own;
    guest.settle();
  }

  #host(choices: RealmChoices, ctx: Context, listener: Listener): Host {
    const { files, entry, args, env, root } = choices;
    const stdout = new LineBuffer((line) => listener.printed(line));
    const stderr = new LineBuffer((line) => listener.logged(line));
    return {
      ...{ entry, args, env, pid: 100 + ctx.nodes.indexOf(ctx.self), hostname: ctx.self },
      logged: choices.logged,
      print: (stream, text) => (stream === 1 ? stdout : stderr).add(text),
      nowUs: () => this.#ctx.nowUs,
      monotonicUs: () => this.#elapsedUs(),
      draw: () => this.#ctx.random.below(2 ** 32),
      setTimer: (id, delayUs) => this.#ctx.setTimer({ type: 'timer', id } as never, delayUs),
      clearTimer: (number) => this.#ctx.clearTimer(number),
      over: (ending) => {
        this.ending = ending;
      },
      builtin: (name) =>
        (name === 'globals' ? globals : require(`node:${name}`)) as Record<string, unknown>,
      isBuiltin,
      resolve: (specifier, from, kind) => files.resolve(specifier, from, kind),
      load: (path) => files.load(path, this.#global),
      readFile: (path) => within(root, path) ?? readOwnFile(path),
      readDirectory: (path) => within(root, path) ?? readOwnDirectory(path),
      kindOf: (path) => (within(root, path) === undefined ? kindOfPath(path) : undefined),
      isProgramFile: (name) => files.isOf(name),
      refused: (text) => listener.refused(text),
    };
  }

  /** Since the start, by the node's clock without its jumps backwards. */
  #elapsedUs(): Micros {
    const { nowUs } = this.#ctx;
    this.#monotonicUs += Math.max(0, nowUs - this.#lastUs);
    this.#lastUs = nowUs;
    return this.#monotonicUs;
  }
}

/** What a program is told of a file that is not its package's; `undefined`: it is. */
function within(root: string, path: string): Answer<never> | undefined {
  const full = resolve('/tmp', path);
  if (full === root || full.startsWith(`${root}/`)) return undefined;
  const why = `a hosted program reads the files of its own package, ${root}`;
  const message = `${path} is refused here: ${why}`;
  return { error: { code: 'ERR_STORMGLASS_REFUSED', message } };
}
