// Every rule of tidy finds one violation of itself, at its line, and lets the decent pass. The
// projects are made up here; none is read from the disk.
import { describe, expect, it } from 'vitest';
import { projectOf } from './tidy/project.js';
import { format, rules } from './tidy/rules.js';

/** What the rule `name` finds in a project of these texts, one line a finding. */
function found(name: string, texts: Readonly<Record<string, string>>): string {
  const rule = rules.find((candidate) => candidate.name === name);
  expect(rule, `a rule named ${name}`).toBeDefined();
  return format(rule?.check(projectOf(texts)) ?? []);
}

describe('imports', () => {
  const files = {
    'src/kernel/time.ts': '',
    'src/node/message.ts': '',
    'src/sim/world.ts': '',
    'src/cli/main.ts': '',
    'src/tui/app.tsx': '',
    'package.json': '{"dependencies":{"yaml":"2.9.1"}}',
  };
  const of = (path: string, text: string) => found('imports', { ...files, [path]: text });

  it('lets a folder import itself and what lies below it', () => {
    const text = "import '../kernel/time.js';\nimport './message.js';";
    expect(of('src/node/protocol.ts', text)).toBe('');
  });

  it('finds an import from above', () => {
    const text = "import type { A } from '../kernel/time.js';\nimport '../sim/world.js';";
    expect(of('src/node/protocol.ts', text)).toBe(
      'src/node/protocol.ts:2: imports: node may import node/, kernel/, not sim/world.ts.',
    );
  });

  it('finds an import hidden in a re-export, a type or an import()', () => {
    expect(of('src/kernel/a.ts', "export * from '../sim/world.js';")).toMatch(/:1: imports:/);
    expect(of('src/kernel/a.ts', "type A = import('../sim/world.js').A;")).toMatch(/:1: imports:/);
    expect(of('src/kernel/a.ts', "void import('../sim/world.js');")).toMatch(/:1: imports:/);
  });

  it('finds a package that the folder may not import', () => {
    expect(of('src/kernel/a.ts', "import { join } from 'node:path';")).toMatch(/seedrandom/);
    expect(of('src/kernel/a.ts', "import { parse } from 'yaml';")).toMatch(/not yaml/);
  });

  it('finds a package that users would not have', () => {
    expect(of('src/cli/a.ts', "import { parse } from 'yaml';\nimport 'node:fs';")).toBe('');
    expect(of('src/cli/a.ts', "import ts from 'typescript';")).toMatch(/no dependency/);
  });

  it('finds a file that does not exist', () => {
    expect(of('src/kernel/a.ts', "import './time.ts.js';")).toMatch(/names no file/);
  });

  it('lets the command line load another edge when asked, and no sooner', () => {
    expect(of('src/cli/step.ts', "void import('../tui/app.js');")).toBe('');
    expect(of('src/cli/step.ts', "import '../tui/app.js';")).toMatch(/not tui\/app.tsx/);
    expect(of('src/tui/view.ts', "void import('../cli/main.js');")).toMatch(/not cli\/main.ts/);
  });

  it('finds a folder that is in no layer', () => {
    expect(of('src/util/a.ts', "import '../kernel/time.js';")).toMatch(/src\/util is no layer/);
  });

  it('finds a protocol that knows another, and lets them share a building block', () => {
    const protocols = {
      'src/protocols/index.ts': "import './echo.js';\nimport './ring.js';",
      'src/protocols/echo.ts': "import './outbox.js';",
      'src/protocols/outbox.ts': '',
    };
    expect(found('imports', { ...protocols, 'src/protocols/ring.ts': '' })).toBe('');
    expect(
      found('imports', { ...protocols, 'src/protocols/ring.ts': "import './echo.js';" }),
    ).toMatch(/^src\/protocols\/ring.ts:1: imports: src\/protocols\/echo.ts is a protocol;/);
  });
});

describe('cycles', () => {
  it('finds a cycle and names its files', () => {
    const texts = {
      'src/kernel/a.ts': "import './b.js';",
      'src/kernel/b.ts': "import './c.js';",
      'src/kernel/c.ts': "import type { A } from './b.js';",
    };
    expect(found('cycles', texts)).toBe(
      'src/kernel/b.ts:1: cycles: src/kernel/b.ts → src/kernel/c.ts → src/kernel/b.ts: ' +
        'move what both need to a file below them.',
    );
  });

  it('lets two ways lead to one file', () => {
    const texts = {
      'src/kernel/a.ts': "import './b.js';\nimport './c.js';",
      'src/kernel/b.ts': "import './c.js';",
      'src/kernel/c.ts': '',
    };
    expect(found('cycles', texts)).toBe('');
  });
});

