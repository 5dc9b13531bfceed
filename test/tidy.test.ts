// Holds the project to its style guide and its layers. Each failure reads `path:line: rule: what to
// do instead`; the rules are in test/tidy, and their own tests in tidy-rules.test.ts.
import { describe, expect, it } from 'vitest';
import { readProject } from './tidy/project.js';
import { format, rules } from './tidy/rules.js';

describe('tidy', () => {
  const project = readProject(process.cwd());

  for (const rule of rules) {
    it(`${rule.name}: ${rule.claim}`, () => {
      expect(format(rule.check(project))).toBe('');
    });
  }
});
