// A building block: tasks. A task attaches its volume, which shuts out whoever had it before, takes
// up where that one left off, and goes on: read a batch, ask what it depends on, count, put counts
// and offset on the volume in one write, show the outputs. Nothing is shown before it is on the
// volume; what is shown again after a crash the sink knows. Seed 001: durable volumes separate
// execution from storage, so recovery is an attach and a replay of what came since the last write.
import { type Answer, ask, forget } from '../leaning/asks.js';
import type { Content, Ctx, Rules, State, Task } from './supervised-bodies.js';

const waitUs = 200_000;
const batchMax = 20;

/** Answers of services. */
const [missing, mismatch] = [20, 22];

export function launch(state: State, partition: number, epoch: number, rules: Rules, ctx: Ctx) {
  const known = state.tasks.get(partition);
  if (known !== undefined && known.epoch >= epoch) return;
  drop(state, partition, ctx);
  const task: Task = {
    epoch,
    ...{ status: 'attaching', offset: 0, counts: new Map(), batch: [], asked: 0 },
    showing: -1,
    ...{ chilled: false, startedUs: ctx.nowUs, pages: new Map() },
  };
  state.tasks.set(partition, task);
  const find = { type: 'find', key: volumeKey(partition), ...epochIn(epoch, rules) };
  ask(state.asks, [ctx.options.store, find], { do: 'attach', partition, epoch }, ctx);
}

export function volumeKey(partition: number): string {
  return `volume/${partition}`;
}

function epochIn(epoch: number, { volumes }: Rules): { readonly epoch?: number } {
  return volumes === 'fenced' ? { epoch } : {};
}

/** The task is gone from this machine. */
export function drop(state: State, partition: number, ctx: Ctx): void {
  state.tasks.delete(partition);
  forget(state.asks, (aim) => 'epoch' in aim && aim.partition === partition, ctx);
}

export function attached(state: State, partition: number, answer: Answer, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  if (!answer.ok && answer.code !== missing) return replaced(state, partition, ctx);
  const content = answer.ok ? (answer.body.value as Content) : undefined;
  if (content !== undefined) show(state, partition, content, ctx);
  if (ctx.options.recovery === 'database') return recover(state, partition, task, ctx);
  if (content !== undefined) load(task, content);
  run(state, partition, task, ctx);
}

function load(task: Task, { offset, counts }: Pick<Content, 'offset' | 'counts'>): void {
  task.offset = offset;
  for (const [word, count] of counts) task.counts.set(word, count);
}

/** From the database: pages one after the other, or, without pace, many at once. */
function recover(state: State, partition: number, task: Task, ctx: Ctx): void {
  task.status = 'recovering';
  const { paceUs, pageRows } = ctx.options;
  const pages = paceUs > 0 ? 1 : pagesAtOnce;
  for (let page = 0; page < pages; page++) askPage(state, partition, page * pageRows, ctx);
}

const pagesAtOnce = 8;

export function askPage(state: State, partition: number, from: number, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task?.status !== 'recovering') return;
  const { database, pageRows: max } = ctx.options;
  const scan = { type: 'scan', table: `counts/${partition}`, from, max };
  ask(state.asks, [database, scan], { do: 'page', partition, epoch: task.epoch, from }, ctx);
}

export function pageCame(
  state: State,
  { partition, from }: { readonly partition: number; readonly from: number },
  answer: Answer,
  ctx: Ctx,
): void {
  const task = state.tasks.get(partition);
  if (task?.status !== 'recovering') return;
  const { paceUs, pageRows, beatUs } = ctx.options;
  const { epoch } = task;
  const later = (next: number, delayUs: number) =>
    ctx.setTimer({ type: 'page', partition, epoch, from: next }, delayUs);
  if (!answer.ok) return void later(from, Math.max(paceUs, beatUs));
  const { rows, count, version } = answer.body as unknown as {
    readonly rows: Content['counts'];
    readonly count: number;
    readonly version: number;
  };
  task.pages.set(from, rows);
  for (let page = 0; page < count; page += pageRows) {
    if (task.pages.has(page)) continue;
    if (paceUs > 0) later(page, paceUs);
    else if (page >= pagesAtOnce * pageRows) later(page, 0);
    return;
  }
  load(task, { offset: version, counts: [...task.pages.values()].flat() });
  run(state, partition, task, ctx);
}

function run(state: State, partition: number, task: Task, ctx: Ctx): void {
  task.status = 'running';
  const tookUs = ctx.nowUs - task.startedUs;
  ctx.note(`recovered ${partition} at ${task.offset} in ${tookUs} us`);
  fetch(state, partition, task, ctx);
}

function fetch({ asks }: State, partition: number, { epoch, offset }: Task, ctx: Ctx): void {
  const body = { type: 'fetch', partition, offset, max: batchMax, waitUs };
  ask(asks, [ctx.options.log, body], { do: 'fetch', partition, epoch }, ctx);
}

export function fetched(state: State, partition: number, answer: Answer, rules: Rules, ctx: Ctx) {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  task.batch = answer.ok ? (answer.body.records as readonly string[]) : [];
  if (task.batch.length === 0) return fetch(state, partition, task, ctx);
  if (!ctx.options.depends) return work(state, partition, rules, ctx);
  depend(state, partition, task, ctx);
}

