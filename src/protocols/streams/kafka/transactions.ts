// A building block: a task's transactions: how it begins, what one has in it, how it ends.
import type { Body } from '../../../node/message.js';
import { type Answer, ask, forget } from '../../leaning/asks.js';
import { type Keyed, take } from '../topology/monoids.js';
import { monoidOf, operatorOf, type Plan, routeOf } from '../topology/plan.js';
import {
  type Aim,
  type Ctx,
  type Item,
  type OfTask,
  readMax,
  type State,
  type Task,
  type TooLong,
} from './tasks.js';

export function owned(state: State, id: number, change: number, ctx: Ctx): void {
  const around = { epoch: 0, nth: 0, seq: 0, tries: 0, next: 0, log: 0 };
  const task: Task = { id, owned: change, ...around, state: new Map(), draft: undefined };
  state.tasks.set(id, task);
  ctx.note(`owns ${id}`);
  begin(state, task, ctx);
}

/** Begins under the producer's name: nobody else does anything under it from now on. */
function begin(state: State, task: Task, ctx: Ctx): void {
  task.tries += 1;
  task.draft = undefined;
  const token = `${ctx.self}/${ctx.incarnation}/${task.owned}/${task.tries}`;
  const body = { type: 'init_producer', producer: nameOf(task, ctx), token };
  toLog(state, task, body, { do: 'init' }, ctx);
}

function nameOf({ id, owned: change }: Task, { options: { producers } }: Ctx): string {
  return producers === 'random' ? `task-${id}-${change}` : `task-${id}`;
}

type TaskAim = Extract<Aim, OfTask>;
type Without<T> = T extends OfTask ? Omit<T, keyof OfTask> : never;

function toLog(
  state: State,
  { id, owned: change, tries }: Task,
  body: Body & Readonly<Record<string, unknown>>,
  aim: Without<TaskAim>,
  ctx: Ctx,
): void {
  const whole = { task: id, owned: change, tries, ...aim } as Aim;
  ask(state.asks, [ctx.options.log, body], whole, ctx);
}

export function resumeTask(state: State, aim: TaskAim, answer: Answer, ctx: Ctx): void {
  const task = state.tasks.get(aim.task);
  if (task?.owned !== aim.owned || task.tries !== aim.tries) return;
  if (!answer.ok) {
    // Somebody has begun under its name: to begin anew would fence whoever owns it by now. Or the
    // transaction was aborted: then it begins anew.
    if (answer.code === 22) state.tasks.delete(task.id);
    else begin(state, task, ctx);
    return;
  }
  const { body } = answer;
  switch (aim.do) {
    case 'init':
      task.epoch = Number(body.epoch);
      task.nth = 0;
      task.state = new Map();
      task.log = 0;
      return readBack(state, task, 'changelog', ctx);
    case 'changelog':
    case 'offsets':
      return readOn(state, task, aim.do, body, ctx);
    case 'fetch':
      return fetched(state, task, body, ctx);
    case 'produce':
      task.draft?.open.delete(aim.seq);
      if (task.draft?.open.size === 0) end(state, task, true, ctx);
      return;
    case 'end':
      return ended(state, task, aim.commit, Number(body.epoch), ctx);
  }
}

/** State and offset are what was committed of them, from the start of the log on. */
function readBack(state: State, task: Task, what: 'changelog' | 'offsets', ctx: Ctx): void {
  const around = { offset: task.log, max: readMax, committed: true };
  const body = { type: 'fetch', partition: `${what}/${task.id}`, ...around };
  toLog(state, task, body, { do: what }, ctx);
}

function readOn(
  state: State,
  task: Task,
  what: 'changelog' | 'offsets',
  body: Readonly<Record<string, unknown>>,
  ctx: Ctx,
): void {
  if (what === 'changelog') {
    const changes = body.records as readonly (readonly [string, number])[];
    for (const [key, amount] of changes) task.state.set(key, amount);
  } else {
    task.next = (body.records as readonly number[]).at(-1) ?? 0;
  }
  task.log = what === 'changelog' ? Number(body.next) : 0;
  // Another one's transaction is open: what it comes to is not known yet.
  if (Number(body.next) < Number(body.end)) return readBack(state, task, what, ctx);
  task.log = 0;
  if (what === 'changelog') readBack(state, task, 'offsets', ctx);
  else fetchMore(state, task, ctx);
}

