// The real programs of one world: a process for each node, killed with it.
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import { makePipes } from './fifo.js';
import type { Host, Reading, Turn } from './host.js';
import { hasProc } from './processes.js';
import { type Command, Program } from './program.js';
import type { Patience } from './wait.js';
import { Watcher } from './watcher.js';

/** How programs are to be run. */
export interface ProgramsOptions {
  readonly command: Command;
  /** Where the nodes' stderr goes, a file each; `undefined`: to a place that is removed. */
  readonly logDirectory: string | undefined;
  readonly patience: Patience;
  /**
   * `lock-step`: whatever sleeps is quiescent, even if it only sleeps for a time. `wall`: nothing
   * is waited for. `auto`: lock-step with those programs that have no timers of their own.
   */
  readonly clock: 'auto' | 'lock-step' | 'wall';
}

/** How long a program may take to become quiescent where some other's clock is the wall's. */
const hastyMs = 200;

/** So much is shown of the line that a program was told before it died. */
const toldMax = 300;

/** Lines of stderr that the report on a death shows. */
const lastLines = 32;

export class Programs implements Host {
  readonly #options: ProgramsOptions;
  readonly #watcher = new Watcher();
  readonly #running = new Map<NodeId, Program>();
  readonly #logs: string;
  readonly #proc = hasProc();
  /** When the turns of programs that are waited for end, in that order. */
  readonly #turns = new Map<NodeId, Turn>();
  /** Nodes whose program stands still. */
  readonly suspended = new Set<NodeId>();
  /** Some program's clock is the wall's. */
  timed = false;

  constructor(options: ProgramsOptions) {
    this.#options = options;
    const { logDirectory } = options;
    if (logDirectory !== undefined) mkdirSync(logDirectory, { recursive: true });
    this.#logs = logDirectory ?? mkdtempSync(join(tmpdir(), 'stormglass-logs-'));
  }

  start(node: NodeId, turn: Turn): void {
    this.stop(node);
    const [stdin, stdout] = makePipes(['in', 'out']);
    if (stdin === undefined || stdout === undefined) throw new Error('two pipes were asked for');
    const log = openSync(this.#logOf(node), 'a');
    const { clock, command } = this.#options;
    const environment = { ...process.env, ...this.#watcher.environment };
    const program = new Program(command, { stdin, stdout, log, environment }, this.#proc);
    closeSync(log);
    if (clock === 'wall') program.timed = true;
    this.#running.set(node, program);
    this.#turns.set(node, turn);
    if (program.pid !== undefined) this.#watcher.add(program.pid);
  }

  hand(node: NodeId, lines: readonly string[], turnEndsUs: Micros): void {
    const program = this.#running.get(node);
    if (program === undefined) return;
    program.hand(lines);
    if (!this.#turns.has(node) && !program.timed) this.#turns.set(node, { endsUs: turnEndsUs });
  }

  /** The turn that ends next, if it ends before or at `atUs`. */
  turnBy(atUs: Micros): NodeId | undefined {
    for (const [node, { endsUs }] of this.#turns) return endsUs <= atUs ? node : undefined;
    return undefined;
  }

  /** Whether the program of a node is ready to be asked, or will be within microseconds. */
  isSettled(node: NodeId): boolean {
    return this.#running.get(node)?.isSettled(this.#turns.get(node)?.awaited) ?? true;
  }

  /** Waits until the program of a node is ready to be asked. */
  async settle(node: NodeId): Promise<void> {
    const { awaited } = this.#turns.get(node) ?? {};
    await this.#running.get(node)?.settle(this.#patience(), awaited);
  }

  collect(node: NodeId): Reading {
    const awaited = this.#turns.get(node)?.awaited;
    this.#turns.delete(node);
    const program = this.#running.get(node);
    if (program === undefined) return { said: [], timed: false, ended: 'is not running' };
    const { clock } = this.#options;
    const waits = awaited !== undefined || clock === 'lock-step' || !program.timed;
    const reading = waits ? program.collect(this.#patience(), awaited) : program.collectNow();
    const timed = clock === 'wall' || (clock === 'auto' && reading.timed);
    this.timed ||= timed;
    const told = program.told.slice(0, toldMax);
    const ended =
      reading.ended && `${reading.ended}; it was last told ${told}${this.#lastWords(node)}`;
    return { said: reading.said, timed, ended };
  }

  /** Once virtual time follows the wall's, there is little to gain by waiting for anybody. */
  #patience(): Patience {
    const { patience } = this.#options;
    const { quiescentMs } = patience;
    return this.timed ? { ...patience, quiescentMs: Math.min(quiescentMs, hastyMs) } : patience;
  }

  stop(node: NodeId): void {
    const program = this.#running.get(node);
    if (program === undefined) return;
    this.#running.delete(node);
    this.#turns.delete(node);
    if (program.pid !== undefined) this.#watcher.kill(program.pid);
    program.close();
  }

  /** Stops a program where it is, or lets it go on. */
  suspend(node: NodeId, paused: boolean): void {
    if (paused) this.suspended.add(node);
    else this.suspended.delete(node);
    const pid = this.#running.get(node)?.pid;
    try {
      if (pid !== undefined) process.kill(-pid, paused ? 'SIGSTOP' : 'SIGCONT');
    } catch {
      // It has ended; whoever asks it next finds out.
    }
  }

  /** Kills all of them, and whatever they have started; they are gone a moment later. */
  end(): void {
    for (const node of [...this.#running.keys()]) this.stop(node);
    this.#watcher.end();
    if (this.#options.logDirectory === undefined)
      rmSync(this.#logs, { recursive: true, force: true });
  }

  /** As `end`; nothing is left when it resolves. */
  async close(): Promise<void> {
    this.end();
    await this.#watcher.close();
  }

  #logOf(node: NodeId): string {
    return join(this.#logs, `${node.replaceAll('/', '_')}.log`);
  }

  /** What it wrote to stderr last. */
  #lastWords(node: NodeId): string {
    const lines = readFileSync(this.#logOf(node), 'utf8').trimEnd().split('\n');
    const words = lines.slice(-lastLines).join('\n');
    return words === '' ? '' : `; its stderr ends in:\n${words}`;
  }
}
