// A node's disk: keys with plain values, a cache in front of what is durable. Writes become durable
// when a later sync completes; a crash loses what was not synced. A failed sync loses its writes
// for good although the cache still shows them. Source: Rebello et al. 2020, "Can applications
// recover from fsync failures?".
import type { Plain } from '../kernel/plain.js';
import type { LostWrites } from '../nemesis/fault.js';

interface Write {
  readonly key: string;
  readonly value: Plain;
}

export interface Disk {
  readonly durable: Map<string, Plain>;
  /** What a read sees: durable values and all writes since. */
  readonly cache: Map<string, Plain>;
  /** Writes that no completed sync covers, oldest first. */
  unsynced: Write[];
  /** How many writes there ever were before `unsynced`: syncs cover writes by number. */
  syncedCount: number;
  /** A write was refused since the last sync: the disk was full. */
  refused: boolean;
}

export function createDisk(): Disk {
  return { durable: new Map(), cache: new Map(), unsynced: [], syncedCount: 0, refused: false };
}

/** Writes to the cache. */
export function write(disk: Disk, key: string, value: Plain): void {
  disk.unsynced.push({ key, value });
  put(disk.cache, key, value);
}

/** The number of writes so far: what a sync begun now will make durable. */
export function writesSoFar(disk: Disk): number {
  return disk.syncedCount + disk.unsynced.length;
}

/** Makes the first `count` writes durable. */
export function makeDurable(disk: Disk, count: number): void {
  for (const { key, value } of takeUntil(disk, count)) put(disk.durable, key, value);
}

/** The sync of the first `count` writes failed: they will never be durable. */
export function forget(disk: Disk, count: number): void {
  takeUntil(disk, count);
}

/**
 * The node crashed: keeps what is durable and, of the rest, what `lost` leaves. Returns how many
 * writes were lost or torn. Where chance
 * decides how many are kept, `chosen` says so, of how many.
 */
export function crash(disk: Disk, lost: LostWrites, chosen: (pending: number) => number): number {
  const pending = disk.unsynced;
  const kept = survivors(pending.length, lost, chosen);
  for (const { key, value } of pending.slice(0, kept)) put(disk.durable, key, value);
  const first = pending[kept];
  if (lost === 'torn' && first !== undefined) put(disk.durable, first.key, torn(first.value));
  disk.syncedCount += pending.length;
  disk.unsynced = [];
  disk.refused = false;
  disk.cache.clear();
  for (const [key, value] of disk.durable) disk.cache.set(key, value);
  return pending.length - kept;
}

function survivors(pending: number, lost: LostWrites, chosen: (pending: number) => number): number {
  if (lost === 'none') return pending;
  if (lost === 'all' || pending === 0) return 0;
  return Math.min(pending, chosen(pending)); // Left to chance, at least one is lost, or torn.
}

/** What is left of a value whose write stopped half-way: the first half of it. */
export function torn(value: Plain): Plain {
  if (typeof value === 'string') return value.slice(0, value.length >>> 1);
  if (typeof value !== 'object' || value === null) return undefined;
  if (Array.isArray(value)) return value.slice(0, value.length >>> 1);
  if (value instanceof Map) return new Map([...value].slice(0, value.size >>> 1));
  if (value instanceof Set) return new Set([...value].slice(0, value.size >>> 1));
  const entries = Object.entries(value);
  return Object.fromEntries(entries.slice(0, entries.length >>> 1));
}

function takeUntil(disk: Disk, count: number): Write[] {
  const taken = disk.unsynced.splice(0, Math.max(0, count - disk.syncedCount));
  disk.syncedCount += taken.length;
  return taken;
}

function put(values: Map<string, Plain>, key: string, value: Plain): void {
  if (value === undefined) values.delete(key);
  else values.set(key, value);
}
