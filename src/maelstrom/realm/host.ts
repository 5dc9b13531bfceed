// What the two sides of a realm know of each other: the host, which is the simulator, and the
// guest, which is code that runs inside the realm, under the program. Types only.

/** A program's file, compiled and bound to the realm: its module wrapper. */
export interface LoadedFile {
  readonly kind: 'commonjs' | 'module' | 'async-module' | 'json';
  /** The wrapper function; of JSON the text. */
  readonly wrapper: unknown;
}

/** What the host answers when it can refuse: the guest throws an error of the realm's own. */
export type Answer<T> =
  | { readonly value: T }
  | { readonly error: { readonly code: string; readonly message: string; readonly name?: string } };

/** All that a guest can ask of its host. Its functions never reach the program. */
export interface Host {
  /** The program's entry file, and what follows it in `process.argv`. */
  readonly entry: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly pid: number;
  readonly hostname: string;
  /** Whether anybody reads stderr. */
  readonly logged: boolean;
  /** Text for stdout (1) or stderr (2). */
  print(stream: 1 | 2, text: string): void;
  /** The node's own clock in µs: it may jump. */
  nowUs(): number;
  /** The same without its jumps backwards. */
  monotonicUs(): number;
  /** 32 bits of the event's own chance. */
  draw(): number;
  /** Calls `Guest.timer(id)` after so many µs; answers the number by which it is cleared. */
  setTimer(id: number, delayUs: number): number;
  clearTimer(number: number): void;
  /** The program is over: it called `process.exit`, threw, or had nothing left to wait for. */
  over(ending: Ending): void;
  /** A module of Node's own, as the host has it. */
  builtin(name: string): Readonly<Record<string, unknown>>;
  isBuiltin(name: string): boolean;
  resolve(specifier: string, from: string, kind: 'require' | 'import'): Answer<string>;
  load(path: string): Answer<LoadedFile>;
  /** A file of the program's own package. */
  readFile(path: string): Answer<Uint8Array>;
  readDirectory(path: string): Answer<readonly string[]>;
  /** `file`, `directory` or nothing. */
  kindOf(path: string): 'file' | 'directory' | undefined;
  /** Whether a stack's frame is of the program. */
  isProgramFile(name: string): boolean;
  /** The program asked for what it cannot have. */
  refused(text: string): void;
}

/** How a program ended. */
export interface Ending {
  readonly code: number;
  /** What was thrown and not caught, or `undefined`. */
  readonly error: { readonly message: string; readonly stack: string } | undefined;
  /** Why, in a few words: `process.exit(1)`. */
  readonly reason: string;
  /** It was in a loop without an end. */
  readonly endless?: true;
}

/** What a booted realm offers to its host. Each call is one event, but for its microtasks. */
export interface Guest {
  /** Callbacks of `process.nextTick` that wait. */
  readonly ticks: { readonly length: number };
  /** Loads the entry file; answers how many promises of its own, not the program's, that took. */
  start(): number;
  /** One line of stdin, without its end. */
  line(text: string): void;
  timer(id: number): void;
  runTicks(): void;
  /** A promise of the realm was rejected, and nobody handles it. */
  rejected(promise: object): void;
  /** The event is over: a program without anything to wait for ends here. */
  settle(): void;
}
