// What is said of a run, as plain data: what `--json` prints, and what the human report is made of.
import { judge } from '../checkers/checker.js';
import { stats } from '../checkers/stats.js';
import type { FaultReport, RunResult } from '../sim/result.js';
import type { NamedJudgement } from './check.js';
import { editText, writeEdit } from './edits.js';
import { writeFault } from './faults.js';
import { type InputPath, inputPaths } from './paths.js';
import type { Run } from './run.js';
import type { EditFile, ExpectFile } from './schema.js';
import { engineVersion } from './version.js';

/** How a run can be had again. */
export interface Origin {
  /** The scenario's path as the user named it. */
  readonly scenario: string;
  /** `stormglass`, or what else starts it. */
  readonly command: string;
  readonly strict: boolean;
}

export interface Report {
  readonly scenario: string;
  readonly about: string;
  readonly protocol: string;
  readonly workload: string | undefined;
  readonly nodes: number;
  readonly seed: string;
  readonly engine: string;
  readonly digest: string;
  readonly events: number;
  readonly virtualUs: number;
  readonly end: RunResult['end'];
  readonly verdict: boolean | 'unknown';
  readonly expect: ExpectFile;
  /** Whether the verdict is what the scenario expects; if not, `surprise` says why. */
  readonly expected: boolean;
  readonly surprise: string | undefined;
  readonly exitCode: number;
  readonly checkers: readonly NamedJudgement[];
  /** By which messages the effects of inputs came that a checker names. */
  readonly paths: readonly InputPath[];
  /** Operations, latencies, messages: Maelstrom's accounting. */
  readonly stats: Readonly<Record<string, unknown>>;
  readonly faults: readonly FaultLine[];
  readonly milestones: RunResult['milestones'];
  readonly edits: readonly { readonly edit: EditFile; readonly applied: boolean }[];
  readonly crashes: RunResult['crashes'];
  /** Messages and timers that the protocol has no handler for. */
  readonly unhandled: RunResult['unhandled'];
  readonly repro: string;
  /** The command that walks through the run; `undefined` when nothing went wrong. */
  readonly walk: string | undefined;
}

/** A fault in the file's form, and what became of it. */
export interface FaultLine {
  readonly id: string;
  readonly fault: ReturnType<typeof writeFault>;
  readonly startUs: number | undefined;
  readonly endUs: number | undefined;
  readonly effective: boolean;
  readonly touched: number;
}

/** Everything there is to say about a run. Where inputs of a stream went wrong, it is run again. */
export function reportOf(run: Run, origin: Origin): Report {
  const { scenario, seed, result, assessment } = run;
  const { valid, expected, surprise, exitCode, judgements } = assessment;
  const figures = judge(stats, run.history, { counts: result.counts }).stats ?? {};
  const edits = [...scenario.edits, ...run.edits].map((edit, position) => ({
    edit: writeEdit(edit),
    applied: result.edits[position] ?? false,
  }));
  return {
    scenario: origin.scenario,
    about: scenario.about,
    protocol: scenario.protocol.name,
    workload: scenario.clients?.workload.name,
    nodes: scenario.nodes.length,
    seed,
    engine: engineVersion,
    digest: run.digest,
    events: result.events,
    virtualUs: result.virtualUs,
    end: result.end,
    verdict: valid,
    expect: scenario.file.expect,
    ...{ expected, surprise, exitCode },
    checkers: judgements,
    paths: inputPaths(run),
    stats: { messages: result.counts.messages, ...figures },
    faults: result.faults.map(faultLine),
    milestones: result.milestones,
    edits,
    crashes: result.crashes,
    unhandled: result.unhandled,
    repro: reproOf(run, origin),
    walk: valid === false ? walkOf(run, origin) : undefined,
  };
}

function faultLine({ id, fault, startUs, endUs, effective, touched }: FaultReport): FaultLine {
  return { id, fault: writeFault(fault), startUs, endUs, effective, touched };
}

/** The command that gives the same run again. */
export function reproOf(run: Pick<Run, 'seed' | 'edits'>, origin: Origin): string {
  return [...wordsOf('run', run, origin), ...(origin.strict ? ['--strict'] : [])].join(' ');
}

/** The command that shows at the terminal what went wrong first. */
function walkOf(run: Pick<Run, 'seed' | 'edits'>, origin: Origin): string {
  return [...wordsOf('step', run, origin), '--at', 'violation'].join(' ');
}

function wordsOf(
  verb: string,
  { seed, edits }: Pick<Run, 'seed' | 'edits'>,
  { scenario, command }: Origin,
): readonly string[] {
  const words = [command, verb, shellWord(scenario), '--seed', shellWord(seed)];
  for (const edit of edits) {
    const file = writeEdit(edit);
    words.push('--edit', shellWord(editText(file) ?? JSON.stringify(file)));
  }
  return words;
}

/** A word as a POSIX shell takes it. */
export function shellWord(text: string): string {
  return /^[A-Za-z0-9_./:@%+=,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