describe('dead-export', () => {
  const of = (importer: string) =>
    found('dead-export', {
      'src/kernel/time.ts': 'export type Micros = number;\nexport const ms = 1000, [s] = [1];',
      'test/time.test.ts': importer,
    });

  it('finds what nobody imports', () => {
    expect(of("import type { Micros } from '../src/kernel/time.js';")).toBe(
      "src/kernel/time.ts:2: dead-export: nobody imports ms: drop 'export', or drop it.\n" +
        "src/kernel/time.ts:2: dead-export: nobody imports s: drop 'export', or drop it.",
    );
  });

  it('counts renamed and wholesale imports', () => {
    expect(of("import { ms as m, s, type Micros } from '../src/kernel/time.js';")).toBe('');
    expect(of("import * as time from '../src/kernel/time.js';")).toBe('');
  });

  it('spares the public surface, which index.ts and package.json say', () => {
    const texts = {
      'package.json': '{"exports":{"./vitest":{"default":"./dist/testing/vitest.js"}}}',
      'src/index.ts': "export { ms } from './kernel/time.js';",
      'src/testing/vitest.ts': 'export const toHold = 1;',
      'src/kernel/time.ts': 'export const ms = 1;\nconst s = 2;\nexport { s };',
    };
    expect(found('dead-export', texts)).toMatch(/^src\/kernel\/time.ts:3: dead-export: .* s: .*$/);
  });
});

describe('determinism', () => {
  const of = (text: string, path = 'src/sim/world.ts') => found('determinism', { [path]: text });

  it.each([
    ['const at = Date.now();', 'Date'],
    ['type At = Date;', 'Date'],
    ['const at = performance.now();', 'performance'],
    ['setTimeout(run, 1);', 'setTimeout'],
    ['queueMicrotask(run);', 'queueMicrotask'],
    ['async function run() {}', 'async'],
    ['for await (const x of xs) run(x);', 'await'],
    ['type Later = Promise<void>;', 'Promise'],
    ['const x = Math.random();', 'Math.random'],
    ['const { random } = Math;', 'Math as a value'],
    ['const id = crypto.randomUUID();', 'crypto'],
    ['const { env } = process;', 'process'],
    ['const now = globalThis.Date;', 'globalThis'],
    ["const text = new Intl.NumberFormat('en').format(1);", 'Intl'],
    ['const order = a.localeCompare(b);', 'localeCompare'],
    ['const text = n.toLocaleString();', 'toLocaleString'],
    ['const held = new WeakRef(world);', 'WeakRef'],
    ['const registry = new FinalizationRegistry(run);', 'FinalizationRegistry'],
    ['const text = error.stack;', 'Error.stack'],
    ['const x = Math.log(2);', 'Math.log'],
    ['const x = Math.pow(2, y);', 'Math.pow'],
    ['const x = y ** 0.5;', '**'],
    ['const x = 2 ** 0.5;', '**'],
    ['for (const key in record) run(key);', 'for…in'],
    ['const order = xs.sort();', 'sort()'],
    ['const order = [...xs].toSorted();', 'toSorted()'],
    ['let count = 0;', 'module let'],
    ['const seen = new Map<string, number>();', 'mutable module constant'],
    ['const seen: string[] = [];', 'mutable module constant'],
    ['const words = new Uint32Array(8);', 'mutable module constant'],
  ])('finds %s', (text, what) => {
    const line = `src/sim/world.ts:2: determinism: no ${what} here: `;
    expect(of(`// The world.\n${text}`).startsWith(line)).toBe(true);
  });

  it.each([
    '// Date, Math.random, process',
    "const text = 'Date.now()';",
    'type Op = { readonly process: number; Date: string };',
    'const of = (op: Op) => op.process;',
    'const of = ({ process }: Op) => [process, { process }];',
    'function of(op: Op) { const { process: performance } = op; return performance; }',
    'const x = Math.floor(Math.sqrt(2)) + 2 ** 53;',
    'const x = 10 ** digits.length;',
    'const order = xs.toSorted((a, b) => a - b);',
    'const order = Float64Array.from(xs).sort();',
    'const top = machine.stack;',
    "const names: ReadonlySet<string> = new Set(['a']);",
    'const none: readonly string[] = [];',
    'function run() { let count = 0; return count; }',
  ])('lets pass %s', (text) => {
    expect(of(text)).toBe('');
  });

  it('counts a use outside the scope in which the name is declared', () => {
    const text = 'const of = (process: number) => process;\nconst pid = process.pid;';
    expect(of(text)).toMatch(/^src\/sim\/world.ts:2: .*$/);
  });

  it('lets edges and files ask the host and wait, but files defer nothing', () => {
    const text = 'export const at = Date.now();\nexport const run = async () => {};';
    expect(of(text, 'src/cli/main.ts')).toBe('');
    expect(of(text, 'src/files/read.ts')).toBe('');
    expect(of('setTimeout(run, 1);', 'src/files/read.ts')).toMatch(/read.ts:1: .*setTimeout.*/);
  });

  it('spares what is exempt, and only there', () => {
    const text = 'for (const key in copy) run(key);';
    expect(of(text, 'src/kernel/plain.ts')).toBe('');
    expect(of('const at = Date.now();', 'src/kernel/plain.ts')).toMatch(/no Date/);
    expect(of('Math.random = trap;\nDate.now = trap;', 'src/scenario/poison.ts')).toBe('');
  });
});

