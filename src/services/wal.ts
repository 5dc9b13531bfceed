// A building block: a write-ahead log under a service. What changes the service is an entry; an
// entry is written and synced first, then applied, then answered, so that nobody ever sees what a
// crash can take back. After a crash the entries are applied again, in their order.
//
//   request ─▶ write, sync ─▶ … virtual time … ─▶ apply ─▶ reply
import type { Plain } from '../kernel/plain.js';
import { answering, type Body, type Message, type NodeId } from '../node/message.js';
import type { Context, Timer } from '../node/protocol.js';

interface Pending<E> {
  readonly number: number;
  readonly entry: E;
  readonly asker: Asker | undefined;
}

/** Who waits for an answer. */
export interface Asker {
  readonly src: NodeId;
  readonly msgId: number | undefined;
}

export interface Wal<E> {
  next: number;
  /** Written and not known to be durable, oldest first. */
  pending: Pending<E>[];
}

/** All writes up to and including this number are durable. */
export interface Synced extends Timer {
  readonly type: 'synced';
  readonly number: number;
}

type Disk = Pick<Context<Body, Synced>, 'store'>;

export function askerOf({ src, body }: Message): Asker {
  return { src, msgId: body.msg_id };
}

/** The entries that are on disk, in their order; what is torn was never acknowledged. */
export function recover<E>({ store }: Disk): { readonly wal: Wal<E>; readonly entries: E[] } {
  const entries: E[] = [];
  let next = 0;
  for (const key of store.keys()) {
    const line = store.read(key) as { entry?: E; whole?: boolean } | undefined;
    next = Math.max(next, Number(key) + 1);
    if (line?.whole === true) entries.push(line.entry as E);
  }
  return { wal: { next, pending: [] }, entries };
}

/** Writes an entry; it is applied when `synced` says so. */
export function append<E>(wal: Wal<E>, entry: E, asker: Asker | undefined, { store }: Disk): void {
  const number = wal.next++;
  wal.pending.push({ number, entry, asker });
  store.write(String(number), { entry: entry as Plain, whole: true });
  store.sync({ type: 'synced', number });
}

/** Hands out what is durable now, in order. */
export function durable<E>(wal: Wal<E>, { number }: Synced): Pending<E>[] {
  const count = wal.pending.findIndex((pending) => pending.number > number);
  return wal.pending.splice(0, count < 0 ? wal.pending.length : count);
}

/** Answers somebody whose message was kept no longer than that. */
export function answer(
  asker: Asker | undefined,
  body: Body,
  ctx: { send(dest: NodeId, body: never): void },
): void {
  if (asker === undefined) return;
  const { src, msgId } = asker;
  ctx.send(src, (msgId === undefined ? body : answering(body, msgId)) as never);
}
