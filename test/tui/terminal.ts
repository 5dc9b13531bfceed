// A terminal in memory: the stepper writes to it, tests read its cells and type keys.
import { EventEmitter } from 'node:events';
import headless from '@xterm/headless';
import type { Palette } from '../../src/scenario/diagram/ansi.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import type { Ask } from '../../src/scenario/walk.js';
import { type Ended, stepThrough } from '../../src/tui/session.js';
import type { Wanted } from '../../src/tui/stepper.js';

export interface Opened {
  /** Types keys, and waits until the screen has settled. */
  type(...keys: readonly string[]): Promise<void>;
  /** Types keys, and waits for nothing. */
  tap(...keys: readonly string[]): void;
  /** Lines of the screen, without spaces at their ends. */
  screen(): readonly string[];
  text(): string;
  resize(columns: number, rows: number): Promise<void>;
  signal(name: string): Promise<void>;
  /** A cell: its character, its colours. */
  cell(
    column: number,
    row: number,
  ): { readonly char: string; readonly color: number; readonly inverse: boolean };
  /** `alternate` while the stepper has the screen. */
  readonly buffer: string;
  readonly raw: boolean;
  readonly stops: number;
  readonly written: number;
  readonly ended: Promise<Ended>;
  /** From now on whoever asks how large the terminal is meets an error. */
  breakSize(): void;
}

interface OpenOptions {
  readonly columns?: number;
  readonly rows?: number;
  readonly at?: Wanted;
  readonly palette?: Palette;
  readonly path?: string;
  readonly ask?: Ask;
}

/** Opens the stepper on a scenario. */
export async function open(
  input: ScenarioInput,
  { columns = 80, rows = 24, at, palette, path = 'test.yaml', ask }: OpenOptions = {},
): Promise<Opened> {
  const terminal = new headless.Terminal({ cols: columns, rows, allowProposedApi: true });
  const stdin = new Keyboard();
  const stdout = new Output(terminal);
  const host = new Signals();
  const scenario = scenarioOf(input);
  const ended = stepThrough(
    { stdin, stdout, host },
    {
      origin: { path, scenario, seed: scenario.seed, edits: [], command: 'stormglass' },
      at,
      palette: palette ?? { colors: true, ascii: false },
      ...(ask !== undefined && { ask }),
    },
  );
  ended.catch(() => {}); // Whoever waits for it is told.
  const settled = async (): Promise<void> => {
    for (let quiet = 0, last = -1; quiet < 3; ) {
      await new Promise((resolve) => setTimeout(resolve, 15));
      await stdout.flushed();
      quiet = stdout.written === last ? quiet + 1 : 0;
      last = stdout.written;
    }
  };
  await settled();
  return handles(terminal, { stdin, stdout, host, settled, ended });
}

interface Parts {
  readonly stdin: Keyboard;
  readonly stdout: Output;
  readonly host: Signals;
  readonly settled: () => Promise<void>;
  readonly ended: Promise<Ended>;
}

/** What a test can do with it. */
function handles(
  terminal: headless.Terminal,
  { stdin, stdout, host, settled, ended }: Parts,
): Opened {
  const screen = (): readonly string[] =>
    Array.from({ length: terminal.rows }, (_, row) =>
      (terminal.buffer.active.getLine(row)?.translateToString(true) ?? '').trimEnd(),
    );
  return {
    ...typing(stdin, settled),
    screen,
    text: () => screen().join('\n'),
    resize: async (width, height) => {
      terminal.resize(width, height);
      stdout.emit('resize');
      await settled();
    },
    signal: async (name) => {
      host.emit(name);
      await settled();
    },
    cell: (column, row) => {
      const cell = terminal.buffer.active.getLine(row)?.getCell(column);
      return {
        char: cell?.getChars() ?? '',
        color: cell?.getFgColor() ?? -1,
        inverse: cell?.isInverse() === 1 || (cell?.isInverse() ?? 0) > 0,
      };
    },
    get buffer() {
      return terminal.buffer.active.type;
    },
    get raw() {
      return stdin.raw;
    },
    get stops() {
      return host.stops;
    },
    get written() {
      return stdout.written;
    },
    ended,
    breakSize: () => {
      stdout.broken = true;
    },
  };
}

function typing(stdin: Keyboard, settled: () => Promise<void>): Pick<Opened, 'tap' | 'type'> {
  const tap = (...keys: readonly string[]): void => {
    for (const key of keys) stdin.emit('data', Buffer.from(codeOf(key)));
  };
  return {
    tap,
    type: async (...keys) => {
      tap(...keys);
      await settled();
    },
  };
}

class Keyboard extends EventEmitter {
  raw = false;
  setRawMode(raw: boolean): void {
    this.raw = raw;
  }
  resume(): void {}
  pause(): void {}
}

class Output extends EventEmitter {
  readonly #terminal: headless.Terminal;
  written = 0;
  broken = false;
  constructor(terminal: headless.Terminal) {
    super();
    this.#terminal = terminal;
  }
  get columns(): number {
    if (this.broken) throw new Error('the size is broken');
    return this.#terminal.cols;
  }
  get rows(): number {
    return this.#terminal.rows;
  }
  write(text: string): void {
    this.written += text.length;
    this.#terminal.write(text);
  }
  flushed(): Promise<void> {
    return new Promise((resolve) => this.#terminal.write('', resolve));
  }
}

class Signals extends EventEmitter {
  stops = 0;
  stop(): void {
    this.stops++;
  }
}

const codes: ReadonlyMap<string, string> = new Map([
  ['enter', '\r'],
  ['esc', '\u001b'],
  ['tab', '\t'],
  ['S-tab', '\u001b[Z'],
  ['up', '\u001b[A'],
  ['down', '\u001b[B'],
  ['right', '\u001b[C'],
  ['left', '\u001b[D'],
  ['home', '\u001b[H'],
  ['end', '\u001b[F'],
  ['pageup', '\u001b[5~'],
  ['pagedown', '\u001b[6~'],
  ['backspace', '\u007f'],
  ['space', ' '],
]);

/** What a terminal sends for a key. */
function codeOf(key: string): string {
  if (/^C-[a-z]$/.test(key)) return String.fromCharCode(key.charCodeAt(2) - 96);
  return codes.get(key) ?? key;
}
