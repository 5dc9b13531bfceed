// A run of programs behind pipes. The simulator is as ever; this drives it, so that virtual time
// follows the wall's while some program has timers of its own, so that signals get through, and so
// that no program is left when it is over.
import type { History } from '../../history/history.js';
import type { NodeId } from '../../node/message.js';
import type { AnyProtocol } from '../../node/protocol.js';
import type { Modules } from '../../scenario/catalogue.js';
import { judgeWith } from '../../scenario/check.js';
import { writeEdit } from '../../scenario/edits.js';
import { scenarioOf } from '../../scenario/from-code.js';
import {
  advance,
  begin,
  conclude,
  end,
  type Run,
  type Running,
  type RunOptions,
} from '../../scenario/run.js';
import type { Scenario, ScenarioInput } from '../../scenario/scenario.js';
import type { Edit } from '../../sim/edit.js';
import type { RunResult } from '../../sim/result.js';
import type { Violation } from '../conduct.js';
import { commandOf } from './command.js';
import type { Programs } from './programs.js';
import type { Recording } from './recording.js';
import { type PipeChoices, type PipedWorld, pipedPrograms, pipedWorldOf } from './world.js';

/** How a run by pipe is made. */
export interface PipeOptions extends PipeChoices, Omit<RunOptions, 'strict'> {
  readonly edits?: readonly Edit[];
  /** Ends the run where it is. */
  readonly signal?: AbortSignal | undefined;
  /** Told of the run before its first event. */
  readonly onBegin?: (running: Running) => void;
  /** What the judges see; the run's own history by default. */
  readonly historyOf?: (result: RunResult) => History;
  /** Runs a slice of the simulation; for those who want ^C to break it off. */
  readonly slice?: <T>(action: () => T) => { readonly value: T } | undefined;
}

/** How a run's programs were hosted, and what that promises. */
export interface Hosting {
  readonly by: 'pipe';
  /** `wall`: from some point on, because these nodes had timers of their own. */
  readonly clock: 'lock-step' | 'wall';
  readonly timed: readonly NodeId[];
  readonly promise: string;
}

/** A run, and all that is needed to have it again without its programs. */
export interface PipedRun extends Run {
  readonly hosting: Hosting;
  readonly violations: readonly Violation[];
  readonly recording: Recording;
}

/** What a scenario of programs says; its protocol, if it names one, is not looked at. */
export type PipedScenario =
  | Scenario
  | (Omit<ScenarioInput, 'protocol'> & { readonly protocol?: ScenarioInput['protocol'] });

/** How long the simulation may go on before signals are looked for. */
const sliceMs = 20;

/**
 * Runs a scenario whose nodes are `command`, a process each, and judges it. Throws a UsageError if
 * the scenario is not sound or the program cannot be run. When it resolves or rejects, no process
 * that it started is left.
 */
export async function runPiped(
  scenario: PipedScenario,
  seed: string | number | undefined,
  command: { readonly bin: string; readonly args?: readonly string[] },
  options: PipeOptions = {},
): Promise<PipedRun> {
  const { edits = [], observer, journal, trace = false, ...choices } = options;
  const protocol = pipedPrograms(commandOf(command), command.bin, choices);
  const watched = { observer, journal, trace };
  const running = begin(hostedScenario(scenario, protocol), seed, edits, watched);
  options.onBegin?.(running);
  const piped = pipedWorldOf(running.world) as PipedWorld;
  try {
    await drive(running, piped, options);
  } finally {
    await piped.programs().close();
  }
  return pipedRun(judged(running, options.historyOf), piped);
}

/** A run with what its programs were and said. */
export function pipedRun(run: Run, piped: PipedWorld): PipedRun {
  const { command, conduct, readings, timed, turnUs } = piped;
  const { scenario, seed, edits, digest } = run;
  const head = { scenario: scenario.file, seed, edits: edits.map(writeEdit), digest };
  const recording = { command, turnUs, readings, ...head };
  return { ...run, violations: conduct.violations, hosting: hostingOf([...timed]), recording };
}

/** The scenario with programs for nodes; its own protocol, if it names one, is not looked at. */
export function hostedScenario(
  scenario: PipedScenario,
  protocol: AnyProtocol,
  modules?: Modules,
): Scenario {
  if ('file' in scenario) return { ...scenario, protocol, options: {} };
  return scenarioOf({ ...scenario, protocol } as ScenarioInput, modules);
}

