// A session at a terminal: keys in, frames out, jobs in between; and the terminal given back as it
// was, however it ends: by a key, a signal, ^Z, or an error of our own.
import { format } from 'node:util';
import { render } from 'ink';
import { createElement } from 'react';
import { type Palette, painted } from '../scenario/diagram/ansi.js';
import type { Ask } from '../scenario/walk.js';
import { App, type FrameStore } from './app.js';
import { comeBack } from './copying.js';
import { decodeKeys } from './decode-keys.js';
import { FrameSink, type TerminalOut } from './frame-sink.js';
import { press, pressHeld } from './press.js';
import { drawScreen } from './screen.js';
import { fetchRows } from './side-rows.js';
import { type Origin, Stepper, type Wanted } from './stepper.js';

/** The keyboard. */
export interface TerminalIn {
  setRawMode(raw: boolean): unknown;
  resume(): unknown;
  pause(): unknown;
  on(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
  off(event: 'data', listener: (chunk: Buffer | string) => void): unknown;
}

/** The process, as far as a terminal's signals go. */
export interface Host {
  on(signal: string, listener: () => void): unknown;
  off(signal: string, listener: () => void): unknown;
  /** Stops this process until it is continued. */
  stop(): void;
}

export interface Terminal {
  readonly stdin: TerminalIn;
  readonly stdout: TerminalOut & {
    on(event: 'resize', listener: () => void): unknown;
    off(event: 'resize', listener: () => void): unknown;
  };
  readonly host: Host;
}

export interface SessionOptions {
  readonly origin: Origin;
  readonly at: Wanted;
  readonly palette: Palette;
  /** Who asks checkers that take long. */
  readonly ask?: Ask;
}

/** How a session ended. */
export interface Ended {
  /** 0, or 128 and the number of the signal. */
  readonly exitCode: number;
  /** What to print on the terminal as it was before. */
  readonly farewell: string;
  /** What the scenario's code has printed, a line each. */
  readonly printed: readonly string[];
}

/** This process. */
export const processHost: Host = {
  on: (signal, listener) => process.on(signal, listener),
  off: (signal, listener) => process.off(signal, listener),
  stop: () => process.kill(process.pid, 'SIGTSTP'),
};

/** Milliseconds: between two frames, and of work between two looks at the keyboard. */
const [frameMs, workMs] = [33, 12] as const;
/** Until rows are made that might be looked at next: whoever holds a key comes first. */
const idleMs = 20;
const playMs = 66;

/** Steps through a run until the user has had enough. Throws what our own code threw. */
export function stepThrough(terminal: Terminal, options: SessionOptions): Promise<Ended> {
  return new Promise((resolve, reject) => {
    try {
      new Session(terminal, options, resolve, reject).begin();
    } catch (error) {
      reject(error);
    }
  });
}

/** What users' code prints would tear the screen: it is kept for the log, and for the end. */
function redirectedConsole(print: (text: string) => void): () => void {
  const names = ['debug', 'error', 'info', 'log', 'warn'] as const;
  const before = names.map((name) => console[name]);
  for (const name of names) console[name] = (...values: unknown[]) => print(format(...values));
  return () => {
    for (const [nth, name] of names.entries()) console[name] = before[nth] ?? console[name];
  };
}

class Session {
  readonly #terminal: Terminal;
  readonly #palette: Palette;
  readonly #stepper: Stepper;
  readonly #sink: FrameSink;
  readonly #resolve: (ended: Ended) => void;
  readonly #reject: (error: unknown) => void;
  readonly #listeners = new Set<() => void>();
  #chars: readonly string[] = [];
  #ink: { unmount(): void } | undefined;
  #frameTimer: NodeJS.Timeout | undefined;
  #idleTimer: NodeJS.Timeout | undefined;
  #playTimer: NodeJS.Timeout | undefined;
  #lastFrameMs = Number.NEGATIVE_INFINITY;
  #pumping = false;
  #copied = 0;
  /** The checker that the screen says is asked. */
  #announced: string | undefined;
  #restoreConsole: () => void = () => {};
  #over = false;

