// Golden digests: every shipped scenario, with its own seed, ends in the digest, after the number
// of events and with the verdict that fixtures/traces/golden.json says, on every machine and every
// Node. `UPDATE_GOLDEN=1 vitest run test/golden.test.ts` writes the file anew; whoever does that
// has made another engine version and says why in the commit and in CHANGELOG.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadScenario } from '../src/files/scenario-file.js';
import { simulate } from '../src/scenario/simulate.js';

/** What a run comes to. */
interface Golden {
  readonly digest: string;
  readonly events: number;
  readonly valid: boolean | 'unknown';
}

const path = 'fixtures/traces/golden.json';
const updates = process.env.UPDATE_GOLDEN === '1';

const names = readdirSync('scenarios')
  .filter((name) => name.endsWith('.yaml'))
  .toSorted((a, b) => (a < b ? -1 : 1));

async function run(name: string): Promise<Golden> {
  const { digest, result, assessment } = simulate(await loadScenario(`scenarios/${name}`));
  return { digest, events: result.events, valid: assessment.valid };
}

if (updates) {
  const golden: Record<string, Golden> = {};
  for (const name of names) golden[name] = await run(name);
  writeFileSync(path, `${JSON.stringify(golden, null, 2)}\n`);
}

const golden = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, Golden>>;

describe('golden digests', () => {
  it.each(names)('%s ends as it always has', async (name) => {
    expect(await run(name)).toEqual(golden[name]);
  });

  it('name no scenario that there is not', () => {
    expect(Object.keys(golden)).toEqual(names);
  });
});