function fetchMore(state: State, task: Task, ctx: Ctx): void {
  const { fetchMax, askUs } = ctx.options;
  const { spouts } = state.plan;
  const isSpout = spouts.includes(task.id);
  const partition = isSpout ? task.id - (spouts[0] ?? 0) : `in/${task.id}`;
  const wait = { max: fetchMax, waitUs: Math.floor(askUs / 2), committed: true };
  const body = { type: 'fetch', partition, offset: task.next, ...wait };
  toLog(state, task, body, { do: 'fetch' }, ctx);
}

/** All that comes of what was read is one transaction. */
function fetched(
  state: State,
  task: Task,
  body: Readonly<Record<string, unknown>>,
  ctx: Ctx,
): void {
  const { plan } = state;
  const next = Number(body.next);
  const records = body.records as readonly (string | Item)[];
  if (next === task.next) return fetchMore(state, task, ctx);
  const changes: Keyed = new Map();
  const writes = new Map<string, unknown[]>();
  for (const [nth, record] of records.entries()) {
    const p = task.id - (plan.spouts[0] ?? 0);
    const item =
      typeof record === 'string'
        ? { p, o: Number(body.offset) + nth, fan: 0, key: record, value: 0 }
        : record;
    workOff(plan, task, { item, changes, writes });
  }
  if (changes.size > 0) writes.set(`changelog/${task.id}`, [...changes]);
  writes.set(`offsets/${task.id}`, [next]);
  const first = task.seq;
  const open = new Set([...writes.keys()].map((_, i) => first + i));
  task.draft = { changes, next, first, open };
  for (const [partition, made] of writes) {
    const seq = task.seq++;
    const of = { producer: nameOf(task, ctx), epoch: task.epoch, seq };
    const produce = { type: 'produce', ...of, partition, records: made };
    toLog(state, task, produce, { do: 'produce', seq }, ctx);
  }
  ctx.note('a transaction is open');
  const of = { task: task.id, owned: task.owned, tries: task.tries };
  ctx.setTimer({ type: 'too long', ...of, seq: first } as never, ctx.options.abortUs);
}

interface Step {
  readonly item: Item;
  readonly changes: Keyed;
  readonly writes: Map<string, unknown[]>;
}

/** What one item changes, and what it makes. */
function workOff(plan: Plan, task: Task, { item, changes, writes }: Step): void {
  const operator = operatorOf(plan, task.id);
  const monoid = monoidOf(operator);
  let held = 0;
  if (monoid !== undefined) {
    const { key } = item;
    const known = changes.get(key) ?? task.state.get(key);
    if (known !== undefined) changes.set(key, known);
    held = take(changes, key, operator.amount(item), monoid) ?? task.state.get(key) ?? 0;
  }
  const { downs = [] } = plan.vertices[plan.vertexOf[task.id] ?? 0] ?? {};
  for (const [nth, output] of operator.emit(item, held).entries()) {
    for (const down of downs) {
      const to = routeOf(plan, down, output.key);
      const { p, o } = item;
      const fan = (item.fan * operator.fanMax + nth) * down.places + down.place;
      const made = plan.sinks.includes(to)
        ? [p, o, fan, output.key]
        : { p, o, fan, key: output.key, value: output.value };
      const list = writes.get(`in/${to}`) ?? [];
      writes.set(`in/${to}`, list);
      list.push(made);
    }
  }
}

function end(state: State, task: Task, commit: boolean, ctx: Ctx): void {
  const of = { producer: nameOf(task, ctx), epoch: task.epoch, nth: task.nth + 1 };
  toLog(state, task, { type: 'end_transaction', ...of, commit }, { do: 'end', commit }, ctx);
}

function ended(state: State, task: Task, commit: boolean, epoch: number, ctx: Ctx): void {
  task.nth += 1;
  task.epoch = epoch;
  const { draft } = task;
  task.draft = undefined;
  if (commit && draft !== undefined) {
    task.next = draft.next;
    for (const [key, amount] of draft.changes) task.state.set(key, amount);
  }
  fetchMore(state, task, ctx);
}

/** Gives a transaction up whose records did not get through, and makes it again. */
export function tooLong(state: State, timer: OfTask & TooLong, ctx: Ctx): void {
  const task = state.tasks.get(timer.task);
  if (task?.owned !== timer.owned || task.tries !== timer.tries) return;
  if (task.draft?.first !== timer.seq || task.draft.open.size === 0) return;
  ctx.note('gives a transaction up');
  forget(state.asks, (aim) => aim.do === 'produce' && aim.task === task.id, ctx);
  task.draft = undefined;
  end(state, task, false, ctx);
}