describe('length', () => {
  const of = (text: string) => found('length', { 'src/sim/world.ts': text });

  it('finds a file of 401 lines and not one of 400', () => {
    expect(of('// x\n'.repeat(400))).toBe('');
    expect(of('// x\n'.repeat(401))).toMatch(/^src\/sim\/world.ts:401: length: 401 lines/);
  });

  it('finds a function of 51 lines and not one of 50', () => {
    const body = (lines: number) => `// A.\nconst f = () => {\n${'  run();\n'.repeat(lines - 2)}};`;
    expect(of(body(50))).toBe('');
    expect(of(body(51))).toMatch(/^src\/sim\/world.ts:2: length: a function of 51 lines/);
  });

  it('lets a suite be as long as its tests', () => {
    expect(of(`describe('a', () => {\n${'  it();\n'.repeat(60)}});`)).toBe('');
  });

  it('finds a line of 101 columns, however many bytes its letters take', () => {
    expect(of(`// ${'→'.repeat(97)}`)).toBe('');
    expect(of(`\n// ${'→'.repeat(98)}`)).toMatch(/^src\/sim\/world.ts:2: length: 101 columns/);
  });
});

describe('the shape of a file', () => {
  const of = (rule: string, text: string, path = 'src/checkers/set.ts') =>
    found(rule, { [path]: text });

  it('finds a file that opens without a comment', () => {
    expect(of('opening-comment', '#!/usr/bin/env node\n// The command.\nrun();')).toBe('');
    expect(of('opening-comment', 'run(); // It runs.')).toMatch(/^src\/checkers\/set.ts:1: /);
  });

  it('finds names that are not kebab-case', () => {
    expect(found('file-name', { 'src/sim/event-queue.ts': '', 'test/a.test.tsx': '' })).toBe('');
    expect(found('file-name', { 'src/sim/eventQueue.ts': '' })).toMatch(/say event-queue.ts\.$/);
    expect(found('file-name', { 'scenarios/Net_Split.yaml': '' })).toMatch(/net-split.yaml\.$/);
  });

  it('finds default exports outside scenarios', () => {
    expect(of('default-export', 'export default {};')).toMatch(/^src\/checkers\/set.ts:1: /);
    expect(of('default-export', '\nexport default function f() {}')).toMatch(/set.ts:2: /);
    expect(of('default-export', 'export default {};', 'scenarios/echo.ts')).toBe('');
  });

  it('finds ! outside the hot loops', () => {
    expect(of('non-null', 'const a = xs[0]!;', 'src/kernel/queue.ts')).toBe('');
    expect(of('non-null', 'const a = !xs;')).toBe('');
    expect(of('non-null', 'const a = xs[0]!;')).toMatch(/set.ts:1: non-null: no xs\[0\]! here/);
  });

  it.each([
    '// TODO: later',
    '/* FIXME */',
    "console.log('here');",
    "it.only('runs alone', run);",
    "describe.sequential.only('runs alone', run);",
  ])('finds the leftover %s', (text) => {
    expect(of('leftovers', `// A test.\n${text}`, 'test/a.test.ts')).toMatch(/a.test.ts:2: left/);
  });

  it('does not mind leftovers that are quoted', () => {
    expect(of('leftovers', "const words = ['TODO', `FIXME`, /XXX/, 'console.log'];")).toBe('');
  });
});

