// What is asked of a register, in turn: whether chains of values tell; whether some answer is
// plainly impossible; a depth-first search, which finds what is easy to find; and where that gets
// lost, layers that are narrow at first, with proofs of the contrary in between.
import type { Bounds, Searched } from './bounds.js';
import { decideByChains } from './chains.js';
import { impossibleAnswer } from './impossible.js';
import { LayeredSearch } from './layered-search.js';
import { Refutations } from './refutations.js';
import { classesOf } from './register-classes.js';
import { type RegisterPart, registerPart } from './register-part.js';
import { searchRegister } from './register-search.js';
import { wholeOf } from './windows.js';

/** Configurations of a layer at first, and at most where the search goes back. */
const narrow = 2;
const wideMax = 2 ** 16;

/** Decides a register within bounds. */
export function decideRegister(given: RegisterPart, bounds: Bounds): Searched {
  const outcome = decideByChains(given);
  if (outcome !== undefined) return { outcome, configurations: 0 };
  const { part, values, plenty } = given;
  const registers = registerPart(part, given, values, { plenty, classes: classesOf(given) });
  const clue = impossibleAnswer(registers);
  if (clue !== undefined) return { outcome: { verdict: 'invalid', ...clue }, configurations: 0 };
  const quick = searchRegister(registers, bounds, { frugal: true });
  if (quick.outcome.verdict !== 'unknown') return quick;
  const left = bounds.configurationsMax - quick.configurations;
  if (left <= 0) return quick;
  const thorough = searchByLayers(registers, { ...bounds, configurationsMax: left });
  return { ...thorough, configurations: quick.configurations + thorough.configurations };
}

/** Layers, and where they end, proofs; then the same again with more of both. */
export function searchByLayers(registers: RegisterPart, bounds: Bounds): Searched {
  const search = new LayeredSearch(registers, bounds);
  const refutations = new Refutations(registers, bounds);
  let found = search.start(wholeOf(registers), narrow, true);
  let [deepest, steps, wide] = [0, 1, narrow];
  for (;;) {
    const configurations = search.configurations + refutations.configurations;
    if (found.verdict === 'valid') return { outcome: { verdict: 'valid' }, configurations };
    const { reached } = found;
    if (found.verdict === 'dead' && found.complete) {
      return { outcome: { verdict: 'invalid', stuck: reached }, configurations };
    }
    if (found.verdict === 'unknown' || configurations > bounds.configurationsMax) {
      const bound = configurations > bounds.configurationsMax ? 'configurationsMax' : 'bytesMax';
      return {
        outcome: { verdict: 'unknown', reached: Math.max(reached, deepest), bound },
        configurations,
      };
    }
    if (reached > deepest) [deepest, steps, wide] = [reached, 1, narrow];
    const stuck = refutations.refute(reached, 100 * wide);
    if (stuck >= 0) return { outcome: { verdict: 'invalid', stuck }, configurations };
    steps *= 2;
    wide = Math.min(4 * wide, wideMax);
    found = search.retry(steps, narrow, wide);
  }
}
