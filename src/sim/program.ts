// A protocol made ready to run: its handlers by name in Maps, where a message of type `toString`
// finds nothing.
import type { AnyProtocol, Context } from '../node/protocol.js';

/** Any handler: of a message, a timer, a finished sync, a broken connection. */
// biome-ignore lint/suspicious/noExplicitAny: what it is told of differs by kind.
export type Handler = (state: any, input: any, ctx: Context<any, any, any>) => void;

export interface Program {
  readonly protocol: AnyProtocol;
  readonly on: ReadonlyMap<string, Handler>;
  readonly timers: ReadonlyMap<string, Handler>;
  readonly milestones: readonly (readonly [string, (state: unknown) => boolean])[];
}

export function programOf(protocol: AnyProtocol): Program {
  return {
    protocol,
    on: new Map(Object.entries(protocol.on) as [string, Handler][]),
    timers: new Map(Object.entries(protocol.timers ?? {}) as [string, Handler][]),
    milestones: Object.entries(protocol.milestones ?? {}) as [string, (state: unknown) => boolean][],
  };
}
