// A database that others use, too: tables of rows in one queue, each request taking its time.
// Beyond so many waiting requests it refuses, as a region server does that is asked for everything
// at once when a data centre comes back. It stands for what an operator's own state is compared
// with.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody, Message } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import { type Asker, answer, askerOf } from './wal.js';

/** Some rows of a table, from a position on. */
interface Scan extends Body {
  readonly type: 'scan';
  readonly table: string;
  readonly from: number;
  readonly max: number;
}

interface ScanOk extends Body {
  readonly type: 'scan_ok';
  readonly rows: readonly Plain[];
  /** How many the table has, and which version of it this is. */
  readonly count: number;
  readonly version: number;
}

/** Replaces a table, unless it is of a later version. */
interface Save extends Body {
  readonly type: 'save';
  readonly table: string;
  readonly rows: readonly Plain[];
  readonly version: number;
}

interface SaveOk extends Body {
  readonly type: 'save_ok';
}

type Request = Scan | Save;
type Bodies = Request | ScanOk | SaveOk | ErrorBody;

interface Table {
  readonly rows: readonly Plain[];
  readonly version: number;
}

interface State {
  readonly tables: Map<string, Table>;
  readonly queue: { readonly asker: Asker; readonly request: Request }[];
  /** The longest that the queue has been, and how many were refused. */
  peak: number;
  refused: number;
}

interface Options {
  /** How long a request takes, and each row in it. */
  readonly requestUs: Micros;
  readonly rowUs: Micros;
  readonly queueMax: number;
}

type Timers = { readonly type: 'served' };

type Ctx = Context<Bodies, Timers, Options>;

/** The code of a service that is overloaded. */
const unavailable = 11;

export const database: Protocol<State, Bodies, Timers, Options> = {
  name: 'database',
  about: 'Tables in one queue, shared with others; refuses what comes when the queue is full.',
  options: { requestUs: 5_000, rowUs: 1_000, queueMax: 16 },
  problem: ({ queueMax }) =>
    queueMax >= 1 ? undefined : { option: 'queueMax', expected: 'at least 1' },
  init({ store }) {
    const tables = new Map<string, Table>();
    for (const key of store.keys()) {
      const table = store.read(key) as Partial<Table> | undefined;
      if (table?.version !== undefined) tables.set(key, table as Table);
    }
    return { tables, queue: [], peak: 0, refused: 0 };
  },
  on: { scan: enqueue, save: enqueue },
  timers: {
    served(state, _, ctx) {
      const done = state.queue.shift();
      if (done !== undefined) answer(done.asker, perform(state, done.request, ctx), ctx);
      if (state.queue.length > 0) serve(state, ctx);
    },
  },
};

function enqueue(state: State, message: Message<Request>, ctx: Ctx): void {
  const { queue } = state;
  if (queue.length >= ctx.options.queueMax) {
    state.refused += 1;
    return ctx.reply(message, { type: 'error', code: unavailable, text: 'overloaded' } as never);
  }
  queue.push({ asker: askerOf(message), request: message.body });
  state.peak = Math.max(state.peak, queue.length);
  if (queue.length === 1) serve(state, ctx);
}

function serve({ queue, tables }: State, ctx: Ctx): void {
  const { requestUs, rowUs } = ctx.options;
  const [first] = queue;
  if (first === undefined) return;
  const { request } = first;
  const size = (tables.get(request.table)?.rows ?? []).length;
  const rows = request.type === 'save' ? request.rows.length : Math.min(request.max, size);
  ctx.setTimer({ type: 'served' }, requestUs + rows * rowUs);
}

function perform({ tables }: State, request: Request, { store }: Ctx): ScanOk | SaveOk {
  const { table: name } = request;
  const table = tables.get(name) ?? { rows: [], version: 0 };
  if (request.type === 'scan') {
    const { from, max } = request;
    const rows = table.rows.slice(from, from + max);
    return { type: 'scan_ok', rows, count: table.rows.length, version: table.version };
  }
  const { rows, version } = request;
  if (version >= table.version) {
    tables.set(name, { rows, version });
    store.write(name, { rows, version }); // Others may lose it: what was saved is in volumes, too.
  }
  return { type: 'save_ok' };
}
