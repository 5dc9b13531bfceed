// What `stormglass hunt` is asked for on the command line, read and checked.
import { availableParallelism, totalmem } from 'node:os';
import { parseDuration } from '../../kernel/time.js';
import { nearest } from '../../scenario/nearest.js';
import { oneOf, quoted } from '../../scenario/problems.js';
import { strategies } from '../../scenario/strategies/index.js';
import { usageError } from '../../scenario/usage-error.js';
import { readSeed } from '../arguments.js';
import type { Io } from '../io.js';
import type { Means } from './hand.js';
import type { PageFlags } from './pages.js';
import { readShard, type Shard } from './shard.js';
import { savedDirectory } from './specimens.js';

export interface HuntFlags extends PageFlags {
  readonly seed?: string | undefined;
  readonly seeds?: string | undefined;
  readonly time?: string | undefined;
  readonly workers?: string | undefined;
  readonly shard?: string | undefined;
  readonly strategy?: string | undefined;
  readonly save?: string | undefined;
  readonly patience?: string | undefined;
  readonly memory?: string | undefined;
  readonly queue?: string | undefined;
  readonly queueId?: string | undefined;
  readonly untilFailure: boolean;
  readonly failOnInert: boolean;
  /** Make each failure small and keep it in `regressions/`. */
  readonly shrink: boolean;
  readonly quiet: boolean;
}

/** The same as numbers. */
export interface HuntTerms {
  readonly seed: string | undefined;
  readonly seeds: number | undefined;
  readonly timeMs: number | undefined;
  readonly workers: number;
  readonly shard: Shard | undefined;
  readonly strategy: string;
  readonly directory: string;
  readonly means: Means;
  /** A Redis that shares the hunt out, and the hunt's id there. */
  readonly queue: { readonly url: string; readonly id: string } | undefined;
}

/** Seeds unless a number or a time is given. */
const seedsUsual = 1_000;
/** Strategies that try everything there is of a seed, of one unless told otherwise. */
const exhaustive: ReadonlySet<string> = new Set(['crash-points', 'partitions']);

const usual = { patience: '30s', strategy: 'swarm' };

export function readTerms(flags: HuntFlags, env: Io['env']): HuntTerms {
  const strategy = strategyOf(flags.strategy ?? usual.strategy);
  const timeMs = flags.time === undefined ? undefined : msOf('--time', flags.time);
  const workers = countOf('--workers', flags.workers ?? String(availableParallelism()), 1_024);
  const memory = flags.memory ?? String(memoryMbOf(workers));
  return {
    seed: readSeed(flags.seed),
    seeds: seedsOf(flags.seeds, timeMs, strategy),
    ...{ timeMs, workers, strategy },
    shard: flags.queue === undefined ? readShard(flags.shard, env) : undefined,
    directory: flags.save ?? savedDirectory,
    queue: queueOf(flags, env),
    means: {
      patienceMs: msOf('--patience', flags.patience ?? usual.patience),
      memoryMb: countOf('--memory', memory, 1_000_000),
    },
  };
}

/** Where schedulers say which run of a pipeline this is: the same on all its machines. */
const pipelines = ['GITHUB_RUN_ID', 'CI_PIPELINE_ID', 'SLURM_ARRAY_JOB_ID', 'BUILDKITE_BUILD_ID'];

function queueOf({ queue, queueId, shard, untilFailure, seeds }: HuntFlags, env: Io['env']) {
  if (queue === undefined) return undefined;
  const clash = untilFailure ? '--until-failure' : shard !== undefined ? '--shard' : undefined;
  if (clash !== undefined) throw usageError(`--queue and ${clash} do not go together`, {});
  if (seeds === undefined) {
    throw usageError('--queue shares out a number of seeds', { expected: '--seeds' });
  }
  const attempt = env.GITHUB_RUN_ATTEMPT === undefined ? '' : `-${env.GITHUB_RUN_ATTEMPT}`;
  const found = pipelines.map((name) => env[name]).find((value) => value !== undefined);
  const id = queueId ?? (found === undefined ? undefined : `${found}${attempt}`);
  if (id !== undefined && /^[\w.-]{1,100}$/.test(id)) return { url: queue, id };
  throw usageError(
    id === undefined ? 'the hunt has no --queue-id' : `--queue-id is ${quoted(id)}`,
    {
      expected: 'a word that is the same on all machines and another for each hunt',
    },
  );
}

function seedsOf(text: string | undefined, timeMs: number | undefined, strategy: string) {
  if (text !== undefined) return countOf('--seeds', text, 1_000_000_000);
  if (exhaustive.has(strategy)) return 1;
  return timeMs === undefined ? seedsUsual : undefined;
}

/** What is there, shared out, with something left for others. */
function memoryMbOf(workers: number): number {
  const shareMb = Math.floor((totalmem() * 0.7) / workers / 2 ** 20);
  return Math.min(Math.max(shareMb, 256), 4_096);
}

function strategyOf(name: string): string {
  if (strategies.has(name)) return name;
  const known = [...strategies.keys()];
  throw usageError(`unknown strategy ${quoted(name)}`, {
    expected: oneOf(known),
    nearest: nearest(name, known),
  });
}

function countOf(flag: string, text: string, max: number): number {
  const count = /^\d{1,10}$/.test(text) ? Number(text) : 0;
  if (count >= 1 && count <= max) return count;
  throw usageError(`${flag} is ${quoted(text)}`, {
    expected: `a whole number from 1 to ${max.toLocaleString('en')}`,
  });
}

function msOf(flag: string, text: string): number {
  const us = parseDuration(text) ?? 0;
  if (us > 0) return us / 1_000;
  throw usageError(`${flag} is ${quoted(text)}`, { expected: 'a duration such as 30s or 5m' });
}