/** The run with its verdict. */
export function judged(running: Running, historyOf?: PipeOptions['historyOf']): Run {
  const own = end(running);
  const ended = historyOf === undefined ? own : { ...own, history: historyOf(own.result) };
  const { checkers } = running.scenario;
  const judgements = checkers.map((spec) => judgeWith(spec, ended.history, ended.result));
  return conclude(running, ended, judgements);
}

function hostingOf(timed: readonly NodeId[]): Hosting {
  const promise =
    timed.length === 0
      ? 'Programs behind pipes, in lock-step with virtual time. The network, the clients and the ' +
        'faults follow the seed; what the programs themselves decide by chance or by their clock ' +
        'does not. The recording replays exactly.'
      : 'Programs behind pipes, with timers of their own: virtual time followed the wall clock. ' +
        "What becomes of a link's nth message follows the seed; when it is sent does not. " +
        'The recording replays exactly.';
  return { by: 'pipe', clock: timed.length === 0 ? 'lock-step' : 'wall', timed, promise };
}

/**
 * Runs to the end, or until it is told to stop: programs that are not quiescent yet are waited for
 * between events, so that signals get through.
 */
export async function drive(
  running: Running,
  piped: PipedWorld,
  options: Pick<PipeOptions, 'signal' | 'slice'>,
): Promise<void> {
  piped.driven = true;
  const programs = piped.programs();
  const { signal, slice = (action) => ({ value: action() }) } = options;
  const pace = new Pace();
  while (signal?.aborted !== true) {
    if (programs.timed) suspendPaused(running, programs);
    const { nowUs } = running.world.queue;
    const untilUs = programs.timed ? pace.dueUs(nowUs) : Number.POSITIVE_INFINITY;
    const outcome = slice(() => advanceUntil(running, programs, untilUs));
    if (outcome === undefined || outcome.value === 'over') return;
    if (outcome.value === 'time') await pause(programs.timed ? 1 : 0);
    else await programs.settle(outcome.value.waitsFor);
  }
}

/** Why a slice has ended; `waitsFor`: the turn of a program is over that is not quiescent. */
type Slice = 'over' | 'time' | { readonly waitsFor: NodeId };

/** Runs events up to an instant, for a short while. */
function advanceUntil(running: Running, programs: Programs, untilUs: number): Slice {
  const { queue } = running.world;
  const { timed } = programs;
  const untilMs = performance.now() + sliceMs;
  for (let count = 1; queue.nowUs < untilUs; count++) {
    const node = programs.turnBy(queue.soonUs ?? Number.POSITIVE_INFINITY);
    if (node !== undefined && !programs.isSettled(node)) return { waitsFor: node };
    if (!advance(running, 1)) return 'over';
    if (programs.timed !== timed) break;
    if (count % 16 === 0 && performance.now() > untilMs) break;
  }
  return 'time';
}

/** Virtual time beside the wall's: as fast as it, and never much faster to make up for lag. */
class Pace {
  #originUs = 0;
  #originMs = 0;
  #begun = false;

  dueUs(nowUs: number): number {
    const nowMs = performance.now();
    const dueUs = this.#originUs + Math.round((nowMs - this.#originMs) * 1_000);
    if (this.#begun && dueUs - nowUs < lagUsMax) return dueUs;
    this.#originUs = nowUs;
    this.#originMs = nowMs;
    this.#begun = true;
    return nowUs + 1;
  }
}

/** What virtual time may lag behind the wall's before it gives up catching up. */
const lagUsMax = 100_000;

/** A paused node's program stands still, too, where time is the wall's. */
function suspendPaused({ world }: Running, programs: Programs): void {
  for (const { name, node } of world.parties) {
    if (node === undefined) continue;
    const paused = node.status === 'paused';
    if (paused !== programs.suspended.has(name)) programs.suspend(name, paused);
  }
}

/** Lets signals and the ends of processes through. */
function pause(ms: number): Promise<void> {
  if (ms > 0) return new Promise((resume) => setTimeout(resume, ms));
  return new Promise((resume) => setImmediate(() => setImmediate(resume)));
}
