// A protocol made ready to run: its handlers by name in Maps, where a message of type `toString`
// finds nothing.
import type { NodeId } from '../node/message.js';
import type { AnyProtocol, Context } from '../node/protocol.js';

/** Any handler: of a message, a timer, a finished sync, a broken connection. */
// biome-ignore lint/suspicious/noExplicitAny: what it is told of differs by kind.
export type Handler = (state: any, input: any, ctx: Context<any, any, any>) => unknown;

interface Lookup {
  type: string;
  handler: Handler | undefined;
}

export interface Program {
  readonly protocol: AnyProtocol;
  /** The protocol's options, complete; nobody can change them. */
  readonly options: object;
  readonly on: ReadonlyMap<string, Handler>;
  /** Takes the messages that `on` does not. */
  readonly other: Handler | undefined;
  /** The types met last and their handlers: most events are of the same type as the last. */
  readonly lastMessage: Lookup;
  readonly lastTimer: Lookup;
  readonly timers: ReadonlyMap<string, Handler>;
  readonly milestones: readonly (readonly [string, (state: unknown) => boolean])[];
}

/** The program of one world; `services` are those that nodes can lean on. */
export function programOf(
  given: AnyProtocol,
  options: object,
  services: readonly NodeId[] = [],
): Program {
  const protocol = given.hosted?.perWorld(services) ?? given;
  return {
    protocol,
    options,
    other: protocol.other,
    on: new Map(Object.entries(protocol.on) as [string, Handler][]),
    lastMessage: { type: '', handler: undefined },
    lastTimer: { type: '', handler: undefined },
    timers: new Map(Object.entries(protocol.timers ?? {}) as [string, Handler][]),
    milestones: Object.entries(protocol.milestones ?? {}) as [
      string,
      (state: unknown) => boolean,
    ][],
  };
}

/** Throws when a handler returned a promise: what it does later would be nobody's event. */
export function checkReturned(returned: unknown): void {
  if (typeof returned !== 'object' || returned === null || !('then' in returned)) return;
  const ignore = (): void => {};
  if (typeof returned.then === 'function') returned.then(ignore, ignore);
  throw new TypeError('handlers are synchronous, and this one returned a promise');
}

/** The handler of a message type; `undefined` when the protocol has none. */
export function handlerOf(program: Program, type: string): Handler | undefined {
  const { lastMessage } = program;
  if (lastMessage.type !== type) {
    lastMessage.type = type;
    lastMessage.handler = program.on.get(type) ?? program.other;
  }
  return lastMessage.handler;
}

/** The handler of a timer's type; `undefined` when the protocol has none. */
export function timerHandlerOf({ lastTimer, timers }: Program, type: string): Handler | undefined {
  if (lastTimer.type !== type) {
    lastTimer.type = type;
    lastTimer.handler = timers.get(type);
  }
  return lastTimer.handler;
}
