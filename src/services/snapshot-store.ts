// A durable store for snapshots, where a write may take long, and may fail. A value that was put is
// whole or not there. Who puts or looks in the name of an epoch shuts out those of epochs before,
// so that somebody who has been replaced, and does not know it, changes nothing. Every put has a
// version of its own; what was put and replaced, or deleted, is still shown to those who ask for
// the version, so that whoever judges a run can see it.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody } from '../node/message.js';
import type { Context, Protocol } from '../node/protocol.js';
import {
  type Asker,
  answer,
  append,
  askerOf,
  durable,
  recover,
  type Synced,
  type Wal,
} from './wal.js';

interface Put extends Body {
  readonly type: 'put';
  readonly key: string;
  readonly value: Plain;
  readonly epoch?: number;
  /** Counts up in an epoch: what comes late, or twice, replaces nothing newer. */
  readonly seq?: number;
  /** The key is a row of this tablet, and the epoch is that of all its rows. */
  readonly tablet?: string;
}

interface PutOk extends Body {
  readonly type: 'put_ok';
  readonly version: number;
}

interface Find extends Body {
  readonly type: 'find';
  readonly key: string;
  readonly epoch?: number;
}

interface FindOk extends Body {
  readonly type: 'find_ok';
  readonly value: Plain;
  readonly version: number;
}

/** All rows of a tablet, in the name of an epoch. */
interface Rows extends Body {
  readonly type: 'rows';
  readonly tablet: string;
  readonly epoch: number;
}

interface RowsOk extends Body {
  readonly type: 'rows_ok';
  readonly rows: readonly (readonly [key: string, value: Plain])[];
}

interface Drop extends Body {
  readonly type: 'drop';
  readonly keys: readonly string[];
}

interface DropOk extends Body {
  readonly type: 'drop_ok';
}

interface Archive extends Body {
  readonly type: 'archive';
  /** Versions, or keys: then what was last put under them, if anything ever was. */
  readonly names: readonly (number | string)[];
}

interface ArchiveOk extends Body {
  readonly type: 'archive_ok';
  readonly values: readonly Plain[];
}

type Bodies =
  | Put
  | PutOk
  | Find
  | FindOk
  | Rows
  | RowsOk
  | Drop
  | DropOk
  | Archive
  | ArchiveOk
  | ErrorBody;

type Entry =
  | {
      readonly do: 'put';
      readonly key: string;
      readonly value: Plain;
      readonly epoch: number | undefined;
      readonly seq: number | undefined;
      readonly tablet?: string;
    }
  | { readonly do: 'rows'; readonly tablet: string; readonly epoch: number }
  | { readonly do: 'seal'; readonly key: string; readonly epoch: number }
  | { readonly do: 'drop'; readonly keys: readonly string[] };

interface State {
  readonly wal: Wal<Entry>;
  /** By key the version that it has now. */
  readonly versions: Map<string, number>;
  /** As `versions`, but nothing is ever dropped. */
  readonly past: Map<string, number>;
  /** By version what was put. */
  readonly values: Plain[];
  /** By tablet the keys of its rows. */
  readonly tablets: Map<string, Set<string>>;
  /** By key, or tablet, the highest epoch in whose name anybody came. */
  readonly epochs: Map<string, number>;
  /** By key the highest number of that epoch. */
  readonly seqs: Map<string, number>;
}

type Timers = Synced | { readonly type: 'write'; readonly entry: Entry; readonly asker: Asker };

interface Options {
  /** How long a put takes before it is on its way to the disk. */
  readonly writeUs: Micros;
  /** The share of puts that are slow, and how long those take at most. */
  readonly slowPpm: number;
  readonly delayUs: Micros;
  /** The share of puts that fail: nothing is written, and the answer says so. */
  readonly failPpm: number;
}

type Ctx = Context<Bodies, Timers, Options>;

