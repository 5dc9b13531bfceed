// `stormglass serve`: one node of a protocol, on stdin and stdout.
import { randomUUID } from 'node:crypto';
import { readSeed } from './arguments.js';
import type { Io } from './io.js';

export interface ServeFlags {
  readonly option: readonly string[];
  readonly seed?: string | undefined;
}

/** The protocol threw: its node is gone. */
const crashedCode = 1;

/** Serves a protocol until stdin ends or a signal comes; the answer is the exit code. */
export async function serveProtocol(name: string, flags: ServeFlags, io: Io): Promise<number> {
  const { serve, servedProtocol } = await import('../maelstrom/serve/serve.js');
  const seed = readSeed(flags.seed) ?? randomUUID();
  const { protocol, options } = await servedProtocol(name, flags.option);
  const stop = new AbortController();
  const unlisten = io.onSignal(() => stop.abort());
  const say = (line: string): void => io.stdout.write(`${line}\n`);
  const note = (text: string): void => io.stderr.write(`${text}\n`);
  const crashed = (error: unknown): void => {
    note(`${protocol.name} threw: ${error instanceof Error ? error.stack : String(error)}`);
  };
  try {
    await serve({ protocol, options, seed, say, note }, process.stdin, stop.signal);
    return 0;
  } catch (error) {
    crashed(error);
    return crashedCode;
  } finally {
    unlisten();
    process.stdin.destroy();
  }
}
