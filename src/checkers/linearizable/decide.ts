// Which search a part is given. Nobody chooses: what the operations are decides.
import { Automaton } from './automaton.js';
import type { Bounds, Searched } from './bounds.js';
import { decideCounter } from './counter-decision.js';
import { searchGenerally } from './general-search.js';
import { decideList } from './list-growth.js';
import type { Model } from './model.js';
import { decideByPairs } from './queue-pairs.js';
import { searchQueue } from './queue-search.js';
import { decideRegister } from './register-decision.js';
import { type RegisterPart, registerPartOf } from './register-part.js';
import { decideByMembers } from './set-members.js';
import type { Part } from './timeline.js';

/** Searches a part within bounds; `known`: what it is to a register, where somebody knows that. */
export function decidePart(
  part: Part,
  model: Model,
  bounds: Bounds,
  known?: RegisterPart,
): Searched {
  const registers = known ?? registerPartOf(part, model);
  if (registers !== undefined) return decideRegister(registers, bounds);
  const set = decideByMembers(part, model, bounds);
  if (set !== undefined) return set;
  const outcome = decideList(part, model) ?? decideByPairs(part, model);
  if (outcome !== undefined) return { outcome, configurations: 0 };
  const queue = searchQueue(part, model, bounds);
  if (queue !== undefined) return queue;
  const counter = decideCounter(part, model, bounds);
  if (counter !== undefined) return counter;
  return searchGenerally(part, new Automaton(model, part.operations), bounds);
}
