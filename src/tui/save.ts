// Keeping what was found by hand: a branch as a scenario file that `run` accepts, or as a test.
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { rebaseModules } from '../files/modules.js';
import { openOutput } from '../files/output-file.js';
import { scenarioText } from '../files/scenario-file.js';
import { namesModule } from '../scenario/catalogue.js';
import { codeNames } from '../scenario/code-names.js';
import { writeEdit } from '../scenario/edits.js';
import { programPath } from '../scenario/program-path.js';
import type { ScenarioFile } from '../scenario/schema.js';
import { UsageError } from '../scenario/usage-error.js';
import type { Track } from '../scenario/walk.js';
import { prompt } from './looking.js';
import type { Stepper } from './stepper.js';

/** Asks for the name of a file, and writes the branch there. */
export function askSave(stepper: Stepper): void {
  const { branch } = stepper;
  if (branch.track.run === undefined) {
    return stepper.say('the branch is still running: its verdict belongs into the file');
  }
  prompt(stepper, 'save as (.yaml or .test.ts): ', freshPath(stepper, '.yaml'), (path) => {
    complainedOf(stepper, () => save(stepper, path.trim()));
  });
}

/** Says what is wrong with a file that cannot be written. */
export function complainedOf(stepper: Stepper, action: () => void): void {
  try {
    action();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    stepper.say(error.message.split('\n')[0] ?? '', true);
  }
}

/** A name for a file of the branch that no file has yet. */
export function freshPath({ branch, origin }: Stepper, extension: string): string {
  const base = basename(origin.path).replace(/(\.ndjson)?(\.gz)?$|\.ya?ml$/g, '');
  for (let number = 1; ; number++) {
    const path = `${base}-${branch.name}${number === 1 ? '' : `-${number}`}${extension}`;
    if (!existsSync(path)) return path;
  }
}

function save(stepper: Stepper, path: string): void {
  const { origin, branch } = stepper;
  const isTest = /\.test\.[cm]?[jt]s$/.test(path);
  if (path === '' || !(isTest || ['.yaml', '.yml'].includes(extname(path)))) {
    return stepper.say('a name that ends in .yaml or in .test.ts, please', true);
  }
  if (existsSync(path)) return stepper.say(`${path} is there already; choose another name`, true);
  const file = savedScenario(branch.track, (scenario) =>
    rebaseModules(scenario, origin.path, path),
  );
  const program = programPath(file)?.program;
  if (isTest && program !== undefined) {
    const how = 'save a .yaml, which a test reads with scenarioFile';
    return stepper.say(`a test cannot hold the program ${program}; ${how}`, true);
  }
  const output = openOutput(path, isTest ? 'test' : 'scenario');
  output.write(Buffer.from(isTest ? testText(file) : scenarioText(file)));
  output.commit();
  const how = isTest ? `npx vitest run ${path}` : `${origin.command} run ${path}`;
  if (!isTest) stepper.saved.set(branch, path);
  stepper.say(`saved; try: ${how}`);
  stepper.copied = [...stepper.copied, how];
}

/** The scenario with the seed and the edits of a branch; it expects what the branch came to. */
function savedScenario(
  { scenario, seed, edits, run }: Track,
  moved: (file: ScenarioFile) => ScenarioFile,
): ScenarioFile {
  // What was found once is what is expected from now on.
  const { $schema: _, found: __, edits: own = [], ...file } = moved(scenario.file);
  const added = edits.map(writeEdit);
  const objection = run?.assessment.judgements.find(({ valid }) => valid === false);
  const anomaly = objection?.valid === false ? objection.anomalies[0].kind : undefined;
  const expect =
    objection === undefined || anomaly === undefined
      ? ('valid' as const)
      : { object: objection.name, anomaly };
  return { ...file, seed, expect, edits: [...own, ...added] };
}

function testText(file: ScenarioFile): string {
  const { expect } = file;
  const claim = expect === 'valid' ? 'is valid' : 'fails as it did when it was found';
  const { imports, text } = imported(file);
  return [
    "import { type ScenarioInput, simulate } from 'stormglass';",
    "import 'stormglass/vitest';",
    "import { expect, it } from 'vitest';",
    ...imports,
    '',
    `const scenario: ScenarioInput = ${text};`,
    '',
    `it('${claim}', () => {`,
    '  const run = simulate(scenario);',
    '  expect(run).toHold();',
    '  // Every edit still finds what it changes.',
    '  expect(run.result.edits).not.toContain(false);',
    '});',
    '',
  ].join('\n');
}

/** The scenario as code, in which what its modules export stands for their paths. */
function imported(file: ScenarioFile): {
  readonly imports: readonly string[];
  readonly text: string;
} {
  const imports: string[] = [];
  const copy = JSON.parse(JSON.stringify(file)) as Json;
  const names = new Map<string, string>();
  for (const { kind, name, at } of codeNames(file)) {
    if (!namesModule(name)) continue;
    const before = names.get(`${kind} ${name}`);
    const nth = [...names.keys()].filter((key) => key.startsWith(`${kind} `)).length + 1;
    const local = before ?? `${kind}${nth === 1 ? '' : nth}`;
    if (before === undefined) {
      const what = local === kind ? kind : `${kind} as ${local}`;
      imports.push(`import { ${what} } from ${JSON.stringify(name)};`.replaceAll('"', "'"));
    }
    names.set(`${kind} ${name}`, local);
    put(copy, at, `${marker}${local}`);
  }
  const text = JSON.stringify(copy, undefined, 2);
  return { imports, text: text.replaceAll(new RegExp(`"${marker}(\\w+)"`, 'g'), '$1') };
}

type Json = { [key: string | number]: Json };

/** Stands before a name that is to be code: no text of a scenario has it. */
const marker = '@@import ';

function put(value: Json, path: readonly (string | number)[], text: string): void {
  const [last = '', ...before] = path.toReversed();
  const parent = before.toReversed().reduce<Json>((inner, key) => inner[key] as Json, value);
  parent[last] = text as unknown as Json;
}
