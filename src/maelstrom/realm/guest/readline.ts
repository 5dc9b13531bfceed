// `node:readline` and `node:readline/promises`: lines of a stream, by event, by question or by
// asynchronous iteration. There is no terminal.
import { EventEmitter, EventIterator, type Listener } from './events.js';
import type { Readable } from './readable.js';
import { callable, codedError, textDecoder } from './state.js';
import { takesLine } from './stdio.js';
import type { Writable } from './writable.js';

interface Options {
  readonly input: Readable;
  readonly output?: Writable | null;
  readonly prompt?: string;
  readonly terminal?: boolean;
  readonly signal?: AbortSignal;
}

type Answered = (answer: string) => void;

/** As Node's: the two line separators of Unicode end a line as well. */
const lineEnd = /\r\n|[\n\r\u2028\u2029]/;

class InterfaceBase extends EventEmitter {
  readonly input: Readable;
  readonly output: Writable | null | undefined;
  terminal = false;
  line = '';
  cursor = 0;
  closed = false;
  paused = false;
  history: string[] = [];
  _prompt: string;
  _begun = '';
  _question: Answered | undefined = undefined;
  _detach: () => void;

  constructor(given: Options | Readable, output?: Writable) {
    super();
    const options = 'input' in given ? given : { input: given, output: output ?? null };
    this.input = options.input;
    this.output = options.output;
    this._prompt = ('prompt' in options ? options.prompt : undefined) ?? '> ';
    this._detach = attach(this);
    if ('signal' in options) options.signal?.addEventListener('abort', () => this.close());
    this.input.resume();
  }

  getPrompt(): string {
    return this._prompt;
  }

  setPrompt(prompt: string): void {
    this._prompt = prompt;
  }

  prompt(): void {
    if (this.paused) this.resume();
    this.output?.write(this._prompt);
  }

  question(query: string, second: unknown, third?: unknown): void {
    checkOpen(this);
    this._question = (typeof second === 'function' ? second : third) as Answered;
    this.output?.write(query);
    if (this.paused) this.resume();
  }

  pause(): this {
    if (this.paused) return this;
    this.input.pause();
    this.paused = true;
    this.emit('pause');
    return this;
  }

  resume(): this {
    if (!this.paused) return this;
    this.input.resume();
    this.paused = false;
    this.emit('resume');
    return this;
  }

  close(): void {
    if (this.closed) return;
    this.pause();
    this._detach();
    this.closed = true;
    this.emit('close');
  }

  write(data: unknown): void {
    checkOpen(this);
    if (this.paused) this.resume();
    if (typeof data === 'string') takePiece(this, data);
  }

  getCursorPos(): { rows: number; cols: number } {
    return { rows: 0, cols: 0 };
  }

  [Symbol.asyncIterator](): EventIterator {
    return new EventIterator(this, 'line', { close: ['close'] }, ([line]) => line);
  }
}

const Interface = callable(InterfaceBase);

class PromisesInterface extends Interface {
  override question(query: string): Promise<string> {
    return new Promise((resolve) => super.question(query, resolve));
  }
}

function checkOpen({ closed }: InterfaceBase): void {
  if (closed) throw codedError('ERR_USE_AFTER_CLOSE', 'readline was closed');
}

/** Listens to the interface's input; answers how to stop. */
function attach(self: InterfaceBase): () => void {
  const decoder = textDecoder('utf8');
  const onData = (chunk: unknown): void => {
    takePiece(self, typeof chunk === 'string' ? chunk : decoder.write(chunk as Uint8Array));
  };
  const onEnd = (): void => {
    if (self._begun !== '') sayLine(self, self._begun);
    self.close();
  };
  const onLine = (line: string): void => {
    if (self._begun === '' && !lineEnd.test(line)) sayLine(self, line);
    else takePiece(self, `${line}\n`);
  };
  const listener = Object.assign(onData, { [takesLine]: onLine }) as Listener;
  self.input.on('data', listener);
  self.input.on('end', onEnd);
  return () => {
    self.input.off('data', listener);
    self.input.off('end', onEnd);
  };
}

/** A piece of text: whole lines are said, the rest waits. */
function takePiece(self: InterfaceBase, chunk: string): void {
  const lines = (self._begun + chunk).split(lineEnd);
  self._begun = lines.pop() ?? '';
  for (const line of lines) sayLine(self, line);
}

function sayLine(self: InterfaceBase, line: string): void {
  const question = self._question;
  self._question = undefined;
  if (question !== undefined) question(line);
  else self.emit('line', line);
}

const screen = {
  clearLine: () => true,
  clearScreenDown: () => true,
  cursorTo: () => true,
  moveCursor: () => true,
  emitKeypressEvents: () => undefined,
};

/** `readline/promises`. */
export const readlinePromises = {
  Interface: PromisesInterface,
  createInterface: (options: Options | Readable, output?: Writable) =>
    new PromisesInterface(options, output),
};

/** The module's exports. */
export function readlineModule(): object {
  const createInterface = (options: Options | Readable, output?: Writable): InterfaceBase =>
    new Interface(options, output);
  return { Interface, createInterface, ...screen, promises: readlinePromises };
}
