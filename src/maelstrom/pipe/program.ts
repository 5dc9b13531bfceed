// One program behind pipes: a process group that is told lines and says lines. Everything here is
// synchronous: whoever asks what it has said waits until it is quiescent.
import { Buffer, isUtf8 } from 'node:buffer';
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, readSync, writeSync } from 'node:fs';
import { Socket } from 'node:net';
import { constants, tmpdir } from 'node:os';
import type { Pipe } from './fifo.js';
import type { Reading, Said } from './host.js';
import { nap } from './nap.js';
import { type Look, Observer } from './quiescence.js';
import { type Patience, Wait } from './wait.js';

/** What to run: an executable and its arguments. */
export interface Command {
  readonly bin: string;
  readonly args: readonly string[];
}

/** Streams and surroundings of a program. `log` is a file for its stderr. */
interface Surroundings {
  readonly stdin: Pipe;
  readonly stdout: Pipe;
  readonly log: number;
  readonly environment: Readonly<Record<string, string | undefined>>;
}

/** A program that was told this many bytes and reads none of them does not read. */
const unreadMax = 64 * 1024 * 1024;
/** A line without an end, or lines without an end while nobody else gets to act. */
const unsaidMax = 64 * 1024 * 1024;
const saidMax = 200_000;
const saysTooMuch = `says without end (over ${saidMax} lines)`;
/** Without /proc, a program is quiescent when it has been silent for so long. */
const silenceMs = 4;

const chunk = Buffer.allocUnsafeSlow(1024 * 1024);

export class Program {
  readonly #child: ChildProcess;
  readonly #stdin: number;
  readonly #stdout: number;
  /** The same pipe, for when we wait. */
  readonly #socket: Socket;
  /** Its stdout has come to its end, and our end of it is gone. */
  #closed = false;
  /** Ends the waiting. */
  #wake: () => void = () => {};
  readonly #observer: Observer | undefined;
  #untold: Buffer[] = [];
  #untoldBytes = 0;
  #rest: Buffer[] = [];
  #restBytes = 0;
  #said: Said[] = [];
  #ended: string | undefined;
  /** It has been found quiescent since it was told something last, and all that it said is here. */
  #settled = false;
  /** So often it is looked at before we let go of our processor. */
  #spins = spinsMax;
  /** The line that it was told last. */
  told = '';
  /** It sleeps for a time of its own, or never sleeps. */
  timed: boolean;