  constructor(
    terminal: Terminal,
    { origin, at, palette, ask }: SessionOptions,
    resolve: (ended: Ended) => void,
    reject: (error: unknown) => void,
  ) {
    this.#terminal = terminal;
    this.#palette = palette;
    this.#stepper = new Stepper(origin, at);
    this.#stepper.ask = ask;
    this.#sink = new FrameSink(terminal.stdout);
    this.#resolve = resolve;
    this.#reject = reject;
  }

  begin(): void {
    const { stdin, stdout, host } = this.#terminal;
    this.#restoreConsole = redirectedConsole((text) => this.#stepper.print(text));
    // The first rows are there with the first frame.
    const until = performance.now() + frameMs;
    while (this.#stepper.work() && performance.now() < until);
    this.#enter();
    stdin.on('data', this.#onData);
    stdout.on('resize', this.#onResize);
    host.on('SIGCONT', this.#onContinue);
    host.on('SIGINT', this.#onInterrupt);
    host.on('SIGTERM', this.#onTerminate);
    host.on('SIGHUP', this.#onTerminate);
    host.on('exit', this.#onExit);
    this.#chars = this.#draw();
    const store: FrameStore = {
      subscribe: (listener) => {
        this.#listeners.add(listener);
        return () => this.#listeners.delete(listener);
      },
      current: () => this.#chars,
    };
    this.#ink = render(createElement(App, { store }), {
      stdout: this.#sink as unknown as NodeJS.WriteStream,
      stdin: process.stdin,
      debug: true,
      exitOnCtrlC: false,
      patchConsole: false,
    });
    this.#pump();
  }

  readonly #guarded = (action: () => void): void => {
    if (this.#over) return;
    try {
      action();
    } catch (error) {
      this.#finish();
      this.#reject(error);
    }
  };

  readonly #onData = (chunk: Buffer | string): void => {
    this.#guarded(() => {
      for (const key of decodeKeys(chunk.toString())) {
        press(this.#stepper, key);
        if (this.#stepper.ended !== undefined) break;
      }
      this.#afterKeys();
    });
  };

  #afterKeys(): void {
    const { copied, ended } = this.#stepper;
    const latest = copied.at(-1);
    if (latest !== undefined && copied.length > this.#copied) this.#sink.copy(latest);
    this.#copied = copied.length;
    if (ended === 'quit') return this.#end(0);
    if (ended === 'suspend') return this.#suspend();
    this.#schedulePlay();
    this.#scheduleFrame();
    this.#pump();
  }

  /** Works on jobs between looks at the keyboard; on what nobody has asked for a little later. */
  #pump(): void {
    if (this.#pumping || this.#over || !this.#stepper.busy) return;
    clearTimeout(this.#idleTimer);
    if (!this.#stepper.works || this.#stepper.waits) {
      this.#idleTimer = setTimeout(this.#work, idleMs);
      return;
    }
    this.#pumping = true;
    setImmediate(this.#work);
  }

  readonly #work = (): void => {
    this.#pumping = false;
    this.#guarded(() => {
      const until = performance.now() + workMs;
      const { asksNext } = this.#stepper;
      // A checker is not asked before the screen says that it is, nor two in a row.
      if (asksNext !== undefined && asksNext !== this.#announced) {
        this.#announced = asksNext;
        return this.#paint();
      }
      while (this.#stepper.work() && performance.now() < until) {
        if (this.#stepper.asksNext !== undefined || this.#stepper.waits) break;
      }
      pressHeld(this.#stepper);
      this.#afterKeys();
    });
  };

  #schedulePlay(): void {
    if (this.#stepper.playing === undefined || this.#playTimer !== undefined) return;
    this.#playTimer = setTimeout(
      () => {
        this.#playTimer = undefined;
        this.#guarded(() => {
          const { playing, cursor, track } = this.#stepper;
          if (playing === undefined) return;
          this.#stepper.move(Math.max(1, Math.round((playing.eventsPerSecond * playMs) / 1_000)));
          const isEnd = cursor === this.#stepper.cursor && track.timeline.ended;
          if (isEnd) this.#stepper.playing = undefined;
          this.#afterKeys();
        });
      },
      Math.max(playMs, 1_000 / this.#stepper.playing.eventsPerSecond),
    );
  }

  #scheduleFrame(): void {
    if (this.#frameTimer !== undefined) return;
    const since = performance.now() - this.#lastFrameMs;
    if (since >= frameMs) return this.#paint();
    this.#frameTimer = setTimeout(() => {
      this.#frameTimer = undefined;
      this.#guarded(() => this.#paint());
    }, frameMs - since);
  }

  #paint(): void {
    if (this.#over) return;
    this.#chars = this.#draw();
    for (const listener of this.#listeners) listener();
    this.#lastFrameMs = performance.now();
    this.#pump();
  }

  /** Rows beside the list that are not at hand come with the next frame. */
  #draw(): readonly string[] {
    const { columns, rows } = this.#terminal.stdout;
    const missing = new Set<number>();
    this.#stepper.missing = missing;
    const lines = drawScreen(this.#stepper, columns, rows);
    this.#stepper.missing = undefined;
    fetchRows(this.#stepper, missing);
    return this.#sink.font.charsOf(lines.map((line) => painted(line, this.#palette)));
  }

  readonly #onResize = (): void => {
    this.#guarded(() => {
      this.#sink.resized();
      this.#paint();
    });
  };

  #enter(): void {
    const { stdin } = this.#terminal;
    stdin.setRawMode(true);
    stdin.resume();
    this.#sink.enter();
  }

