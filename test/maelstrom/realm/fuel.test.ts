// Loops without an end: found by counting, wherever they hide, and the end of their node.
import { Script } from 'node:vm';
import { describe, expect, it } from 'vitest';
import { counting } from '../../../src/maelstrom/realm/fuel.js';
import { talk } from './cluster.js';
import { programOf } from './programs.js';

/** What a piece of code comes to, and how many turns and calls it took. */
function counted(code: string): readonly unknown[] {
  const tank = { turns: 0, calls: 0 };
  const run = new Script(counting(`(function ($turn, $call) {${code}\n})`)).runInThisContext() as (
    turn: () => void,
    call: () => void,
  ) => unknown;
  const value = run(
    () => void tank.turns++,
    () => void tank.calls++,
  );
  return [value, tank.turns, tank.calls - 1];
}

describe('code that counts', () => {
  it.each([
    ['let n = 0; for (let i = 0; i < 5; i++) n += i; return n;', [10, 5, 0]],
    ['let n = 0; for (const x of [1, 2]) { n += x } return n;', [3, 2, 0]],
    ['let n = 0; for (const k in { a: 1 }) if (k) n++; else n--; return n;', [1, 1, 0]],
    ['let n = 3; while (n) n--; do n++; while (n < 4) return n;', [4, 7, 0]],
    ['let n = 0; a: for (;;) for (;;) if (++n > 3) break a; return n;', [4, 5, 0]],
    ['for (let i = 0; i < 3; i++); return 1;', [1, 3, 0]],
    [
      'const f = (x) => ({ x }), g = x => x, h = () => (1, 2); return [f(1).x, g(2), h()];',
      [[1, 2, 2], 0, 3],
    ],
    ["function f() { 'use strict'\nreturn this } return f() === undefined;", [true, 0, 1]],
    [
      'class A { constructor() { this.x = 1 } get y() { return 2 } static z = () => 3 }\n' +
        'return new A().x + new A().y + A.z();',
      [6, 0, 4],
    ],
    ['return [1, 2].map((x) => x + 1).join();', ['2,3', 0, 2]],
    [
      'const s = "for (;;) {}", r = /while (x)/; return s + r; // do {',
      ['for (;;) {}/while (x)/', 0, 0],
    ],
    ['return ((x) => { return x })`for`[0];', ['for', 0, 1]],
  ])('does the same: %s', (code, [value, turns, calls]) => {
    expect(counted(code as string)).toEqual([value, turns, calls]);
  });

  it('keeps its lines', () => {
    const code = 'function f() {\n  for (;;)\n    return 1;\n}\nconst g = () =>\n  2;';
    expect(counting(code).split('\n')).toHaveLength(code.split('\n').length);
  });

  it('is left as it is where its syntax is not known', () => {
    expect(counting('%%')).toBe('%%');
  });
});

const looping = (loop: string): string => `
let asked = 0;
require('node:readline').createInterface({ input: process.stdin }).on('line', (line) => {
  const { src, dest, body } = JSON.parse(line);
  if (++asked > 2) { ${loop} }
  const reply = { type: body.type + '_ok', in_reply_to: body.msg_id };
  console.log(JSON.stringify({ src: dest, dest: src, body: reply }));
});`;

describe('a program in a loop without an end', () => {
  it.each([
    'while (true) {}',
    'for (;;) ;',
    'do { try { asked++ } catch {} } while (1)',
    'for (;;) console.error("again")',
    'const again = () => process.nextTick(again); for (;;) again();',
  ])('crashes its node, with the place and what it was told: %s', (loop) => {
    const path = programOf({ 'main.js': looping(loop) });
    const { answers, crashes } = talk(path, [
      [1, 'n0', { type: 'ask' }],
      [2, 'n0', { type: 'wonder' }],
      [3, 'n0', { type: 'late' }],
    ]);
    expect(answers).toHaveLength(1);
    expect(crashes[0]?.node).toBe('n0');
    expect(crashes[0]?.message).toMatch(
      /a loop without an end: .*\(main\.js:5:\d+\); it was last told .*"wonder"/,
    );
  });
});
