// The world outside as the commands see it, so that tests can stand in for it: streams, signals,
// the environment, and a way to start this program afresh.

/** A stream that text can be written to. */
export interface Sink {
  write(text: string): void;
  readonly isTty: boolean;
  /** Columns of the terminal; 100 where there is none. */
  readonly columns: number;
}

/** What ends a program early, and its exit code. */
export const signalCodes = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

export type Signal = keyof typeof signalCodes;

/** What a fresh process said, and how it ended. */
export interface Spawned {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  /** What is piped in. */
  readonly stdin: AsyncIterable<Uint8Array>;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The command that a user types to start this program: `stormglass`, `npx stormglass` … */
  readonly command: string;
  /** Calls `listener` at every signal; returns what stops listening. */
  onSignal(listener: (signal: Signal) => void): () => void;
  /** Ends the process at once. */
  exit(code: number): void;
  /**
   * Does something that may take long, or for ever if a user's code has it so. `undefined`: ^C has
   * broken it off wherever it was; not even its `finally` has run.
   */
  interruptibly<T>(action: () => T): { readonly value: T } | undefined;
  /** Lets signals and writes through. */
  pause(): Promise<void>;
  /** Runs this program in a process of its own. */
  spawn(args: readonly string[]): Promise<Spawned>;
  /** How many bytes of memory the program's data have, and may have. */
  heap(): { readonly usedBytes: number; readonly limitBytes: number };
  /** Milliseconds of a clock that never runs back; for progress and for looking up in time. */
  nowMs(): number;
}
