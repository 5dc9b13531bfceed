// A building block: Datomic's way to serializable transactions. All lists are immutable thunks in
// lww-kv; which key has which thunk is one value, the root, in lin-kv. A transaction works on the
// root that its node knows, writes new thunks, and then swaps the root by compare-and-set. That
// fails if another was faster; then it begins again with the root of now.
//
//   begin ─▶ load thunks ─▶ run ─▶ save new thunks ─▶ swap the root ─▶ reply
//     ▲         └─ not there yet: again                    │ another was faster
//     └───────────────────── read the root ◀───────────────┘
//
// Source: Maelstrom, doc/05-datomic.
import { assert } from '../../kernel/assert.js';
import type { Micros } from '../../kernel/time.js';
import type { ErrorBody } from '../../node/message.js';
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
import type { ClientBodies, Key, Micro } from './bodies.js';

type List = readonly unknown[];
type ThunkId = string;
/** Pairs, so that it is the same wherever it is compared. */
type Root = readonly (readonly [Key, ThunkId])[];

/** A transaction under way, by its number at this node. */
interface Work {
  readonly asker: Asker;
  readonly micros: readonly Micro[];
  root: Root;
  /** How many thunks it waits for. */
  waiting: number;
  /** What it will answer, and the root that it will leave. */
  results: readonly Micro[];
  nextRoot: Root;
  tries: number;
}

/** What a call was for, in the transaction `work`. */
type Next =
  | { readonly step: 'load'; readonly work: number; readonly id: ThunkId }
  | { readonly step: 'save'; readonly work: number; readonly id: ThunkId }
  | { readonly step: 'swap' | 'refresh'; readonly work: number };

interface State {
  readonly calls: Calls<Next>;
  readonly works: Map<number, Work>;
  workNext: number;
  thunkNext: number;
  /** The root as this node saw it last. */
  root: Root;
  /** Thunks never change. */
  readonly thunks: Map<ThunkId, List>;
}

interface Again {
  readonly type: 'again';
  readonly next: Extract<Next, { step: 'load' }>;
}

interface Options extends CallOptions {
  /** How long a thunk that is not there yet is left alone. */
  readonly againUs: Micros;
}

type Bodies = ClientBodies | KvBodies;
type Timers = CallTimer | Again;
type Ctx = Context<Bodies, Timers, Options>;

/** What differs. */
interface Kind {
  readonly name: string;
  readonly about: string;
  /** Whether a thunk that is not there yet is waited for, or taken for an empty list. */
  readonly waitsForThunks: boolean;
  /** Whether a transaction that only reads makes sure that its root is the newest. */
  readonly checksReads: boolean;
}

/** A transaction that others are always faster than gives up after so many tries. */
const triesMax = 20;

export function datomic(kind: Kind): Protocol<State, Bodies, Timers, Options> {
  const handlers = answers<Next, State, Ctx>((state, next, got, ctx) => {
    const work = state.works.get(next.work);
    if (work !== undefined) resume({ kind, state, work, number: next.work, ctx }, next, got);
  });
  return {
    name: kind.name,
    about: kind.about,
    options: { ...callDefaults, againUs: 10_000 },
    problem: callProblem,
    init: (ctx) => ({
      calls: noCalls(ctx),
      works: new Map(),
      workNext: 1,
      thunkNext: 1,
      root: [],
      thunks: new Map(),
    }),
    on: {
      ...handlers.on,
      txn(state, message, ctx) {
        const asker = askerOf(message);
        const micros = message.body.txn;
        const idle = { waiting: 0, results: [], nextRoot: [], tries: 0 };
        const work: Work = { asker, micros, root: state.root, ...idle };
        const number = state.workNext++;
        state.works.set(number, work);
        begin({ kind, state, work, number, ctx });
      },
    },
    timers: {
      ...handlers.timers,
      again: (state, { next }, ctx) => load(state, next, ctx),
    },
  };
}

/** One transaction and all around it. */
interface Place {
  readonly kind: Kind;
  readonly state: State;
  readonly work: Work;
  readonly number: number;
  readonly ctx: Ctx;
}

