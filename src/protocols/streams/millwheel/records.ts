// A building block: what becomes of a record at a task. For a key one row is written at a time;
// what comes meanwhile waits, and is written together.
//
//   production ─▶ known? ─yes─▶ produced (again)
//                   │no
//                   ▼
//        draft {state, ids, productions} ─▶ store ─▶ produced ─▶ productions go out, and again …
import type { Message } from '../../../node/message.js';
import { type Answer, ask } from '../../leaning/asks.js';
import { monoidOf, nameOf, operatorOf, routeOf, type Vertex } from '../topology/plan.js';
import type {
  Aim,
  Cell,
  MillCtx,
  MillState,
  Produced,
  Production,
  Row,
  Seen,
  Task,
} from './tasks.js';

const emptyRow: Row = { value: undefined, seen: [], floors: new Map(), out: [] };

const idOf = ({ p, o, fan }: Production): string => `${p}/${o}/${fan}`;

/** The rows of a task are there: what they have to send is sent again. */
export function loaded(
  state: MillState,
  aim: Extract<Aim, { readonly do: 'rows' }>,
  answer: Answer,
  ctx: MillCtx,
): void {
  const task = taskOf(state, aim, answer);
  if (task === undefined || !answer.ok) return;
  for (const [path, row] of answer.body.rows as readonly (readonly [string, never])[]) {
    const key = path.slice(path.indexOf('/') + 1);
    if (kindOf(state, task) === 'spout') task.noted = Number(row);
    else loadRow(task, key, row);
  }
  task.next = task.noted;
  task.ready = true;
  tickTask(state, task, ctx);
}

function loadRow(task: Task, key: string, row: Row): void {
  task.cells.set(key, { row, draft: undefined, waiting: [] });
  for (const production of row.out) task.out.set(production.n, { production, sentUs: undefined });
}

/** The task that an answer is for; undefined: it is another's by now. */
function taskOf(
  { tasks }: MillState,
  { task: id, epoch }: { readonly task: number; readonly epoch: number },
  answer: Answer,
): Task | undefined {
  const task = tasks.get(id);
  if (task?.epoch !== epoch) return undefined;
  const refused = !answer.ok && answer.code === 22;
  if (refused) tasks.delete(id);
  return refused ? undefined : task;
}

function vertexOf({ plan }: MillState, { id }: Task): Vertex {
  return plan.vertices[plan.vertexOf[id] ?? 0] as Vertex;
}

function kindOf(state: MillState, task: Task): Vertex['kind'] {
  return vertexOf(state, task).kind;
}

/** A record has come. */
export function production(state: MillState, message: Message<Production>, ctx: MillCtx): void {
  const { body } = message;
  const task = state.tasks.get(body.to);
  if (task?.ready !== true) return; // The sender tries again.
  const { kind } = vertexOf(state, task);
  if (kind === 'sink') return showLater(state, task, body, ctx);
  const { monoid } = operatorOf(state.plan, task.id);
  const isWeak = monoid === undefined && ctx.options.productions === 'weak';
  if (isWeak) return passWeakly(state, task, body, ctx);
  const cell = task.cells.get(body.key) ?? { row: emptyRow, draft: undefined, waiting: [] };
  task.cells.set(body.key, cell);
  if (isKnown(cell.row, body, ctx)) return acknowledge(state, body, ctx);
  const known = [...cell.waiting, ...(cell.draft?.of ?? [])];
  if (known.some((other) => idOf(other) === idOf(body))) return; // It is under way.
  cell.waiting.push(body);
  writeRow(state, task, [body.key, cell], ctx);
}

function isKnown({ seen, floors }: Row, record: Production, { options }: MillCtx): boolean {
  const id = idOf(record);
  if (seen.some(([other]) => other === id)) return true;
  return options.defects !== 'gc-by-clock' && record.n < (floors.get(record.from) ?? 0);
}

function acknowledge({ places }: MillState, { from, to, n }: Production, ctx: MillCtx): void {
  const place = places.get(from);
  if (place !== undefined) ctx.send(place, { type: 'produced', from: to, to: from, n });
}

/** Writes what waits for a key, if nothing is being written. */
function writeRow(state: MillState, task: Task, [key, cell]: [string, Cell], ctx: MillCtx): void {
  if (cell.draft !== undefined || cell.waiting.length === 0) return;
  const of = cell.waiting;
  cell.waiting = [];
  const row = of.reduce<Row>((before, record) => applied(state, task, before, record, ctx), {
    ...cell.row,
    out: cell.row.out.filter(({ n }) => task.out.has(n)),
  });
  cell.draft = { row, of };
  putRow(state, task, [key, row], ctx);
}

function putRow(state: MillState, task: Task, [key, row]: [string, Row], ctx: MillCtx): void {
  const written = ctx.options.defects === 'dedup-in-memory' ? { ...row, seen: [] } : row;
  ctx.note('writes a row');
  const around = { tablet: String(task.id), epoch: task.epoch, seq: task.puts++ };
  const body = { type: 'put', key: `${task.id}/${key}`, value: written, ...around };
  const aim: Aim = { do: 'row', task: task.id, epoch: task.epoch, key };
  ask(state.asks, [ctx.options.store, body], aim, ctx);
}

