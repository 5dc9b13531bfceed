// The trace-event format, for ui.perfetto.dev: nodes as tracks, messages as flow arrows, faults and
// operations as slices. Source: "Trace Event Format", the Chromium project.
import type { Op } from '../../history/op.js';
import { showOp } from '../diagram/show.js';
import { faultText } from '../fault-text.js';
import { writeFault } from '../faults.js';
import type { Export, Stretch } from './export.js';

export const perfetto: Export = {
  extension: '.json',
  about: 'tracks, arrows and slices for ui.perfetto.dev',
  eventsMax: 200_000,
  write,
};

type Entry = Readonly<Record<string, unknown>>;

/** Groups of tracks. */
const [nodes, clients, faults] = [1, 2, 3] as const;

/** An event takes no time; its slice must be seen. */
const sliceUs = 1;

function write(stretch: Stretch): string {
  const entries = [
    ...['nodes', 'clients', 'faults'].map((name, at) => named('process_name', name, at + 1, 0)),
    ...stretch.track.rows.lanes.all.map(({ name }, lane) =>
      named('thread_name', name, nodes, lane),
    ),
    ...eventEntries(stretch),
    ...opEntries(stretch),
    ...faultEntries(stretch),
  ];
  return `{"traceEvents":[\n${entries.map((entry) => JSON.stringify(entry)).join(',\n')}\n]}\n`;
}

function named(what: string, name: string, pid: number, tid: number): Entry {
  return { ph: 'M', name: what, pid, tid, args: { name } };
}

function* eventEntries({ track, from, to }: Stretch): Generator<Entry> {
  for (let event = from; event < to; event++) {
    const row = track.rows.at(event);
    if (row === undefined || row.lane < 0) continue;
    const { key, cause, atUs, happening } = row.step;
    const at = { pid: nodes, tid: row.lane, ts: atUs };
    const args = { event, cause, key, detail: row.detail };
    yield { ph: 'X', cat: happening.kind, name: row.label, dur: sliceUs, ...at, args };
    if (row.source < 0 || cause < from || happening.kind !== 'deliver') continue;
    const sentUs = track.timeline.row(cause)?.atUs ?? atUs;
    const flow = { cat: 'message', name: 'message', id: event };
    yield { ph: 's', ...flow, pid: nodes, tid: row.source, ts: sentUs };
    yield { ph: 'f', bp: 'e', ...flow, ...at };
  }
}

function* opEntries({ track, from, to }: Stretch): Generator<Entry> {
  const { history } = track.timeline.front;
  const open = new Map<Op['process'], Op>();
  for (let at = track.timeline.opsBefore(from); at < track.timeline.opsBefore(to); at++) {
    const op = history[at];
    if (op === undefined || op.process === 'nemesis') continue;
    const invoked = open.get(op.process);
    if (op.type === 'invoke' || invoked === undefined) {
      open.set(op.process, op);
      continue;
    }
    const span = { ts: invoked.timeUs, dur: Math.max(sliceUs, op.timeUs - invoked.timeUs) };
    const name = `${showOp(invoked)}: ${op.type}`;
    const args = { value: showOp(op, 500) };
    yield { ph: 'X', cat: 'operation', name, pid: clients, tid: op.process, ...span, args };
  }
}

function faultEntries({ track }: Stretch): readonly Entry[] {
  const { faults: states, queue } = track.timeline.front;
  return states.flatMap(({ id, fault, startUs, endUs, touched }, tid) => {
    if (startUs === undefined) return [];
    const dur = Math.max(sliceUs, (endUs ?? queue.nowUs) - startUs);
    const name = faultText(writeFault(fault));
    const args = { id, touched };
    return [{ ph: 'X', cat: 'fault', name, pid: faults, tid, ts: startUs, dur, args }];
  });
}
