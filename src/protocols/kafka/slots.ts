// A building block: logs whose every offset is a key of the service lin-kv, a slot that is filled
// once. Who sends claims the first free slot by compare-and-set and goes on to the next if another
// was faster, so logs have no gaps and slots never change. Who polls reads slots up to the first
// free one; those that a node has seen it keeps. What is committed is a key for each log. Gossip
// Glomers 5b and 5c.
import type { ErrorBody, NodeId } from '../../node/message.js';
import type { Context, Protocol } from '../../node/protocol.js';
import {
  type Answer,
  type Asker,
  answer,
  answers,
  askerOf,
  type CallOptions,
  type Calls,
  type CallTimer,
  call,
  callDefaults,
  callProblem,
  codes,
  type KvBodies,
  noCalls,
} from '../calls.js';
import type { ClientBodies, LogRecord, Offsets } from './bodies.js';

/** A message on its way to an offset. */
interface Sending {
  readonly asker: Asker;
  readonly key: string;
  readonly msg: unknown;
  readonly offset: number;
}

type SendStep = Sending & { readonly step: 'look' | 'claim' };

/** What a call was for. */
type Next =
  | SendStep
  | { readonly step: 'slot'; readonly job: number; readonly key: string; readonly offset: number }
  | { readonly step: 'commit' | 'list'; readonly job: number; readonly key: string };

/** A request that several calls answer together. */
interface Job {
  readonly asker: Asker;
  readonly asked: 'poll' | 'commit_offsets' | 'list_committed_offsets';
  /** Where a poll begins, or what is committed. */
  readonly offsets: Map<string, number>;
  waiting: number;
  /** How often its reads may be tried again, all together. */
  retries: number;
}

/** What a node has seen of a log: the first slots, and up to where all are filled. */
interface Log {
  readonly messages: unknown[];
  filled: number;
}

interface State {
  readonly calls: Calls<Next>;
  readonly logs: Map<string, Log>;
  readonly jobs: Map<number, Job>;
  jobNext: number;
  /** What this node was told to commit. */
  readonly committed: Map<string, number>;
}

type Bodies = ClientBodies | KvBodies;
type Ctx = Context<Bodies, CallTimer, CallOptions>;

const service: NodeId = 'lin-kv';

/** A read without an answer is harmless, and done again so often for one request. */
const retriesMax = 20;

/** A poll brings so many messages of a log at most. */
const recordsMax = 64;

/** What differs. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** `look-then-write`: whoever saw a slot free fills it. */
  readonly claims: 'cas' | 'look-then-write';
  /** Whether a send of which nobody knows is done again, at the next slot. */
  readonly resends: boolean;
  /** Whether committed offsets are kept in the service, or by the node that was told. */
  readonly sharesCommits: boolean;
}

export function inSlots(kind: Kind): Protocol<State, Bodies, CallTimer, CallOptions> {
  const handlers = answers<Next, State, Ctx>((state, next, got, ctx) => {
    if ('job' in next) resumeJob(state, next, got, ctx);
    else resumeSend({ kind, state, ctx }, next, got);
  });
  return {
    name: kind.name,
    about: kind.about,
    options: callDefaults,
    problem: callProblem,
    init: (ctx) => ({
      calls: noCalls(ctx),
      logs: new Map(),
      jobs: new Map(),
      jobNext: 1,
      committed: new Map(),
    }),
    on: {
      ...handlers.on,
      send(state, message, ctx) {
        const { key, msg } = message.body;
        const offset = logOf(state, key).filled;
        claim({ kind, state, ctx }, { asker: askerOf(message), key, msg, offset });
      },
      poll(state, message, ctx) {
        const offsets = Object.entries(message.body.offsets);
        const job = openJob(state, { asker: askerOf(message), asked: 'poll' }, offsets);
        for (const [key] of offsets) readSlot(state, job, key, ctx);
        closeIfDone(state, job, ctx);
      },
      commit_offsets(state, message, ctx) {
        const offsets = Object.entries(message.body.offsets);
        for (const [key, offset] of offsets) state.committed.set(key, offset);
        const about = { asker: askerOf(message), asked: 'commit_offsets' } as const;
        const job = openJob(state, about, kind.sharesCommits ? offsets : []);
        commitShared(state, job, ctx);
        closeIfDone(state, job, ctx);
      },
      list_committed_offsets(state, message, ctx) {
        const { keys } = message.body;
        const asked = 'list_committed_offsets';
        const job = openJob(state, { asker: askerOf(message), asked }, []);
        if (kind.sharesCommits) listShared(state, job, keys, ctx);
        else listOwn(state, job, keys);
        closeIfDone(state, job, ctx);
      },
    },
    timers: handlers.timers,
  };
}

interface Place {
  readonly kind: Kind;
  readonly state: State;
  readonly ctx: Ctx;
}

function slotOf(key: string, offset: number): string {
  return `log/${key}/${offset}`;
}

function claim({ kind, state, ctx }: Place, send: Sending): void {
  const key = slotOf(send.key, send.offset);
  if (kind.claims === 'look-then-write') {
    call(state.calls, [service, { type: 'read', key }], { step: 'look', ...send }, ctx);
    return;
  }
  // No message is null, so that this succeeds only where there is nothing.
  const cas = { key, from: null, to: send.msg, create_if_not_exists: true };
  call(state.calls, [service, { type: 'cas', ...cas }], { step: 'claim', ...send }, ctx);
}

