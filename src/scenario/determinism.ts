// Proof that a run depends on its seed alone. Two worlds take the same events side by side; clocks
// and chance of the world outside answer each of them differently, and in the second every handler
// runs twice. Whatever differs names the first event at which it shows. What needs another process
// is the edge's part: see cli/determinism.ts. Sources: DSLabs' --checks (Michael et al. 2019),
// TigerBeetle's VOPR.
import { firstDifference } from '../kernel/difference.js';
import { equal } from '../kernel/plain.js';
import { createWorld } from '../sim/create.js';
import { digestState, inspect } from '../sim/inspect.js';
import { step } from '../sim/loop.js';
import type { Step } from '../sim/step.js';
import { DeterminismError } from '../sim/strict.js';
import type { World } from '../sim/world.js';
import {
  type Divergence,
  divergenceAt,
  handlerOf,
  namedPath,
  stepDifference,
} from './divergence.js';
import { type Poison, poisoned } from './poison.js';
import { resolve } from './resolve.js';
import type { Scenario } from './scenario.js';

/** Two worlds that should never differ. */
interface Lockstep {
  readonly scenario: Scenario;
  readonly seed: string;
  readonly left: Side;
  readonly right: Side;
}

/** A world and the last thing that happened in it. */
interface Side {
  readonly world: World;
  step: Step | undefined;
}

/** How far the worlds went without a difference, or where they differ. */
interface Agreement {
  readonly divergence: Divergence | undefined;
  /** False when there is nothing more to compare. */
  readonly more: boolean;
}

/** Two worlds before their first event. */
export function lockstep(scenario: Scenario, seed: string, strict = true): Lockstep {
  return {
    scenario,
    seed,
    left: sideOf(scenario, seed, false),
    right: sideOf(scenario, seed, strict),
  };
}

function sideOf(scenario: Scenario, seed: string, strict: boolean): Side {
  const side: Side = {
    world: createWorld(resolve(scenario, { seed, edits: [], strict })),
    step: undefined,
  };
  side.world.observer = (told) => {
    side.step = told;
  };
  return side;
}

/** Takes up to `count` events in both worlds. Globals are poisoned meanwhile. */
export function compare(pair: Lockstep, count: number): Agreement {
  return poisoned((poison) => {
    for (let i = 0; i < count; i++) {
      const { divergence, more } = compareNext(pair, poison);
      if (divergence !== undefined || !more) return { divergence, more: false };
    }
    return { divergence: undefined, more: true };
  });
}

function compareNext({ scenario, seed, left, right }: Lockstep, poison: Poison): Agreement {
  poison.choose(0);
  const moreLeft = advance(left);
  const deferred = poison.deferred();
  poison.choose(1);
  let moreRight: boolean;
  try {
    moreRight = advance(right);
  } catch (error) {
    if (!(error instanceof DeterminismError)) throw error;
    return { divergence: betterNamed(error, { scenario, seed, left }), more: false };
  }
  poison.deferred();
  const { step: a } = left;
  const { step: b } = right;
  if (deferred !== undefined && a !== undefined) {
    const difference = { path: `${deferred} was called`, left: undefined, right: undefined };
    return { divergence: divergenceAt('side by side', a, difference), more: false };
  }
  if (a === undefined || b === undefined) return { divergence: undefined, more: false };
  return { divergence: differing(left, right, a, b), more: moreLeft && moreRight };
}

/** Takes one event; `side.step` is what happened, or nothing. */
function advance(side: Side): boolean {
  side.step = undefined;
  return step(side.world);
}

function differing(left: Side, right: Side, a: Step, b: Step): Divergence | undefined {
  if (a.crash !== b.crash) {
    return divergenceAt('side by side', a, { path: 'crash', left: a.crash, right: b.crash });
  }
  const node = 'node' in a.happening ? a.happening.node : undefined;
  if (node !== undefined && digestState(left.world, node) !== digestState(right.world, node)) {
    const views = [left, right].map(({ world }) => inspect(world, node)?.state);
    const difference = firstDifference(views[0], views[1], 'state');
    if (difference !== undefined) return divergenceAt('side by side', a, difference);
  }
  if (a.digest === b.digest && equal(a, b)) return undefined;
  const difference = stepDifference(a, b);
  return difference && divergenceAt('side by side', a, difference);
}

/**
 * Strict mode has found something in the second world. Two plain worlds may show it at the same
 * event in words that say more; if not, its own will do.
 */
function betterNamed(
  error: DeterminismError,
  { scenario, seed, left }: Pick<Lockstep, 'scenario' | 'seed' | 'left'>,
): Divergence {
  const plain = lockstep(scenario, seed, false);
  const { divergence } = compareQuietly(plain, error.event + 1);
  if (divergence !== undefined && divergence.index <= error.event) return divergence;
  return strictDivergence(error, left.step);
}

function compareQuietly(pair: Lockstep, count: number): Agreement {
  // The globals are poisoned already, so a second layer on top of the first does no harm.
  return compare(pair, count);
}

/** What strict mode found, as a divergence; `told` is what happened at that event elsewhere. */
export function strictDivergence(error: DeterminismError, told?: Step): Divergence {
  const { event: index, atUs, node, difference } = error;
  const { path, left, right } = difference;
  const handler = told === undefined ? error.handler : handlerOf(told.happening);
  const label = namedPath(path, told?.effects ?? []);
  return { found: 'run twice', index, atUs, node, handler, label, left, right };
}
