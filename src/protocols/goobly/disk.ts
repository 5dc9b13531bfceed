// A building block: named values on a node's own disk, each written whole or not at all. A value
// has two places and is written to them in turn, so that a crash in the middle of a write leaves
// the one before. What was written later is durable no earlier.
import type { Context } from '../../node/protocol.js';

export interface Disk {
  /** Counts all writes. */
  version: number;
  /** By name the place that was written last. */
  readonly places: Map<string, number>;
}

type Storing = { readonly store: Pick<Context['store'], 'read' | 'write' | 'keys'> };

type Value = ReturnType<Context['store']['read']>;

interface Line {
  readonly version: number;
  readonly value: Value;
  /** The last field: a torn line has none. */
  readonly whole: true;
}

export function put(disk: Disk, name: string, value: unknown, { store }: Storing): void {
  const place = 1 - (disk.places.get(name) ?? 1);
  disk.places.set(name, place);
  disk.version += 1;
  store.write(`${name}#${place}`, { version: disk.version, value: value as Value, whole: true });
}

export function remove(disk: Disk, name: string, { store }: Storing): void {
  if (!disk.places.delete(name)) return;
  for (const place of [0, 1]) store.write(`${name}#${place}`, undefined);
}

/** What the disk holds, by name. */
export function recover({ store }: Storing): {
  readonly disk: Disk;
  readonly values: ReadonlyMap<string, unknown>;
} {
  const disk: Disk = { version: 0, places: new Map() };
  const newest = new Map<string, Line>();
  for (const key of store.keys()) {
    const line = store.read(key) as Partial<Line> | undefined;
    if (line?.whole !== true || line.version === undefined) continue;
    const name = key.slice(0, -2);
    disk.version = Math.max(disk.version, line.version);
    if ((newest.get(name)?.version ?? 0) > line.version) continue;
    newest.set(name, line as Line);
    disk.places.set(name, Number(key.at(-1)));
  }
  return { disk, values: new Map([...newest].map(([name, { value }]) => [name, value])) };
}
