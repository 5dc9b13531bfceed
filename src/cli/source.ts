// What there is to walk through: a scenario file, or a trace that a run has written. A trace is its
// scenario, seed and edits: its events happen again.
import { closeSync, openSync, readSync } from 'node:fs';
import { loadModules } from '../files/modules.js';
import { loadScenario } from '../files/scenario-file.js';
import { readTrace } from '../files/trace-reader.js';
import { readEdit } from '../scenario/edits.js';
import { begin, type Running } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { UsageError, usageError } from '../scenario/usage-error.js';
import { extendTrack, openTrack, type Track } from '../scenario/walk.js';
import type { Edit } from '../sim/edit.js';
import { editsOf, readSeed, scenarioPath } from './arguments.js';
import { drive, interruption } from './drive.js';
import { type Io, signalCodes } from './io.js';
import { isPiped, recordedScenario } from './piped.js';
import { progressOf } from './progress.js';

export interface Source {
  /** As the user can name it again. */
  readonly path: string;
  readonly scenario: Scenario;
  readonly seed: string;
  readonly edits: readonly Edit[];
  /** Set for a recording: each world of it needs a scenario of its own. */
  readonly anew?: (() => Scenario) | undefined;
}

export interface SourceFlags {
  readonly seed?: string | undefined;
  readonly edit: readonly string[];
}

/** Reads a scenario or a trace. Throws a UsageError if it is neither. */
export async function openSource(file: string, flags: SourceFlags, io: Io): Promise<Source> {
  const chosen = readSeed(flags.seed);
  if (startsWith(file, '{"type":"recording"')) return fromRecording(file, flags);
  if (isTrace(file)) return fromTrace(file, flags);
  const path = scenarioPath(file);
  const scenario = await loadScenario(path);
  const edits = await editsOf(flags.edit, scenario);
  const seed = chosen ?? scenario.seed;
  if (!isPiped(scenario)) return { path, scenario, seed, edits };
  const played = await playedOnce(begin(scenario, seed, edits), io);
  return { path, scenario: played, seed, edits, anew: () => played };
}

/** What programs behind pipes say differs from run to run: they are run once, and then played. */
async function playedOnce(running: Running, io: Io): Promise<Scenario> {
  const interrupted = interruption(io, () => {});
  try {
    await drive(running, io, interrupted);
    return await recordedScenario(running);
  } finally {
    interrupted.stop();
  }
}

async function fromTrace(file: string, { seed, edit }: SourceFlags): Promise<Source> {
  if (seed !== undefined) {
    throw usageError(`trace ${file} has a seed of its own`, {
      hint: 'Give its scenario file to choose another seed.',
    });
  }
  for await (const [first] of readTrace(file)) {
    if (first?.row.type !== 'header') break;
    const { modules, problems } = await loadModules(first.row.scenario, file);
    const [problem, ...others] = problems;
    if (problem !== undefined) throw new UsageError([problem, ...others], file);
    const { startReplay } = await import('../scenario/replay.js');
    const { running } = startReplay(first.row, modules);
    const { scenario } = running;
    const more = await editsOf(edit, scenario);
    return { path: file, scenario, seed: running.seed, edits: [...running.edits, ...more] };
  }
  throw usageError(`${file} is no trace`, {}, file);
}

/** What programs behind pipes have said: they say it again in every world. */
async function fromRecording(file: string, { seed, edit }: SourceFlags): Promise<Source> {
  if (seed !== undefined || edit.length > 0) {
    throw usageError(`${file} is a recording, which cannot go differently`, {
      hint: 'Its programs said what they said; give neither a seed nor edits.',
    });
  }
  const { playedScenario } = await import('../maelstrom/pipe/replay.js');
  const { readRecording } = await import('../maelstrom/pipe/recording-file.js');
  const recording = readRecording(file);
  const anew = (): Scenario => playedScenario(recording);
  const edits = recording.edits.map(readEdit);
  return { path: file, scenario: anew(), seed: recording.seed, edits, anew };
}

/** By its first bytes: those of gzip, or of a header. */
function isTrace(path: string): boolean {
  return startsWith(path, '\u001f\u008b') || startsWith(path, '{"type":"header"');
}

function startsWith(path: string, text: string): boolean {
  const start = Buffer.alloc(text.length);
  try {
    const file = openSync(path, 'r');
    readSync(file, start);
    closeSync(file);
  } catch {
    return false; // Whoever reads it says what is wrong.
  }
  return start.equals(Buffer.from(text, 'latin1'));
}

/** Runs a source to its end and judges it; a number: the exit code of the signal that came. */
export async function wholeTrack(
  { scenario, seed, edits, anew }: Source,
  io: Io,
): Promise<Track | number> {
  const track = openTrack(scenario, seed, edits, anew);
  const interrupted = interruption(io, () => {});
  const progress = progressOf(io, `seed ${seed}`);
  try {
    for (;;) {
      await io.pause();
      const signal = interrupted.signal();
      if (signal !== undefined) return signalCodes[signal];
      const slice = io.interruptibly(() => extendTrack(track, sliceEvents));
      if (slice === undefined) interrupted.brokenOff();
      else if (!slice.value) return track;
      progress.show(track.timeline.front);
    }
  } finally {
    progress.clear();
    interrupted.stop();
  }
}

const sliceEvents = 8_192;
