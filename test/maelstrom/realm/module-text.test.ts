// ES modules as CommonJS: what is done here does what Babel's does, and the rest is left to it.
import { describe, expect, it } from 'vitest';
import { commonJsOf } from '../../../src/maelstrom/realm/module-text.js';

const other = {
  __esModule: true,
  default: (...args: unknown[]) => ['default', ...args],
  count: 3,
  self(this: unknown) {
    return this === undefined || this === globalThis ? 'nobody' : this;
  },
  Box: class {
    value = 1;
  },
};

/** What a module exports, with `other` for whatever it imports. */
function exportsOf(text: string): Record<string, unknown> {
  const exports = {};
  const jitiImport = (name: string): string => `import of ${name}`;
  new Function('exports', 'require', 'jitiImport', text)(exports, () => other, jitiImport);
  return exports;
}

const usual: readonly (readonly [what: string, source: string, expected: object])[] = [
  ['names', 'import { count as c } from "a"; export const twice = c * 2;', { twice: 6 }],
  ['a default', 'import d from "a"; export const made = d(1);', { made: ['default', 1] }],
  ['a namespace', 'import * as a from "a"; export const n = a.count;', { n: 3 }],
  ['no this', 'import { self } from "a"; export const who = self();', { who: 'nobody' }],
  ['a class', 'import { Box } from "a"; export class B extends Box {}; const b = new B();', {}],
  ['shorthands', 'import { count } from "a"; export const it = { count };', { it: { count: 3 } }],
  ['keys', 'import { count } from "a"; export const k = { count: 1 }.count;', { k: 1 }],
  ['a list', 'const a = 1; class C {} export { a as b, f }; function f() {}', { b: 1 }],
  ['a value', 'import { count } from "a"; export default [count, 1];', { default: [3, 1] }],
  ['import()', 'export const later = import("b");', { later: 'import of b' }],
  ['lines', 'import {\n  count,\n} from "a";\nexport default\n  count;', { default: 3 }],
  [
    'no semicolons',
    'import { self } from "a"\nlet a = 1\nself(a)\nif (a) self()\nexport const b = a\n',
    { b: 1 },
  ],
];

describe('commonJsOf', () => {
  it.each(usual)('rewrites a module with %s', (_, source, expected) => {
    const text = commonJsOf(source) ?? '';
    expect(exportsOf(text)).toMatchObject({ ...expected, __esModule: true });
    expect(text.split('\n')).toHaveLength(source.split('\n').length);
  });

  it('exports functions before it imports, for modules that import each other', () => {
    const text = commonJsOf('import "a"; export { f as g }; export function f() {}') ?? '';
    let seen: unknown;
    const exports: Record<string, unknown> = {};
    new Function('exports', 'require', text)(exports, () => {
      seen = exports.g;
    });
    expect(seen).toBeTypeOf('function');
    expect(Object.keys(exports)).toEqual(['f', 'g']);
  });

  it.each([
    'import { a } from "a"; function f(a) {}',
    'import { a } from "a"; const { b = a } = {};',
    'import { a } from "a"; try {} catch (a) {}',
    'import { a } from "a"\nconst b = 1\na() && b',
    'import { a } from "a"\nlet b\na().c = 1',
    'import a from "a" with { type: "json" };',
    'import { "two words" as a } from "a";',
    'export * from "a";',
    'export { a } from "a";',
    'import { a } from "a"; export { a };',
    'export let a = 1;',
    'export function f() {} f = 1;',
    'export class C {} [C] = [1];',
    'export const { a } = {};',
    'export default () => 1;',
    'export default function () {}',
    'await 1;',
    'for await (const a of []) ;',
    'const a = import.meta.url;',
    'const require = 1;',
    'import { t } from "a"; t`text`;',
    'const a = ;',
  ])('leaves %j to Babel', (source) => {
    expect(commonJsOf(source)).toBeUndefined();
  });
});
