// The histories of fixtures/histories: <checker>/<valid|invalid|unknown>/<what it shows>.ndjson.
// The header says what it is about, the checker's options, and the kinds of anomaly to be found.
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type HistoryFile, parseHistory } from '../../src/history/ndjson.js';
import { compareTexts } from '../../src/history/value.js';

export interface Fixture extends HistoryFile {
  /** `set-full/invalid/never-added`. */
  readonly name: string;
  readonly checker: string;
  readonly valid: boolean | 'unknown';
  readonly text: string;
  readonly about: unknown;
  readonly options: Readonly<Record<string, unknown>>;
  readonly expect: readonly string[];
}

const root = fileURLToPath(new URL('../../fixtures/histories/', import.meta.url));
const verdicts: ReadonlyMap<string, boolean | 'unknown'> = new Map<string, boolean | 'unknown'>([
  ['valid', true],
  ['invalid', false],
  ['unknown', 'unknown'],
]);

/** All fixtures of a checker, or of all checkers, by name. */
export function fixtures(checker = ''): readonly Fixture[] {
  const paths = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ndjson') && path.startsWith(checker));
  return paths.sort(compareTexts).map((path) => fixtureIn(path.slice(0, -'.ndjson'.length)));
}

/** One fixture by name; throws when there is none. */
export function fixture(name: string): Fixture {
  return fixtureIn(name);
}

function fixtureIn(name: string): Fixture {
  const [checker = '', folder = ''] = name.split('/');
  const text = readFileSync(`${root}${name}.ndjson`, 'utf8');
  const file = parseHistory(text);
  const valid = verdicts.get(folder);
  if (valid === undefined) throw new Error(`${name} is in none of ${[...verdicts.keys()]}`);
  const { about, options = {}, expect = [] }: Readonly<Record<string, unknown>> = file.header ?? {};
  return {
    ...file,
    ...{ name, checker, valid, text, about },
    options: options as Fixture['options'],
    expect: expect as Fixture['expect'],
  };
}
