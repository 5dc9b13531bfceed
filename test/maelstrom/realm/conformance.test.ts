// Programs do in a realm what they do on Node: fixtures/nodes/conformance/expected holds what they
// must print and how they end, with the lines a, b, c and end on their stdin. Recorded from Node
// 20, but for `order`, `async-context` and `typescript`, which are written by hand, and one line of
// `console` that shows what only a host with hooks prints.
import { cpSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { runAlone } from './alone.js';
import { ownFolder } from './programs.js';

const source = fileURLToPath(new URL('../../../fixtures/nodes/conformance', import.meta.url));
const lines = ['a', 'b', 'c', 'end'];

const root = ownFolder();
cpSync(source, root, { recursive: true });
renameSync(join(root, 'modules/packages'), join(root, 'modules/node_modules'));

const names = [
  ...readdirSync(root).filter((name) => /\.[cm]?[jt]s$/.test(name) && !/-part/.test(name)),
  'modules/main.js',
];

describe('a program in a realm', () => {
  it.each(names)('does what it does in Node: %s', (name) => {
    const { stdout, ending } = runAlone(join(root, name), { lines });
    const expected = join(source, 'expected', `${name.replace('/', '-')}.txt`);
    const text = `${stdout}exit ${ending?.code}\n`;
    expect(text, ending?.error?.stack).toBe(readFileSync(expected, 'utf8'));
  });
});