function depend(state: State, partition: number, task: Task, ctx: Ctx): void {
  task.asked += 1;
  const { epoch, asked } = task;
  const scan = { type: 'scan', table: 'profiles', from: 0, max: 1 };
  ask(state.asks, [ctx.options.database, scan], { do: 'depend', partition, epoch }, ctx);
  ctx.setTimer({ type: 'overdue', partition, epoch, asked }, ctx.options.dependencyUs);
}

export function dependAgain(state: State, partition: number, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task?.status === 'running') depend(state, partition, task, ctx);
}

/** What the batch depends on has answered: goes on. */
export function depended(state: State, partition: number, answer: Answer, rules: Rules, ctx: Ctx) {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  if (!answer.ok) {
    const { epoch } = task;
    unavailable(state, partition, rules, ctx);
    return void ctx.setTimer({ type: 'depend', partition, epoch }, ctx.options.beatUs);
  }
  task.chilled = false;
  task.asked += 1;
  work(state, partition, rules, ctx);
}

export function overdue(
  state: State,
  { partition, epoch, asked }: { partition: number; epoch: number; asked: number },
  rules: Rules,
  ctx: Ctx,
): void {
  const task = state.tasks.get(partition);
  if (task?.epoch === epoch && task.asked === asked) unavailable(state, partition, rules, ctx);
}

/** Chill: the engine knows, and the batch waits. Or the task fails, and is supervised. */
function unavailable(state: State, partition: number, { dependency }: Rules, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  if (dependency === 'chill') {
    task.chilled = true; // It is asked again and again meanwhile.
    return;
  }
  const { epoch } = task;
  drop(state, partition, ctx);
  const [scheduler = ''] = ctx.nodes;
  const reason = 'has no answer of its database';
  ctx.send(scheduler, { type: 'failed', partition, epoch, reason });
}

function work(state: State, partition: number, rules: Rules, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  const counts = new Map(task.counts);
  for (const word of task.batch) counts.set(word, (counts.get(word) ?? 0) + 1);
  const offset = task.offset + task.batch.length;
  const { epoch } = task;
  const value: Content = { epoch, offset, counts: [...counts], batch: task.batch };
  const key = volumeKey(partition);
  const body = { type: 'put', key, value, ...epochIn(epoch, rules), seq: offset };
  ask(state.asks, [ctx.options.store, body], { do: 'put', partition, epoch }, ctx);
}

/** The batch is on the volume, or the volume is another task's by now. */
export function written(state: State, partition: number, answer: Answer, rules: Rules, ctx: Ctx) {
  const task = state.tasks.get(partition);
  if (task === undefined) return;
  if (!answer.ok) {
    if (answer.code === mismatch) return replaced(state, partition, ctx);
    return work(state, partition, rules, ctx); // The write failed; nothing of it is there.
  }
  for (const word of task.batch) task.counts.set(word, (task.counts.get(word) ?? 0) + 1);
  task.offset += task.batch.length;
  const { epoch, offset, counts } = task;
  task.showing = offset;
  if (ctx.options.recovery !== 'database') return show(state, partition, task, ctx);
  const table = `counts/${partition}`;
  const save = { type: 'save', table, rows: [...counts], version: offset };
  ask(state.asks, [ctx.options.database, save], { do: 'save', partition, epoch }, ctx);
}

function replaced(state: State, partition: number, ctx: Ctx): void {
  ctx.note(`is no longer the one who writes to ${volumeKey(partition)}`);
  const task = state.tasks.get(partition);
  drop(state, partition, ctx);
  // Remembered, so that an old launch does not start it again.
  if (task !== undefined) state.tasks.set(partition, { ...task, status: 'replaced' });
}

/** Ends what has been launched elsewhere since: where nothing is written, no volume says so. */
export function retire(state: State, latest: readonly number[], ctx: Ctx): void {
  for (const [partition, { epoch, status }] of [...state.tasks]) {
    if (status !== 'replaced' && epoch < (latest[partition] ?? 0)) replaced(state, partition, ctx);
  }
}

/** The database has the table, or has refused it: then a recovery begins further back. */
export function saved(state: State, partition: number, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task !== undefined) show(state, partition, task, ctx);
}

/** Shows what came of a batch that is on the volume; the sink knows what it has shown. */
function show(
  { asks, tasks }: State,
  partition: number,
  { offset, batch }: Pick<Content, 'offset' | 'batch'>,
  ctx: Ctx,
): void {
  const first = offset - batch.length;
  const outputs = batch.flatMap((word, i) => [partition, first + i, 0, word]);
  const source = `task/${partition}`;
  const body = { type: 'commit', txn: `${source}/${first}-${offset}`, source, epoch: 0, outputs };
  const epoch = tasks.get(partition)?.epoch ?? 0;
  ask(asks, [ctx.options.sink, body], { do: 'show', partition, epoch, offset }, ctx);
}

/** All that came of the batch before `offset` is shown: the next one, if it was the last. */
export function shown(state: State, partition: number, offset: number, ctx: Ctx): void {
  const task = state.tasks.get(partition);
  if (task?.showing !== offset) return; // It was shown by the one before, too.
  Object.assign(task, { batch: [], showing: -1 });
  fetch(state, partition, task, ctx);
}
