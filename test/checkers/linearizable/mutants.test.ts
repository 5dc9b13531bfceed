// Who checks the searches: each mutant here is one change to one of them that an optimist might
// make, and the comparison with brute force must object. Mutants are built beside the checkout.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, compareLonger, type Judges } from './judges.js';
import { mutants } from './mutant-list.js';
import { type Spec, specs } from './specs.js';

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormglass-mutants-'));
const original = join(folder, 'original');

function build(file: string, text: string, into: string): void {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
  });
  const path = join(into, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, outputText);
}

beforeAll(() => {
  for (const name of ['checkers', 'history', 'kernel']) {
    for (const path of readdirSync(join(source, name), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
      const file = join(name, path);
      build(file, readFileSync(join(source, file), 'utf8'), original);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All modules of the checker under `root`, as one record. */
async function judgesIn(root: string): Promise<Judges> {
  const names = ['automaton', 'chains', 'decide', 'general-search', 'models/index'];
  const registers = ['register-decision', 'register-part', 'register-search'];
  const counters = ['counter-layers', 'counter-part', 'counter-search'];
  const others = ['layered-search', 'refutations', 'timeline', 'windows'];
  const modules = [...names, ...registers, ...counters, ...others].map(
    (name) => import(pathToFileURL(join(root, `checkers/linearizable/${name}.js`)).href),
  );
  return Object.assign({}, ...(await Promise.all(modules))) as Judges;
}

function specOf(model: string): Spec {
  const spec = specs.find((each) => each.model === model);
  if (spec === undefined) throw new Error(`no spec ${model}`);
  return spec;
}

describe('a search that', () => {
  it.each(Object.entries(mutants))('%s is found out', async (name, mutant) => {
    const root = join(folder, name.replaceAll(' ', '-'));
    cpSync(original, root, { recursive: true });
    const file = join('checkers/linearizable', mutant.file);
    const text = readFileSync(join(source, file), 'utf8');
    expect(text.split(mutant.original), mutant.original).toHaveLength(2);
    build(
      file,
      text.replace(mutant.original, () => mutant.mutated),
      root,
    );
    const [judges, spec] = [await judgesIn(root), specOf(mutant.model)];
    const mistake = mutant.long
      ? compareLonger(judges, spec, 4_000)
      : compare(judges, spec, 20_000).mistake;
    expect(mistake).toBeDefined();
  });

  it('was not changed is not', async () => {
    const { mistake } = compare(await judgesIn(original), specOf('cas-register'), 2_000);
    expect(mistake).toBeUndefined();
  });
});