export const snapshotStore: Protocol<State, Bodies, Timers, Options> = {
  name: 'snapshot-store',
  about: 'A durable store for snapshots, with slow and failing writes.',
  options: { writeUs: 0, slowPpm: 0, delayUs: 0, failPpm: 0 },
  init(ctx) {
    const { wal, entries } = recover<Entry>(ctx);
    const state: State = {
      wal,
      versions: new Map(),
      past: new Map(),
      values: [],
      tablets: new Map(),
      epochs: new Map(),
      seqs: new Map(),
    };
    for (const entry of entries) apply(state, entry);
    return state;
  },
  on: {
    put({ wal }, message, ctx) {
      const { key, value, epoch, seq, tablet } = message.body;
      const { random, options } = ctx;
      if (typeof key !== 'string') {
        return ctx.reply(message, { type: 'error', code: 12, text: 'put lacks a key' });
      }
      if (options.failPpm > 0 && random.chance(options.failPpm)) {
        return ctx.reply(message, { type: 'error', code: 11, text: 'the write failed' });
      }
      const takesUs = delayOf(ctx);
      const asker = askerOf(message);
      const row = { do: 'put', key, value, epoch, seq } as const;
      const entry = tablet === undefined ? row : { ...row, tablet };
      if (takesUs > 0) ctx.setTimer({ type: 'write', entry, asker }, takesUs);
      else append(wal, entry, asker, ctx);
    },
    find(state, message, ctx) {
      const { key, epoch } = message.body;
      if (epoch === undefined) return ctx.reply(message, found(state, key));
      append(state.wal, { do: 'seal', key, epoch }, askerOf(message), ctx);
    },
    rows({ wal }, message, ctx) {
      const { tablet, epoch } = message.body;
      append(wal, { do: 'rows', tablet, epoch }, askerOf(message), ctx);
    },
    drop({ wal }, message, ctx) {
      append(wal, { do: 'drop', keys: message.body.keys }, askerOf(message), ctx);
    },
    archive({ past, values }, message, ctx) {
      const found = message.body.names.map((name) => {
        return values[typeof name === 'string' ? (past.get(name) ?? -1) : name];
      });
      ctx.reply(message, { type: 'archive_ok', values: found });
    },
  },
  timers: {
    write({ wal }, { entry, asker }, ctx) {
      append(wal, entry, asker, ctx);
    },
    synced(state, timer, ctx) {
      for (const { entry, asker } of durable(state.wal, timer)) {
        answer(asker, apply(state, entry), ctx);
      }
    },
  },
};

function delayOf({ random, options: { writeUs, slowPpm, delayUs } }: Ctx): Micros {
  const slow = slowPpm > 0 && delayUs > 0 && random.chance(slowPpm);
  return writeUs + (slow ? random.below(delayUs) : 0);
}

function apply(state: State, entry: Entry): Bodies {
  const { versions, values, epochs, seqs } = state;
  if (entry.do === 'drop') {
    for (const key of entry.keys) versions.delete(key);
    return { type: 'drop_ok' };
  }
  const { epoch } = entry;
  const sealed = entry.do === 'rows' ? entry.tablet : sealedBy(entry);
  const highest = epochs.get(sealed) ?? -1;
  if (epoch !== undefined && epoch < highest) {
    return { type: 'error', code: 22, text: `${sealed} belongs to epoch ${highest} by now` };
  }
  if (epoch !== undefined && epoch > highest) {
    epochs.set(sealed, epoch);
    for (const key of state.tablets.get(sealed) ?? [sealed]) seqs.delete(key);
  }
  if (entry.do === 'rows') return { type: 'rows_ok', rows: rowsOf(state, entry.tablet) };
  const { key } = entry;
  if (entry.do === 'seal') return found(state, key);
  if (entry.tablet !== undefined) keysOf(state, entry.tablet).add(key);
  const { seq } = entry;
  const known = versions.get(key);
  if (seq !== undefined && known !== undefined && seq <= (seqs.get(key) ?? -1)) {
    return { type: 'put_ok', version: known };
  }
  if (seq !== undefined) seqs.set(key, seq);
  const version = values.push(entry.value) - 1;
  versions.set(key, version);
  state.past.set(key, version);
  return { type: 'put_ok', version };
}

function sealedBy(entry: Extract<Entry, { readonly key: string }>): string {
  return (entry.do === 'put' ? entry.tablet : undefined) ?? entry.key;
}

function keysOf({ tablets }: State, tablet: string): Set<string> {
  const keys = tablets.get(tablet) ?? new Set();
  tablets.set(tablet, keys);
  return keys;
}

function rowsOf(state: State, tablet: string): RowsOk['rows'] {
  return [...keysOf(state, tablet)].flatMap((key) => {
    const version = state.versions.get(key);
    return version === undefined ? [] : [[key, state.values[version]] as const];
  });
}

function found({ versions, values }: State, key: string): FindOk | ErrorBody {
  const version = versions.get(key);
  if (version === undefined) return { type: 'error', code: 20, text: `there is no ${key}` };
  return { type: 'find_ok', value: values[version], version };
}
