// All searches that can judge a small history, by name, and the first history on which one of them
// and brute force disagree. The modules are passed in, so that mutants can be judged too.
import type * as automatons from '../../../src/checkers/linearizable/automaton.js';
import type { Bounds } from '../../../src/checkers/linearizable/bounds.js';
import type * as chains from '../../../src/checkers/linearizable/chains.js';
import type * as decide from '../../../src/checkers/linearizable/decide.js';
import type * as general from '../../../src/checkers/linearizable/general-search.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import type * as registry from '../../../src/checkers/linearizable/models/index.js';
import type { Operation } from '../../../src/checkers/linearizable/operation.js';
import type * as registerParts from '../../../src/checkers/linearizable/register-part.js';
import type * as register from '../../../src/checkers/linearizable/register-search.js';
import type * as timelines from '../../../src/checkers/linearizable/timeline.js';
import { isLinearizable } from './brute-force.js';
import { randomOperations, recipeOf } from './random-operations.js';
import type { Spec } from './specs.js';

/** What judges a history. */
export type Judges = typeof automatons &
  typeof chains &
  typeof decide &
  typeof general &
  typeof registry &
  typeof registerParts &
  typeof register &
  typeof timelines;

const smallBounds: Bounds = { configurationsMax: 100_000, bytesMax: 2 ** 26 };

/** The model of a spec, with its initial state. */
function modelOf({ models }: Pick<Judges, 'models'>, spec: Spec): Model {
  const model = models.get(spec.model);
  if (model === undefined) throw new Error(`no model ${spec.model}`);
  return { ...model, init: spec.init };
}

/** The verdict of every search that can judge operations of one key. */
function verdictsOf(
  judges: Judges,
  spec: Spec,
  operations: readonly Operation[],
): Readonly<Record<string, string>> {
  const [part] = judges.partsOf(operations);
  if (part === undefined) return {};
  const model = modelOf(judges, spec);
  const automaton = new judges.Automaton(model, part.operations);
  const verdicts: Record<string, string> = {
    decided: judges.decidePart(part, model, smallBounds).outcome.verdict,
    general: judges.searchGenerally(part, automaton, smallBounds).outcome.verdict,
  };
  const registers = judges.registerPartOf(part, model);
  if (registers === undefined) return verdicts;
  verdicts.register = judges.searchRegister(registers, smallBounds).outcome.verdict;
  const chains = judges.decideByChains(registers);
  return chains === undefined ? verdicts : { ...verdicts, chains: chains.verdict };
}

/** What came of a comparison with brute force. */
interface Comparison {
  /** The first disagreement. */
  readonly mistake: string | undefined;
  readonly valid: number;
}

/** Compares on `runs` random histories, until the first disagreement. */
export function compare(judges: Judges, spec: Spec, runs: number): Comparison {
  let valid = 0;
  for (let seed = 1; seed <= runs; seed++) {
    const operations = randomOperations(spec, recipeOf(seed, 8));
    const expected = isLinearizable(spec, operations) ? 'valid' : 'invalid';
    if (expected === 'valid') valid++;
    const verdicts = Object.entries(verdictsOf(judges, spec, operations));
    const wrong = verdicts.find(([, verdict]) => verdict !== expected);
    if (wrong === undefined) continue;
    const mistake = `seed ${seed}: ${wrong[0]} says ${wrong[1]}, but it is ${expected}`;
    return { mistake, valid };
  }
  return { mistake: undefined, valid };
}
