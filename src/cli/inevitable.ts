// `stormglass inevitable`: the probability of a failure along a run, and the events where it jumps.
import { loadScenario } from '../files/scenario-file.js';
import { formatInstant } from '../kernel/time.js';
import { painted } from '../scenario/diagram/ansi.js';
import { drawHead, drawRow, frameOf, prefixWidth } from '../scenario/diagram/draw.js';
import { fitted, type Line, span } from '../scenario/diagram/span.js';
import { failureName } from '../scenario/failure.js';
import {
  type Inevitable,
  intervalOf,
  type Jump,
  inevitable as livedThrough,
  type Point,
  shareOf,
} from '../scenario/inevitable.js';
import { quoted } from '../scenario/problems.js';
import { shellWord } from '../scenario/report.js';
import { usageError } from '../scenario/usage-error.js';
import { editsOf, readSeed, scenarioPath } from './arguments.js';
import { type Colors, colorsOf } from './colors.js';
import { interruption } from './drive.js';
import { type Failing, failureOf } from './failing.js';
import { section } from './human.js';
import { type Io, signalCodes } from './io.js';
import { counted, grouped, table, wrapped } from './layout.js';

export interface InevitableFlags {
  readonly seed?: string | undefined;
  readonly edit: readonly string[];
  readonly failure?: string | undefined;
  readonly futures: string;
  readonly json: boolean;
}

const futuresMax = 10_000;
const barWidth = 24;
/** Rows of the diagram before and after a jump. */
const aroundRows = 2;
const everyMs = 100;

/** Shows when a failure became inevitable; the answer is the exit code, 0 if that could be told. */
export async function inevitable(file: string, flags: InevitableFlags, io: Io): Promise<number> {
  const path = scenarioPath(file);
  const futures = futuresOf(flags.futures);
  const scenario = await loadScenario(path);
  const edits = await editsOf(flags.edit, scenario);
  const seed = readSeed(flags.seed) ?? scenario.seed;
  const interrupted = interruption(io, () => {});
  try {
    const failing: Failing = { path, scenario, seed, edits, wanted: flags.failure };
    const failure = await failureOf(failing, io, interrupted);
    if (failure === undefined) return signalCodes[interrupted.signal() ?? 'SIGINT'];
    const work = livedThrough({ scenario, seed, edits, failure }, { futures });
    const found = await driven(work, io, () => interrupted.signal() !== undefined);
    if (found === undefined) return signalCodes[interrupted.signal() ?? 'SIGINT'];
    if (flags.json) io.stdout.write(`${JSON.stringify(dataOf(found), undefined, 2)}\n`);
    else await show(found, failing, failureName(failure), io);
    return 0;
  } finally {
    interrupted.stop();
  }
}

/** To the end, or to the first signal: then with what is known. */
async function driven(
  work: Generator<Inevitable, Inevitable>,
  io: Io,
  stopped: () => boolean,
): Promise<Inevitable | undefined> {
  let nextMs = io.nowMs() + everyMs;
  let last: Inevitable | undefined;
  for (;;) {
    const step = io.interruptibly(() => work.next());
    if (step === undefined) return last;
    last = step.value.value;
    if (step.value.done === true || stopped()) break;
    if (io.nowMs() < nextMs) continue;
    nextMs = io.nowMs() + everyMs;
    await io.pause();
    const { runs, points } = last;
    const line = `${counted(runs, 'future')} at ${counted(points.length, 'point')}`;
    if (io.stderr.isTty) io.stderr.write(`\r\u001b[2K${line}`);
  }
  if (io.stderr.isTty) io.stderr.write('\r\u001b[2K');
  return last;
}

function dataOf({ violation, points, jumps, runs, track }: Inevitable) {
  const told = (point: Point) => {
    const [low, high] = intervalOf(point);
    return { ...point, atUs: timeOf(point, track), probability: shareOf(point), low, high };
  };
  const { checker, kind, about, event } = violation;
  return {
    violation: { checker, kind, about, event },
    runs,
    points: points.map(told),
    jumps: jumps.map(({ event: at, before, after }) => ({
      event: at,
      before: told(before),
      after: told(after),
    })),
  };
}

/** When the last event before the point was. */
function timeOf({ events }: Point, { timeline }: Inevitable['track']): number {
  return events === 0 ? 0 : (timeline.row(events - 1)?.atUs ?? 0);
}

