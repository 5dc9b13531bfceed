// How a finding can be had again: the command that repeats it, which needs nothing of the hunt, and
// the scenario file that it names, where the run is of a variant.
import { mkdirSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rebaseModules } from '../../files/modules.js';
import { openOutput } from '../../files/output-file.js';
import { scenarioText } from '../../files/scenario-file.js';
import { editText } from '../../scenario/edits.js';
import type { Finding, Specimen } from '../../scenario/hunt/tally.js';
import { shellWord } from '../../scenario/report.js';
import type { ScenarioFile } from '../../scenario/schema.js';
import type { Prey } from './report.js';

/** Where variants are saved unless `--save` says otherwise. */
export const savedDirectory = join('store', 'hunt');

/** What starts the program, and where variants are. */
export interface Repeating {
  readonly command: string;
  readonly directory: string;
}

/** The command that runs a finding's first specimen again. */
export function reproOf(prey: Prey, finding: Finding, { command, directory }: Repeating): string {
  const { first } = finding;
  if (first.file !== undefined) {
    return `${command} run ${shellWord(pathOf(prey, finding, directory))}`;
  }
  const words = [command, 'run', shellWord(prey.scenario), '--seed', shellWord(first.seed)];
  for (const edit of first.edits) {
    words.push('--edit', shellWord(editText(edit) ?? JSON.stringify(edit)));
  }
  return words.join(' ');
}

/** Writes a scenario file for each finding whose run is of a variant. */
export function saveSpecimens(prey: Prey, directory: string): void {
  for (const finding of prey.tally.findings) {
    const { file } = finding.first;
    if (file === undefined || finding.kind === 'empty') continue;
    mkdirSync(directory, { recursive: true });
    const path = pathOf(prey, finding, directory);
    const own = fileOf(prey, { ...finding.first, file }, finding.name);
    const output = openOutput(path, 'scenario file');
    output.write(Buffer.from(scenarioText(rebaseModules(own, prey.scenario, path))));
    output.commit();
  }
}

function pathOf({ scenario }: Prey, { name, first }: Finding, directory: string): string {
  const base = basename(scenario).replace(/\.ya?ml$/, '');
  const words = [base, name, first.seed].join('-').replace(/[^A-Za-z0-9]+/g, '-');
  return join(directory, `${words.replace(/^-|-$/g, '').slice(0, 150)}.yaml`);
}

const aboutMax = 1_000;

/** The variant with its seed and edits, and a sentence that says where it comes from. */
function fileOf(
  { strategy, about }: Prey,
  { file, seed, edits }: Specimen & { readonly file: ScenarioFile },
  name: string,
): ScenarioFile {
  const origin = `${about} (A variant that ${strategy} found with seed ${seed}: ${name}.)`;
  const all = [...(file.edits ?? []), ...edits];
  return {
    ...file,
    about: origin.length > aboutMax ? about : origin,
    seed,
    ...(all.length > 0 && { edits: all }),
  };
}