function resumeSend(place: Place, next: SendStep, got: Answer): void {
  const { kind, state, ctx } = place;
  const { key, offset, msg, asker, step } = next;
  const log = logOf(state, key);
  const taken = step === 'look' ? got.ok : !got.ok && got.code === codes.mismatch;
  if (taken || (kind.resends && !got.ok && got.code === codes.timeout)) {
    log.filled = Math.max(log.filled, offset + 1);
    return claim(place, { asker, key, msg, offset: log.filled });
  }
  if (step === 'look' && !got.ok && got.code === codes.missing) {
    const write = { type: 'write', key: slotOf(key, offset), value: msg } as const;
    return call(state.calls, [service, write], { ...next, step: 'claim' }, ctx);
  }
  if (!got.ok) return refuse(asker, step === 'look' ? codes.unavailable : got.code, ctx);
  log.filled = Math.max(log.filled, offset + 1);
  answer<Bodies>(asker, { type: 'send_ok', offset }, ctx);
}

function readSlot(state: State, job: number, key: string, ctx: Ctx): void {
  const offset = logOf(state, key).messages.length;
  const read = { type: 'read', key: slotOf(key, offset) } as const;
  call(state.calls, [service, read], { step: 'slot', job, key, offset }, ctx);
}

function commitShared(state: State, job: number, ctx: Ctx): void {
  for (const [key, value] of state.jobs.get(job)?.offsets ?? []) {
    const write = { type: 'write', key: `commit/${key}`, value } as const;
    call(state.calls, [service, write], { step: 'commit', job, key }, ctx);
  }
}

function listShared(state: State, job: number, keys: readonly string[], ctx: Ctx): void {
  const open = state.jobs.get(job);
  if (open !== undefined) open.waiting = keys.length;
  for (const key of keys) readCommitted(state, job, key, ctx);
}

function readCommitted({ calls }: State, job: number, key: string, ctx: Ctx): void {
  const read = { type: 'read', key: `commit/${key}` } as const;
  call(calls, [service, read], { step: 'list', job, key }, ctx);
}

function listOwn({ jobs, committed }: State, job: number, keys: readonly string[]): void {
  for (const key of keys) {
    const offset = committed.get(key);
    if (offset !== undefined) jobs.get(job)?.offsets.set(key, offset);
  }
}

function resumeJob(
  state: State,
  next: Extract<Next, { job: number }>,
  got: Answer,
  ctx: Ctx,
): void {
  const { job: number, key } = next;
  const job = state.jobs.get(number);
  if (job === undefined) return; // Another of its calls failed.
  if (!got.ok && got.code !== codes.missing) {
    if (next.step !== 'commit' && job.retries > 0) {
      job.retries -= 1;
      return next.step === 'slot'
        ? readSlot(state, number, key, ctx)
        : readCommitted(state, number, key, ctx);
    }
    state.jobs.delete(number);
    const code = next.step === 'commit' ? got.code : codes.unavailable;
    return refuse(job.asker, code, ctx);
  }
  if (next.step === 'slot' && got.ok) {
    const { messages } = logOf(state, key);
    if (messages.length === next.offset) messages.push(got.value);
    const wanted = (job.offsets.get(key) ?? 0) + recordsMax;
    if (messages.length < wanted) return readSlot(state, number, key, ctx);
  }
  if (next.step === 'list' && got.ok) job.offsets.set(key, Number(got.value));
  job.waiting -= 1;
  closeIfDone(state, number, ctx);
}

function openJob(
  state: State,
  about: Pick<Job, 'asker' | 'asked'>,
  offsets: readonly (readonly [string, number])[],
): number {
  const number = state.jobNext++;
  const waiting = offsets.length;
  state.jobs.set(number, { waiting, retries: retriesMax, offsets: new Map(offsets), ...about });
  return number;
}

function closeIfDone(state: State, number: number, ctx: Ctx): void {
  const job = state.jobs.get(number);
  if (job === undefined || job.waiting > 0) return;
  state.jobs.delete(number);
  const { asker, asked, offsets } = job;
  if (asked === 'commit_offsets') return answer<Bodies>(asker, { type: `${asked}_ok` }, ctx);
  if (asked === 'poll') {
    return answer<Bodies>(asker, { type: 'poll_ok', msgs: recordsFrom(state, offsets) }, ctx);
  }
  const found: Offsets = Object.fromEntries(offsets);
  answer<Bodies>(asker, { type: 'list_committed_offsets_ok', offsets: found }, ctx);
}

function recordsFrom(state: State, offsets: ReadonlyMap<string, number>) {
  const found = [...offsets].map(([key, from]) => {
    const messages = logOf(state, key).messages.slice(from, from + recordsMax);
    return [key, messages.map((message, i): LogRecord => [from + i, message])] as const;
  });
  return Object.fromEntries(found.filter(([, records]) => records.length > 0));
}

function logOf({ logs }: State, key: string): Log {
  const log = logs.get(key) ?? { messages: [], filled: 0 };
  logs.set(key, log);
  return log;
}

function refuse(asker: Asker, code: number, ctx: Ctx): void {
  const error: ErrorBody = { type: 'error', code };
  answer<Bodies>(asker, error, ctx);
}
