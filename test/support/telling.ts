// A service in a world, asked by a node: what it says, and when.
import type { Body, Message } from '../../src/node/message.js';
import type { Context, Protocol } from '../../src/node/protocol.js';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { simulate } from '../../src/scenario/simulate.js';

type Said = Body & Readonly<Record<string, unknown>>;
/** When n0 says what to the service, in milliseconds. */
export type Line = readonly [ms: number, body: object];

export interface Told {
  readonly ms: number;
  readonly body: Said;
}

/** What the service says to n0, which says these lines. */
export function told(
  service: string,
  lines: readonly Line[],
  more: Partial<ScenarioInput> = {},
): Told[] {
  const heard: Told[] = [];
  const timer = (ctx: Context, [ms, body]: Line): void => {
    ctx.setTimer({ type: 'say', body } as never, ms * 1_000);
  };
  const asker: Protocol<object, Body, { type: 'say'; body: Said }, object> = {
    name: 'asker',
    about: 'Says lines.',
    options: {},
    init(ctx) {
      if (ctx.incarnation === 1) for (const line of lines) timer(ctx as never, line);
      return {};
    },
    on: {},
    other(_: object, message: Message, ctx): void {
      heard.push({ ms: Math.round(ctx.nowUs / 1_000), body: message.body as Said });
    },
    timers: { say: (_, { body }, ctx) => ctx.send(service, body) },
  };
  simulate({
    ...{ protocol: asker, nodes: 1, services: [service], duration: '20s', recovery: '1s' },
    network: { latency: '1ms' },
    ...more,
  });
  return heard;
}

export const withOptions = (name: string, options: Record<string, unknown>) => ({
  services: [{ name, options }],
});