function resume(place: Place, next: Next, got: Answer): void {
  const { state, work, number, ctx } = place;
  switch (next.step) {
    case 'load':
      return loaded(place, next, got);
    case 'save':
      if (!got.ok) return save(place, next.id); // It is the same thunk however often it is written.
      work.waiting -= 1;
      if (work.waiting === 0) swap(place);
      return;
    case 'swap':
      if (got.ok) return commit(place);
      if (got.code !== codes.mismatch && got.code !== codes.missing) return end(place, got.code);
      work.tries += 1;
      if (work.tries >= triesMax) return end(place, codes.conflict);
      return call(
        state.calls,
        ['lin-kv', { type: 'read', key: 'root' }],
        { step: 'refresh', work: number },
        ctx,
      );
    case 'refresh':
      if (!got.ok && got.code !== codes.missing) return end(place, codes.conflict);
      state.root = got.ok ? (got.value as Root) : [];
      work.root = state.root;
      return begin(place);
  }
}

/** Loads what the transaction needs and the node does not know. */
function begin(place: Place): void {
  const { state, work, number, ctx } = place;
  const keys = new Set(work.micros.map(([, key]) => key));
  const ids = work.root.filter(([key]) => keys.has(key)).map(([, id]) => id);
  const lacking = ids.filter((id) => !state.thunks.has(id));
  work.waiting = lacking.length;
  if (lacking.length === 0) return run(place);
  for (const id of lacking) load(state, { step: 'load', work: number, id }, ctx);
}

function load(state: State, next: Extract<Next, { step: 'load' }>, ctx: Ctx): void {
  call(state.calls, ['lww-kv', { type: 'read', key: next.id }], next, ctx);
}

function loaded(place: Place, next: Extract<Next, { step: 'load' }>, got: Answer): void {
  const { kind, state, work, ctx } = place;
  if (got.ok) {
    state.thunks.set(next.id, got.value as List);
  } else if (kind.waitsForThunks) {
    ctx.setTimer({ type: 'again', next }, ctx.options.againUs);
    return;
  }
  work.waiting -= 1;
  if (work.waiting === 0) run(place);
}

/** Runs the transaction on its root, and saves what it changed. */
function run(place: Place): void {
  const { kind, state, work, ctx } = place;
  const root = new Map(work.root);
  const changed = new Map<Key, List>();
  const listOf = (key: Key): List | undefined =>
    changed.get(key) ?? state.thunks.get(root.get(key) ?? '');
  work.results = work.micros.map((micro): Micro => {
    const [f, key, value] = micro;
    if (f === 'r') return ['r', key, listOf(key) ?? null];
    changed.set(key, [...(listOf(key) ?? []), value]);
    return micro;
  });
  if (changed.size === 0 && !kind.checksReads) return commit(place);
  const ids: ThunkId[] = [];
  for (const [key, list] of changed) {
    const id = `${ctx.self}-${ctx.incarnation}-${state.thunkNext++}`;
    state.thunks.set(id, list);
    root.set(key, id);
    ids.push(id);
  }
  work.nextRoot = [...root];
  work.waiting = ids.length;
  if (ids.length === 0) return swap(place);
  for (const id of ids) save(place, id);
}

function save({ state, number, ctx }: Place, id: ThunkId): void {
  const value = state.thunks.get(id);
  assert(value !== undefined, 'a thunk that is saved is known', { id });
  call(
    state.calls,
    ['lww-kv', { type: 'write', key: id, value }],
    { step: 'save', work: number, id },
    ctx,
  );
}

function swap({ state, work, number, ctx }: Place): void {
  const roots = { from: work.root, to: work.nextRoot, create_if_not_exists: true };
  const cas = { type: 'cas', key: 'root', ...roots } as const;
  call(state.calls, ['lin-kv', cas], { step: 'swap', work: number }, ctx);
}

function commit({ state, work, number, ctx }: Place): void {
  if (work.nextRoot.length > 0) state.root = work.nextRoot;
  state.works.delete(number);
  answer<Bodies>(work.asker, { type: 'txn_ok', txn: work.results }, ctx);
}

function end({ state, work, number, ctx }: Place, code: number): void {
  state.works.delete(number);
  const error: ErrorBody = { type: 'error', code };
  answer<Bodies>(work.asker, error, ctx);
}
