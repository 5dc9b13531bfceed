// How near shrinking comes to the shortest scenarios that people have written: for each mutant in
// fixtures/mutants/shortest/ a failure of the same kind is hunted and shrunk, and every single part
// of what is left is tried once more. See docs/mutants.md.
import { type Failure, failureName, shows } from '../../src/scenario/failure.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import type { Run } from '../../src/scenario/run.js';
import type { Scenario } from '../../src/scenario/scenario.js';
import { type ShrinkProgress, shrink } from '../../src/scenario/shrink/shrink.js';
import { sizeOf } from '../../src/scenario/shrink/simplify.js';
import { simulate } from '../../src/scenario/simulate.js';
import { variantsOf } from '../../src/scenario/variant.js';
import { huntedIn, type Mutant } from '../support/mutants.js';
import { namedFailure, shortestOf, withoutOne } from '../support/shortest.js';
import { median } from './measure.js';

interface Limits {
  /** Base seeds to hunt from. */
  readonly bases: number;
  /** Runs to look for a failure. */
  readonly runs: number;
  /** Processor time that shrinking one failure may take. */
  readonly seconds: number;
  readonly print: (line: string) => void;
}

const head = 'mutant                        by hand  told  shrunk  ratio   runs  processor  can go';

/** Prints a line for each failure, and the ratios; false: a part of what is left can go. */
export async function measureShortest(chosen: readonly Mutant[], limits: Limits): Promise<boolean> {
  const { print } = limits;
  print(head);
  const ratios: number[] = [];
  let sound = true;
  for (const mutant of chosen) {
    const { broken } = await shortestOf(mutant);
    const failure = namedFailure(mutant, simulate(broken));
    if (failure === undefined) throw new Error(`${mutant.name} does not fail`);
    const scenario = scenarioOf(await huntedIn(mutant));
    for (let base = 0; base < limits.bases; base++) {
      const run = found(scenario, failure, base, limits.runs);
      if (run === undefined) {
        print(`${mutant.name.padEnd(30)} not found from base ${base}`);
        continue;
      }
      const measured = measure(run, failure, sizeOf(broken.file), limits.seconds);
      print(`${mutant.name.padEnd(30)} ${measured.cells}  ${failureName(failure)}`);
      ratios.push(measured.ratio);
      sound &&= measured.left === 0;
    }
  }
  print(
    `${ratios.length} failures of ${chosen.length} mutants: ` +
      `median ${median(ratios).toFixed(2)}, worst ${Math.max(...ratios).toFixed(2)}`,
  );
  return sound;
}

interface Measured {
  readonly ratio: number;
  /** Single parts that can go. */
  readonly left: number;
  readonly cells: string;
}

function measure(run: Run, failure: Failure, byHand: number, secondsMax: number): Measured {
  const { last, seconds, complete } = shrunk(run, failure, secondsMax);
  const ratio = last.size / byHand;
  const left = removable(run.scenario, last, failure);
  const cells = [
    `${byHand}`.padStart(6),
    `${last.sizeAtFirst}`.padStart(5),
    `${last.size}`.padStart(7),
    ratio.toFixed(2).padStart(6),
    `${last.runs}`.padStart(6),
    `${seconds.toFixed(1)} s${complete ? '' : ' …'}`.padStart(10),
    `${left}`.padStart(7),
  ];
  return { ratio, left, cells: cells.join(' ') };
}

function found(scenario: Scenario, failure: Failure, base: number, runs: number): Run | undefined {
  for (let nth = 0; nth < runs; nth++) {
    const run = simulate(scenario, `base-${base}/${nth}`);
    if (shows(run, failure)) return run;
  }
  return undefined;
}

interface Shrunk {
  readonly last: ShrinkProgress;
  readonly seconds: number;
  /** False: time was up. */
  readonly complete: boolean;
}

function shrunk({ scenario, seed, edits }: Run, failure: Failure, secondsMax: number): Shrunk {
  const before = process.cpuUsage();
  const seconds = (): number => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1e6;
  };
  let last: ShrinkProgress | undefined;
  for (const progress of shrink({ scenario, seed, edits, failure })) {
    last = progress;
    if (seconds() > secondsMax) return { last, seconds: seconds(), complete: false };
  }
  if (last === undefined) throw new Error('there was something to shrink');
  return { last, seconds: seconds(), complete: true };
}

/** How many single parts can go, and the failure still shows: there should be none. */
function removable(scenario: Scenario, { file }: ShrinkProgress, failure: Failure): number {
  const variantOf = variantsOf(scenario);
  let count = 0;
  for (const less of withoutOne(file)) if (shows(simulate(variantOf(less)), failure)) count++;
  return count;
}
