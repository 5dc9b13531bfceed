// The corpus of bugs, fixtures/mutants/protocols/: each stands where it says, once, and compiles;
// some that are easy to find are found here, and nothing in the correct protocol. How soon each is
// found is what `npm run bench:hunt` measures.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import type { AnyProperty } from '../../src/node/property.js';
import type { AnyProtocol } from '../../src/node/protocol.js';
import { scenarioOf } from '../../src/scenario/from-code.js';
import { simulate } from '../../src/scenario/simulate.js';
import {
  correctIn,
  equivalents,
  huntedIn,
  type Mutant,
  mutants,
  objections,
  occurrences,
} from '../support/mutants.js';

const all = [...mutants(), ...equivalents()];

describe('the corpus of bugs', () => {
  it('has at least sixty mutants, over all families', () => {
    expect(mutants().length).toBeGreaterThanOrEqual(60);
    const families = new Set(mutants().map(({ family }) => family));
    expect([...families]).toEqual(expect.arrayContaining(['raft', 'broadcast', 'crdts', 'ids']));
  });

  it('names each of them once', () => {
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
  });

  it.each(all)('$family/$name stands in its file once', (mutant) => {
    expect(occurrences(mutant)).toBe(1);
    expect(mutant.replace).not.toBe(mutant.find);
  });

  it.each(all)('$family/$name compiles', ({ file, find, replace }) => {
    const text = readFileSync(file, 'utf8').replace(find, () => replace);
    const { diagnostics } = ts.transpileModule(text, {
      reportDiagnostics: true,
      compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
    });
    expect(diagnostics?.map(({ messageText }) => messageText)).toEqual([]);
  });
});

/** Found within a few runs, whatever the base seed; one or two of each family. */
const easy = [
  'vote-not-persisted',
  'commit-by-one',
  'ack-before-sync',
  'empty-snapshot',
  'two-changes-in-flight',
  'read-at-leader',
  'acknowledged-before-sync',
  'no-incarnation',
  'counter-adds-up',
  'dead-never-told',
  'looked-then-wrote',
  'channels-forgotten',
];
const sample = mutants().filter(({ name }) => easy.includes(name));
const runsMax = 8;

/** Those of the objections that are the mutant's. */
function wantedOf({ objects }: Mutant, found: readonly string[]): readonly string[] {
  return found.filter((objection) =>
    objects.some((name) => objection === name || objection.startsWith(`${name}/`)),
  );
}

describe('mutants that are easy to find', () => {
  it('are all there', () => {
    expect(sample).toHaveLength(easy.length);
  });

  it.each(sample)('$family/$name is found, and its original is not', async (mutant) => {
    const [broken, correct] = [scenarioOf(await huntedIn(mutant)), scenarioOf(correctIn(mutant))];
    const found: string[] = [];
    for (let seed = 0; seed < runsMax && found.length === 0; seed++) {
      found.push(...objections(mutant, simulate(broken, seed)));
      expect(objections(mutant, simulate(correct, seed))).toEqual([]);
    }
    const wanted = wantedOf(mutant, found);
    expect(wanted, `within ${runsMax} runs: ${mutant.objects.join(' or ')}`).not.toEqual([]);
  });
});

/** Too rare to be looked for here: a seed at which each is found. */
const rare: ReadonlyMap<string, string> = new Map([
  ['figure-8', 'base-0/9'],
  ['torn-hard-state', 'base-0/22'],
  ['conflict-kept-at-snapshot', 'base-0/33'],
  ['log-chain-ignored', 'base-0/39'],
  ['unprotected-after-restart', 'base-0/124'],
  ['stale-append-reply', 'base-0/179'],
  ['interval-to-another-life', 'base-0/1'],
]);

describe('mutants that are hard to find', () => {
  const chosen = mutants().filter(({ name }) => rare.has(name));

  it.each(chosen)('$family/$name is found at its seed, and its original is not', async (mutant) => {
    const seed = rare.get(mutant.name);
    const found = objections(mutant, simulate(await huntedIn(mutant), seed));
    expect(wantedOf(mutant, found)).not.toEqual([]);
    expect(objections(mutant, simulate(correctIn(mutant), seed))).toEqual([]);
  });
});

describe('properties of Raft that share a view', () => {
  const views = ['vote-not-persisted', 'ack-before-sync', 'two-changes-in-flight', 'figure-8'];

  it.each(mutants().filter(({ name }) => views.includes(name)))(
    'say of $name what they say without it, at the same events',
    async (mutant) => {
      const { protocol, ...scenario } = await huntedIn(mutant);
      const { name, options } = protocol as { name: AnyProtocol; options: object };
      // Each has a view of its own, which shares nothing and never says that all is as it was.
      const properties = name.properties?.map(({ view, ...property }) => {
        const own = view && { view: { ...view, changed: () => true } };
        return { ...property, ...own } as AnyProperty;
      });
      const plain = { ...name, properties };
      for (let seed = 0; seed < 6; seed++) {
        const [own, same] = [name, plain].map((each) =>
          simulate({ ...scenario, protocol: { name: each, options } as never }, seed),
        );
        expect(own?.digest).toBe(same?.digest);
        expect(own?.result.properties).toEqual(same?.result.properties);
      }
    },
  );
});