  #suspend(): void {
    this.#stepper.ended = undefined;
    this.#sink.leave();
    this.#terminal.stdin.setRawMode(false);
    this.#terminal.host.stop();
  }

  /** `fg`: all is as it was, and painted anew. */
  readonly #onContinue = (): void => {
    this.#guarded(() => {
      this.#sink.leave();
      this.#enter();
      this.#sink.resized();
      this.#paint();
    });
  };

  readonly #onTerminate = (): void => {
    this.#guarded(() => this.#end(143));
  };

  readonly #onInterrupt = (): void => {
    this.#guarded(() => this.#end(130));
  };

  /** The process ends by other hands. */
  readonly #onExit = (): void => {
    this.#sink.leave();
    this.#terminal.stdin.setRawMode(false);
  };

  #end(exitCode: number): void {
    const { cursor, track, copied } = this.#stepper;
    const command = comeBack(this.#stepper);
    const others = copied.filter((text) => text !== command);
    const where = `stopped at event ${cursor} of ${track.timeline.length}; come back with`;
    this.#finish();
    const printed = this.#stepper.printed.map(({ event, text }) => `#${event} ${text}`);
    this.#resolve({ exitCode, farewell: `${[...others, where, command].join('\n')}\n`, printed });
  }

  /** Gives everything back. */
  #finish(): void {
    if (this.#over) return;
    this.#over = true;
    const { stdin, stdout, host } = this.#terminal;
    clearTimeout(this.#frameTimer);
    clearTimeout(this.#idleTimer);
    clearTimeout(this.#playTimer);
    stdin.off('data', this.#onData);
    stdout.off('resize', this.#onResize);
    host.off('SIGCONT', this.#onContinue);
    host.off('SIGINT', this.#onInterrupt);
    host.off('SIGTERM', this.#onTerminate);
    host.off('SIGHUP', this.#onTerminate);
    host.off('exit', this.#onExit);
    this.#restoreConsole();
    this.#sink.leave();
    this.#ink?.unmount();
    stdin.setRawMode(false);
    stdin.pause();
  }
}
