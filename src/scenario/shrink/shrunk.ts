// What is kept of a failure that has been made small: a scenario file that says in a sentence what
// happens, in the order in which a person would write it, with what was true when it was found.
import { type Failure, failureName, failuresOf } from '../failure.js';
import { advance, begin, finish, type Run, sliceEvents } from '../run.js';
import type { Scenario } from '../scenario.js';
import type { OperationFile, ScenarioFile } from '../schema.js';
import { engineVersion } from '../version.js';
import { operationsIn } from './parts.js';

/** The longest `about` that is written. */
const aboutMax = 600;

/** The file of a shrunk failure; `scenario` is what `file` says. Costs one run. */
export function shrunkFile(
  scenario: Scenario,
  failure: Failure,
): { readonly file: ScenarioFile; readonly run: Run } {
  const running = begin(scenario);
  while (advance(running, sliceEvents));
  const run = finish(running);
  const { version, expect, seed, protocol, nodes, services, workload, ...rest } = orderly(
    scenario.file,
  );
  const { about: _, found: __, ...left } = rest;
  const found = { failure: failureName(failure), engine: engineVersion, digest: run.digest };
  const file: ScenarioFile = {
    ...{ version, about: aboutOf(run, failure), expect, found, seed, protocol, nodes },
    ...(services !== undefined && { services }),
    ...(workload !== undefined && { workload }),
    ...left,
  };
  return { file, run };
}

/** What happens, who objects and with how little: one sentence. */
function aboutOf(run: Run, failure: Failure): string {
  const { file, nodes } = run.scenario;
  const counts = [
    counted(nodes.length, 'node'),
    counted(operationsIn(file).length, 'operation'),
    counted((file.faults ?? []).length, 'fault'),
    counted((file.edits ?? []).length, 'edit'),
  ].filter((text) => !text.startsWith('no '));
  const found = failuresOf(run).find(({ judge }) => judge === failure.judge);
  const about = `${failureName(failure)} with ${counts.join(', ')}: ${found?.about ?? ''}`;
  return about.length > aboutMax ? `${about.slice(0, aboutMax)}…` : about;
}

function counted(count: number, noun: string): string {
  return `${count === 0 ? 'no' : count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Operations and faults in the order of their times; nothing is said that is so anyway. */
function orderly(file: ScenarioFile): ScenarioFile {
  const { faults, workload, ...rest } = file;
  const operations = operationsIn(file).map(({ worker, ...operation }): OperationFile => {
    const { op, at, node, f, value } = operation;
    return {
      ...(op !== undefined && { op }),
      at,
      ...(worker !== undefined && worker !== 0 && { worker }),
      ...(node !== undefined && { node }),
      f,
      ...(value !== undefined && { value }),
    };
  });
  return {
    ...rest,
    ...(workload !== undefined && {
      workload:
        typeof workload === 'object' && workload.operations !== undefined
          ? { ...workload, operations }
          : workload,
    }),
    ...((faults ?? []).length > 0 && { faults }),
  };
}
