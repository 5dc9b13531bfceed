// The real world outside: this process's streams, signals and clock.
import { basename, relative } from 'node:path';
import type { Io, Signal, Sink, Spawned } from './io.js';
import { signalCodes } from './io.js';

/** The process as the commands see it. */
export function processIo(): Io {
  return {
    stdout: sinkOf(process.stdout),
    stderr: sinkOf(process.stderr),
    env: process.env,
    command: commandOf(process.argv[1] ?? '', process.env),
    onSignal,
    pause: () => new Promise((resume) => setImmediate(resume)),
    spawn,
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

function onSignal(listener: (signal: Signal) => void, cleanUp: () => void): () => void {
  let count = 0;
  const heard = (signal: Signal): void => {
    count++;
    if (count > 1) {
      cleanUp();
      process.exit(signalCodes[signal]);
    }
    listener(signal);
  };
  const signals = Object.keys(signalCodes) as Signal[];
  for (const signal of signals) process.on(signal, heard);
  return () => {
    for (const signal of signals) process.off(signal, heard);
  };
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
