// The mutants of fixtures/mutants/checkers.json: one small mistake in a checker each.
import { readFileSync } from 'node:fs';

export interface Mutant {
  readonly checker: string;
  readonly about: string;
  /** Where `find` stands, once, and what stands there instead. */
  readonly file: string;
  readonly find: string;
  readonly replace: string;
}

const path = new URL('../../fixtures/mutants/checkers.json', import.meta.url);

export const { mutants } = JSON.parse(readFileSync(path, 'utf8')) as {
  readonly mutants: readonly Mutant[];
};
