// Mutants of checkers: one small mistake each, written down in fixtures/mutants/checkers.json.
// Each is put into a copy of the sources, and then some fixture of its own checker must get
// another verdict than its folder says, and every fixture of every other checker the same as
// before.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, describe, expect, it } from 'vitest';
import type { Checker, judge } from '../../src/checkers/checker.js';
import { type Fixture, fixtures } from './fixture-files.js';
import { type Mutant, mutants } from './mutant-file.js';

const root = fileURLToPath(new URL('../../', import.meta.url));
const scratch = mkdtempSync(join(tmpdir(), 'stormglass-mutants-'));
afterAll(() => rmSync(scratch, { recursive: true, force: true }));

const options = { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 } as const;
const sources = ['checkers', 'history', 'kernel'].flatMap((folder) =>
  readdirSync(join(root, 'src', folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.d.ts'))
    .map((path) => join(folder, path)),
);
const texts = new Map(sources.map((path) => [path, readFileSync(join(root, 'src', path), 'utf8')]));
const built = new Map(
  [...texts].map(([path, text]) => [path, ts.transpile(text, options)] as const),
);

interface Registry {
  readonly checkers: ReadonlyMap<string, Checker>;
  readonly judge: typeof judge;
}

/** All checkers, with a mistake in one file. */
async function mutated({ file, find, replace }: Mutant, name: string): Promise<Registry> {
  writeFileSync(join(scratch, 'package.json'), '{"type":"module"}');
  for (const [path, text] of built) {
    const target = join(scratch, name, path.replace(/\.ts$/, '.js'));
    mkdirSync(dirname(target), { recursive: true });
    const broken = (): string =>
      ts.transpile(
        (texts.get(path) ?? '').replace(find, () => replace),
        options,
      );
    writeFileSync(target, join('src', path) === join(file) ? broken() : text);
  }
  const load = (path: string): Promise<unknown> =>
    import(/* @vite-ignore */ pathToFileURL(join(scratch, name, path)).href);
  const [index, contract] = await Promise.all([
    load('checkers/index.js'),
    load('checkers/checker.js'),
  ]);
  return { ...(index as Registry), ...(contract as Registry) };
}

/** Whether a fixture gets what its folder and its header say. */
function fits({ checkers, judge: ask }: Registry, fixture: Fixture): boolean {
  const checker = checkers.get(fixture.checker);
  if (checker === undefined) return false;
  const verdict = ask(checker, fixture.history, { options: fixture.options });
  const kinds = verdict.valid === false ? verdict.anomalies.map(({ kind }) => kind) : [];
  return verdict.valid === fixture.valid && String([...new Set(kinds)]) === String(fixture.expect);
}

/** Checkers that judge with the code of another: its mutants are theirs, too. */
const bases: ReadonlyMap<string, string> = new Map([['seeding', 'exactly-once']]);

describe('mutants of checkers', () => {
  it.each(mutants)('$checker: $about', async (mutant) => {
    const text = readFileSync(join(root, mutant.file), 'utf8');
    expect(text.split(mutant.find), `${mutant.file} has this once: ${mutant.find}`).toHaveLength(2);
    const registry = await mutated(mutant, String(mutants.indexOf(mutant)));
    const killers = fixtures().filter((fixture) => !fits(registry, fixture));
    expect(new Set(killers.map(({ checker }) => bases.get(checker) ?? checker))).toEqual(
      new Set([mutant.checker]),
    );
  });
});
