// A protocol made ready to run: its handlers by name in Maps, where a message of type `toString`
// finds nothing.
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
  readonly on: ReadonlyMap<string, Handler>;
  /** The types met last and their handlers: most events are of the same type as the last. */
  readonly lastMessage: Lookup;
  readonly lastTimer: Lookup;
  readonly timers: ReadonlyMap<string, Handler>;
  readonly milestones: readonly (readonly [string, (state: unknown) => boolean])[];
}

export function programOf(protocol: AnyProtocol): Program {
  return {
    protocol,
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
export function handlerOf({ lastMessage, on }: Program, type: string): Handler | undefined {
  if (lastMessage.type !== type) look(lastMessage, on, type);
  return lastMessage.handler;
}

/** The handler of a timer's type; `undefined` when the protocol has none. */
export function timerHandlerOf({ lastTimer, timers }: Program, type: string): Handler | undefined {
  if (lastTimer.type !== type) look(lastTimer, timers, type);
  return lastTimer.handler;
}

function look(lookup: Lookup, handlers: ReadonlyMap<string, Handler>, type: string): void {
  lookup.type = type;
  lookup.handler = handlers.get(type);
}
