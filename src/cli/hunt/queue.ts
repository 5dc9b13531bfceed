// A hunt that machines share: ranges of blocks are jobs of a BullMQ queue on Redis, and whoever has
// time takes the next one. What a range comes to is kept in a hash under the range's name, once. A
// machine that dies loses nothing, because its job's lock runs out and another one takes it; and
// nothing is counted twice, because the first result of a range is the one that stays.
import type { Job, Queue, Worker } from 'bullmq';
import type { Redis } from 'ioredis';
import type { Hunted } from '../../scenario/hunt/blocks.js';
import { added, type Tally } from '../../scenario/hunt/tally.js';
import { quoted } from '../../scenario/problems.js';
import { blocksOf } from '../../scenario/strategy.js';
import { usageError } from '../../scenario/usage-error.js';
import type { Dealing } from './dealing.js';
import type { Batch, PlanFigures } from './errand.js';

/** Which hunt on which Redis. */
export interface QueueTerms {
  readonly url: string;
  /** The same on all machines, another for each hunt. */
  readonly id: string;
  /** What the hunt is: machines that say otherwise are turned away. */
  readonly about: string;
  over(): boolean;
}

/** A dealing whose batches come from Redis. */
export interface SharedDealing extends Dealing {
  /** Fetches what all machines have found. */
  collect(): Promise<void>;
  /** Lets go of Redis; without it the process would not end. */
  leave(): Promise<void>;
}

/** A machine that says nothing for so long has died. */
const lockMs = 10_000;
/** Between two looks for work. */
const lookMs = 200;
/** So many ranges, if there are as many blocks; more would be mere talk. */
const rangesUsual = 400;
const rangeMax = 2_000;
/** Results are kept so long for machines that come late. */
const keptS = 3_600;

/** Joins a hunt on Redis. Throws a UsageError where that cannot be. */
export async function sharedDealing(start: Tally, terms: QueueTerms): Promise<SharedDealing> {
  const office = await opened(start, terms);
  return {
    untilFailure: false,
    planned: (figures) => {
      office.plan = figures;
    },
    next: () => next(office),
    take: (batch, hunted) => take(office, batch, hunted),
    collect: () => collect(office),
    leave: () => leave(office),
    tally: () => office.sum,
    complete: () => office.complete,
    plan: () => office.plan,
    expected: () => office.plan?.trials,
  };
}

/** A job that is being worked at, and what stops its lock from being kept. */
interface Held {
  readonly job: Job<Batch>;
  readonly stop: () => void;
}

/** One process's end of the queue. */
interface Office {
  readonly terms: QueueTerms;
  readonly start: Tally;
  readonly connection: Redis;
  readonly queue: Queue<Batch>;
  readonly worker: Worker<Batch>;
  readonly results: string;
  readonly about: string;
  readonly held: Map<number, Held>;
  plan: PlanFigures | undefined;
  /** How many ranges there are, once they are in the queue. */
  filled: Promise<number> | undefined;
  sum: Tally;
  complete: boolean;
}

async function opened(start: Tally, terms: QueueTerms): Promise<Office> {
  const { Queue, Worker, Redis } = await load();
  const connection = new Redis(terms.url, { maxRetriesPerRequest: null, lazyConnect: true });
  connection.on('error', () => {}); // The command that fails says it.
  await connection.connect().catch((error: Error) => {
    connection.disconnect();
    throw usageError(`there is no Redis at ${quoted(terms.url)}: ${error.message}`, {});
  });
  const name = `stormglass-${terms.id}`;
  const worker = new Worker<Batch>(name, null, {
    ...{ connection, autorun: false, lockDuration: lockMs, maxStalledCount: 1_000 },
    stalledInterval: lockMs / 2,
  });
  const queue = new Queue<Batch>(name, { connection });
  const keys = { results: `${name}-results`, about: `${name}-about` };
  const nothing = { plan: undefined, filled: undefined, sum: start, complete: false };
  return { terms, start, connection, queue, worker, ...keys, held: new Map(), ...nothing };
}