describe('plug-ins', () => {
  const decent = {
    'src/checkers/index.ts':
      "import type { Checker } from './checker.js';\nimport { setFull } from './set-full.js';\n" +
      'export const checkers = new Map([[setFull.name, setFull]]);',
    'src/checkers/checker.ts': 'export interface Checker {}',
    'src/checkers/set-full.ts':
      "import './search.js';\nexport const setFull = { name: 'set-full' } satisfies Checker;",
    'src/checkers/search.ts': '',
    'src/protocols/index.ts':
      "import { gSet, pnCounter } from './crdt.js';\n" +
      "export const protocols = { 'g-set': gSet, 'pn-counter': pnCounter };",
    'src/protocols/crdt.ts': 'export const gSet = 1;\nexport const pnCounter = 2;',
    'test/set-full.test.ts': "it('set-full sees a lost element', run);",
    'test/crdt.test.ts': "import { gSet } from '../src/protocols/crdt.js';",
    'scenarios/sets.yaml': 'about: It converges.\nexpect: valid\nprotocol: g-set\n',
    'scenarios/lost.yaml': 'about: One is lost.\nexpect: set-full\nprotocol: pn-counter\n',
    'fixtures/histories/set-full/valid/one.jsonl': '',
    'fixtures/histories/set-full/invalid/one.jsonl': '',
  };

  const without = (...paths: string[]) =>
    Object.fromEntries(Object.entries(decent).filter(([path]) => !paths.includes(path)));

  it.each(['registration', 'tested', 'shown', 'scenario', 'fixtures', 'canary'])(
    'pass the rule %s when they are decent',
    (rule) => {
      expect(found(rule, decent)).toBe('');
    },
  );

  it('are found when no registry knows them', () => {
    expect(found('registration', { ...decent, 'src/checkers/stray.ts': '' })).toBe(
      'src/checkers/stray.ts:1: registration: ' +
        'add a line for it to src/checkers/index.ts, or delete it.',
    );
    expect(found('registration', without('src/protocols/index.ts'))).toMatch(
      /^src\/protocols\/crdt/,
    );
  });

  it('are found when no test names them', () => {
    expect(found('tested', without('test/set-full.test.ts'))).toBe(
      'src/checkers/set-full.ts:1: tested: no test names set-full: add one to test/checkers/.',
    );
    const comment = { 'test/a.test.ts': "// set-full, but only in passing\nit('runs', run);" };
    expect(found('tested', { ...without('test/set-full.test.ts'), ...comment })).not.toBe('');
  });

  it('are found when no scenario shows them, each by its own name', () => {
    expect(found('shown', without('scenarios/lost.yaml'))).toBe(
      'src/protocols/index.ts:1: shown: no scenario uses pn-counter: add one to scenarios/.',
    );
  });

  it('are found when a checker has no history to accept or to refuse', () => {
    expect(found('fixtures', without('fixtures/histories/set-full/invalid/one.jsonl'))).toBe(
      'src/checkers/index.ts:2: fixtures: fixtures/histories/set-full/invalid/ is empty: ' +
        'add a history for which set-full must be invalid.',
    );
  });

  it('are found when a checker is never expected to object', () => {
    const mutant = { 'fixtures/mutants/lossy.yaml': 'expect: [set-full]' };
    expect(found('canary', without('scenarios/lost.yaml'))).toMatch(/^src\/checkers\/index.ts:2: /);
    expect(found('canary', { ...without('scenarios/lost.yaml'), ...mutant })).toBe('');
  });

  it('are found when a scenario does not say what it is about or what to expect', () => {
    const of = (text: string) => found('scenario', { 'scenarios/a.yaml': text });
    expect(of('about: It holds.\n')).toMatch(/^scenarios\/a.yaml:1: scenario: it has no expect: /);
    expect(of('about:\nexpect: valid\n')).toMatch(/it has no about: /);
    expect(of('about: [')).toMatch(/it is not YAML/);
    const module = "export default { about: 'It holds.' };";
    expect(found('scenario', { 'scenarios/a.ts': module })).toMatch(/it has no expect: /);
  });
});

describe('snippets', () => {
  const of = (block: string) =>
    found('snippets', {
      'src/index.ts': "export { ms } from './kernel/time.js';",
      'src/kernel/time.ts': 'export const ms = (count: number): number => count * 1000;',
      'README.md': `# Title\n\n${block}\n\nThe end.\n`,
    });

  it('lets an example pass that compiles against src', () => {
    const text = "import { ms } from 'stormglass';\nexport const delayUs: number = ms(5);";
    expect(of(`\`\`\`ts\n${text}\n\`\`\``)).toBe('');
  });

  it('finds an example that does not, at its line in the README', () => {
    const text = "import { ms } from 'stormglass';\nms('5');";
    expect(of(`\`\`\`ts\n${text}\n\`\`\``)).toMatch(/^README.md:5: snippets: Argument of type/);
    expect(of("```ts\nimport { minutes } from 'stormglass';\n```")).toMatch(/^README.md:4: snip/);
  });

  it('finds every entrance of the package', () => {
    const texts = {
      'package.json':
        '{"type":"module","exports":{"./vitest":{"default":"./dist/testing/vitest.js"}}}',
      'src/testing/vitest.ts': 'export const toHold = 1;',
      'docs/ci.md': "```ts\nimport { toHold, toFail } from 'stormglass/vitest';\n```\n",
    };
    expect(found('snippets', texts)).toMatch(/^docs\/ci.md:2: .*no exported member 'toFail'.*$/);
  });

  it('does not read blocks in other languages', () => {
    expect(of('```sh\nnpm test\n```')).toBe('');
  });
});
