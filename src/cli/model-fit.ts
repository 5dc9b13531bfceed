// Whether a history does what its model knows: if not, the place of the first operation that does
// not, before any search begins.
import type { CheckerOptions } from '../checkers/checker.js';
import { models } from '../checkers/linearizable/models/index.js';
import { misfitOf } from './misfit.js';
import { errorAt, type Recorded } from './recorded.js';

/** Throws a UsageError at the first operation that the model does not know. O(n). */
export async function assertFits(
  { source, recording }: Recorded,
  options: CheckerOptions,
): Promise<void> {
  const model = models.get(String(options.model));
  if (model === undefined) return;
  const keyed = options.keyed === true || model.keyed === true;
  for (const op of recording.history.ops) {
    if (op.process === 'nemesis' || op.type !== 'invoke') continue;
    const misfit = misfitOf(op, model, keyed);
    if (misfit !== undefined) throw await errorAt(source, recording.placeOf(op.index), misfit);
  }
}
