// A building block: the negotiator. It watches who is registered, begins an epoch whenever that set
// of lives changes, and takes the processors through it: they load the committed snapshot, spouts
// rewind, records flow; now and then it pauses the spouts, makes the clock of their next offsets,
// tells everybody, and, when all have saved their parts, moves the commit pointer.
//
//   gathering ─▶ raising ─▶ init ─▶ rewind ─▶ flowing ─▶ pausing ─▶ snapping ─▶ committing ─┐
//       ▲ somebody came or went                  ▲                                          │
//       └──────────────────────────              └──────────────────────────────────────────┘
//
// It keeps nothing that matters: another one takes over when its session ends. Source: Hailstorm,
// Negotiator.hs; docs/streams.md has the rules of the repaired protocol and what each removes.
import { type Answer, ask } from '../../leaning/asks.js';
import { request } from '../../leaning/session.js';
import { equalClocks } from './clocks.js';
import type { Aim, Chief, Clock, Commit, JobCtx, JobState, Master, Report } from './job.js';
import { holderOf, lookUp, waitFor } from './worker.js';

/** A processor's registration, as the negotiator reads it. */
interface Entry {
  readonly name: string;
  readonly value: Report;
  readonly stat: { readonly czxid: number };
}

/** Tries to become the negotiator, or waits until there is none. */
export function contend(state: JobState, ctx: JobCtx): void {
  if (state.flags['count-children'] === true) {
    const own = { type: 'create', path: `/processors/negotiator-${ctx.self}` };
    request(state, { ...own, value: ctx.self, ephemeral: true }, { do: 'none' }, ctx);
  }
  const body = { type: 'create', path: '/negotiator', value: ctx.self, ephemeral: true };
  request(state, body, { do: 'contend' }, ctx);
}

type ChiefAim = Extract<
  Aim['do'],
  'contend' | 'rival' | 'epoch' | 'committed' | 'children' | 'raise' | 'first epoch' | 'move'
>;

/** The coordination service has answered the negotiator, or who would like to be it. */
export function chiefAnswered(state: JobState, aim: ChiefAim, answer: Answer, ctx: JobCtx): void {
  if (aim === 'contend') {
    return answer.ok ? begin(state, ctx) : lookUp(state, 'negotiator', ctx);
  }
  if (aim === 'rival') {
    const holder = holderOf(answer);
    if (holder.session === undefined) return contend(state, ctx);
    if (holder.session === state.session.id) return begin(state, ctx);
    return waitFor(state, 'negotiator', holder, ctx);
  }
  const { chief } = state;
  if (chief !== undefined) proceed(state, chief, aim, answer, ctx);
}

/** This node is the negotiator from now on: it finds out where the one before stopped. */
function begin(state: JobState, ctx: JobCtx): void {
  state.chief = {
    phase: 'starting',
    ...{ e: 0, epochVersion: -1, committedVersion: -1, commit: undefined },
    ...{ members: new Map(), places: [], seq: 0, g: 0, clock: [], sinceUs: ctx.nowUs },
    ...{ reading: false, pending: undefined },
  };
  ctx.note('negotiates');
  const value: Master = { at: 'unavailable', e: 0 };
  const path = '/master';
  request(state, { type: 'remove', path, version: -1 }, { do: 'none' }, ctx);
  const created = { type: 'create', path, value: value as never, ephemeral: true };
  request(state, created, { do: 'none' }, ctx);
  lookAt(state, '/epoch', 'epoch', ctx);
}

function lookAt(state: JobState, path: string, aim: ChiefAim, ctx: JobCtx): void {
  request(state, { type: 'look', path, watch: false }, { do: aim }, ctx);
}

type ReadAim = Exclude<ChiefAim, 'contend' | 'rival'>;

function proceed(state: JobState, chief: Chief, aim: ReadAim, answer: Answer, ctx: JobCtx): void {
  const stat = answer.ok
    ? (answer.body.stat as { readonly version: number } | undefined)
    : undefined;
  switch (aim) {
    case 'epoch':
      if (!answer.ok) {
        const body = { type: 'create', path: '/epoch', value: 0, ephemeral: false };
        return request(state, body, { do: 'first epoch' }, ctx);
      }
      chief.e = Number(answer.body.value);
      chief.epochVersion = stat?.version ?? 0;
      return lookAt(state, '/committed', 'committed', ctx);
    case 'first epoch':
      return lookAt(state, '/epoch', 'epoch', ctx);
    case 'committed':
      chief.commit = answer.ok ? (answer.body.value as unknown as Commit) : undefined;
      chief.committedVersion = stat?.version ?? -1;
      chief.g = chief.commit?.g ?? 0;
      chief.phase = 'gathering';
      return readChildren(state, ctx);
    case 'children':
      chief.reading = false;
      if (answer.ok) look(state, chief, answer.body.children as unknown as readonly Entry[], ctx);
      return;
    case 'raise':
      if (!answer.ok) return lookAt(state, '/epoch', 'epoch', ctx);
      chief.e += 1;
      chief.epochVersion = stat?.version ?? 0;
      chief.seq += 1;
      chief.g = chief.commit?.g ?? 0;
      chief.clock = chief.commit?.clock ?? [];
      return enter(state, chief, 'init', ofEpoch(chief, 'init'), ctx);
    case 'move':
      return moved(state, chief, answer, ctx);
  }
}

