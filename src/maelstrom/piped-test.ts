// A test whose nodes are processes: driven by the host of pipes, with the same listeners, the same
// judges and the same history as any other.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Running } from '../scenario/run.js';
import type { World } from '../sim/world.js';
import { journalFor, type Watch } from './keeping.js';
import { withNemesis } from './nemesis-ops.js';
import { type PipedRun, runPiped } from './pipe/run.js';
import { Tail } from './store/tail.js';
import type { Preparation } from './test.js';

/** The world outside, as far as it can break a run off and wants to see it. */
export interface Surroundings {
  /** Runs a slice; `undefined`: it was broken off. */
  slice<T>(action: () => T): { readonly value: T } | undefined;
  readonly signal: AbortSignal;
  /** Told now and then how far the run is. */
  reached(world: World): void;
  say(line: string): void;
}

/** Runs a test by pipe. No process is left when it is over. */
export async function runByPipe(
  { scenario, host, options }: Preparation,
  seed: string,
  watch: Watch,
  { slice, signal, say, reached }: Surroundings,
): Promise<PipedRun> {
  if (host.kind !== 'pipe') throw new Error('programs behind pipes are hosted by pipe');
  let running: Running | undefined;
  const journal = journalFor(watch);
  const wantsLogs = options.log.stderr && watch.recorder === undefined;
  const own = wantsLogs ? mkdtempSync(join(tmpdir(), 'stormglass-stderr-')) : undefined;
  const logDirectory = watch.recorder?.logFolder() ?? own;
  const tail =
    options.log.stderr && logDirectory !== undefined ? new Tail(logDirectory, say) : undefined;
  try {
    return await runPiped(scenario, seed, host, {
      journal,
      logDirectory,
      signal,
      historyOf: withNemesis,
      onBegin: (begun) => {
        running = begun;
      },
      slice: (action) => {
        tail?.follow();
        if (running !== undefined) reached(running.world);
        return slice(action);
      },
    });
  } finally {
    tail?.follow();
    if (own !== undefined) rmSync(own, { recursive: true });
  }
}