/** Puts the ranges in that have no result yet; those that are there already are there once. */
async function fill({ connection, queue, worker, terms, ...office }: Office): Promise<number> {
  await claim(connection, office.about, `${terms.about} ${office.plan?.trials}`);
  const ranges = rangesOf(office.plan);
  const known = new Set(await connection.hkeys(office.results));
  const missing = ranges.filter((range) => !known.has(nameOf(range)));
  const opts = { removeOnComplete: true, attempts: 1_000 };
  await queue.addBulk(
    missing.map((data) => ({ name: 'range', data, opts: { ...opts, jobId: nameOf(data) } })),
  );
  await worker.startStalledCheckTimer();
  return ranges.length;
}

async function next(office: Office): Promise<Batch | undefined> {
  const { connection, results, terms, worker, held } = office;
  office.filled ??= fill(office);
  const count = await office.filled;
  for (;;) {
    if (terms.over() || (await connection.hlen(results)) >= count) return undefined;
    const token = `${process.pid}-${Math.random()}`;
    const job = await worker.getNextJob(token, { block: false });
    if (job !== undefined && job !== null) {
      const keep = (): void => void job.extendLock(token, lockMs).catch(() => {});
      const clock = setInterval(keep, lockMs / 3);
      held.set(job.data.from, { job, stop: () => clearInterval(clock) });
      return job.data;
    }
    await new Promise((resume) => setTimeout(resume, lookMs));
  }
}

async function take(office: Office, batch: Batch, { tally }: Hunted): Promise<void> {
  await office.connection.hsetnx(office.results, nameOf(batch), JSON.stringify(tally));
  office.sum = added(office.sum, tally);
  const held = office.held.get(batch.from);
  office.held.delete(batch.from);
  held?.stop();
  // Who was thought dead has lost its lock: somebody else has the job, and its result is the same.
  await held?.job.moveToCompleted('done', held.job.token ?? '', false).catch(() => {});
}

async function collect(office: Office): Promise<void> {
  const { connection, results, start } = office;
  const found = Object.values(await connection.hgetall(results));
  const count = await office.filled?.catch(() => undefined);
  office.complete = count !== undefined && found.length >= count;
  office.sum = found.reduce((all, text) => added(all, JSON.parse(text) as Tally), start);
  if (office.complete) {
    await connection.expire(results, keptS);
    await connection.expire(office.about, keptS);
  }
}

async function leave({ connection, held, worker, queue }: Office): Promise<void> {
  for (const { stop } of held.values()) stop();
  await worker.close(true);
  await queue.close();
  connection.disconnect();
}

function nameOf({ from }: Batch): string {
  return `range-${from}`;
}

/** The same on every machine. */
function rangesOf(plan: PlanFigures | undefined): readonly Batch[] {
  const blocks = plan === undefined ? 0 : blocksOf(plan);
  const size = Math.min(rangeMax, Math.max(1, Math.ceil(blocks / rangesUsual)));
  return Array.from({ length: Math.ceil(blocks / size) }, (_, nth): Batch => {
    const from = nth * size;
    return { from, count: Math.min(size, blocks - from), stride: 1 };
  });
}

/** One hunt for each id. */
async function claim(connection: Redis, key: string, about: string): Promise<void> {
  await connection.set(key, about, 'NX');
  const known = await connection.get(key);
  if (known === about) return;
  throw usageError('another hunt has this --queue-id', {
    expected: 'the same scenario, strategy, seed, seeds and engine on all machines',
  });
}

/** Both are optional peers. */
async function load() {
  try {
    const [{ Queue, Worker }, { Redis }] = await Promise.all([import('bullmq'), import('ioredis')]);
    return { Queue, Worker, Redis };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_MODULE_NOT_FOUND') throw error;
    throw usageError('--queue needs the packages bullmq and ioredis', {
      hint: 'npm install bullmq ioredis',
    });
  }
}
