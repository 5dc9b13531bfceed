// `stormglass trace`: the rows of the space-time diagram for pipes and logs of CI.
import { painted } from '../scenario/diagram/ansi.js';
import { drawHead, drawRow, type Frame, frameOf, prefixWidth } from '../scenario/diagram/draw.js';
import { filterOf } from '../scenario/diagram/filter.js';
import { fitted, type Line, span } from '../scenario/diagram/span.js';
import { type Explanation, explain, outcomeText } from '../scenario/explain.js';
import { nearest } from '../scenario/nearest.js';
import { quoted } from '../scenario/problems.js';
import { usageError } from '../scenario/usage-error.js';
import type { Track } from '../scenario/walk.js';
import { colorsOf } from './colors.js';
import type { Io } from './io.js';
import { counted } from './layout.js';
import { eventNumber } from './places.js';
import { openSource, type SourceFlags, wholeTrack } from './source.js';

export interface TraceFlags extends SourceFlags {
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly node?: string | undefined;
  readonly grep?: string | undefined;
  readonly why?: string | undefined;
  readonly ascii: boolean;
}

/** Prints rows; the answer is the exit code. */
export async function trace(file: string, flags: TraceFlags, io: Io): Promise<number> {
  const source = await openSource(file, flags, io);
  const track = await wholeTrack(source, io);
  if (typeof track === 'number') return track;
  const printer = await printerOf(track, flags, io);
  if (flags.why === undefined) await printRows(track, flags, printer, io);
  else await printWhy(track, flags.why, printer, io);
  return 0;
}

interface Printer {
  readonly frame: Frame;
  print(line: Line): void;
}

async function printerOf(track: Track, { ascii }: TraceFlags, io: Io): Promise<Printer> {
  const lanes = track.rows.lanes.all;
  const { isTty, columns } = io.stdout;
  const { strong } = await colorsOf(io.stdout, io.env);
  const palette = { ascii, colors: strong('x') !== 'x' };
  // A pipe has no width: lines are as long as they are.
  const frame = isTty
    ? frameOf(lanes.length, columns)
    : { first: 0, count: lanes.length, width: lanes.length <= 12 ? 5 : 3 };
  const print = (line: Line): void => {
    const shown = painted(isTty ? fitted(line, columns) : line, palette);
    io.stdout.write(`${shown.trimEnd()}\n`);
  };
  print([span('  event     time'.padEnd(prefixWidth), 'faint'), ...drawHead(lanes, frame)]);
  return { frame, print };
}

const pauseRows = 512;

async function printRows(
  track: Track,
  flags: TraceFlags,
  { frame, print }: Printer,
  io: Io,
): Promise<void> {
  const { length } = track.timeline;
  const from = eventNumber('--from', flags.from, track) ?? 0;
  const to = eventNumber('--to', flags.to, track) ?? length;
  checkNode(flags.node, track);
  const wanted = filterOf(
    [flags.node && `node=${flags.node}`, flags.grep].filter(Boolean).join(' '),
  );
  for (let event = from; event < Math.min(to, length); event++) {
    if (event % pauseRows === 0) await io.pause();
    const row = track.rows.at(event);
    if (row !== undefined && wanted(row)) print(drawRow(row, frame));
  }
}

function checkNode(name: string | undefined, track: Track): void {
  const names = track.rows.lanes.all.map((lane) => lane.name);
  if (name === undefined || names.includes(name)) return;
  throw usageError(`there is no node ${quoted(name)}`, {
    expected: names.slice(0, 12).join(', '),
    nearest: nearest(name, names),
  });
}

async function printWhy(track: Track, why: string, printer: Printer, io: Io): Promise<void> {
  const violation =
    why === 'violation'
      ? track.violations[0]
      : track.violations.find(({ event }) => String(event) === why);
  if (why === 'violation' && violation === undefined) {
    throw usageError('no checker objects to this run', { hint: 'Give the number of an event.' });
  }
  if (violation === undefined) {
    const event = eventNumber('--why', why, track) ?? 0;
    if (event >= track.timeline.length) throw notAnEvent(why, track);
    printEvents(track, track.lineage.causes(event), printer);
    return;
  }
  let explained: Explanation | undefined;
  for (explained of explain(track, violation)) await io.pause();
  if (explained === undefined) return;
  printEvents(track, explained.events, printer);
  const { checker, kind, about } = violation;
  printer.print([]);
  printer.print([span(`✗ ${checker}: ${kind}: `, 'bad'), span(about)]);
  for (const trial of explained.trials) {
    const tone = trial.outcome === 'stays' ? 'faint' : 'good';
    printer.print([span(`  ${trial.about}  → `), span(outcomeText(trial), tone)]);
  }
}

function printEvents(track: Track, events: readonly number[], { frame, print }: Printer): void {
  let last: number | undefined;
  for (const event of events) {
    const between = event - (last ?? event) - 1;
    if (between > 0) print([span(`      ⋮ ${counted(between, 'event')} not in it`, 'faint')]);
    const row = track.rows.at(event);
    if (row !== undefined) print(drawRow(row, frame));
    last = event;
  }
}

function notAnEvent(text: string, track: Track) {
  return usageError(`there is no event ${text}`, {
    expected: `0 to ${track.timeline.length - 1}, or \`violation\``,
  });
}
