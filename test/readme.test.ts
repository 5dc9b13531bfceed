// What the README shows is what a reader gets.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const read = (path: string): string => readFileSync(new URL(`../${path}`, import.meta.url), 'utf8');

it('shows the digest of the first failing scenario as it is today', () => {
  const golden = JSON.parse(read('fixtures/traces/golden.json')) as Record<
    string,
    { digest: string; events: number }
  >;
  const { digest, events } = golden['broadcast-no-retry.yaml'] ?? { digest: '?', events: 0 };
  expect(read('README.md')).toContain(`${events} events in 8 s of virtual time, digest ${digest}`);
});

it('shows the first failing scenario whole', () => {
  const withoutComments = read('scenarios/broadcast-no-retry.yaml')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .join('\n');
  expect(read('README.md')).toContain(withoutComments);
});
