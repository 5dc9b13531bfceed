// Which part of a hunt this process does: `--shard 2/4`, or what a scheduler says in the
// environment. Blocks are dealt out in turn, whatever the number of threads.
import { quoted } from '../../scenario/problems.js';
import { usageError } from '../../scenario/usage-error.js';

/** One of `count` parts; `index` counts from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
  /** Where it comes from: `--shard`, or a variable. */
  readonly source: string;
}

const countMax = 1_000_000;

type Env = Readonly<Record<string, string | undefined>>;

/** Where schedulers say which of how many tasks this is, and from what number they count. */
const schedulers: readonly (readonly [index: string, count: string, first: string | number])[] = [
  ['JOB_COMPLETION_INDEX', 'JOB_COMPLETIONS', 0], // A Kubernetes Indexed Job; the count by hand.
  ['SLURM_ARRAY_TASK_ID', 'SLURM_ARRAY_TASK_COUNT', 'SLURM_ARRAY_TASK_MIN'],
  ['CI_NODE_INDEX', 'CI_NODE_TOTAL', 1], // GitLab's `parallel`.
  ['CIRCLE_NODE_INDEX', 'CIRCLE_NODE_TOTAL', 0],
  ['BUILDKITE_PARALLEL_JOB', 'BUILDKITE_PARALLEL_JOB_COUNT', 0],
  ['SEMAPHORE_JOB_INDEX', 'SEMAPHORE_JOB_COUNT', 1],
];

/** The shard of a hunt; `undefined`: the whole. */
export function readShard(flag: string | undefined, env: Env): Shard | undefined {
  if (flag === undefined) return fromEnv(env);
  if (flag === 'none') return undefined;
  const match = /^(\d{1,7})\/(\d{1,7})$/.exec(flag);
  const [index, count] = [Number(match?.[1]) - 1, Number(match?.[2])];
  if (match !== null && isShard(index, count)) return { index, count, source: '--shard' };
  throw usageError(`--shard is ${quoted(flag)}`, {
    expected: 'a part of the whole such as 2/4, from 1/4 to 4/4; or none',
  });
}

function fromEnv(env: Env): Shard | undefined {
  for (const [indexName, countName, first] of schedulers) {
    const index = env[indexName];
    if (index === undefined || index === '') continue;
    const count = env[countName] ?? '';
    const base = typeof first === 'number' ? first : Number(env[first] ?? 0);
    const place = Number(index) - base;
    if (count === '1') return undefined; // The only one is the whole.
    if (count !== '' && isShard(place, Number(count))) {
      return { index: place, count: Number(count), source: indexName };
    }
    const known = count === '' ? `${countName} is not set` : `${countName} is ${quoted(count)}`;
    throw usageError(`${indexName} is ${quoted(index)} and ${known}`, {
      expected: 'the number of a task and how many there are',
      hint: 'Say it with --shard 2/4, or --shard none for the whole hunt.',
    });
  }
  return undefined;
}

function isShard(index: number, count: number): boolean {
  const whole = Number.isInteger(index) && Number.isInteger(count);
  return whole && index >= 0 && index < count && count <= countMax;
}
