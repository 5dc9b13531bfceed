// The journal on a node's disk: records under rising numbers, never overwritten, so that neither a
// lost nor a torn write spoils an earlier one. **Nothing is said before what it rests on is
// durable**: messages wait for the sync of all records that were written before them.
//
//   handler ─▶ keep(record) ─▶ write ─┐
//           └▶ say(message) ──────────┴─ flush ─▶ sync ─▶ durable ─▶ the messages go out
//
// A failed sync loses its writes although the disk still shows them (Rebello et al. 2020), so all
// records that are not durable are written again, under their numbers, before anything is said.
import type { NodeId } from '../../node/message.js';
import type { Context } from '../../node/protocol.js';
import type { Bodies } from './bodies.js';
import { type Durable, emptyDurable, type JournalRecord, remember } from './durable.js';

/** What of a node's context a journal needs. */
type Ctx = Context<Bodies, SyncTimer | { readonly type: 'rewrite' }>;

type Plain = Parameters<Ctx['store']['write']>[1];

interface Unsynced {
  readonly record: JournalRecord;
  /** How many syncs had failed when it was last written. */
  readonly failures: number;
}

export interface Journal {
  next: number;
  /** Records by number that may not be durable. */
  readonly unsynced: Map<number, Unsynced>;
  failures: number;
  /** A sync has failed; nothing is written until all is written again. */
  broken: boolean;
  /** Something was written that no sync covers. */
  dirty: boolean;
}

/** Which records a sync covers, and who waits for it. */
export interface SyncTimer {
  readonly type: 'synced';
  readonly upTo: number;
  readonly failures: number;
  readonly outbox: Outbox;
}

export type Outbox = readonly (readonly [NodeId, Bodies])[];

/** A node's memory as far as it is on disk. */
export interface Keeping {
  readonly durable: Durable;
  readonly journal: Journal;
  /** What this handler has said so far. */
  outbox: [NodeId, Bodies][];
}

/** After a failed sync a node waits so long before it tries again. */
const rewriteUs = 50_000;

/** Reads the disk up to the first record that is missing or torn: the rest was never spoken of. */
export function recall({ store }: Pick<Ctx, 'store'>): Keeping {
  const durable = emptyDurable();
  let next = 1;
  for (; ; next++) {
    const found = store.read(String(next)) as { record?: JournalRecord; end?: true } | undefined;
    if (found?.end !== true || found.record === undefined) break;
    remember(durable, found.record);
  }
  const journal = { next, unsynced: new Map(), failures: 0, broken: false, dirty: false };
  return { durable, journal, outbox: [] };
}

/** Changes what the node must not forget. */
export function keep(keeping: Keeping, record: JournalRecord, { store }: Pick<Ctx, 'store'>): void {
  const { journal, durable } = keeping;
  remember(durable, record);
  const number = journal.next++;
  journal.unsynced.set(number, { record, failures: journal.failures });
  if (journal.broken) return;
  store.write(String(number), { record, end: true } as unknown as Plain);
  journal.dirty = true;
}

/** Sends what was said, or has it wait for the disk. Ends every handler. */
export function flush(keeping: Keeping, ctx: Pick<Ctx, 'store' | 'send'>): void {
  const { journal, outbox } = keeping;
  keeping.outbox = [];
  if (journal.unsynced.size === 0) {
    for (const [dest, body] of outbox) ctx.send(dest, body);
    return;
  }
  if (journal.broken) return; // As if the messages were lost.
  if (!journal.dirty && outbox.length === 0) return;
  journal.dirty = false;
  const { next, failures } = journal;
  ctx.store.sync({ type: 'synced', upTo: next - 1, failures, outbox });
}

/** A sync has completed: what it covers is durable, and what waited for it is said. */
export function synced({ journal }: Keeping, done: SyncTimer, ctx: Pick<Ctx, 'send'>): void {
  const { upTo, failures, outbox } = done;
  for (const [number, entry] of journal.unsynced) {
    if (number > upTo) break;
    if (entry.failures <= failures) journal.unsynced.delete(number);
  }
  const [oldest] = journal.unsynced.keys();
  if (oldest !== undefined && oldest <= upTo) return;
  for (const [dest, body] of outbox) ctx.send(dest, body);
}

/** A sync has failed; what was to be said after it is as if it were lost. */
export function failed({ journal }: Keeping, ctx: Pick<Ctx, 'setTimer'>): void {
  if (journal.broken) return;
  journal.broken = true;
  ctx.setTimer({ type: 'rewrite' }, rewriteUs);
}

export function rewrite({ journal }: Keeping, { store }: Pick<Ctx, 'store'>): void {
  journal.broken = false;
  journal.dirty = true;
  journal.failures++;
  for (const [number, { record }] of journal.unsynced) {
    journal.unsynced.set(number, { record, failures: journal.failures });
    store.write(String(number), { record, end: true } as unknown as Plain);
  }
}