/** The row with one more record in it, and what that makes. */
function applied({ plan }: MillState, task: Task, row: Row, record: Production, ctx: MillCtx): Row {
  const operator = operatorOf(plan, task.id);
  const monoid = monoidOf(operator);
  let { value } = row;
  if (monoid !== undefined) {
    const amount = operator.amount(record);
    value = value === undefined ? amount : monoid.merge(value, amount);
  }
  const made = outputsOf(plan, task, record, value ?? 0, ctx);
  const floor = Math.max(record.floor, row.floors.get(record.from) ?? 0);
  const floors = new Map(row.floors).set(record.from, floor);
  const seen: Seen = [idOf(record), record.from, record.n, ctx.nowUs];
  return {
    value,
    floors,
    seen: [...remembered(row, record, ctx), seen],
    out: [...row.out, ...made],
  };
}

/** Ids that somebody may still send: those of records that are not acknowledged for good. */
function remembered({ seen }: Row, { from, floor }: Production, ctx: MillCtx): readonly Seen[] {
  const { defects, memoryUs } = ctx.options;
  if (defects === 'gc-by-clock') return seen.filter(([, , , atUs]) => ctx.nowUs - atUs < memoryUs);
  return seen.filter(([, of, n]) => of !== from || n >= floor);
}

/** What a record makes; it is not sent yet. */
function outputsOf(
  plan: MillState['plan'],
  task: Task,
  record: Production,
  value: number,
  ctx: MillCtx,
): readonly Production[] {
  const operator = operatorOf(plan, task.id);
  const { downs = [] } = plan.vertices[plan.vertexOf[task.id] ?? 0] ?? {};
  const outputs = operator.emit(record, value, (count) => ctx.random.below(count));
  return outputs.flatMap((output, nth) =>
    downs.map((down): Production => {
      const fan = (record.fan * operator.fanMax + nth) * down.places + down.place;
      const { p, o } = record;
      const to = routeOf(plan, down, output.key);
      const { key, value } = output;
      const n = task.n++;
      const about = { p, o, fan, key, value };
      const made: Production = { type: 'production', from: task.id, to, n, floor: 0, ...about };
      task.out.set(made.n, { production: made, sentUs: Number.POSITIVE_INFINITY });
      return made;
    }),
  );
}

/** Goes on with a task when a service has answered. */
export function resumeTask(
  state: MillState,
  aim: Exclude<Extract<Aim, { readonly epoch: number }>, { readonly do: 'rows' }>,
  answer: Answer,
  ctx: MillCtx,
): void {
  const task = taskOf(state, aim, answer);
  if (task === undefined) return;
  switch (aim.do) {
    case 'row':
      return written(state, task, aim.key, answer, ctx);
    case 'fetch':
      return fetched(state, task, answer, ctx);
    case 'show':
      return shown(state, task, aim.count, ctx);
    case 'note':
      return;
  }
}

/** The row is on disk: now its senders may know, and what it made may go. */
function written(state: MillState, task: Task, key: string, answer: Answer, ctx: MillCtx): void {
  const cell = task.cells.get(key);
  if (cell?.draft === undefined) return;
  const { row, of } = cell.draft;
  if (!answer.ok) return putRow(state, task, [key, row], ctx);
  cell.row = row;
  cell.draft = undefined;
  for (const record of of) acknowledge(state, record, ctx);
  for (const { n } of row.out) {
    const open = task.out.get(n);
    if (open?.sentUs === Number.POSITIVE_INFINITY) open.sentUs = undefined;
  }
  sendAll(state, task, ctx);
  writeRow(state, task, [key, cell], ctx);
}

/** Sends what was never sent, or too long ago. */
function sendAll(state: MillState, task: Task, ctx: MillCtx): void {
  const { resendUs, productions } = ctx.options;
  const lowest = Math.min(...task.out.keys());
  // After a crash weak productions are made again, under other numbers: their ids must be kept.
  const floor = productions === 'weak' && kindOf(state, task) === 'bolt' ? 0 : lowest;
  for (const open of task.out.values()) {
    const { sentUs, production: record } = open;
    if (sentUs === Number.POSITIVE_INFINITY) continue;
    if (sentUs !== undefined && ctx.nowUs - sentUs < resendUs && ctx.nowUs >= sentUs) continue;
    const place = state.places.get(record.to);
    if (place === undefined) continue;
    open.sentUs = ctx.nowUs;
    ctx.send(place, { ...record, floor });
  }
}

