// The real world outside: this process's streams, signals and clock.
import { basename, relative } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { Script } from 'node:vm';
import type { Io, Signal, Sink, Spawned } from './io.js';
import { signalCodes } from './io.js';

/** The process as the commands see it. */
export function processIo(): Io {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    stdin: process.stdin,
    env: process.env,
    command: commandOf(process.argv[1] ?? '', process.env),
    onSignal,
    exit: (code) => process.exit(code),
    interruptibly,
    pause,
    spawn,
    heap,
    nowMs: () => performance.now(),
  };
}

const columnsUsual = 100;
const usageCode = 64;

/** A reader that has gone is no error: what it does not want to read is not written. */
function sinkOf(stream: NodeJS.WriteStream): Sink {
  let gone = false;
  stream.on('error', (error: NodeJS.ErrnoException) => {
    gone = true;
    if (error.code === 'EPIPE') return;
    process.stderr.write(`error  cannot write the output: ${error.message}\n`);
    process.exit(usageCode);
  });
  return {
    write: (text) => {
      if (!gone) stream.write(text);
    },
    isTty: stream.isTTY === true,
    columns: stream.isTTY && stream.columns > 0 ? stream.columns : columnsUsual,
  };
}

function onSignal(listener: (signal: Signal) => void): () => void {
  const signals = Object.keys(signalCodes) as Signal[];
  for (const signal of signals) process.on(signal, listener);
  return () => {
    for (const signal of signals) process.off(signal, listener);
  };
}

/** Twice, because the first turn may come before the event loop has looked for signals. */
function pause(): Promise<void> {
  return new Promise((resume) => setImmediate(() => setImmediate(resume)));
}

/** Where the script finds what it shall do; a script can be broken off, a function cannot. */
const slot = Symbol.for('stormglass.interruptibly');
const script = new Script(`globalThis[Symbol.for('${slot.description}')]()`);

function interruptibly<T>(action: () => T): { readonly value: T } | undefined {
  const globals = globalThis as { [slot]?: () => T };
  globals[slot] = action;
  try {
    const options = { breakOnSigint: true, displayErrors: false };
    return { value: script.runInThisContext(options) as T };
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    return undefined;
  } finally {
    delete globals[slot];
  }
}

function heap(): ReturnType<Io['heap']> {
  const { used_heap_size: usedBytes, heap_size_limit: limitBytes } = getHeapStatistics();
  return { usedBytes, limitBytes };
}

/** What to type to get here again. */
function commandOf(script: string, env: NodeJS.ProcessEnv): string {
  if (basename(script) !== 'main.js') {
    return env.npm_command === 'exec' ? 'npx stormglass' : 'stormglass';
  }
  const path = relative(process.cwd(), script);
  return path.startsWith('..') ? 'stormglass' : `node ${path}`;
}

/** More output than this is no answer of ours. */
const outputMax = 256 * 1024 * 1024;

async function spawn(args: readonly string[]): Promise<Spawned> {
  const { execFile } = await import('node:child_process');
  const script = process.argv[1] ?? '';
  return new Promise((resolve) => {
    const options = { maxBuffer: outputMax };
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      const code = typeof error?.code === 'number' ? error.code : error === null ? 0 : 70;
      resolve({ code, stdout, stderr });
    });
  });
}
