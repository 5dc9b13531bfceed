// `stormglass hunt`: many runs of scenarios on all cores, and what they came to.
import { loadScenario } from '../../files/scenario-file.js';
import { digestOf } from '../../kernel/digest.js';
import { accident, startOf } from '../../scenario/hunt/trial.js';
import type { Scenario } from '../../scenario/scenario.js';
import { engineVersion } from '../../scenario/version.js';
import { scenarioPath } from '../arguments.js';
import { type Interruption, interruption } from '../drive.js';
import { type Io, signalCodes } from '../io.js';
import { type Dealing, dealingOf } from './dealing.js';
import { type HuntFlags, type HuntTerms, readTerms } from './flags.js';
import { type Pages, pagesOf } from './pages.js';
import { type Pool, StartError, sendOut } from './pool.js';
import { huntProgress } from './progress.js';
import type { SharedDealing } from './queue.js';
import { keepFailures, regressionPreys } from './regressions.js';
import { exitCodeOf, type HuntReport, type Prey } from './report.js';
import { resumption } from './resume.js';
import { saveSpecimens } from './specimens.js';

/** Hunts through scenarios, one after the other; the answer is the exit code. */
export async function hunt(files: readonly string[], flags: HuntFlags, io: Io): Promise<number> {
  const terms = readTerms(flags, io.env);
  const paths = files.map(scenarioPath);
  const scenarios: Scenario[] = [];
  for (const path of paths) scenarios.push(await loadScenario(path));
  const { directory } = terms;
  const pages = await pagesOf(flags, { command: io.command, directory }, io);
  const interrupted = interruption(io, () => {});
  const startMs = io.nowMs();
  try {
    const preys: Prey[] = [];
    for (const path of paths) preys.push(...(await regressionPreys(path, io)));
    for (const [place, scenario] of scenarios.entries()) {
      if (interrupted.signal() !== undefined) break;
      const timeMs = terms.timeMs === undefined ? undefined : terms.timeMs / paths.length;
      const around = { io, pages, interrupted, flags, terms: { ...terms, timeMs }, place };
      preys.push(await huntOne(paths[place] ?? '', scenario, around));
    }
    for (const prey of preys) {
      saveSpecimens(prey, directory);
      const scenario = scenarios[paths.indexOf(prey.scenario)];
      if (!flags.shrink || scenario === undefined) continue;
      await keepFailures(prey, scenario, io, interrupted);
    }
    const report = reportOf(preys, { flags, terms, interrupted }, io.nowMs() - startMs);
    pages.ended(report);
    return report.signal === undefined ? exitCodeOf(report) : signalCodes[report.signal];
  } finally {
    interrupted.stop();
  }
}

interface Around {
  readonly io: Io;
  readonly pages: Pages;
  readonly interrupted: Interruption;
  readonly flags: HuntFlags;
  readonly terms: HuntTerms;
  /** Which of the scenarios it is. */
  readonly place: number;
}

function reportOf(
  scenarios: readonly Prey[],
  { flags, terms, interrupted }: Pick<Around, 'flags' | 'terms' | 'interrupted'>,
  elapsedMs: number,
): HuntReport {
  const { shard, workers } = terms;
  return {
    ...{ type: 'hunt', version: 1, engine: engineVersion },
    shard: shard && { index: shard.index, count: shard.count },
    ...{ workers, elapsedMs: Math.round(elapsedMs) },
    signal: interrupted.signal(),
    failOnInert: flags.failOnInert,
    scenarios,
  };
}

/** How long threads may finish what they are at when a signal comes. */
const graceMs = 2_000;
const lookMs = 100;

async function huntOne(path: string, scenario: Scenario, around: Around): Promise<Prey> {
  const { io, terms, flags, interrupted, pages } = around;
  const seed = terms.seed ?? scenario.seed;
  const endMs = terms.timeMs === undefined ? undefined : io.nowMs() + terms.timeMs;
  const over = (): boolean =>
    interrupted.signal() !== undefined || (endMs !== undefined && io.nowMs() >= endMs);
  const shared = await joined(scenario, { seed, over }, around);
  const dealing =
    shared ??
    dealingOf(startOf(scenario), {
      ...{ shard: terms.shard, untilFailure: flags.untilFailure, over },
      found: (finding) => pages.found(finding, { scenario: path, strategy: terms.strategy }),
    });
  const pool = sendOut(terms.workers, {
    errand: { path, strategy: terms.strategy, seed, seeds: terms.seeds },
    ...{ means: terms.means, desk: dealing, nowMs: io.nowMs },
  });
  const unwatch = watch(path, { pool, dealing, endMs }, around);
  let complete = false;
  let { tally } = { tally: startOf(scenario) };
  try {
    await pool.finished;
    await shared?.collect();
    complete = dealing.complete();
    tally = dealing.tally();
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    const { how, about } = error.lost;
    const first = { scenario, file: scenario.file, seed, edits: [] };
    tally = accident(scenario, first, 0, [`hunt/${how}`, about]);
  } finally {
    unwatch();
    await shared?.leave();
  }
  const { about: plan, trials } = dealing.plan() ?? { about: undefined, trials: undefined };
  const { strategy } = terms;
  const { about, file, protocol } = scenario;
  const known = { scenario: path, about, protocol: protocol.name, expect: file.expect };
  const open = dealing.open?.();
  const goesOn = interrupted.signal() !== undefined && !complete && terms.shard === undefined;
  const { command } = io;
  const left = { scenario: path, strategy, seed, seeds: terms.seeds };
  const resume = goesOn && open !== undefined ? resumption({ ...left, open }, command) : undefined;
  return { ...known, strategy, seed, plan, trials, complete, resume, tally };
}

/** The hunt as machines share it, if they are to. */
async function joined(
  scenario: Scenario,
  { seed, over }: { readonly seed: string; readonly over: () => boolean },
  { terms, place }: Around,
): Promise<SharedDealing | undefined> {
  const { queue, strategy, seeds } = terms;
  if (queue === undefined) return undefined;
  const { sharedDealing } = await import('./queue.js');
  const file = digestOf(JSON.stringify(scenario.file));
  const about = [engineVersion, file, strategy, seed, seeds].join(' ');
  const { url } = queue;
  return sharedDealing(startOf(scenario), { url, id: `${queue.id}-${place}`, about, over });
}

/** Shows progress, and sees to it that a signal ends the threads even if one of them hangs. */
function watch(
  title: string,
  work: { readonly pool: Pool; readonly dealing: Dealing; readonly endMs: number | undefined },
  { io, interrupted, flags }: Around,
): () => void {
  const { pool, dealing, endMs } = work;
  const progress = huntProgress(io);
  let signalMs: number | undefined;
  const clock = setInterval(() => {
    const nowMs = io.nowMs();
    if (interrupted.signal() !== undefined) signalMs ??= nowMs;
    if (signalMs !== undefined && nowMs - signalMs > graceMs) pool.stop();
    const { runs, failed } = dealing.tally();
    const leftMs = endMs === undefined ? undefined : Math.max(0, endMs - nowMs);
    const expected = dealing.expected();
    if (!flags.quiet) progress.show({ title, runs, failed, expected, leftMs });
  }, lookMs);
  return () => {
    clearInterval(clock);
    progress.clear();
  };
}
