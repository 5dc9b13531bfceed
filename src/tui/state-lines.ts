// A node's state as lines, a field each, with what an event has changed: `~` before a field that is
// another, and below it what was added, removed or replaced.
import { equal } from '../kernel/plain.js';
import { show } from '../scenario/diagram/show.js';
import { type Line, span } from '../scenario/diagram/span.js';

/** Parts of one field whose change is told. */
const partsMax = 4;

/** `undefined` states are of nodes that have none: they are down. */
export function stateLines(before: unknown, after: unknown, width: number): readonly Line[] {
  if (after === undefined) return [[span(' it has no state', 'faint')]];
  const fields = fieldsOf(after);
  if (fields === undefined) return fieldLines('', before, after, width, 0);
  const old = fieldsOf(before) ?? new Map<string, unknown>();
  const pad = Math.min(18, Math.max(4, ...[...fields.keys()].map((name) => name.length)) + 2);
  const gone = [...old.keys()].filter((name) => !fields.has(name));
  return [
    ...[...fields].flatMap(([name, value]) =>
      fieldLines(name, before === undefined ? value : old.get(name), value, width, pad),
    ),
    ...gone.map((name): Line => [span(`- ${name}`, 'bad')]),
  ];
}

function fieldLines(
  name: string,
  before: unknown,
  after: unknown,
  width: number,
  pad: number,
): readonly Line[] {
  const head = name.length < pad ? name.padEnd(pad) : `${name} `;
  const room = Math.max(8, width - head.length - 3);
  if (equal(before, after)) return [[span(`  ${head}`, 'faint'), span(show(after, room))]];
  if (typeof after !== 'object' || typeof before !== 'object' || !after || !before) {
    const [was, is] = [show(before, Math.floor(room / 2) - 2), show(after, room >>> 1)];
    return [[span(`~ ${head}`, 'fault'), span(`${was} → `, 'faint'), span(is, 'strong')]];
  }
  const changes = changesOf(before, after);
  const more = changes.length - partsMax;
  return [
    [span(`~ ${head}`, 'fault'), span(show(after, room), 'strong')],
    ...changes.slice(0, partsMax).map((text): Line => [span(`    ${text}`, 'fault')]),
    ...(more > 0 ? [[span(`    … and ${more} more`, 'faint')]] : []),
  ];
}

/** `+ 7`, `- 3`, `n1: 4 → 5`. */
function changesOf(before: object, after: object): readonly string[] {
  const [old, now] = [partsOf(before), partsOf(after)];
  const changes: string[] = [];
  for (const [key, value] of now) {
    if (!old.has(key)) changes.push(isSetLike(after) ? `+ ${key}` : `+ ${key}: ${show(value, 40)}`);
    else if (!equal(old.get(key), value)) {
      changes.push(`${key}: ${show(old.get(key), 24)} → ${show(value, 24)}`);
    }
  }
  for (const key of old.keys()) if (!now.has(key)) changes.push(`- ${key}`);
  return changes;
}

function isSetLike(value: object): boolean {
  return value instanceof Set || Array.isArray(value);
}

function partsOf(value: object): ReadonlyMap<string, unknown> {
  if (value instanceof Set) return new Map([...value].map((item) => [show(item, 40), true]));
  if (value instanceof Map)
    return new Map([...value].map(([key, inner]) => [show(key, 40), inner]));
  // A list of plain values is compared as what is in it: positions say little.
  if (Array.isArray(value))
    return new Map(value.map((item, at) => [`${at}: ${show(item, 40)}`, 0]));
  return new Map(Object.entries(value));
}

function fieldsOf(value: unknown): ReadonlyMap<string, unknown> | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  if (value instanceof Map || value instanceof Set || Array.isArray(value)) return undefined;
  return new Map(Object.entries(value));
}
