// The command line in this process, with streams and signals that tests can read and send.
import { mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Io, Signal, Spawned } from '../../src/cli/io.js';
import { main } from '../../src/cli/program.js';
import { spawnCli } from '../support/built-cli.js';

interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

interface CliOptions {
  readonly env?: Io['env'];
  readonly tty?: boolean;
  readonly columns?: number;
  /** A signal that comes at the n-th pause. */
  readonly signalAt?: readonly [signal: Signal, pause: number];
  readonly spawn?: (args: readonly string[]) => Promise<Spawned>;
  /** What is piped in. */
  readonly stdin?: string | Uint8Array;
  /** How many bytes the program's data seem to have. */
  readonly usedBytes?: number;
  /** Milliseconds that pass between two looks at the clock. */
  readonly tickMs?: number;
}

/** Runs `stormglass ARGS` in this process. */
export async function cli(args: readonly string[], options: CliOptions = {}): Promise<CliResult> {
  const out: string[] = [];
  const err: string[] = [];
  const { tty: isTty = false, columns = 100 } = options;
  let listener: ((signal: Signal) => void) | undefined;
  let pauses = 0;
  let nowMs = 0;
  const io: Io = {
    stdout: { write: (text) => out.push(text), isTty, columns },
    stderr: { write: (text) => err.push(text), isTty, columns },
    stdin: piped(options.stdin ?? ''),
    env: options.env ?? {},
    command: 'stormglass',
    onSignal: (heard) => {
      listener = heard;
      return () => {
        listener = undefined;
      };
    },
    exit: (ended) => {
      throw new Error(`the process ends at once with ${ended}`);
    },
    interruptibly: (action) => ({ value: action() }),
    pause: async () => {
      pauses++;
      const [signal, at] = options.signalAt ?? [];
      if (signal !== undefined && pauses === at) listener?.(signal);
    },
    spawn: options.spawn ?? spawnBuilt,
    heap: () => ({ usedBytes: options.usedBytes ?? 0, limitBytes: 4e9 }),
    nowMs: () => {
      nowMs += options.tickMs ?? 0;
      return nowMs;
    },
  };
  const code = await main(args, io);
  return { code, stdout: out.join(''), stderr: err.join('') };
}

/** In pieces, as a pipe has it. */
async function* piped(content: string | Uint8Array): AsyncGenerator<Uint8Array> {
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content;
  for (let at = 0; at < bytes.length; at += 50) yield bytes.subarray(at, at + 50);
}

async function spawnBuilt(args: readonly string[]): Promise<Spawned> {
  const { code, stdout, stderr } = await spawnCli(args);
  return { code: code ?? 70, stdout, stderr };
}

/** A directory of its own for a test, with these files in it. */
export function directoryWith(files: Readonly<Record<string, string | Uint8Array>> = {}): string {
  const directory = mkdtempSync(join(tmpdir(), 'stormglass-test-'));
  for (const [name, content] of Object.entries(files)) {
    writeFileSync(join(directory, name), content);
  }
  return directory;
}

/** Names of all files in a directory, hidden ones too. */
export function namesIn(directory: string): readonly string[] {
  return readdirSync(directory).sort();
}

/** A small sound scenario; `more` overrides or adds fields, `undefined` removes one. */
export function scenarioText(more: Readonly<Record<string, unknown>> = {}): string {
  const fields = {
    version: 1,
    about: 'A small scenario.',
    expect: 'valid',
    protocol: 'broadcast/flood-retry',
    nodes: 3,
    workload: { name: 'broadcast', rate: 10 },
    duration: '2s',
    recovery: '2s',
    ...more,
  };
  const lines = Object.entries(fields).flatMap(([name, value]) =>
    value === undefined ? [] : [`${name}: ${JSON.stringify(value)}`],
  );
  return `${lines.join('\n')}\n`;
}

/** One clear message that matches, and nothing else. */
export function expectUsageError(
  result: { code: number; stdout: string; stderr: string },
  message: RegExp,
) {
  expect(result.stderr).toMatch(message);
  expect(result.stderr).toMatch(/error {2}/);
  expect(result.stderr).not.toMatch(/^\s+at |node:internal|\.js:\d+:\d+\)/m);
  expect(result.stdout).toBe('');
  expect(result.code).toBe(64);
}