/** To be called now and then, and when somebody came or went. */
export function readChildren(state: JobState, ctx: JobCtx): void {
  const { chief } = state;
  if (chief === undefined || chief.reading || chief.phase === 'starting') return;
  chief.reading = true;
  const body = { type: 'children', path: '/processors', watch: true };
  request(state, body, { do: 'children' }, ctx);
}

function look(state: JobState, chief: Chief, entries: readonly Entry[], ctx: JobCtx): void {
  if (chief.phase === 'dead' || chief.phase === 'raising') return;
  const { length: count } = state.plan.vertexOf;
  const processors = entries.filter(({ name }) => /^\d+$/.test(name));
  const counted = state.flags['count-children'] === true;
  const complete = counted ? entries.length >= count + 1 : processors.length === count;
  if (!complete) {
    if (chief.phase === 'gathering') return;
    chief.members.clear();
    return enter(state, chief, 'gathering', { at: 'unavailable', e: chief.e }, ctx);
  }
  if (chief.phase === 'gathering' || isChanged(state, chief, processors)) {
    chief.phase = 'raising';
    chief.members = new Map(processors.map(({ name, stat }) => [name, stat.czxid]));
    chief.places = placesIn(processors, count);
    const value = chief.e + 1;
    const body = { type: 'set', path: '/epoch', value, version: chief.epochVersion };
    return request(state, body, { do: 'raise' }, ctx);
  }
  const reports = new Map(processors.map(({ name, value }) => [Number(name), value]));
  advance(state, chief, reports, ctx);
}

/** Whether the processors live other lives than those of the epoch. */
function isChanged({ flags }: JobState, { members }: Chief, entries: readonly Entry[]): boolean {
  if (entries.length !== members.size) return true;
  return entries.some(({ name, stat }) => {
    return flags['names-only'] === true ? !members.has(name) : members.get(name) !== stat.czxid;
  });
}

function placesIn(entries: readonly Entry[], count: number): readonly string[] {
  const nodes = new Map(entries.map(({ name, value }) => [Number(name), value.node]));
  return Array.from({ length: count }, (_, processor) => nodes.get(processor) ?? '');
}

type Reports = ReadonlyMap<number, Report>;

function advance(state: JobState, chief: Chief, reports: Reports, ctx: JobCtx): void {
  const { plan, flags } = state;
  const { e, seq } = chief;
  const keepers = [...plan.bolts, ...plan.sinks].filter((id) => reports.has(id));
  const all = (ids: readonly number[], does: (report: Report) => boolean): boolean =>
    ids.every((id) => does(reports.get(id) as Report));
  const spouts = plan.spouts.filter((id) => reports.has(id));
  switch (chief.phase) {
    case 'init':
      if (!all(keepers, (of) => of.at === 'loaded' && of.e === e)) return;
      if (flags.single === true && !agreeOnSlots(state, chief, reports, ctx)) return;
      chief.seq += 1;
      return enter(state, chief, 'rewind', ofEpoch(chief, 'rewind'), ctx);
    case 'rewind': {
      const stale = flags['stale-pause'] === true;
      const done = (of: Report) => of.at === 'paused' && (stale || (of.e === e && of.seq === seq));
      if (all(spouts, done)) enter(state, chief, 'flowing', ofEpoch(chief, 'flowing'), ctx);
      return;
    }
    case 'flowing': {
      if (ctx.options.barriers === 'off') return;
      const sinceUs = ctx.nowUs - chief.sinceUs;
      if (sinceUs >= 0 && sinceUs < ctx.options.snapshotUs) return;
      chief.seq += 1;
      if (ctx.options.barriers === 'coloured') {
        return enter(state, chief, 'pausing', ofEpoch(chief, 'paused'), ctx);
      }
      // Barriers in the manner of Flink: nobody pauses, and each spout says where its barrier is.
      chief.clock = [];
      chief.g += 1;
      return enter(state, chief, 'snapping', ofEpoch(chief, 'flowing'), ctx);
    }
    case 'pausing':
      if (!all(spouts, (of) => of.at === 'paused' && of.e === e && of.seq === seq)) return;
      chief.clock = clockOf(state, reports);
      chief.g += 1;
      return enter(state, chief, 'snapping', ofEpoch(chief, 'flowing'), ctx);
    case 'snapping':
      return gather(state, chief, reports, ctx);
    case 'committing':
      return move(state, chief, ctx);
    default:
      return;
  }
}

