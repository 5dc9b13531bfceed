// What is watched and kept of a test: listeners while it runs, a directory of results afterwards.
import { rebaseModules } from '../files/modules.js';
import { scenarioText } from '../files/scenario-file.js';
import { writeFault } from '../scenario/faults.js';
import { engineVersion } from '../scenario/version.js';
import type { Journal } from '../sim/journal.js';
import type { FaultReport } from '../sim/result.js';
import { workloads } from '../workloads/index.js';
import type { Host } from './host.js';
import type { Strike } from './pictures/chart.js';
import { writeRecording } from './pipe/recording-file.js';
import { RealmHearing } from './realm-hearing.js';
import { resultsOf } from './results.js';
import { bothOf, type Listener } from './store/journal.js';
import { logger } from './store/logger.js';
import { messagesFor } from './store/messages.js';
import { openRecorder, type Recorder } from './store/recorder.js';
import type { Preparation, Tested } from './test.js';

/** Who listens to a run, and who keeps what was heard. */
export interface Watch {
  readonly listener: Listener | undefined;
  readonly recorder: Recorder | undefined;
}

/** With an ear for programs in-process, where the host has them. */
export function hearingOf({ host }: Preparation, watch: Watch): RealmHearing | undefined {
  if (host.kind !== 'in-process') return undefined;
  host.ear.hearing = new RealmHearing(watch.listener);
  return host.ear.hearing;
}

/** Begins to watch a test. Throws a UsageError if its results cannot be kept. */
export function watchTest({ options }: Preparation, now: Date, say: (line: string) => void): Watch {
  const { output, log } = options;
  const recorder = output === undefined ? undefined : openRecorder(output, options, now);
  const listeners = [logger(log, say), recorder?.listener];
  return { listener: bothOf(listeners.filter((one) => one !== undefined)), recorder };
}

/** What a simulated run is to tell its messages to; `undefined` where nobody listens. */
export function journalFor({ listener }: Watch): Journal | undefined {
  return listener && messagesFor(listener);
}

/** How a test can be had again, for its results. */
interface Repeated {
  readonly command: string;
  /** What people are told. */
  readonly report: string;
}

/** What programs behind pipes said, for `stormglass replay`. */
export const recordingName = 'recording.ndjson';

/** Writes the results of a test, and puts them in their place. */
export async function keepTest(
  preparation: Preparation,
  { recorder }: Watch,
  tested: Tested,
  { command, report }: Repeated,
): Promise<void> {
  if (recorder === undefined) return;
  const { scenario, host, options } = preparation;
  const { run } = tested;
  const about = aboutOf(preparation, tested);
  const files = new Map([['report.txt', report], ...(await witnessesOf(preparation, tested))]);
  const protocol = host.kind === 'protocol' ? scenario.file.protocol : programOf(host);
  const file = { ...scenario.file, protocol, seed: run.seed };
  files.set('scenario.yaml', scenarioText(rebaseModules(file, 'here', `${recorder.path}/x`)));
  if ('recording' in run) writeRecording(recorder.placeOf(recordingName), run.recording);
  recorder.commit({
    history: run.history,
    header: { workload: options.workload, seed: run.seed, engine: engineVersion },
    results: resultsDocument(preparation, tested, command),
    caption: { about, strikes: strikesOf(run.result), endUs: run.result.virtualUs },
    workers: options.concurrency,
    files,
  });
}

/** What checkers found, as files. Those who draw it are loaded when there is anything to draw. */
async function witnessesOf(
  { scenario }: Preparation,
  { run: { assessment, history } }: Tested,
): Promise<ReadonlyMap<string, string>> {
  if (!assessment.judgements.some(({ valid }) => valid === false)) return new Map();
  const { witnessFiles } = await import('./store/witnesses.js');
  return witnessFiles(history, assessment.judgements, scenario.checkers);
}

/** A hosted program as a scenario file names it. */
function programOf(host: Exclude<Host, { readonly kind: 'protocol' }>) {
  const args = host.args.length === 0 ? {} : { args: [...host.args] };
  return { program: host.bin, ...args, host: host.kind };
}

/** `broadcast by broadcast/flood on 25 nodes, seed 1`. */
export function aboutOf({ options, host }: Preparation, { run }: Pick<Tested, 'run'>): string {
  const count = options.nodes.length;
  const nodes = count === 1 ? '1 node' : `${count} nodes`;
  return `${options.workload} by ${host.label} on ${nodes}, seed ${run.seed}`;
}

/** Faults as pictures show them; those of one generator have one name. */
function strikesOf({ faults, virtualUs }: Tested['run']['result']): readonly Strike[] {
  return faults.flatMap(({ id, startUs, endUs }: FaultReport) => {
    if (startUs === undefined) return [];
    return [{ name: id.replace(/\/\d+$/, ''), startUs, endUs: endUs ?? virtualUs }];
  });
}

/** Maelstrom's results, and under `stormglass` what it does not know. */
export function resultsDocument(
  { options, host }: Preparation,
  { run, verdict, figures, promise }: Tested,
  command: string,
): Readonly<Record<string, unknown>> {
  const { result, assessment, seed, digest } = run;
  const chosen = workloads.get(options.workload)?.checkers ?? [];
  const own = chosen.map((choice) => (typeof choice === 'string' ? choice : choice.name));
  const known = [...figures].filter(([, { value }]) => value !== undefined);
  return {
    ...resultsOf(run, verdict, own),
    stormglass: {
      engine: engineVersion,
      // What was broken off may have been half an event, and its digest is nobody's.
      ...{ seed, digest: result.end === 'interrupted' ? undefined : digest },
      host: { kind: host.kind, program: host.label, promise },
      command,
      verdict: verdict.stormglass,
      'maelstrom-verdict': verdict.maelstrom,
      strictness: verdict.strictness,
      assertions: verdict.asserted,
      checkers: assessment.judgements.map((judgement) => ({
        ...judgement,
        'maelstrom-valid?': verdict.lenient.get(judgement.name),
      })),
      // Times are in microseconds.
      figures: Object.fromEntries(known.map(([name, { value }]) => [name, value])),
      faults: result.faults.map(({ fault, ...rest }) => ({ ...rest, fault: writeFault(fault) })),
      crashes: result.crashes,
      unhandled: result.unhandled,
      end: result.end,
      events: result.events,
      'virtual-us': result.virtualUs,
    },
  };
}
