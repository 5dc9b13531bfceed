// Edits from the command line, read and checked. Loaded only when there are some.
import * as z from 'zod/mini';
import { parseYaml } from '../files/yaml-text.js';
import type { Report } from '../scenario/complaint.js';
import { editWords, readEdit } from '../scenario/edits.js';
import { idOf } from '../scenario/faults.js';
import { nearest } from '../scenario/nearest.js';
import { oneOf, problemsOf, quoted } from '../scenario/problems.js';
import type { Scenario } from '../scenario/scenario.js';
import { type EditFile, editSchema } from '../scenario/schema.js';
import { type Problem, UsageError, usageError } from '../scenario/usage-error.js';
import { checkEdits } from '../scenario/validate.js';
import type { Edit } from '../sim/edit.js';

/** Edits of a scenario: `drop KEY`, or a map as a scenario file has it. */
export function readEdits(texts: readonly string[], scenario: Scenario): readonly Edit[] {
  return texts.map((text) => {
    const file = readEditText(text);
    const problems: Problem[] = [];
    const report: Report = (problem) => problems.push({ ...problem, path: [] });
    checkEdits([file], new Set(scenario.nodes), scenario.faults.map(idOf), report);
    rejectIf(problems, text);
    return readEdit(file);
  });
}

function readEditText(text: string): EditFile {
  const value = text.trimStart().startsWith('{') ? readMap(text) : readWords(text);
  const read = z.safeParse(editSchema, value);
  if (read.success) return read.data;
  rejectIf(problemsOf(read.error.issues, value), text);
  throw new Error('what the schema rejects has a problem');
}

function readMap(text: string): unknown {
  const { value, problems } = parseYaml(text);
  rejectIf(
    problems.map(({ about }) => ({ about, path: [], target: 'value' as const })),
    text,
  );
  return value;
}

function readWords(text: string): unknown {
  const [edit = '', ...words] = text.trim().split(/\s+/);
  const names = editWords.get(edit);
  if (names === undefined) {
    const known = [...editWords.keys()];
    throw usageError(`unknown edit ${quoted(edit)}`, {
      expected: `${oneOf(known)}; or a map as in a scenario file`,
      nearest: nearest(edit, known),
    });
  }
  if (words.length !== names.length) {
    const wish = `${edit} ${names.map((name) => name.toUpperCase()).join(' ')}`;
    throw usageError(`the edit ${quoted(text)} has ${words.length} words after its name`, {
      expected: wish,
    });
  }
  const fields = names.map((name, at) => [name, plain(name, words[at] ?? '')] as const);
  return { edit, ...Object.fromEntries(fields) };
}

/** Numbers, booleans and durations are written as such; all else is text. */
function plain(name: string, word: string): unknown {
  if (name !== 'op' && name !== 'value') return word;
  return parseYaml(word).value;
}

function rejectIf(problems: readonly Problem[], text: string): void {
  const [first, ...others] = problems;
  if (first === undefined) return;
  const about = (problem: Problem): Problem => ({
    ...problem,
    about: `--edit ${quoted(text)}: ${problem.about}`,
  });
  throw new UsageError([about(first), ...others.map(about)]);
}