async function show(
  found: Inevitable,
  { path, seed }: Failing,
  failure: string,
  io: Io,
): Promise<void> {
  const { violation, points, jumps, runs, track } = found;
  const colors = await colorsOf(io.stdout, io.env);
  const width = Math.max(60, Math.min(io.stdout.columns, 110)) - 10;
  const [first] = points;
  const lines = [
    ...section('failure', wrapped(`${failure}: ${violation.about}`, width), colors),
    ...section('futures', [`${grouped(runs)}, ${seenAt(points)} at a point`], colors),
    '',
    ...curve(found, colors),
    '',
  ];
  for (const line of lines) io.stdout.write(`${line}\n`);
  if (jumps.length === 0) {
    const about = first !== undefined && shareOf(first) > 0.9 ? 'from the beginning' : 'gradually';
    io.stdout.write(`It became inevitable ${about}: no single event decided it.\n`);
    const shrunk = `${io.command} shrink ${shellWord(path)} --seed ${shellWord(seed)}`;
    io.stdout.write(`Of a shrunk run one sees more: ${shrunk}\n`);
  }
  for (const jump of jumps) printJump(jump, track, colors, io);
  const at = jumps[0]?.event ?? violation.event;
  io.stdout.write(`\n${io.command} step ${shellWord(path)} --seed ${shellWord(seed)} --at ${at}\n`);
}

/** Futures at a point; where a jump was looked at more closely they are more. */
function seenAt(points: readonly Point[]): string {
  const counts = points.map(({ futures }) => futures);
  const [least, most] = [Math.min(...counts), Math.max(...counts)];
  return least === most ? `${least}` : `${least} to ${most}`;
}

/** A bar a point, and what it may be: the interval. */
function curve({ points, track }: Inevitable, colors: Colors): readonly string[] {
  const head = ['event', 'time', 'P', '', '95 %'].map((text) => ({ text, color: colors.faint }));
  return table([
    head.map((cell, column) => (column < 3 ? { ...cell, align: 'right' as const } : cell)),
    ...points.map((point) => {
      const share = shareOf(point);
      const [low, high] = intervalOf(point);
      const color = share > 0.9 ? colors.bad : share > 0.1 ? colors.doubtful : colors.good;
      return [
        { text: grouped(point.events), align: 'right' as const },
        { text: formatInstant(timeOf(point, track)).slice(0, -3), align: 'right' as const },
        { text: percent(share), align: 'right' as const },
        { text: bar(share).padEnd(barWidth), color },
        { text: `${percent(low)}–${percent(high)}`, color: colors.faint },
      ];
    }),
  ]);
}

function bar(share: number): string {
  const eighths = Math.round(share * barWidth * 8);
  const part = ['', '▏', '▎', '▍', '▌', '▋', '▊', '▉'][eighths % 8] ?? '';
  return '█'.repeat(Math.floor(eighths / 8)) + part;
}

function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

function printJump(
  { event, before, after }: Jump,
  track: Inevitable['track'],
  colors: Colors,
  io: Io,
): void {
  const lanes = track.rows.lanes.all;
  const { isTty, columns } = io.stdout;
  const palette = { ascii: false, colors: colors.strong('x') !== 'x' };
  const wide = { first: 0, count: lanes.length, width: lanes.length <= 12 ? 5 : 3 };
  const frame = isTty ? frameOf(lanes.length, columns) : wide;
  const print = (line: Line): void => {
    io.stdout.write(`${painted(isTty ? fitted(line, columns) : line, palette).trimEnd()}\n`);
  };
  const title = `${percent(shareOf(before))} → ${percent(shareOf(after))} at event ${event}`;
  io.stdout.write(`${colors.strong(title)}\n`);
  print([span('  event     time'.padEnd(prefixWidth), 'faint'), ...drawHead(lanes, frame)]);
  const last = Math.min(event + aroundRows, track.timeline.length - 1);
  for (let at = Math.max(0, event - aroundRows); at <= last; at++) {
    const row = track.rows.at(at);
    if (row !== undefined) print(drawRow(row, frame));
  }
}

function futuresOf(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 4 && count <= futuresMax) return count;
  throw usageError(`--futures is ${quoted(text)}`, {
    expected: `a whole number from 4 to ${futuresMax}`,
  });
}
