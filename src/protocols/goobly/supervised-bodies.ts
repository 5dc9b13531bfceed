// What a scheduler, machines and the tasks on them say to each other and keep in mind. A task
// counts the records of one partition; its state is on a volume that outlives it.
import type { Micros } from '../../kernel/time.js';
import type { Body, ErrorBody, NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import type { Asks, AskTimer } from '../leaning/asks.js';
import type { ClientBodies, Gate } from '../streams/gateway.js';
import type { Disk } from './disk.js';

interface OfTask {
  readonly partition: number;
  /** Each launch of a task has another one, a later launch a higher one. */
  readonly epoch: number;
}

/** The scheduler, again and again: run this task. */
interface Launch extends Body, OfTask {
  readonly type: 'launch';
  /** By partition, of its latest launch: whoever runs an earlier one has been replaced. */
  readonly latest: readonly number[];
  /** Partitions whose tasks were given up. */
  readonly gaveUp: readonly number[];
}

/** The task lives. A chilled one waits for a dependency, which is no failure of its own. */
interface Beat extends Body, OfTask {
  readonly type: 'beat';
  readonly chilled: boolean;
}

interface Failed extends Body, OfTask {
  readonly type: 'failed';
  readonly reason: string;
}

interface Reply extends Body {
  readonly type:
    | ('append_ok' | 'where_ok' | 'fetch_ok' | 'shown_ok' | 'commit_ok' | 'put_ok' | 'find_ok')
    | ('scan_ok' | 'save_ok');
}

export type Bodies = ClientBodies | ErrorBody | Reply | Launch | Beat | Failed;

export type Timers =
  | AskTimer
  | { readonly type: 'beats' }
  /** A dependency has not answered for long. */
  | (OfTask & { readonly type: 'overdue'; readonly asked: number })
  | (OfTask & { readonly type: 'page'; readonly from: number })
  /** A dependency has refused: it is asked again. */
  | (OfTask & { readonly type: 'depend' })
  | { readonly type: 'saved' };

export type Aim =
  | Gate
  | { readonly do: 'commits'; readonly partition: number; readonly number: number }
  | (OfTask & { readonly do: 'attach' | 'fetch' | 'depend' | 'put' | 'save' })
  | (OfTask & { readonly do: 'show'; readonly offset: number })
  | (OfTask & { readonly do: 'page'; readonly from: number });

/** What a volume holds. */
export interface Content {
  /** Of the task that wrote it. */
  readonly epoch: number;
  readonly offset: number;
  readonly counts: readonly (readonly [word: string, count: number])[];
  /** The last batch, which may not be shown yet. */
  readonly batch: readonly string[];
}

export interface Task {
  readonly epoch: number;
  status: 'attaching' | 'recovering' | 'running' | 'replaced';
  offset: number;
  readonly counts: Map<string, number>;
  /** Records that are being worked on. */
  batch: readonly string[];
  /** Up to which offset outputs are being shown, before the next batch is read; −1: none are. */
  showing: number;
  /** Counts what was asked of the dependency. */
  asked: number;
  chilled: boolean;
  startedUs: Micros;
  /** Pages of the table that have come. */
  readonly pages: Map<number, Content['counts']>;
}

export interface Entry {
  machine: NodeId;
  epoch: number;
  /** Failures since it last ran for long. */
  failures: number;
  status: 'running' | 'backoff' | 'gave up';
  /** In beats: since it was heard, since it runs, until it is launched. */
  silent: number;
  stable: number;
  wait: number;
  chilled: boolean;
}

/** A client's question for what is committed: a volume after the other. */
interface Asking {
  readonly gate: Gate;
  readonly volumes: Map<number, Content & { readonly version: number }>;
}

export interface State {
  readonly asks: Asks<Aim>;
  readonly disk: Disk;
  readonly tasks: Map<number, Task>;
  /** At the first member only. */
  readonly entries: Map<number, Entry>;
  /** Syncs of entries that are under way. */
  saving: number;
  /** Partitions that take no input, as the scheduler says. */
  gaveUp: readonly number[];
  readonly asking: Map<number, Asking>;
  askings: number;
}

export interface Options {
  readonly log: string;
  readonly sink: string;
  readonly store: string;
  readonly database: string;
  readonly askUs: Micros;
  readonly partitions: number;
  /** From one launch message to the next; a task that is silent for `lostUs` is taken for dead. */
  readonly beatUs: Micros;
  readonly lostUs: Micros;
  /** N: so often a task is tried again before it is given up. */
  readonly retries: number;
  /** Before the first retry; each later one waits twice as long. */
  readonly backoffUs: Micros;
  /** After so long without failure all retries are there again. */
  readonly stableUs: Micros;
  /** Whether a batch needs an answer of the database. */
  readonly depends: boolean;
  readonly dependencyUs: Micros;
  /** `volume`, or `database`: from its table, page by page. */
  readonly recovery: string;
  readonly pageRows: number;
  /** From one page to the next; 0: all at once. */
  readonly paceUs: Micros;
}

export type Ctx = Context<Bodies, Timers, Options>;

export interface Rules {
  /** What a dependency that does not answer is to a task. */
  readonly dependency: 'chill' | 'failure';
  /** Whether input of a partition that was given up is refused. */
  readonly givingUp: 'loud' | 'silent';
  /** Whether a volume refuses a task that was replaced. */
  readonly volumes: 'fenced' | 'open';
}
