// Whether a history does what its model knows: if not, the place of the first operation that does
// not, before any search begins.
import type { CheckerOptions } from '../checkers/checker.js';
import { type Model, UnknownActionError } from '../checkers/linearizable/model.js';
import { models } from '../checkers/linearizable/models/index.js';
import type { Op } from '../history/op.js';
import { showValue } from '../history/value.js';
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

interface Misfit {
  readonly expected: string;
  readonly found: string;
}

function misfitOf(op: Op, model: Model, keyed: boolean): Misfit | undefined {
  const { f, value } = op;
  if (keyed && !(Array.isArray(value) && value.length === 2)) {
    return { expected: 'as its value [key, value]', found: `${f} ${showValue(value)}` };
  }
  const input = keyed ? (value as readonly unknown[])[1] : value;
  const action = { f, input, output: undefined, known: false, client: Number(op.process) };
  try {
    model.step(model.init, action);
    return undefined;
  } catch (error) {
    if (error instanceof UnknownActionError) {
      const known = error.message.replace(/, but a history has .*$/s, '');
      return { expected: `a function that ${known.replace(/^the model/, 'the model')}`, found: f };
    }
    if (error instanceof TypeError) {
      return { expected: error.message, found: `${f} ${showValue(input)}` };
    }
    throw error;
  }
}
