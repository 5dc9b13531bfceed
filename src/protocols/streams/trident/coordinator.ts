// A building block: the coordinator of batches. They are committed one after the other, in the
// order of their numbers; one that fails is attempted again under the same number. With a
// transactional spout it is fixed, on disk, where a batch ends, before anybody sees it.
//
//   planning ─▶ fixing ─▶ emitting ─▶ committing ─▶ closing ─▶ next number
//   (transactional only)      ▲ an attempt failed │
//                             └───────────────────┘
import { type Answer, ask } from '../../leaning/asks.js';
import {
  type Attempt,
  type Committed,
  type Coordinator,
  counterTask,
  type EmitBatch,
  type Emitted,
  spoutTask,
  type TridentCtx,
  type TridentState,
  tell,
} from './tasks.js';

const key = 'trident';

export function freshCoordinator(owned: number, { partitions }: { partitions: number }) {
  const nobody = Array.from({ length: partitions }, () => undefined);
  const coordinator: Coordinator = {
    kind: 'coordinator',
    ...{ task: 0, owned, ready: false, txid: 1, attempt: 0 },
    ...{ next: nobody.map(() => 0), until: nobody, phase: 'planning', open: new Set(), saves: 0 },
  };
  return coordinator;
}

/** What was there before is read in the name of this epoch: nobody else writes any more. */
export function loadCoordinator(state: TridentState, { owned }: Coordinator, ctx: TridentCtx) {
  const body = { type: 'find', key, epoch: owned };
  ask(state.asks, [ctx.options.store, body], { do: 'load', task: 0, owned }, ctx);
}

type Saved = Pick<Coordinator, 'txid' | 'next' | 'until'>;

export function coordinatorLoaded(
  state: TridentState,
  coordinator: Coordinator,
  answer: Answer,
  ctx: TridentCtx,
): void {
  if (answer.ok) {
    const { txid, next, until } = answer.body.value as Saved;
    coordinator.txid = txid;
    coordinator.next = [...next];
    coordinator.until = [...until];
  }
  coordinator.ready = true;
  ctx.note('coordinates');
  attempt(state, coordinator, ctx);
}

/** Begins an attempt at the batch whose turn it is. */
function attempt(state: TridentState, coordinator: Coordinator, ctx: TridentCtx): void {
  coordinator.attempt += 1;
  const { options } = ctx;
  const known = coordinator.until.every((until) => until !== undefined);
  const plans = options.spout === 'transactional' && !known;
  // An opaque spout makes of a batch what there is by now. Half a plan is none: no disk has it.
  const anew = options.spout === 'opaque' || plans;
  if (anew) coordinator.until = coordinator.next.map(() => undefined);
  coordinator.phase = plans ? 'planning' : 'emitting';
  coordinator.open.clear();
  for (let p = 0; p < options.partitions; p++) {
    const to = spoutTask(p);
    coordinator.open.add(to);
    const [from = 0, until] = [coordinator.next[p], coordinator.until[p]];
    const body: EmitBatch = { type: 'emit_batch', to, ...nameOf(coordinator), from, until };
    tell(state, to, plans ? { ...body, until: -1 } : body, ctx);
  }
  const failed = { type: 'failed', ...nameOf(coordinator) };
  ctx.setTimer(failed as never, options.attemptUs);
}

function nameOf({ owned: epoch, txid, attempt: nth }: Coordinator): Attempt {
  return { epoch, txid, attempt: nth };
}

function isCurrent(coordinator: Coordinator, of: Attempt): boolean {
  const { epoch, txid, attempt: nth } = nameOf(coordinator);
  return of.epoch === epoch && of.txid === txid && of.attempt === nth;
}

/** Nobody has answered for too long: the batch again. */
export function failed(
  state: TridentState,
  coordinator: Coordinator,
  of: Attempt,
  ctx: TridentCtx,
): void {
  const { phase } = coordinator;
  if (!isCurrent(coordinator, of) || phase === 'fixing' || phase === 'closing') return;
  ctx.note(`attempt ${of.attempt} failed`);
  attempt(state, coordinator, ctx);
}

/** A spout has sent its share, or says where its share would end. */
export function spoutEmitted(
  state: TridentState,
  coordinator: Coordinator,
  body: Emitted,
  ctx: TridentCtx,
): void {
  const { phase, open, next } = coordinator;
  if (!isCurrent(coordinator, body) || !open.delete(spoutTask(body.partition))) return;
  coordinator.until[body.partition] = body.until;
  if (open.size > 0) return;
  if (phase === 'planning') {
    coordinator.phase = 'fixing';
    return save(state, coordinator, 'fix', ctx);
  }
  const isEmpty = coordinator.until.every((until, p) => until === next[p]);
  if (phase !== 'emitting') return;
  if (isEmpty) {
    // Nothing came: the same number later.
    coordinator.until = next.map(() => undefined);
    coordinator.phase = 'closing';
    ctx.setTimer({ type: 'idle', owned: coordinator.owned } as never, ctx.options.idleUs);
    return;
  }
  coordinator.phase = 'committing';
  const until = [...coordinator.until];
  for (let nth = 0; nth < ctx.options.counters; nth++) {
    const to = counterTask(nth, ctx.options);
    open.add(to);
    tell(state, to, { type: 'commit_batch', to, ...nameOf(coordinator), until }, ctx);
  }
}

export function waited(state: TridentState, coordinator: Coordinator, ctx: TridentCtx): void {
  if (coordinator.phase === 'closing') attempt(state, coordinator, ctx);
}

/** A counter has the batch in its state. */
export function counterCommitted(
  state: TridentState,
  coordinator: Coordinator,
  body: Committed,
  ctx: TridentCtx,
): void {
  const { phase, open, next, until } = coordinator;
  if (!isCurrent(coordinator, body) || phase !== 'committing') return;
  if (!open.delete(body.from) || open.size > 0) return;
  coordinator.phase = 'closing';
  ctx.note(`batch ${coordinator.txid} is in`);
  coordinator.txid += 1;
  coordinator.attempt = 0;
  coordinator.next = next.map((from, p) => until[p] ?? from);
  coordinator.until = next.map(() => undefined);
  save(state, coordinator, 'close', ctx);
}

function save(
  state: TridentState,
  coordinator: Coordinator,
  aim: 'fix' | 'close',
  ctx: TridentCtx,
): void {
  const { txid, next, until, owned } = coordinator;
  const value = { txid, next: [...next], until: [...until] };
  const body = { type: 'put', key, value, epoch: owned, seq: coordinator.saves++ };
  ask(state.asks, [ctx.options.store, body], { do: aim, task: 0, owned }, ctx);
}

/** It is on disk what the batch has, or that it is done. */
export function coordinatorSaved(
  state: TridentState,
  coordinator: Coordinator,
  aim: 'fix' | 'close',
  answer: Answer,
  ctx: TridentCtx,
): void {
  if (answer.ok) attempt(state, coordinator, ctx);
  else save(state, coordinator, aim, ctx);
}
