// Every rule that tidy enforces, in the order in which a reader meets them.
import { determinismRule } from './determinism.js';
import { deadExportRule } from './exports.js';
import { cycleRule, importRule } from './imports.js';
import {
  canaryRule,
  fixtureRule,
  registrationRule,
  scenarioRule,
  shownRule,
  testedRule,
} from './plugins.js';
import type { Finding, Rule } from './project.js';
import {
  defaultExportRule,
  leftoverRule,
  lengthRule,
  nameRule,
  nonNullRule,
  openingRule,
} from './shape.js';
import { snippetRule } from './snippets.js';

export const rules: readonly Rule[] = [
  importRule,
  cycleRule,
  deadExportRule,
  determinismRule,
  lengthRule,
  openingRule,
  nameRule,
  defaultExportRule,
  nonNullRule,
  leftoverRule,
  registrationRule,
  testedRule,
  shownRule,
  scenarioRule,
  fixtureRule,
  canaryRule,
  snippetRule,
];

/** `path:line: rule: what to do instead`, one a line. */
export function format(findings: readonly Finding[]): string {
  return findings
    .map(({ path, line, rule, advice }) => `${path}:${line}: ${rule}: ${advice}`)
    .join('\n');
}
