// One trial of a hunt: run, judged, and said in a tally of one. Nothing that the run does gets out
// of here as an error: what throws is a finding.
import { writeEdit } from '../edits.js';
import { failureName, failuresOf } from '../failure.js';
import { idOf } from '../faults.js';
import { advance, begin, finish, type Run, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { Trial } from '../strategy.js';
import {
  added,
  emptyTally,
  type Finding,
  type FindingKind,
  type SometimesTally,
  type Tally,
} from './tally.js';

/** What came of a trial; `run` is `undefined` of one that could not be run. */
export interface Tried {
  readonly tally: Tally;
  readonly run: Run | undefined;
}

/** Runs a trial. `beat` is called now and then while it runs. */
export function tryOut(original: Scenario, trial: Trial, index: number, beat: () => void): Tried {
  try {
    const running = begin(trial.scenario, trial.seed, trial.edits);
    while (advance(running, sliceEvents)) beat();
    const run = finish(running);
    return { run, tally: tallyOf(original, trial, run, index) };
  } catch (error) {
    const about = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
    return { run: undefined, tally: accident(original, trial, index, ['hunt/threw', about]) };
  }
}

/** A trial of which nothing is known but why. */
export function accident(
  original: Scenario,
  trial: Trial,
  index: number,
  [name, about]: readonly [name: string, about: string],
): Tally {
  const found = findingOf(original, trial, index, { kind: 'accident', name, about });
  return { ...startOf(original), runs: 1, findings: [found] };
}

/** A tally of no run, with every fault entry and `sometimes` property of a scenario. */
export function startOf({ faults, properties, protocol, services }: Scenario): Tally {
  const own = [protocol, ...services.map((service) => service.protocol)];
  const all = [...properties, ...own.flatMap((each) => each.properties ?? [])];
  const sometimes = all.flatMap(({ name, kind }) => (kind === 'sometimes' ? [name] : []));
  return emptyTally(faults.map(idOf), [...new Set(sometimes)]);
}

function tallyOf(original: Scenario, trial: Trial, run: Run, index: number): Tally {
  const { result, digest, assessment } = run;
  const found = findingsOf(original, trial, run);
  const findings = found
    .map((finding) => findingOf(original, trial, index, finding))
    .reduce((sum, finding) => added(sum, { ...emptyTally(), findings: [finding] }), emptyTally());
  return {
    runs: 1,
    events: result.events,
    virtualUs: result.virtualUs,
    fine: assessment.expected ? 1 : 0,
    failed: found.some(({ kind }) => kind === 'failure') ? 1 : 0,
    digest,
    findings: findings.findings,
    faults: faultsOf(original, trial, run),
    sometimes: result.properties.flatMap(({ name, kind, standing }) => {
      if (kind !== 'sometimes') return [];
      return standing === 'reached' ? [{ name, count: 1, first: index }] : [reachedNever(name)];
    }),
  };
}

function reachedNever(name: string): SometimesTally {
  return { name, count: 0, first: undefined };
}

interface Found {
  readonly kind: FindingKind;
  readonly name: string;
  readonly about: string;
}

/** With fewer operations acknowledged hardly anything has happened. */
const quietMax = 10;

/**
 * What is wrong with a run. In a variant of the scenario it is no failure that nothing was
 * acknowledged, or that an objection did not come: what it takes may have been left out.
 */
function findingsOf(original: Scenario, trial: Trial, run: Run): readonly Found[] {
  const { assessment } = run;
  if (assessment.expected) return [];
  const changed = trial.file !== original.file || trial.edits.length > 0;
  const failures = failuresOf(run).map((failure): Found => {
    const isVacuous =
      failure.judge === 'acknowledged' ||
      (failure.kind === 'no-objection' && original.expect.expect === 'object');
    const kind = changed && isVacuous ? 'empty' : 'failure';
    return { kind, name: failureName(failure), about: failure.about };
  });
  if (failures.length > 0) return failures;
  const isQuiet = run.result.history.filter(({ type }) => type === 'ok').length < quietMax;
  return assessment.judgements.flatMap((judgement): readonly Found[] => {
    if (judgement.valid !== 'unknown') return [];
    const kind = changed && isQuiet && judgement.name !== 'limits' ? 'empty' : 'unknown';
    return [{ kind, name: `${judgement.name}/unknown`, about: judgement.reason }];
  });
}

function findingOf(
  original: Scenario,
  { file, seed, edits }: Trial,
  index: number,
  { kind, name, about }: Found,
): Finding {
  const own = file === original.file ? undefined : file;
  const first = { index, seed, edits: edits.map(writeEdit), file: own, about };
  return { kind, name, count: 1, first };
}

/** By entry: a generator's faults are called `id/0`, `id/1` … */
function faultsOf(original: Scenario, trial: Trial, run: Run): Tally['faults'] {
  if (original.faults.length === 0) return [];
  const had = new Set(trial.scenario.faults.map((entry) => baseOf(idOf(entry))));
  const reports = run.result.faults;
  return original.faults.map((entry) => {
    const id = idOf(entry);
    const own = reports.filter((report) => report.id === id || baseOf(report.id) === id);
    return {
      id,
      runs: had.has(id) ? 1 : 0,
      struck: own.filter(({ startUs }) => startUs !== undefined).length,
      effective: own.filter(({ effective }) => effective).length,
    };
  });
}

function baseOf(id: string): string {
  return id.replace(/\/\d+$/, '');
}
