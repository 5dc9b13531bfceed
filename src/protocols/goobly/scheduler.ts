// A building block: supervision. The scheduler, at the first member, says to a machine again and
// again which task to run. A task that fails, or is not heard of, is tried again on another
// machine, after a back-off that doubles, up to N times; then it is given up, and whoever feeds it
// is told. A task that waits for a dependency says so, and that is no failure. What is decided is
// on the scheduler's disk before anybody hears of it.
import type { NodeId } from '../../node/message.js';
import { put } from './disk.js';
import type { Ctx, Entry, State } from './supervised-bodies.js';

/** Tasks are spread over all machines but, where there are others, the scheduler's own. */
export function firstEntry(partition: number, { nodes }: Ctx): Entry {
  const machines = nodes.length > 1 ? nodes.slice(1) : nodes;
  const machine = machines[partition % machines.length] ?? '';
  return { machine, epoch: 1, failures: 0, status: 'running', ...fresh };
}

const fresh = { silent: 0, stable: 0, wait: 0, chilled: false } as const;

/** A beat: looks after each task, and says what should run where. */
export function beat(state: State, ctx: Ctx): void {
  const { beatUs, lostUs, stableUs } = ctx.options;
  for (const [partition, entry] of state.entries) {
    if (entry.status === 'gave up') continue;
    if (entry.status === 'backoff') {
      entry.wait -= 1;
      if (entry.wait <= 0) relaunch(state, partition, entry, ctx);
      continue;
    }
    entry.silent += 1;
    entry.stable += 1;
    if (entry.stable * beatUs >= stableUs) entry.failures = 0;
    if (entry.silent * beatUs >= lostUs) fail(state, partition, 'is not heard of', ctx);
  }
  tellAll(state, ctx);
}

/** What was decided is on the disk. */
export function saved(state: State, ctx: Ctx): void {
  state.saving -= 1;
  tellAll(state, ctx);
}

/** Nobody hears of what is not on the disk yet: a crash would take it back. */
function tellAll(state: State, ctx: Ctx): void {
  if (state.saving > 0) return;
  for (const node of ctx.nodes) tell(state, node, ctx);
}

function tell({ entries }: State, node: NodeId, ctx: Ctx): void {
  const gaveUp = [...entries].filter(([, { status }]) => status === 'gave up').map(([p]) => p);
  const own = [...entries].filter(([, { machine, status }]) => {
    return machine === node && status === 'running';
  });
  const latest = [...entries.values()].map(({ epoch }) => epoch);
  for (const [partition, { epoch }] of own) {
    ctx.send(node, { type: 'launch', partition, epoch, latest, gaveUp });
  }
  // Whoever runs nothing takes input all the same, and may run what it should no more.
  if (own.length === 0) ctx.send(node, { type: 'launch', partition: -1, epoch: 0, latest, gaveUp });
}

/** Another machine than the last, where there is one, under another epoch. */
function relaunch(state: State, partition: number, entry: Entry, ctx: Ctx): void {
  const others = ctx.nodes.filter((node) => node !== entry.machine && node !== ctx.self);
  if (others.length > 0) entry.machine = ctx.random.pick(others);
  Object.assign(entry, { epoch: entry.epoch + 1, status: 'running', ...fresh });
  ctx.note(`launches ${partition} on ${entry.machine}, epoch ${entry.epoch}`);
  save(state, partition, entry, ctx);
}

export function fail(state: State, partition: number, reason: string, ctx: Ctx): void {
  const entry = state.entries.get(partition);
  if (entry === undefined) return;
  const { retries, backoffUs, beatUs } = ctx.options;
  entry.failures += 1;
  if (entry.failures > retries) {
    entry.status = 'gave up';
    ctx.note(`gives ${partition} up: it ${reason}`);
  } else {
    entry.status = 'backoff';
    const times = 1 << Math.min(entry.failures - 1, 10);
    entry.wait = Math.ceil((backoffUs * times) / beatUs);
    ctx.note(`backs off from ${partition} on ${entry.machine}: it ${reason}`);
  }
  save(state, partition, entry, ctx);
}

export function heard(
  { entries }: State,
  { partition, epoch, chilled }: { partition: number; epoch: number; chilled: boolean },
): void {
  const entry = entries.get(partition);
  if (entry?.epoch !== epoch) return;
  Object.assign(entry, { silent: 0, chilled });
}

function save(state: State, partition: number, entry: Entry, ctx: Ctx): void {
  state.saving += 1;
  put(state.disk, `entry/${partition}`, entry, ctx);
  ctx.store.sync({ type: 'saved' });
}
