// A test from its command line to its results: what is to be run, what is asserted of it, what is
// kept. Driving the run, asking the judges and talking to people is the command's business.
import { namedScenario } from '../files/scenario-file.js';
import { firstOperations } from '../scenario/fit.js';
import type { Run } from '../scenario/run.js';
import type { Scenario } from '../scenario/scenario.js';
import { type Assertion, judgeAssertion, readAssertions } from './assertions/assertion.js';
import { type Figures, figuresOf } from './assertions/figures.js';
import { type RawFlags, textOf } from './flag-values.js';
import type { Host } from './host.js';
import { hostOf } from './hosts.js';
import type { PipedRun } from './pipe/run.js';
import { type TestVerdict, verdictOf } from './results.js';
import { readTestOptions, type TestOptions } from './test-options.js';
import { scenarioOfTest, unusedFlags } from './test-scenario.js';

/** A test that is ready to run. */
export interface Preparation {
  readonly options: TestOptions;
  readonly host: Host;
  readonly scenario: Scenario;
  readonly assertions: readonly Assertion[];
  /** Functions of the workload: `broadcast`, `read`. */
  readonly functions: readonly string[];
  /** What the user should know before it runs. */
  readonly notes: readonly string[];
}

/** Reads the command line and finds a host. Throws a UsageError for whatever is wrong. */
export async function prepareTest(raw: RawFlags, args: readonly string[]): Promise<Preparation> {
  const options = readTestOptions(raw, args);
  const { host, modules } = await hostOf(options);
  const scenario = await namedScenario(scenarioOfTest(options, host), modules);
  const functions = functionsOf(scenario);
  const assertions = readAssertions(options.asserts, functions);
  const notes = [
    ...(textOf(raw, 'workload') !== undefined
      ? []
      : [`without -w the workload is ${options.workload}, as in Maelstrom.`]),
    ...unusedFlags(options).map(
      (flag) => `${flag} means nothing to the workload ${options.workload}; it is passed over.`,
    ),
  ];
  return { options, host, scenario, assertions, functions, notes };
}

/** What a run has come to. */
export interface Tested {
  readonly run: Run | PipedRun;
  readonly verdict: TestVerdict;
  readonly figures: Figures;
  /** What the way of hosting promises. */
  readonly promise: string;
  /** What programs asked for and could not have, and what to do about it. */
  readonly refused: readonly string[];
}

/** The verdict of a test and its figures. */
export function concludeTest(
  preparation: Preparation,
  run: Run | PipedRun,
  refused: readonly string[] = [],
): Tested {
  const { options, assertions, functions, host } = preparation;
  const { judgements } = run.assessment;
  const figures = figuresOf({ judgements, result: run.result }, functions);
  const asserted = assertions.map((assertion) => judgeAssertion(assertion, figures));
  const promise = 'hosting' in run ? run.hosting.promise : host.promise;
  const verdict = verdictOf(run, options.strictness, asserted);
  return { run, verdict, figures, promise, refused };
}

/** The functions that clients of a scenario invoke, as far as a first sample shows. */
function functionsOf({ clients }: Scenario): readonly string[] {
  if (clients === undefined) return [];
  const operations = firstOperations(clients.workload, clients.options);
  return [...new Set(operations.map(({ f }) => f))];
}
