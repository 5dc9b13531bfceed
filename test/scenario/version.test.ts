// The package's version is said twice: here it is held together.
import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { packageVersion } from '../../src/scenario/version.js';

it('is that of package.json', () => {
  const path = new URL('../../package.json', import.meta.url);
  const { version } = JSON.parse(readFileSync(path, 'utf8')) as { version: string };
  expect(packageVersion).toBe(version);
});
