// What a run has visited, seen from afar: who did what in which abstract state, and which states
// the members were in together. Coverage by abstract states finds more of a distributed system than
// coverage of code (Mallory, Meng et al., CCS 2023, §4; ModelFuzz, OOPSLA 2025). An abstract state
// keeps what is small and telling of a state: words, truths, whether a number or a collection is
// none, one or many.
import { mix32 } from '../../kernel/mix.js';
import type { Micros } from '../../kernel/time.js';
import type { NodeId } from '../../node/message.js';
import type { AnyProtocol, Context } from '../../node/protocol.js';

/** What has been visited: numbers that stand for abstract states and steps between them. */
export interface Visits {
  /** When each was visited first, by the clock of the node where it was. */
  readonly atUs: Map<number, Micros>;
}

// biome-ignore lint/suspicious/noExplicitAny: states and inputs are the protocol's own.
type Any = any;

/** The protocol with a look at each of its steps; what it does is not changed. */
export function watched(protocol: AnyProtocol, visits: Visits): AnyProtocol {
  const { hosted } = protocol;
  if (hosted !== undefined) return protocol; // Its state is out of sight.
  const states = new Map<NodeId, number>();
  const look = (name: number, state: Any, ctx: Context): void => {
    const { self, nowUs } = ctx;
    const before = states.get(self) ?? 0;
    const after = abstraction(state);
    states.set(self, after);
    visit(visits, mixed(mixed(name, before), after), nowUs);
    if (after !== before) visit(visits, together(states), nowUs);
  };
  const handlers = (named: Readonly<Record<string, Any>> | undefined) =>
    Object.fromEntries(
      Object.entries(named ?? {}).map(([type, handler], place) => {
        const name = mixed(hashOf(type), place);
        const wrapped = (state: Any, input: Any, ctx: Context): unknown => {
          const returned = handler(state, input, ctx);
          look(name, state, ctx);
          return returned;
        };
        return [type, wrapped];
      }),
    );
  return {
    ...protocol,
    on: handlers(protocol.on),
    ...(protocol.timers !== undefined && { timers: handlers(protocol.timers) }),
  };
}

function visit({ atUs }: Visits, what: number, nowUs: Micros): void {
  if (!atUs.has(what)) atUs.set(what, nowUs);
}

/** The same whoever is in which state. */
function together(states: ReadonlyMap<NodeId, number>): number {
  let sum = 1;
  for (const state of states.values()) sum = (sum + mixed(state, 7)) | 0;
  return sum;
}

/** How deep it looks. */
const depthMax = 2;

/** A number for a state as seen from afar. */
function abstraction(value: unknown, depth = 0): number {
  switch (typeof value) {
    case 'boolean':
      return value ? 11 : 12;
    case 'number':
      return value < 0 ? 13 : 14 + Math.min(value, 2);
    case 'string':
      return /\d/.test(value) || value.length > 24 ? 17 : hashOf(value);
    case 'object':
      return value === null ? 18 : ofObject(value, depth);
    default:
      return 19;
  }
}

function ofObject(value: object, depth: number): number {
  if (Array.isArray(value)) return 20 + Math.min(value.length, 3);
  if (value instanceof Map || value instanceof Set) return 20 + Math.min(value.size, 3);
  if (depth >= depthMax) return 24;
  let hash = 25;
  for (const [name, inner] of Object.entries(value)) {
    hash = mixed(hash, mixed(hashOf(name), abstraction(inner, depth + 1)));
  }
  return hash;
}

function hashOf(text: string): number {
  let hash = 0x811c9dc5 | 0;
  for (let at = 0; at < text.length; at++) {
    hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  }
  return hash;
}

function mixed(a: number, b: number): number {
  return mix32(a ^ Math.imul(b, 0x9e3779b9));
}
