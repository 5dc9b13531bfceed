// A set of values: its state is the list of its members in order.
import { compareValues, keyOf } from '../../../history/value.js';
import { type Action, type Model, UnknownActionError } from '../model.js';
import type { SetAction } from '../set-action.js';

const known = ['add', 'remove', 'contains', 'read'];

/** `add` and `remove` may return whether they changed the set; `read` returns a list. */
export const set: Model<readonly unknown[]> = {
  name: 'set',
  about: 'A set: add, remove, contains, and read of all members.',
  init: [],
  step: stepSet,
  observes: ({ f }) => f === 'read' || f === 'contains',
  set: setAction,
};

/** A member is a register of false and true. */
function setAction(action: Action): SetAction {
  const { f, input: member, output, known: told } = action;
  if (!known.includes(f)) throw new UnknownActionError('set', known, action);
  const answer = told ? output : undefined;
  if (f === 'read') {
    if (answer === undefined) return { kind: 'nothing' };
    return Array.isArray(answer) ? { kind: 'all', members: answer } : { kind: 'never' };
  }
  if (f === 'contains') {
    if (answer === undefined) return { kind: 'nothing' };
    if (typeof answer !== 'boolean') return { kind: 'never' };
    return { kind: 'member', member, action: { kind: 'read', value: answer } };
  }
  const after = f === 'add';
  const changes = typeof answer === 'boolean' && typeof member !== 'boolean' ? answer : undefined;
  if (changes === undefined)
    return { kind: 'member', member, action: { kind: 'write', value: after } };
  if (!changes) return { kind: 'member', member, action: { kind: 'read', value: after } };
  return { kind: 'member', member, action: { kind: 'cas', from: !after, to: after } };
}

function stepSet(members: readonly unknown[], action: Action): readonly unknown[] | undefined {
  const { f, input, output } = action;
  if (!known.includes(f)) throw new UnknownActionError('set', known, action);
  if (f === 'read') return readOf(members, output);
  const place = placeOf(members, input);
  const present = place < members.length && compareValues(members[place], input) === 0;
  if (f === 'contains') return output === undefined || output === present ? members : undefined;
  const changes = f === 'add' ? !present : present;
  if (typeof output === 'boolean' && typeof input !== 'boolean' && output !== changes) {
    return undefined;
  }
  if (!changes) return members;
  return f === 'add' ? members.toSpliced(place, 0, input) : members.toSpliced(place, 1);
}

function readOf(members: readonly unknown[], output: unknown): readonly unknown[] | undefined {
  if (output === undefined) return members;
  if (!Array.isArray(output) || output.length !== members.length) return undefined;
  const read = output.toSorted(compareValues);
  return members.every((member, at) => Object.is(keyOf(member), keyOf(read[at])))
    ? members
    : undefined;
}

/** Where a value is or belongs. */
function placeOf(members: readonly unknown[], value: unknown): number {
  let [low, high] = [0, members.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compareValues(members[middle], value) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
