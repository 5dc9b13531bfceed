// Every mistake that `seeding/naive` can make has a scenario that makes it, and says who objects.
import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { naive } from '../../../src/protocols/seeding/naive.js';
import { properties } from '../../../src/protocols/seeding/properties/properties.js';
import { mistakes, sound } from '../../../src/protocols/seeding/rules.js';

const texts = readdirSync('scenarios')
  .filter((name) => name.startsWith('seeding'))
  .map((name) => readFileSync(`scenarios/${name}`, 'utf8'));

describe('seeding/naive', () => {
  it.each([...mistakes])('makes the mistake %s, which is one', (_, mistake) => {
    for (const [rule, way] of Object.entries(mistake)) {
      expect(sound[rule as keyof typeof sound]).not.toBe(way);
    }
  });

  it.each([...mistakes.keys()])('has a scenario that shows %s', (mistake) => {
    const shown = texts.filter((text) => new RegExp(`mistake: ${mistake}(?![\\w-])`).test(text));
    expect(shown.filter((text) => /^expect: \{ object/m.test(text))).not.toEqual([]);
  });

  it('makes no mistake that has no name', () => {
    expect(naive.problem?.({ ...naive.options, mistake: 'sloth' })?.option).toBe('mistake');
  });

  it('has the properties of the sound one, each under a name of its own', () => {
    expect(new Set(properties.map(({ name }) => name)).size).toBe(properties.length);
    expect(naive.properties).toBe(properties);
  });
});
