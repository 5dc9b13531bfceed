// Which search a part is given. Nobody chooses: what the operations are decides.
import { Automaton } from './automaton.js';
import type { Bounds, Searched } from './bounds.js';
import { decideByChains } from './chains.js';
import { searchGenerally } from './general-search.js';
import { impossibleAnswer } from './impossible.js';
import type { Model } from './model.js';
import { registerPartOf } from './register-part.js';
import { searchRegister } from './register-search.js';
import type { Part } from './timeline.js';

/** Searches a part within bounds. */
export function decidePart(part: Part, model: Model, bounds: Bounds): Searched {
  const registers = registerPartOf(part, model);
  if (registers === undefined) {
    return searchGenerally(part, new Automaton(model, part.operations), bounds);
  }
  const outcome = decideByChains(registers);
  if (outcome !== undefined) return { outcome, configurations: 0 };
  const stuck = impossibleAnswer(registers);
  if (stuck < 0) return searchRegister(registers, bounds);
  return { outcome: { verdict: 'invalid', stuck }, configurations: 0 };
}