/** When all have saved their parts the snapshot is complete; it counts once the pointer moves. */
function gather(state: JobState, chief: Chief, reports: Reports, ctx: JobCtx): void {
  const { plan, flags } = state;
  const { e, g } = chief;
  const has = (id: number): boolean => {
    const of = reports.get(id);
    return of?.at === 'saved' && of.e === e && of.g === g;
  };
  const keepers = [...plan.bolts, ...plan.sinks].filter((id) => reports.has(id));
  const early = flags['commit-early'] === true && keepers.some(has);
  if (!early && !keepers.every(has)) return;
  if (ctx.options.barriers !== 'coloured') {
    if (!plan.spouts.every(has)) return;
    chief.clock = clockOf(state, reports);
  }
  const parts = keepers.map((id) => [id, partName(reports.get(id), id, chief)] as const);
  chief.pending = { e, g, clock: chief.clock, parts };
  chief.phase = 'committing';
  ctx.note('all have saved');
}

/** Where the spouts are, or their barriers. */
function clockOf({ plan }: JobState, reports: Reports): Clock {
  const [first = 0] = plan.spouts;
  return plan.spouts.map((id) => [id - first, reports.get(id)?.next ?? 0]);
}

/** Who has not saved yet will, under this name: so a hasty negotiator hopes. */
function partName(report: Report | undefined, id: number, { e, g }: Chief): string | number {
  return report?.g === g && report.name !== undefined ? report.name : `${id}/${e}/${g}`;
}

/** With one slot for each bolt they may hold snapshots of different clocks: then it is over. */
function agreeOnSlots(state: JobState, chief: Chief, reports: Reports, ctx: JobCtx): boolean {
  const slots = state.plan.bolts.map((id) => reports.get(id)?.slot ?? { g: 0, clock: [] });
  const clock = slots[0]?.clock ?? [];
  if (slots.every((slot) => equalClocks(slot.clock, clock))) {
    chief.g = slots.reduce((most, { g }) => Math.max(most, g), 0);
    chief.clock = clock;
    return true;
  }
  chief.phase = 'dead';
  ctx.note('bad startup: bolts have snapshots of different clocks');
  return false;
}

function move(state: JobState, chief: Chief, ctx: JobCtx): void {
  const { pending, committedVersion } = chief;
  if (pending === undefined || chief.reading) return;
  chief.reading = true;
  const value = pending as never;
  const body =
    committedVersion < 0
      ? { type: 'create', path: '/committed', value, ephemeral: false }
      : { type: 'set', path: '/committed', value, version: committedVersion };
  request(state, body, { do: 'move' }, ctx);
}

function moved(state: JobState, chief: Chief, answer: Answer, ctx: JobCtx): void {
  chief.reading = false;
  const { pending, commit } = chief;
  if (!answer.ok) return lookAt(state, '/committed', 'committed', ctx);
  if (pending === undefined) return;
  chief.commit = pending;
  chief.committedVersion = (answer.body.stat as { readonly version: number }).version;
  chief.pending = undefined;
  ctx.note(`committed ${pending.g}`);
  enter(state, chief, 'flowing', ofEpoch(chief, 'flowing'), ctx);
  const keys = commit?.parts.flatMap(([, name]) => (typeof name === 'string' ? [name] : [])) ?? [];
  if (keys.length > 0)
    ask(state.asks, [ctx.options.store, { type: 'drop', keys }], { do: 'none' }, ctx);
}

/** What the negotiator says in this epoch; a snapshot is on as long as it is not committed. */
function ofEpoch(chief: Chief, at: 'init' | 'rewind' | 'paused' | 'flowing'): Master {
  const { e, places, commit, seq, clock, g } = chief;
  const around = { e, places, commit };
  switch (at) {
    case 'init':
      return { at, ...around };
    case 'rewind':
      return { at, ...around, seq, clock };
    case 'paused':
      return { at, ...around, seq };
    case 'flowing': {
      const on = g > (commit?.g ?? 0);
      return { at, ...around, seq, snap: on ? { g, clock } : undefined };
    }
  }
}

function enter(
  state: JobState,
  chief: Chief,
  phase: Chief['phase'],
  master: Master,
  ctx: JobCtx,
): void {
  chief.phase = phase;
  chief.sinceUs = ctx.nowUs;
  const body = { type: 'set', path: '/master', value: master as never, version: -1 };
  request(state, body, { do: 'none' }, ctx);
}

/** Its session is over, and so is its office. */
export function depose(state: JobState): void {
  const { chief, flags } = state;
  const insists = flags['no-cas'] === true && chief?.phase === 'committing';
  state.insisting = insists ? chief?.pending : undefined;
  state.chief = undefined;
}

/** BROKEN, where it is switched on: what could not be committed is committed all the same. */
export function insist(state: JobState, ctx: JobCtx): void {
  const { insisting } = state;
  state.insisting = undefined;
  if (insisting === undefined) return;
  const body = { type: 'set', path: '/committed', value: insisting as never, version: -1 };
  request(state, body, { do: 'none' }, ctx);
}
