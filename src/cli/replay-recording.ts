// `stormglass replay` of a run by pipe: what its programs said is said again, and judged anew.
import { loadModules } from '../files/modules.js';
import { reportOf, shellWord } from '../scenario/report.js';
import { UsageError } from '../scenario/usage-error.js';
import { colorsOf } from './colors.js';
import { divergedCode } from './divergence.js';
import { humanReport } from './human.js';
import type { Io } from './io.js';

/** Replays a recording; the answer is the exit code. */
export async function replayRecording(
  file: string,
  { json }: { readonly json: boolean },
  io: Io,
): Promise<number> {
  const { readRecording } = await import('../maelstrom/pipe/recording-file.js');
  const { replayPiped } = await import('../maelstrom/pipe/replay.js');
  const recording = readRecording(file);
  const { modules, problems } = await loadModules({ ...recording.scenario, protocol: '' }, file);
  const [first, ...others] = problems;
  if (first !== undefined) throw new UsageError([first, ...others], file);
  const { identical, ...run } = replayPiped(recording, modules);
  const repro = `${io.command} replay ${shellWord(file)}`;
  const origin = { scenario: file, command: io.command, strict: false };
  const report = { ...reportOf(run, origin), repro };
  if (json) {
    const told = { recording: file, identical, ...report, violations: run.violations };
    io.stdout.write(`${JSON.stringify(told, undefined, 2)}\n`);
  } else {
    const colors = await colorsOf(io.stdout, io.env);
    const { digest } = recording;
    const head = identical
      ? `${colors.good('identical')}  a recording of ${recording.command.bin}`
      : `${colors.bad('differs')}  digest ${digest} recorded, ${run.digest} replayed`;
    io.stdout.write(`${head}\n${humanReport(report, colors, io.stdout.columns)}`);
  }
  return identical ? run.assessment.exitCode : divergedCode;
}
