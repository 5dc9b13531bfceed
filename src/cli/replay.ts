// `stormglass replay`: runs what a trace recorded again and compares every event.
import { loadModules } from '../files/modules.js';
import { type NumberedRow, readTrace } from '../files/trace-reader.js';
import type { Mismatch, Replay } from '../scenario/replay.js';
import { replayEnd, replayEvent, startReplay } from '../scenario/replay.js';
import { shellWord } from '../scenario/report.js';
import type { HeaderRow, TraceRow } from '../scenario/trace-row.js';
import { jsonOf } from '../scenario/trace-row.js';
import { type Path, UsageError, usageError } from '../scenario/usage-error.js';
import { type Colors, colorsOf } from './colors.js';
import { divergedCode, divergenceLines } from './divergence.js';
import { bugIn, type Interruption, interruption } from './drive.js';
import { type Io, signalCodes } from './io.js';
import { counted } from './layout.js';
import { progressOf } from './progress.js';

/** What a replay has come to. */
interface Outcome {
  readonly replay: Replay;
  readonly mismatch: Mismatch | undefined;
}

/** Replays a trace; the answer is the exit code. */
export async function replay(
  file: string,
  { json }: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const interrupted = interruption(io, () => {});
  try {
    const { replay: done, mismatch } = await replayFile(file, io, interrupted);
    const signal = interrupted.signal();
    const repro = `${io.command} replay ${shellWord(file)}`;
    const say = json ? jsonText : humanText;
    const told = { file, done, mismatch, repro, interrupted: signal !== undefined };
    const colors = await colorsOf(io.stdout, io.env);
    io.stdout.write(say(told, colors));
    if (mismatch !== undefined) return divergedCode;
    return signal === undefined ? 0 : signalCodes[signal];
  } finally {
    interrupted.stop();
  }
}

/** Reads and replays a trace up to its end, its first mismatch or a signal. */
export async function replayFile(
  file: string,
  io: Io,
  interrupted: Interruption,
): Promise<Outcome> {
  let replay: Replay | undefined;
  const progress = progressOf(io, 'replay');
  try {
    for await (const batch of readTrace(file)) {
      const [first] = batch;
      if (first?.row.type === 'header') {
        replay = await begin(first.row, file);
        continue;
      }
      if (replay === undefined) break;
      await io.pause();
      if (interrupted.signal() !== undefined) break;
      const compared = io.interruptibly(() => compareAll(replay as Replay, batch, file));
      if (compared === undefined) interrupted.brokenOff();
      else if (compared.value !== undefined) return { replay, mismatch: compared.value };
      progress.show(replay.running.world);
    }
  } finally {
    progress.clear();
  }
  if (replay === undefined) throw usageError(`${file} is no trace`, {}, file);
  return { replay, mismatch: undefined };
}

async function begin(header: HeaderRow, file: string): Promise<Replay> {
  const { modules, problems } = await loadModules(header.scenario, file);
  const [first, ...others] = problems;
  if (first !== undefined) throw inHeader(new UsageError([first, ...others]), file);
  try {
    return startReplay(header, modules);
  } catch (error) {
    throw error instanceof UsageError ? inHeader(error, file) : error;
  }
}

/** What is wrong with a header's scenario has no line of its own; its path must do. */
function inHeader({ problems }: UsageError, file: string): UsageError {
  const within = (path: Path): Path => ['scenario', ...path];
  const [first, ...others] = problems.map((problem) => ({
    ...problem,
    about: `in the header of trace ${file}: ${problem.about}`,
    path: within(problem.path),
  }));
  return first === undefined ? usageError('no problem') : new UsageError([first, ...others], file);
}

/** The first row that is not what happens now. */
function compareAll(
  replay: Replay,
  batch: readonly NumberedRow[],
  file: string,
): Mismatch | undefined {
  for (const { row, line } of batch) {
    if (row.type === 'header') continue; // The reader refuses a second one.
    const mismatch = compare(replay, row, { file, line });
    if (mismatch !== undefined) return mismatch;
  }
  return undefined;
}

function compare(
  replay: Replay,
  row: Exclude<TraceRow, HeaderRow>,
  { file, line }: { readonly file: string; readonly line: number },
): Mismatch | undefined {
  const { world } = replay.running;
  const isNext = row.type === 'end' ? row.events === world.events : row.index === world.events;
  if (!isNext) {
    const about = `trace ${file} is damaged at line ${line}: events are missing or out of order`;
    throw usageError(about, {}, file);
  }
  try {
    return row.type === 'end' ? replayEnd(replay, row) : replayEvent(replay, row);
  } catch (error) {
    throw bugIn(replay.running, error);
  }
}

interface Told {
  readonly file: string;
  readonly done: Replay;
  readonly mismatch: Mismatch | undefined;
  readonly repro: string;
  readonly interrupted: boolean;
}

function jsonText({ file, done, mismatch, repro, interrupted }: Told): string {
  const { world, seed } = done.running;
  const report = {
    trace: file,
    about: done.header.scenario.about,
    seed,
    engine: done.header.stormglass,
    events: world.events,
    digest: world.digest.toString(),
    identical: mismatch === undefined && !interrupted,
    ...(interrupted && { interrupted }),
    ...(mismatch !== undefined && { mismatch: jsonOf(mismatch) }),
    repro,
  };
  return `${JSON.stringify(report, undefined, 2)}\n`;
}

function humanText({ done, mismatch, repro, interrupted }: Told, colors: Colors): string {
  const { world, seed } = done.running;
  const { about } = done.header.scenario;
  if (mismatch !== undefined) {
    const { kind, digests } = mismatch;
    const more = [
      ['kind', kind],
      ['digests', `${digests.recorded ?? 'none'} recorded, ${digests.replayed ?? 'none'} replayed`],
    ] as const;
    const head = `${colors.bad('differs')}  ${about}`;
    return `${[head, '', ...divergenceLines(mismatch, colors, more), '', repro].join('\n')}\n`;
  }
  const events = counted(world.events, 'event');
  const head = interrupted
    ? `${colors.doubtful('interrupted')}  ${events} compared so far, no difference`
    : `${colors.good('identical')}  ${events}, digest ${world.digest.toString()}, seed ${seed}`;
  return `${[head, `  ${about}`, '', repro].join('\n')}\n`;
}
