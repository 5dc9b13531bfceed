// Scenarios whose nodes are programs behind pipes, on the command line: they are driven so that
// signals get through, and what they said is kept as a recording instead of a trace.
import { rebaseModules } from '../files/modules.js';
import type { Run, Running } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { usageError } from '../scenario/usage-error.js';
import type { Io } from './io.js';
import type { Progress } from './progress.js';

/** Whether the nodes are processes, or a recording of what such said. */
export function isPiped({ protocol }: Pick<Scenario, 'protocol'>): boolean {
  return protocol.hosted?.keyedByLink === true;
}

/** What may end a run early: see `Interruption`, in drive.ts. */
interface Interrupted {
  signal(): unknown;
  brokenOff(): undefined;
}

/** Runs to the end, or to the first signal; the programs are gone then. */
export async function drivePiped(
  running: Running,
  io: Io,
  interrupted: Interrupted,
  progress: Progress,
): Promise<void> {
  const [{ drive }, { pipedWorldOf }] = await modules();
  const piped = pipedWorldOf(running.world);
  if (piped === undefined) return;
  const controller = new AbortController();
  try {
    await drive(running, piped, {
      signal: controller.signal,
      slice: (action) => {
        const done = io.interruptibly(action);
        if (done === undefined) interrupted.brokenOff();
        if (interrupted.signal() !== undefined) controller.abort();
        progress.show(running.world);
        return done;
      },
    });
  } finally {
    await piped.programs().close();
  }
}

/** Writes what the programs of a run said, for `replay`, `step` and `trace`; `from`: its file. */
export async function keepRecording(
  path: string,
  run: Run,
  running: Running,
  from: string,
): Promise<void> {
  const [{ pipedRun }, { pipedWorldOf }] = await modules();
  const { writeRecording } = await import('../maelstrom/pipe/recording-file.js');
  const piped = pipedWorldOf(running.world);
  if (piped === undefined) return;
  const { recording } = pipedRun(run, piped);
  const scenario = rebaseModules(recording.scenario, from, path);
  writeRecording(path, { ...recording, scenario });
}

/** Runs a scenario once, so that it can be walked through; `undefined` after a signal. */
export async function recordedScenario(running: Running): Promise<Scenario> {
  const [{ pipedRun, judged }, { pipedWorldOf }] = await modules();
  const { playedScenario } = await import('../maelstrom/pipe/replay.js');
  const piped = pipedWorldOf(running.world);
  if (piped === undefined) throw new Error('only programs behind pipes are recorded');
  return playedScenario(pipedRun(judged(running), piped).recording, running.scenario);
}

/** Two runs of such programs may differ. */
export function refusePiped(scenario: Scenario): void {
  if (!isPiped(scenario)) return;
  throw usageError('programs behind pipes are not deterministic', {
    expected: 'protocols, or JavaScript programs in-process',
    hint: 'What such programs said can be recorded: `stormglass run SCENARIO --trace FILE`.',
  });
}

function modules() {
  return Promise.all([import('../maelstrom/pipe/run.js'), import('../maelstrom/pipe/world.js')]);
}
