// Where two runs that should be the same part ways: which event, which node, which handler, and
// what of it differs, in words.
import { type Difference, firstDifference } from '../kernel/difference.js';
import type { EffectRow, Happening, Step } from '../sim/step.js';

/** The first event that differs. */
export interface Divergence {
  /** How it was found. */
  readonly found: 'side by side' | 'run twice' | 'in a fresh process' | 'in a trace';
  readonly index: number;
  readonly atUs: number;
  readonly node: string | undefined;
  /** `on.read`, `timers.retry`, `init` … */
  readonly handler: string;
  /** What differs: `state.seen[3]`, `send #1 to n3: body.value`, `latency of send #1 to n3` … */
  readonly label: string;
  readonly left: unknown;
  readonly right: unknown;
}

/** The divergence at a step, of which `right` is what the other run did instead. */
export function divergenceAt(
  found: Divergence['found'],
  { index, atUs, happening }: Pick<Step, 'index' | 'atUs' | 'happening'>,
  { path, left, right }: Difference,
): Divergence {
  const node = 'node' in happening ? happening.node : undefined;
  return { found, index, atUs, node, handler: handlerOf(happening), label: path, left, right };
}

/** What a person calls the code that ran at an event. */
export function handlerOf(happening: Happening): string {
  switch (happening.kind) {
    case 'start':
      return 'init';
    case 'deliver':
    case 'lost':
      return `on.${happening.message.body.type}`;
    case 'timer':
      return `timers.${happening.timer.type}`;
    case 'synced':
      return happening.error === undefined ? `timers.${happening.done.type}` : 'diskFailed';
    case 'invoke':
      return `operation ${happening.op}`;
    case 'timeout':
      return `timeout of operation ${happening.op}`;
    case 'fault':
    case 'fault-end':
      return `${happening.kind} ${happening.id}`;
    default:
      return happening.kind;
  }
}

/** What differs between two steps, effects by name; `undefined` if nothing does. */
export function stepDifference(left: Step, right: Step): Difference | undefined {
  const { effects: a, digest: _a, ...restA } = left;
  const { effects: b, digest: _b, ...restB } = right;
  return (
    firstDifference(restA, restB, 'event') ??
    effectsDifference(a, b) ??
    firstDifference(left.digest, right.digest, 'digest')
  );
}

/** Effects are compared in order; the first that differs gets a name. */
export function effectsDifference(
  left: readonly EffectRow[],
  right: readonly EffectRow[],
): Difference | undefined {
  const count = Math.max(left.length, right.length);
  for (let at = 0; at < count; at++) {
    const [a, b] = [left[at], right[at]];
    if (a === undefined || b === undefined || a.effect !== b.effect) {
      const label = a === undefined ? nameOf(right, at) : nameOf(left, at);
      return { path: label, left: a && brief(a), right: b && brief(b) };
    }
    const difference = firstDifference(keyLast(a), keyLast(b), '');
    if (difference === undefined) continue;
    return { ...difference, path: labelOf(nameOf(left, at), difference.path.slice(1)) };
  }
  return undefined;
}

/** A key follows from what it belongs to: when it differs, the rest says why. */
function keyLast(effect: EffectRow): object {
  if (effect.effect !== 'send' && effect.effect !== 'timer') return effect;
  const { key, ...rest } = effect;
  return { ...rest, key };
}

/** `effects[2].payload.value`, as strict mode says it, in words: `send #1 to n3: value`. */
export function namedPath(path: string, effects: readonly EffectRow[]): string {
  const [, index, rest = ''] = /^effects\[(\d+)\](?:\.payload)?\.?(.*)$/.exec(path) ?? [];
  if (index === undefined || effects[Number(index)] === undefined) return path;
  const name = nameOf(effects, Number(index));
  return rest === '' ? name : `${name}: ${rest}`;
}

/** `send #2 to n3`: the second one to it at this event. */
function nameOf(effects: readonly EffectRow[], at: number): string {
  const effect = effects[at];
  if (effect === undefined) return `effect #${at + 1}`;
  const isAlike = (other: EffectRow): boolean => whatOf(other) === whatOf(effect);
  const nth = effects.slice(0, at + 1).filter(isAlike).length;
  return whatOf(effect).replace(/^(\S+)/, `$1 #${nth}`);
}

function whatOf(effect: EffectRow): string {
  switch (effect.effect) {
    case 'send':
      return `send to ${effect.dest}`;
    case 'timer':
      return `timer ${effect.timer.type}`;
    case 'write':
      return `write of ${effect.key}`;
    default:
      return effect.effect;
  }
}

/** The part of an effect that differs, in words where there are any. */
function labelOf(name: string, path: string): string {
  if (path === 'dest') return `destination of ${name}`;
  if (path === 'fate.arrivesUs') return `latency of ${name}`;
  if (path === 'fate.copies') return `copies of ${name}`;
  if (path.startsWith('fate')) return `fate of ${name}`;
  if (path === 'atUs') return `time of ${name}`;
  return `${name}: ${path}`;
}

function brief(effect: EffectRow): unknown {
  return effect.effect === 'send' ? effect.body : effect;
}
