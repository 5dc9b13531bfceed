// All searches that can judge a small history, by name, and the first history on which one of them
// and brute force disagree. The modules are passed in, so that mutants can be judged too.
import * as automatons from '../../../src/checkers/linearizable/automaton.js';
import type { Bounds } from '../../../src/checkers/linearizable/bounds.js';
import * as chains from '../../../src/checkers/linearizable/chains.js';
import * as counterLayers from '../../../src/checkers/linearizable/counter-layers.js';
import * as counterParts from '../../../src/checkers/linearizable/counter-part.js';
import * as counters from '../../../src/checkers/linearizable/counter-search.js';
import * as decide from '../../../src/checkers/linearizable/decide.js';
import * as general from '../../../src/checkers/linearizable/general-search.js';
import * as layers from '../../../src/checkers/linearizable/layered-search.js';
import type { Model } from '../../../src/checkers/linearizable/model.js';
import * as registry from '../../../src/checkers/linearizable/models/index.js';
import type { Operation } from '../../../src/checkers/linearizable/operation.js';
import * as refutations from '../../../src/checkers/linearizable/refutations.js';
import * as registerDecision from '../../../src/checkers/linearizable/register-decision.js';
import type { RegisterPart } from '../../../src/checkers/linearizable/register-part.js';
import * as registerParts from '../../../src/checkers/linearizable/register-part.js';
import * as register from '../../../src/checkers/linearizable/register-search.js';
import type { Part } from '../../../src/checkers/linearizable/timeline.js';
import * as timelines from '../../../src/checkers/linearizable/timeline.js';
import * as windows from '../../../src/checkers/linearizable/windows.js';
import { isLinearizable } from './brute-force.js';
import { randomOperations, recipeOf } from './random-operations.js';
import type { Spec } from './specs.js';

/** What judges a history. */
export type Judges = typeof automatons &
  typeof chains &
  typeof counterLayers &
  typeof counterParts &
  typeof counters &
  typeof decide &
  typeof general &
  typeof layers &
  typeof refutations &
  typeof registerDecision &
  typeof registry &
  typeof registerParts &
  typeof register &
  typeof timelines &
  typeof windows;

/** The modules as they are. */
export const ours: Judges = {
  ...{ ...automatons, ...chains, ...decide, ...general },
  ...{ ...counterLayers, ...counterParts, ...counters },
  ...{ ...registry, ...registerParts, ...register, ...timelines },
  ...{ ...layers, ...refutations, ...registerDecision, ...windows },
};

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
  const { name, about, init, step } = model;
  const plain = { name, about, init, step, ...(model.clients && { clients: true }) };
  verdicts.plain = judges.decidePart(part, plain, smallBounds).outcome.verdict;
  Object.assign(verdicts, counterVerdictsOf(judges, part, model));
  const registers = judges.registerPartOf(part, model);
  if (registers === undefined) return verdicts;
  verdicts.register = judges.searchRegister(registers, smallBounds).outcome.verdict;
  verdicts.narrow = judges.searchByLayers(registers, smallBounds).outcome.verdict;
  verdicts.layers = layersVerdict(judges, registers, Number.POSITIVE_INFINITY);
  if (layersVerdict(judges, registers, 1) === 'invalid') verdicts.narrowest = 'invalid';
  if (isRefuted(judges, registers)) verdicts.refuted = 'invalid';
  const chains = judges.decideByChains(registers);
  return chains === undefined ? verdicts : { ...verdicts, chains: chains.verdict };
}

/** Of a counter, the verdict without limits, stopped again and again; and if a stretch is bad. */
function counterVerdictsOf(judges: Judges, part: Part, model: Model) {
  const given = judges.counterPartOf(part, model);
  if (given === undefined || 'verdict' in given) return {};
  const end = part.events.length;
  const none = new Float64Array(end + 1).fill(Number.POSITIVE_INFINITY);
  const limits = { sums: none, unknown: none };
  const search = new judges.CounterSearch(given, limits, { from: 0, end });
  const tried: { layers?: string } = {};
  let counted = 'unknown';
  for (let few = 1; counted === 'unknown' && few < smallBounds.configurationsMax; few++) {
    counted = search.run({ ...smallBounds, configurationsMax: few / 32 }).outcome.verdict;
  }
  if (judges.tryLayers(given, limits, 1 + (end % 3), smallBounds).valid) tried.layers = 'valid';
  for (let from = 0; from < end; from++) {
    const stretch = new judges.CounterSearch(given, limits, { from, end: end - (from % 3) });
    if (stretch.run(smallBounds).outcome.verdict === 'invalid') {
      return { ...tried, counted, stretched: 'invalid' };
    }
  }
  return { ...tried, counted };
}

/** The verdict of layers of some width; where they are cut, dead ends say nothing. */
function layersVerdict(judges: Judges, registers: RegisterPart, widthMax: number): string {
  const search = new judges.LayeredSearch(registers, smallBounds);
  const { verdict, complete } = search.start(judges.wholeOf(registers), widthMax);
  return verdict === 'dead' && complete ? 'invalid' : verdict;
}

/** Whether forgetting things proves that there is no order. */
function isRefuted(judges: Judges, registers: RegisterPart): boolean {
  const { events } = registers.part;
  const refutations = new judges.Refutations(registers, smallBounds);
  return events.some((event, rank) => (event & 1) === 1 && refutations.refute(rank, 10_000) >= 0);
}

/** What came of a comparison with brute force. */
interface Comparison {
  /** The first disagreement. */
  readonly mistake: string | undefined;
  readonly valid: number;
}

/** Compares on `runs` random histories from a seed on, until the first disagreement. */
export function compare(judges: Judges, spec: Spec, runs: number, first = 1): Comparison {
  let valid = 0;
  for (let seed = first; seed < first + runs; seed++) {
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

/** Compares with the general search, on longer histories than brute force can judge. */
export function compareLonger(
  judges: Judges,
  spec: Spec,
  runs: number,
  first = 1,
): string | undefined {
  for (let seed = first; seed < first + runs; seed++) {
    const recipe = recipeOf(seed, 40);
    const crashes = [5, 20, 40][seed % 3] as number;
    const operations = randomOperations(spec, { ...recipe, crashes, clients: recipe.clients + 3 });
    const verdicts = Object.entries(verdictsOf(judges, spec, operations));
    const [, expected] = verdicts.find(([name]) => name === 'general') ?? [];
    const wrong = verdicts.find(
      ([, verdict]) => ![verdict, expected].includes('unknown') && verdict !== expected,
    );
    if (wrong !== undefined) return `seed ${seed}: ${wrong[0]} says ${wrong[1]}, not ${expected}`;
  }
  return undefined;
}
