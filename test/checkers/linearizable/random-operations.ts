// Small random histories of an object: clients that overlap, crash, and are sometimes lied to.
import { never, type Operation } from '../../../src/checkers/linearizable/operation.js';
import { Chance } from './chance.js';
import type { Choose, Spec } from './specs.js';

/** What a random history is like. */
export interface Recipe {
  readonly seed: number;
  readonly operations: number;
  readonly clients: number;
  /** Values to choose from; 0: every value is fresh. */
  readonly domain: number;
  /** How many of 100 operations have an unknown outcome. */
  readonly crashes: number;
  /** How many outputs are falsified. */
  readonly lies: number;
}

/** A recipe for a seed: every combination of sizes, crashes and lies comes up. */
export function recipeOf(seed: number, operationsMax: number): Recipe {
  const chance = new Chance(Math.imul(seed, 0x9e3779b1));
  return {
    seed,
    operations: 2 + chance.below(operationsMax - 1),
    clients: 2 + chance.below(4),
    domain: [0, 2, 3, 4][chance.below(4)] as number,
    crashes: [0, 0, 10, 30][chance.below(4)] as number,
    lies: [0, 1, 2, 3][chance.below(4)] as number,
  };
}

interface Running {
  readonly client: number;
  readonly f: string;
  readonly input: unknown;
  readonly call: number;
  readonly crashed: boolean;
  applied: boolean;
  output: unknown;
}

/** A history that the object could have produced, before the lies. */
export function randomOperations(spec: Spec, recipe: Recipe): readonly Operation[] {
  const chance = new Chance(recipe.seed);
  const choose = chooser(chance, recipe.domain);
  const done: Operation[] = [];
  const clients: (Running | undefined)[] = Array(recipe.clients).fill(undefined);
  const numbers = clients.map((_, at) => at);
  let [state, invoked, now, next] = [spec.init, 0, 0, recipe.clients];
  const eagerness = 1 + chance.below(4);
  while (invoked < recipe.operations || clients.some((running) => running !== undefined)) {
    const at = chance.below(clients.length);
    const running = clients[at];
    now++;
    if (running === undefined) {
      if (invoked === recipe.operations || chance.below(eagerness) > 1) continue;
      const [f, input] = spec.menu[chance.below(spec.menu.length)] as Spec['menu'][number];
      invoked++;
      clients[at] = {
        ...{ client: numbers[at] as number, f, input: input(choose), call: now },
        ...{ crashed: chance.below(100) < recipe.crashes, applied: false, output: undefined },
      };
    } else if (!running.applied && !(running.crashed && chance.below(2) === 0)) {
      [running.output, state] = spec.apply(state, running.f, running.input, running.client);
      running.applied = true;
    } else {
      done.push(recorded(running, now));
      clients[at] = undefined;
      if (running.crashed) numbers[at] = next++;
    }
  }
  return falsified(done, recipe.lies, chance);
}

function chooser(chance: Chance, domain: number): Choose {
  let fresh = 0;
  return {
    below: (bound) => chance.below(bound),
    value: () => (domain === 0 ? ++fresh : chance.below(domain)),
    seen: () => (domain === 0 ? chance.below(fresh + 1) : chance.below(domain)),
  };
}

function recorded({ client, f, input, call, crashed, output }: Running, now: number): Operation {
  return {
    client,
    f,
    input,
    output: crashed ? undefined : output,
    call,
    return: crashed ? never : now,
  };
}

/** Gives some operations the output of another one of their kind, or one that nobody had. */
function falsified(
  operations: readonly Operation[],
  lies: number,
  chance: Chance,
): readonly Operation[] {
  const result = [...operations];
  const told = operations.flatMap(({ output }, at) => (output === undefined ? [] : [at]));
  for (let lie = 0; lie < lies && told.length > 0; lie++) {
    const at = told[chance.below(told.length)] as number;
    const victim = result[at] as Operation;
    const others = operations.filter(
      ({ f, output }) =>
        f === victim.f && output !== undefined && String(output) !== String(victim.output),
    );
    const other = others[chance.below(others.length + 1)];
    result[at] = { ...victim, output: other === undefined ? lied(victim.output) : other.output };
  }
  return result;
}

function lied(output: unknown): unknown {
  if (typeof output === 'boolean') return !output;
  if (typeof output === 'number') return output + 1;
  if (Array.isArray(output)) return output.length > 0 ? output.slice(1) : [1];
  return typeof output === 'string' ? output.slice(2) : 1;
}
