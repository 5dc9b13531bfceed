// The schema that comes with the package accepts what zod accepts, and nothing else: a file that
// conforms is run without asking zod.
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as z from 'zod/mini';
import { rootFields } from '../../src/scenario/accept.js';
import { conforms, type JsonSchema } from '../../src/scenario/form.js';
import { scenarioJsonSchema } from '../../src/scenario/json-schema.js';
import { scenarioSchema } from '../../src/scenario/schema.js';
import { scenarios, spoiltScenario } from './changes.js';

const root = resolve(import.meta.dirname, '../..');
const shipped = JSON.parse(readFileSync(join(root, 'scenario.schema.json'), 'utf8')) as JsonSchema;

describe('the schema that comes with the package', () => {
  it('is what `stormglass schema` prints', () => {
    expect(shipped).toEqual(JSON.parse(JSON.stringify(scenarioJsonSchema())));
  });

  it('knows the fields that code knows', () => {
    expect(new Set(Object.keys(shipped.properties as object))).toEqual(rootFields);
  });

  it.each(scenarios)('accepts %s', (_name, scenario) => {
    expect(conforms(scenario, shipped)).toBe(true);
  });

  it('accepts what zod accepts and nothing else', () => {
    fc.assert(
      fc.property(spoiltScenario, (value) => {
        expect(conforms(value, shipped)).toBe(z.safeParse(scenarioSchema, value).success);
      }),
      { seed: 20_261_121, numRuns: 20_000 },
    );
  });

  it('does not accept what it does not understand', () => {
    expect(conforms(1, { type: 'number', multipleOf: 1 })).toBe(false);
    expect(conforms('x', { format: 'hostname' })).toBe(false);
  });
});
