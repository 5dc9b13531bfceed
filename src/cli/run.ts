// `stormglass run`: a scenario, a seed and edits become a report.
import { loadScenario } from '../files/scenario-file.js';
import type { TraceWriter } from '../files/trace-writer.js';
import { type Origin, reportOf } from '../scenario/report.js';
import { begin, type Run, type Running } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { type EndRow, headerRow, rowMaker } from '../scenario/trace-row.js';
import type { Edit } from '../sim/edit.js';
import type { Step } from '../sim/step.js';
import { DeterminismError } from '../sim/strict.js';
import { editsOf, readSeed, scenarioPath } from './arguments.js';
import { colorsOf } from './colors.js';
import { drive, interruption } from './drive.js';
import { humanReport } from './human.js';
import { type Io, signalCodes } from './io.js';
import { judged } from './judged.js';
import { isPiped, keepRecording } from './piped.js';

export interface RunFlags {
  readonly seed?: string | undefined;
  readonly json: boolean;
  readonly trace?: string | undefined;
  readonly edit: readonly string[];
  readonly strict: boolean;
}

/** Runs a scenario and says what was found; the answer is the exit code. */
export async function run(file: string, flags: RunFlags, io: Io): Promise<number> {
  const { json, strict, trace } = flags;
  const path = scenarioPath(file);
  const chosen = readSeed(flags.seed);
  const scenario = await loadScenario(path);
  const edits = await editsOf(flags.edit, scenario);
  const origin: Origin = { scenario: path, command: io.command, strict };
  const seed = chosen ?? scenario.seed;
  const writer =
    trace === undefined || isPiped(scenario)
      ? undefined
      : await traceOf(trace, { path, scenario, seed, edits });
  const interrupted = interruption(io, () => writer?.abandon());
  try {
    const row = rowMaker(() => running.world.history);
    const observer = writer && ((step: Step) => writer.event(row(step)));
    const running: Running = begin(scenario, seed, edits, { strict, observer });
    await drive(running, io, interrupted);
    const done = await judged(running, io, interrupted);
    if (done === undefined) return signalCodes.SIGINT;
    const ended = done.result.end !== 'interrupted';
    if (ended) writer?.end(endRow(done));
    if (trace !== undefined && ended && writer === undefined) {
      await keepRecording(trace, done, running, path);
    } else if (!ended && trace !== undefined)
      io.stderr.write('No trace is written of a run that was interrupted.\n');
    const signal = interrupted.signal();
    const exitCode = signal === undefined ? done.assessment.exitCode : signalCodes[signal];
    await show({ ...done, assessment: { ...done.assessment, exitCode } }, origin, json, io);
    return exitCode;
  } catch (error) {
    if (!(error instanceof DeterminismError)) throw error;
    const { showStrict } = await import('./divergence.js');
    return showStrict(error, { scenario, seed, edits, origin, json }, io);
  } finally {
    interrupted.stop();
    writer?.abandon();
  }
}

/** A trace file with its header, in which paths to modules are relative to where it lies. */
async function traceOf(
  trace: string,
  run: {
    readonly path: string;
    readonly scenario: Scenario;
    readonly seed: string;
    readonly edits: readonly Edit[];
  },
): Promise<TraceWriter> {
  const { openTrace } = await import('../files/trace-writer.js');
  const { rebaseModules } = await import('../files/modules.js');
  const file = rebaseModules(run.scenario.file, run.path, trace);
  return openTrace(trace, headerRow(file, run.seed, run.edits));
}

function endRow({ result, digest, assessment }: Run): EndRow {
  return { type: 'end', events: result.events, digest, verdict: assessment.valid };
}

async function show(run: Run, origin: Origin, json: boolean, io: Io): Promise<void> {
  const report = reportOf(run, origin);
  const text = json
    ? `${JSON.stringify(report, undefined, 2)}\n`
    : humanReport(report, await colorsOf(io.stdout, io.env), io.stdout.columns);
  io.stdout.write(text);
}