  constructor(command: Command, { stdin, stdout, log, environment }: Surroundings, proc: boolean) {
    this.#child = spawn(command.bin, command.args, {
      cwd: tmpdir(),
      detached: true, // A session of its own, so that all it starts can be killed with it.
      env: environment,
      stdio: [stdin.inner, stdout.inner, log],
    });
    this.#child.on('error', () => {});
    this.#child.unref();
    closeSync(stdin.inner);
    closeSync(stdout.inner);
    this.#stdin = stdin.outer;
    this.#stdout = stdout.outer;
    this.#socket = new Socket({ fd: stdout.outer, readable: true, writable: false });
    this.#socket.on('data', (bytes) => this.#hears(bytes));
    for (const event of ['end', 'error', 'close']) this.#socket.on(event, () => this.#closes());
    this.#socket.unref();
    this.timed = !proc;
    const { pid } = this.#child;
    if (pid === undefined) this.#ended = 'could not be started';
    else if (proc) this.#observer = new Observer(pid);
  }

  /** Its process, and the group of all that it starts; `undefined` if it never started. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Lets go of its streams; whoever kills it does so before. */
  close(): void {
    closeSync(this.#stdin);
    this.#socket.destroy();
    this.#observer?.close();
    this.#wake();
  }

  /** Whether it can be asked at once: it is quiescent, or will be within some microseconds. */
  isSettled(awaited?: (said: Said) => boolean): boolean {
    const spins = this.#spins;
    for (let round = 0; round < spins + napRounds && !this.#settled; round++) {
      if (this.#untoldBytes > 0) this.#tell();
      if (this.#observer === undefined || this.#ended !== undefined) return true;
      // It may be waiting for the processor that we are on.
      if (round >= spins) nap(napMs);
      const look = this.#observer.look();
      if (look.state === 'gone') return true;
      if (look.state === 'quiescent') {
        this.#settled = this.#settles(look, awaited);
        if (round > 0) this.#spins = nextSpins(spins, round);
      }
    }
    return this.#settled;
  }

  /** Waits as `collect` will, but lets everybody else go on meanwhile. */
  async settle(patience: Patience, awaited?: (said: Said) => boolean): Promise<void> {
    const wait = this.#wait();
    while (!this.isSettled(awaited)) {
      if (wait.isOver(patience, this.#awaits(awaited))) return this.#givesUp();
      await this.#news();
    }
  }

  #wait(): Wait {
    return new Wait(() => this.#observer?.starvedMs() ?? 0);
  }

  /** Patience is at its end: it will not be waited for any more. */
  #givesUp(): void {
    this.timed = true;
    this.#settled = true;
  }

  /** Resolves when it has said something, or soon. */
  #news(): Promise<void> {
    return new Promise((resume) => {
      const timer = setTimeout(() => this.#wake(), 1);
      this.#wake = () => {
        clearTimeout(timer);
        resume();
      };
    });
  }

  #closes(): void {
    this.#closed = true;
    this.#wake();
  }

  #hears(bytes: Buffer): void {
    this.#take(bytes);
    this.#wake();
  }

  /**
   * Writes lines, all at once: each write may wake the program, and costs more than the line. What
   * does not fit into the pipe now waits for the next look.
   */
  hand(lines: readonly string[]): void {
    this.#settled = false;
    this.told = lines.at(-1) ?? this.told;
    const text = `${lines.join('\n')}\n`;
    const bytes = Buffer.byteLength(text);
    const told = this.#untoldBytes === 0 ? this.#write(text) : 0;
    if (told === bytes) return;
    this.#untold.push(Buffer.from(text).subarray(told));
    this.#untoldBytes += bytes - told;
    if (this.#untoldBytes > unreadMax) this.#ended ??= 'does not read its stdin';
  }

  /** What it has said up to now. */
  collectNow(): Reading {
    if (this.#untoldBytes > 0) this.#tell();
    this.#listen();
    return this.#reading();
  }

  /** Waits until it is quiescent, and has said what is awaited. */
  collect(patience: Patience, awaited?: (said: Said) => boolean): Reading {
    const wait = this.#wait();
    for (let round = 0; this.#ended === undefined && !this.#settled; round++) {
      if (this.#untoldBytes > 0) this.#tell();
      const look = this.#observer === undefined ? this.#silence() : this.#observer.look();
      if (look.state === 'quiescent' && this.#settles(look, awaited)) break;
      if (look.state === 'gone' || round >= lookRounds) this.#listen();
      if (look.state === 'gone') this.#hasEnded();
      if (round < lookRounds) continue;
      if (wait.isOver(patience, this.#awaits(awaited))) this.#givesUp();
      nap(wait.spentMs() < 5 ? 0.05 : 1);
    }
    return this.#reading();
  }

  /**
   * A look has found it quiescent: takes in what it has said, and whether that is all. One that
   * sleeps for a time only may have woken since the look and said something: it is looked at again.
   */
  #settles({ timed }: Look, awaited: ((said: Said) => boolean) | undefined): boolean {
    const before = this.#said.length + this.#restBytes;
    this.#listen();
    const spoke = this.#said.length + this.#restBytes !== before;
    if ((timed && spoke) || !this.#isDone(awaited)) return false;
    this.timed ||= timed;
    return true;
  }

  /** Asked of a quiescent program: whether it also knows and has said what it should. */
  #isDone(awaited: ((said: Said) => boolean) | undefined): boolean {
    if (this.#untoldBytes > 0 && this.#tell()) return false;
    return !this.#awaits(awaited);
  }

  #awaits(awaited: ((said: Said) => boolean) | undefined): boolean {
    return awaited !== undefined && !this.#said.some(awaited);
  }

  #reading(): Reading {
    const said = this.#said;
    this.#said = [];
    return { said, timed: this.timed, ended: this.#ended };
  }

  /** Writes what it has not been told; whether any of it went through. */
  #tell(): boolean {
    const before = this.#untoldBytes;
    for (let first = this.#untold[0]; first !== undefined; first = this.#untold[0]) {
      const told = this.#write(first);
      this.#untoldBytes -= told;
      if (told < first.length) {
        this.#untold[0] = first.subarray(told);
        break;
      }
      this.#untold.shift();
    }
    return this.#untoldBytes < before;
  }

  /** Writes to its stdin; how many bytes went through. */
  #write(what: string | Buffer): number {
    this.#observer?.told();
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // A full pipe is an error to Node, and no news to us.
    try {
      return typeof what === 'string' ? writeSync(this.#stdin, what) : writeSync(this.#stdin, what);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      return Buffer.byteLength(what); // It has closed its stdin; that it ended is seen elsewhere.
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** Takes in what is in the pipe. */
  #listen(): void {
    if (this.#closed) return this.#hasEnded();
    const { stackTraceLimit } = Error;
    Error.stackTraceLimit = 0; // An empty pipe is an error to Node, and no news to us.
    try {
      for (;;) {
        const count = readSync(this.#stdout, chunk);
        if (count === 0) return this.#hasEnded();
        this.#takeFirst(count);
        if (this.#ended !== undefined) return;
        if (count < 65_536 && this.#observer !== undefined) return;
      }
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
    } finally {
      Error.stackTraceLimit = stackTraceLimit;
    }
  }

  /** Takes in the first bytes of `chunk`; mostly they are one line. */
  #takeFirst(count: number): void {
    if (chunk[count - 1] === newline && this.#restBytes === 0) {
      const text = chunk.toString('utf8', 0, count - 1);
      if (!text.includes('\ufffd')) {
        if (!text.includes('\n')) this.#said.push(text);
        else for (const line of text.split('\n')) this.#said.push(line);
        if (this.#said.length > saidMax) this.#ended = saysTooMuch;
        return;
      }
    }
    this.#take(chunk.subarray(0, count));
  }

  #take(bytes: Buffer): void {
    const end = bytes.lastIndexOf(newline);
    if (end < 0) return this.#keep(bytes);
    const whole = this.#restBytes === 0 ? bytes.subarray(0, end) : this.#joined(bytes, end);
    if (isUtf8(whole)) for (const line of whole.toString().split('\n')) this.#said.push(line);
    else this.#takeEach(whole);
    this.#keep(bytes.subarray(end + 1));
    if (this.#said.length > saidMax) this.#ended = saysTooMuch;
  }

  #joined(bytes: Buffer, end: number): Buffer {
    const whole = Buffer.concat([...this.#rest, bytes.subarray(0, end)]);
    this.#rest = [];
    this.#restBytes = 0;
    return whole;
  }

  /** Some line is no UTF-8. */
  #takeEach(whole: Buffer): void {
    for (let start = 0; start <= whole.length; ) {
      const found = whole.indexOf(newline, start);
      const line = whole.subarray(start, found < 0 ? whole.length : found);
      this.#said.push(isUtf8(line) ? line.toString() : { garbled: line.toString() });
      start += line.length + 1;
    }
  }

  /** The beginning of a line. */
  #keep(bytes: Buffer): void {
    if (bytes.length === 0) return;
    this.#rest.push(Buffer.from(bytes));
    this.#restBytes += bytes.length;
    if (this.#restBytes > unsaidMax) this.#ended = `says a line of over ${unsaidMax >> 20} MB`;
  }

  #hasEnded(): void {
    if (this.#restBytes > 0) this.#take(Buffer.from('\n'));
    if (this.#ended !== undefined) return;
    let state = this.#observer?.stat()?.state;
    for (let i = 0; i < dyingRounds && state !== undefined && !'ZX'.includes(state); i++) {
      nap(1); // Its streams close a little before it is dead.
      state = this.#observer?.stat()?.state;
    }
    const lives = state !== undefined && !'ZX'.includes(state);
    this.#ended = lives ? 'closed its stdout' : endOf(this.#observer?.stat()?.exit, this.#child);
  }

  /** Quiescence where nobody can be asked: a short silence. */
  #silence(): Look {
    const before = this.#said.length + this.#restBytes;
    nap(silenceMs);
    this.#listen();
    const silent = before === this.#said.length + this.#restBytes;
    return { state: silent ? 'quiescent' : 'busy', timed: false };
  }
}

const newline = 0x0a;

/** So often it is looked at without a break: some 30 µs, as long as a small program needs. */
const spinsMax = 14;
/** Then we sleep for as short as we can, some 60 µs, again and again; then others get a turn. */
const napRounds = 8;
const napMs = 0.005;

/** More looks next time if they were enough, far fewer if they were in vain. */
function nextSpins(spins: number, round: number): number {
  return round < spins ? Math.min(spinsMax, spins + 1) : Math.max(1, spins >> 1);
}

/** So often it is looked at without a break; about half a millisecond. */
const lookRounds = 100;

/** Milliseconds that a program which has closed its stdout may take to end. */
const dyingRounds = 100;

/** How it ended: `wait` is a status as `waitpid` tells it, 0 where that is not known. */
function endOf(wait: number | undefined, { exitCode, signalCode }: ChildProcess): string {
  const signal = (wait ?? 0) & 0x7f;
  if (signal !== 0) return `was killed by ${nameOf(signal)}`;
  if (signalCode !== null) return `was killed by ${signalCode}`;
  const code = exitCode ?? (wait === undefined ? undefined : wait >> 8);
  return code === undefined ? 'ended' : `exited with code ${code}`;
}

function nameOf(signal: number): string {
  const found = Object.entries(constants.signals).find(([, number]) => number === signal);
  return found?.[0] ?? `signal ${signal}`;
}
