// A building block: workers in groups, each of which works on one key of its own at a time. A key
// that enough processes have touched gives way to a new one, so that those who may still change it
// (their operations ended unknown) stay few. Source: jepsen.independent/concurrent-generator and
// jepsen.generator/process-limit, as Maelstrom's lin-kv uses them.
import type { GeneratorContext } from './workload.js';

/** Never changed in place. */
export type KeyGroups = {
  readonly keyNext: number;
  /** By group; those that have not begun are not there. */
  readonly groups: readonly Group[];
};

type Group = {
  readonly key: number;
  /** Processes that have touched the key. */
  readonly processes: readonly number[];
};

export const noGroups: KeyGroups = { keyNext: 0, groups: [] };

/** As in Maelstrom. */
const processesMax = 20;

/**
 * Where a worker stands: its group, how many are in it, and its place among them, from 0. Groups
 * are of two workers a node; the last may be smaller, which Maelstrom refuses.
 */
export function placeOf(ctx: Pick<GeneratorContext, 'worker' | 'concurrency' | 'nodeCount'>) {
  const { worker, concurrency, nodeCount } = ctx;
  const full = 2 * nodeCount;
  const group = Math.floor(worker / full);
  const size = Math.min(full, concurrency - group * full);
  return { group, size, place: worker - group * full };
}

/** The key that a worker's group is at, for this process, and the groups thereafter. */
export function keyFor(all: KeyGroups, group: number, process: number) {
  const begun = withGroups(all, group + 1);
  const { key, processes } = begun.groups[group] as Group;
  if (processes.includes(process)) return { key, groups: begun };
  if (processes.length < processesMax) {
    const own = { key, processes: [...processes, process] };
    return { key, groups: { ...begun, groups: begun.groups.with(group, own) } };
  }
  const own = { key: begun.keyNext, processes: [process] };
  const groups = begun.groups.with(group, own);
  return { key: own.key, groups: { keyNext: begun.keyNext + 1, groups } };
}

/** Ends the use of a key: its group goes on with a new one. */
export function retire(all: KeyGroups, key: number): KeyGroups {
  const group = all.groups.findIndex((each) => each.key === key);
  if (group < 0) return all;
  const own = { key: all.keyNext, processes: [] };
  return { keyNext: all.keyNext + 1, groups: all.groups.with(group, own) };
}

function withGroups(all: KeyGroups, count: number): KeyGroups {
  const groups = [...all.groups];
  let { keyNext } = all;
  while (groups.length < count) groups.push({ key: keyNext++, processes: [] });
  return { keyNext, groups };
}
