// Keeping what was found by hand: a branch as a scenario file that `run` accepts, or as a test.
import { existsSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { rebaseModules } from '../files/modules.js';
import { openOutput } from '../files/output-file.js';
import { scenarioText } from '../files/scenario-file.js';
import { namesModule } from '../scenario/catalogue.js';
import { writeEdit } from '../scenario/edits.js';
import { modulePaths } from '../scenario/module-paths.js';
import type { ScenarioFile } from '../scenario/schema.js';
import { UsageError } from '../scenario/usage-error.js';
import type { Track } from '../scenario/walk.js';
import { prompt } from './looking.js';
import type { Stepper } from './stepper.js';

/** Asks for the name of a file, and writes the branch there. */
export function askSave(stepper: Stepper): void {
  const { origin, branch } = stepper;
  if (branch.track.run === undefined) {
    return stepper.say('the branch is still running: its verdict belongs into the file');
  }
  const base = basename(origin.path).replace(/(\.ndjson)?(\.gz)?$|\.ya?ml$/g, '');
  prompt(stepper, 'save as (.yaml or .test.ts): ', fresh(`${base}-${branch.name}`), (path) => {
    try {
      save(stepper, path.trim());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      stepper.say(error.message.split('\n')[0] ?? '', true);
    }
  });
}

/** A name that no file has yet. */
function fresh(base: string): string {
  for (let number = 1; ; number++) {
    const path = `${base}${number === 1 ? '' : `-${number}`}.yaml`;
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
  const own = modulePaths(file).find(({ name }) => namesModule(name));
  if (isTest && own !== undefined) {
    return stepper.say(`a test cannot name the module ${own.name}; save a scenario instead`, true);
  }
  const output = openOutput(path, isTest ? 'test' : 'scenario');
  output.write(Buffer.from(isTest ? testText(file) : scenarioText(file)));
  output.commit();
  const how = isTest ? `npx vitest run ${path}` : `${origin.command} run ${path}`;
  stepper.say(`saved; try: ${how}`);
  stepper.copied = [...stepper.copied, how];
}

/** The scenario with the seed and the edits of a branch; it expects what the branch came to. */
function savedScenario(
  { scenario, seed, edits, run }: Track,
  moved: (file: ScenarioFile) => ScenarioFile,
): ScenarioFile {
  const { $schema: _, edits: own = [], ...file } = moved(scenario.file);
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
  return [
    "import { type ScenarioInput, simulate } from 'stormglass';",
    "import { expect, it } from 'vitest';",
    '',
    `const scenario: ScenarioInput = ${JSON.stringify(file, undefined, 2)};`,
    '',
    `it('${claim}', () => {`,
    '  const { assessment, result } = simulate(scenario);',
    '  expect(result.edits).not.toContain(false);',
    '  expect(assessment.surprise).toBeUndefined();',
    '});',
    '',
  ].join('\n');
}
