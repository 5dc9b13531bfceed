// Leaks: what makes a protocol depend on more than its seed, to be planted in sound protocols.
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import type { Happening, Step } from '../../src/sim/step.js';

/** Something that a handler does beside its work. */
export type Leak = (ctx: Context, state: Record<string, unknown>) => void;

/** A handler, as reports name it: `init`, `on.gossip`, `timers.retry`, `diskFailed` … */
export type Place = string;

// biome-ignore lint/suspicious/noExplicitAny: any handler of any protocol.
type AnyHandler = (...args: any[]) => any;

/** The protocol with a leak at the end of one handler, at one node, from a virtual time on. */
export function planted(
  protocol: AnyProtocol,
  { place, node, fromUs }: { place: Place; node: string; fromUs: number },
  leak: Leak,
): AnyProtocol {
  const leaky =
    (handler: AnyHandler): AnyHandler =>
    (...args) => {
      const result = handler(...args);
      const ctx = args.at(-1) as Context;
      const state = place === 'init' ? result : args[0];
      if (ctx.self === node && ctx.nowUs >= fromUs) leak(ctx, state);
      return result;
    };
  const [kind = '', type] = place.split('.');
  if (type === undefined) {
    return { ...protocol, [kind]: leaky(protocol[kind as 'init'] as AnyHandler) };
  }
  const handlers = protocol[kind as 'on'] as Record<string, AnyHandler>;
  return { ...protocol, [kind]: { ...handlers, [type]: leaky(handlers[type] as AnyHandler) } };
}

/** The event at which a leak that is planted so shows first, found in a run without it. */
export function placeOf(
  steps: readonly Step[],
  { place, node, fromUs }: { place: Place; node: string; fromUs: number },
): Step | undefined {
  return steps.find(
    ({ atUs, happening }) =>
      atUs >= fromUs &&
      'node' in happening &&
      happening.node === node &&
      nameOf(happening) === place,
  );
}

function nameOf(happening: Happening): string {
  switch (happening.kind) {
    case 'start':
      return 'init';
    case 'deliver':
      return `on.${happening.message.body.type}`;
    case 'timer':
      return `timers.${happening.timer.type}`;
    case 'synced':
      return happening.error === undefined ? `timers.${happening.done.type}` : 'diskFailed';
    default:
      return happening.kind;
  }
}