/** A record is applied further down: nobody need send it again. */
export function produced(state: MillState, { body }: Message<Produced>, ctx: MillCtx): void {
  const task = state.tasks.get(body.to);
  if (task === undefined || !task.out.delete(body.n)) return;
  for (const [id, weak] of task.weak) {
    if (!weak.left.delete(body.n) || weak.left.size > 0) continue;
    task.weak.delete(id);
    acknowledge(state, weak.of, ctx);
  }
  if (kindOf(state, task) === 'spout') pump(state, task, ctx);
}

/** BROKEN unless the vertex is a function: sends first, and writes nothing. */
function passWeakly(state: MillState, task: Task, record: Production, ctx: MillCtx): void {
  const id = idOf(record);
  if (task.weak.has(id)) return; // It is under way.
  const made = outputsOf(state.plan, task, record, 0, ctx);
  if (made.length === 0) return acknowledge(state, record, ctx);
  task.weak.set(id, { of: record, left: new Set(made.map(({ n }) => n)) });
  for (const { n } of made) {
    const open = task.out.get(n);
    if (open !== undefined) open.sentUs = undefined;
  }
  ctx.note('sends before it writes');
  sendAll(state, task, ctx);
}

/** What comes to a sink is shown; its senders hear of that when it is. */
function showLater(state: MillState, task: Task, record: Production, ctx: MillCtx): void {
  const id = idOf(record);
  if (task.shows.some((other) => idOf(other) === id)) return;
  task.shows.push(record);
  show(state, task, ctx);
}

function show(state: MillState, task: Task, ctx: MillCtx): void {
  if (task.busy || task.shows.length === 0) return;
  task.busy = true;
  const outputs = task.shows.flatMap(({ p, o, fan, key }) => [p, o, fan, key]);
  const of = { source: nameOf(state.plan, task.id), epoch: task.epoch, seq: task.emitted++ };
  const aim: Aim = { do: 'show', task: task.id, epoch: task.epoch, count: task.shows.length };
  ask(state.asks, [ctx.options.sink, { type: 'emit', ...of, outputs }], aim, ctx);
}

function shown(state: MillState, task: Task, count: number, ctx: MillCtx): void {
  task.busy = false;
  for (const record of task.shows.splice(0, count)) acknowledge(state, record, ctx);
  show(state, task, ctx);
}

/** To be called now and then. */
export function tick(state: MillState, ctx: MillCtx): void {
  for (const task of state.tasks.values()) if (task.ready) tickTask(state, task, ctx);
}

function tickTask(state: MillState, task: Task, ctx: MillCtx): void {
  if (kindOf(state, task) === 'spout') {
    pump(state, task, ctx);
    note(state, task, ctx);
  }
  sendAll(state, task, ctx);
}

/** Sends what it has read, as far as there is room, and reads on. The number is the offset. */
function pump(state: MillState, task: Task, ctx: MillCtx): void {
  const { windowMax, fetchMax, log, askUs } = ctx.options;
  while (task.buffer.length > 0 && task.out.size < windowMax) emitRecord(state, task);
  sendAll(state, task, ctx);
  if (task.busy || task.buffer.length > 0) return;
  task.busy = true;
  const wait = { max: fetchMax, waitUs: Math.floor(askUs / 2) };
  const partition = task.id - vertexOf(state, task).first;
  const body = { type: 'fetch', partition, offset: task.next, ...wait };
  ask(state.asks, [log, body], { do: 'fetch', task: task.id, epoch: task.epoch }, ctx);
}

function emitRecord({ plan }: MillState, task: Task): void {
  const text = task.buffer.shift() ?? '';
  const o = task.next++;
  const { downs = [], first = 0 } = plan.vertices[plan.vertexOf[task.id] ?? 0] ?? {};
  for (const [nth, down] of downs.entries()) {
    const around = {
      from: task.id,
      to: routeOf(plan, down, text),
      floor: 0,
      p: task.id - first,
      o,
    };
    const n = o * downs.length + nth;
    const record: Production = {
      ...{ type: 'production', ...around, n, fan: down.place, key: text, value: 0 },
    };
    task.out.set(n, { production: record, sentUs: undefined });
  }
}

function fetched(state: MillState, task: Task, answer: Answer, ctx: MillCtx): void {
  task.busy = false;
  if (!answer.ok) return ctx.note(`stands still: ${answer.text}`);
  const from = task.next + task.buffer.length - Number(answer.body.offset);
  task.buffer.push(...(answer.body.records as readonly string[]).slice(from));
  pump(state, task, ctx);
}

/** Writes down up to where all is done: after a crash the log is read again from there. */
function note(state: MillState, task: Task, ctx: MillCtx): void {
  const offsets = [...task.out.values()].map(({ production: { o } }) => o);
  const noted = offsets.length === 0 ? task.next : Math.min(...offsets);
  if (noted <= task.noted) return;
  task.noted = noted;
  const around = { tablet: String(task.id), epoch: task.epoch, seq: task.puts++ };
  const body = { type: 'put', key: `${task.id}/offset`, value: noted, ...around };
  ask(state.asks, [ctx.options.store, body], { do: 'note', task: task.id, epoch: task.epoch }, ctx);
}
