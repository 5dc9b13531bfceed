// docs/stepper.md has every key, and says of each what the help says.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { keyGroups, keyTable } from '../../src/tui/keys.js';

const code = (text: string): string => `\`${text}\``;

it('has the table of keys that the program has', () => {
  const rows = keyGroups.flatMap(({ about, bindings }) => [
    `| **${about}** | |`,
    ...bindings.map((entry) => {
      const keys = entry.shown === '`' ? '`` ` ``' : code(entry.shown.replaceAll('|', '\\|'));
      return `| ${keys} | ${entry.about.replaceAll('|', '\\|')} |`;
    }),
  ]);
  const text = readFileSync('docs/stepper.md', 'utf8');
  const table = /\|---\|---\|\n((?:\|.*\n)*)<!-- \/keys -->/.exec(text)?.[1];
  expect(table?.trim().split('\n')).toEqual(rows);
});

it('has no key twice', () => {
  const keys = keyGroups.flatMap(({ bindings }) => bindings.flatMap((entry) => entry.keys));
  expect(keys).toHaveLength(keyTable.size);
});
