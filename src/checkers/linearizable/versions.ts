// Appends as compare-and-sets. Where every appended token is written once, and values can be read
// as tokens in one way only, a value tells which appends made it and in which order: each then
// takes the value that its predecessor left to its own. A value is named by its last token.
import { Interner } from '../set-full/interner.js';
import { kindOf, type RegisterAction } from './register-action.js';
import { open, type Part } from './timeline.js';
import { ListReader, type Reading, TextReader } from './tokens.js';

interface Target {
  readonly part: Part;
  readonly kinds: Uint8Array;
  readonly from: Int32Array;
  readonly to: Int32Array;
}

/**
 * Writes reads, writes and compare-and-sets of numbered versions to `target`, and returns how many
 * there are; undefined where the tokens do not tell. Appends that nobody saw are blind writes: they
 * can stand wherever the next operation is one.
 */
export function versionsOf(
  actions: readonly RegisterAction[],
  init: unknown,
  target: Target,
): number | undefined {
  const reading = readingOf(actions, init);
  if (reading === undefined) return undefined;
  const count = actions.length;
  /** Versions: 0 is the initial one, at + 1 what operation `at` makes, count + 1 cannot be. */
  const parents = new Int32Array(count + 1).fill(-1);
  const { kinds, from, to, part } = target;
  for (let at = 0; at < count; at++) {
    const action = actions[at] as RegisterAction;
    if (action.kind === 'read') {
      kinds[at] = kindOf.read;
      const version = reading.version(action.value, parents);
      from[at] = version < 0 ? count + 1 : version;
    } else if (action.kind === 'write') {
      kinds[at] = kindOf.write;
      from[at] = at + 1;
    }
  }
  for (let at = 0; at < count; at++) {
    if (actions[at]?.kind !== 'append') continue;
    const parent = parents[at + 1] as number;
    if (parent >= 0) {
      kinds[at] = kindOf.cas;
      from[at] = parent;
      to[at] = at + 1;
    } else if (part.returns[at] !== open) {
      kinds[at] = kindOf.write;
      from[at] = at + 1;
    }
  }
  return count + 2;
}

/** How values are read as tokens; undefined where that is not clear. */
function readingOf(actions: readonly RegisterAction[], init: unknown): Reading | undefined {
  if (actions.some(({ kind }) => kind === 'cas' || kind === 'mismatch')) return undefined;
  if (Array.isArray(init)) {
    return init.length === 0 ? listReader(actions) : undefined;
  }
  if (init !== null && init !== '') return undefined;
  const makers = new Map<string, number>();
  for (const [at, action] of actions.entries()) {
    if (action.kind !== 'append' && action.kind !== 'write') continue;
    const { value } = action;
    if (typeof value !== 'string' || value === '' || makers.has(value)) return undefined;
    makers.set(value, at);
  }
  const reader = new TextReader(makers, init, (at) => actions[at]?.kind === 'append');
  return reader.clear ? reader : undefined;
}

function listReader(actions: readonly RegisterAction[]): Reading | undefined {
  const numbers = new Interner();
  const makers: number[] = [];
  for (const [at, action] of actions.entries()) {
    if (action.kind === 'write') return undefined;
    if (action.kind !== 'append') continue;
    if (numbers.numberOf(action.value) !== makers.length) return undefined;
    makers.push(at);
  }
  return new ListReader(numbers, makers);
}
