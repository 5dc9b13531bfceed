// What a hunt does with failures that are kept: those of its scenarios are run before anything
// else, and, if asked, what it finds is made small and kept, too.
import { regressionPath, regressionsOf, saveScenario } from '../../files/regressions.js';
import { loadScenario } from '../../files/scenario-file.js';
import { readEdit } from '../../scenario/edits.js';
import { failureNamed } from '../../scenario/failure.js';
import { added, emptyTally, type Finding, type Tally } from '../../scenario/hunt/tally.js';
import { tryOut } from '../../scenario/hunt/trial.js';
import type { Scenario } from '../../scenario/scenario.js';
import { standingOf } from '../../scenario/shrink/regression.js';
import { shrunkFile } from '../../scenario/shrink/shrunk.js';
import { variantOf } from '../../scenario/variant.js';
import type { Interruption } from '../drive.js';
import type { Io } from '../io.js';
import { grouped } from '../layout.js';
import { driven } from '../shrink.js';
import { type Prey, regressionStrategy } from './report.js';

/** How long each failure is shrunk. */
const shrinkMs = 30_000;

/** Runs the regressions of the scenario at `path`, each once. */
export async function regressionPreys(path: string, io: Io): Promise<readonly Prey[]> {
  const preys: Prey[] = [];
  for (const kept of regressionsOf(path)) {
    await io.pause();
    preys.push(preyOf(kept, await loadScenario(kept)));
  }
  return preys;
}

function preyOf(path: string, scenario: Scenario): Prey {
  const { about, file, protocol, seed } = scenario;
  const { tally, run } = tryOut(scenario, { scenario, file, seed, edits: [] }, 0, () => {});
  const standing = run === undefined ? undefined : standingOf(run);
  const stale = standing?.standing === 'stale' ? staleTally(seed, standing.why) : emptyTally();
  return {
    ...{ scenario: path, about, protocol: protocol.name, expect: file.expect },
    ...{ strategy: regressionStrategy, seed, plan: undefined, trials: 1, complete: true },
    tally: added(tally, stale),
  };
}

function staleTally(seed: string, about: string): Tally {
  const first = { index: 0, seed, edits: [], file: undefined, about };
  const finding: Finding = { kind: 'empty', name: 'regression/stale', count: 1, first };
  return { ...emptyTally(), findings: [finding] };
}

/** Makes each failure of a prey small and keeps it beside its scenario; says so on stderr. */
export async function keepFailures(
  { scenario: path, strategy, tally }: Prey,
  scenario: Scenario,
  io: Io,
  interrupted: Interruption,
): Promise<void> {
  if (strategy === regressionStrategy) return;
  for (const { kind, name, first } of tally.findings) {
    const failure = failureNamed(name);
    if (kind !== 'failure' || failure === undefined || interrupted.signal() !== undefined) continue;
    const found = first.file === undefined ? scenario : variantOf(scenario, first.file);
    const edits = first.edits.map(readEdit);
    const subject = { scenario: found, seed: first.seed, edits, failure };
    const last = await driven(subject, shrinkMs, io, interrupted);
    if (last === undefined) continue;
    const out = regressionPath(path, failure);
    saveScenario(shrunkFile(variantOf(found, last.file), failure).file, path, out);
    const sizes = `${grouped(last.sizeAtFirst)} operations, faults and edits to ${last.size}`;
    io.stderr.write(`kept ${out}: ${name}, ${sizes}\n`);
  }
}
