// Anti-entropy (Demers et al. 1987, §1.3): now and then every node compares all it has with another
// one, drawn by chance, and resolves the differences. Version vectors say what is different, so
// little is sent that is not needed. Slow, and certain: as long as messages get through now and
// then, everybody has everything in the end.
//
// Survives loss, delays, duplicates, reordering, partitions, pauses, and members that join and
// leave. In a crash a node forgets what it has acknowledged and told nobody.
import type { Micros } from '../../kernel/time.js';
import type { Body, NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import type { ClientBodies } from '../broadcast/bodies.js';
import * as log from '../broadcast/logs.js';

/** Who sends what the other lacks: the one who calls, the one who is called, or both. */
export type Direction = 'push' | 'pull' | 'push-pull';

const directions: readonly Direction[] = ['push', 'pull', 'push-pull'];

/** Says what is wrong with a direction. */
export function directionProblem(direction: string): OptionProblem | undefined {
  if (directions.includes(direction as Direction)) return undefined;
  const expected = `one of ${directions.join(', ')}`;
  return { option: 'direction', expected, names: directions };
}

/** What I have; send what I lack, if I want it. */
interface Compare extends Body {
  readonly type: 'compare';
  readonly have: log.Have;
  readonly pull: boolean;
}

/** What you lack, and what I have. */
interface Difference extends Body {
  readonly type: 'difference';
  readonly have: log.Have;
  readonly runs: readonly log.Run[];
}

/** What you lack. */
interface Update extends Body {
  readonly type: 'update';
  readonly runs: readonly log.Run[];
}

export type CompareBodies = Compare | Difference | Update;

interface Options {
  readonly cycleUs: Micros;
  readonly direction: string;
}

type Bodies = ClientBodies | CompareBodies;
type Timers = { readonly type: 'cycle' };
type Ctx = Context<Bodies, Timers, Options>;

/** Begins to resolve differences with a member drawn by chance. */
export function compareWithSomebody(
  logs: log.Logs,
  direction: string,
  ctx: Context<CompareBodies>,
): void {
  const partner = somebodyElse(ctx);
  if (partner === undefined) return;
  ctx.send(partner, { type: 'compare', have: log.haveOf(logs), pull: direction !== 'push' });
}

/** A member drawn by chance; `undefined` if there is no other. */
export function somebodyElse({ nodes, self, random }: Context): NodeId | undefined {
  const others = nodes.length - (nodes.includes(self) ? 1 : 0);
  if (others === 0) return undefined;
  const drawn = nodes[random.below(others)];
  return drawn === self ? nodes[nodes.length - 1] : drawn;
}

/** What you lack, if you want it, and what I have, so that you can send what I lack. */
export function compared(
  logs: log.Logs,
  partner: NodeId,
  { have, pull }: Compare,
  ctx: Context<CompareBodies>,
): void {
  const runs = pull ? log.lackedBy(logs, have) : [];
  ctx.send(partner, { type: 'difference', have: log.haveOf(logs), runs });
}

/** Takes what it lacked, and sends what the partner lacks. */
export function resolve(
  logs: log.Logs,
  partner: NodeId,
  { have, runs }: Difference,
  direction: string,
  ctx: Context<CompareBodies>,
): void {
  log.merge(logs, runs);
  if (direction === 'pull') return;
  const lacked = log.lackedBy(logs, have);
  if (lacked.length > 0) ctx.send(partner, { type: 'update', runs: lacked });
}

interface State {
  readonly logs: log.Logs;
}

export const antiEntropy: Protocol<State, Bodies, Timers, Options> = {
  name: 'dissemination/anti-entropy',
  about: 'Compares all it has with another node now and then, and resolves the differences.',
  options: { cycleUs: 500_000, direction: 'push-pull' },
  problem({ cycleUs, direction }) {
    if (cycleUs < 1_000) return { option: 'cycleUs', expected: 'at least 1ms' };
    return directionProblem(direction);
  },
  init(ctx) {
    ctx.setTimer({ type: 'cycle' }, 1 + ctx.random.below(ctx.options.cycleUs));
    return { logs: log.noLogs() };
  },
  on: {
    topology(_, message, ctx) {
      ctx.reply(message, { type: 'topology_ok' });
    },
    broadcast({ logs }, message, ctx) {
      ctx.reply(message, { type: 'broadcast_ok' });
      log.append(logs, message.body.message, ctx);
    },
    read({ logs }, message, ctx) {
      ctx.reply(message, { type: 'read_ok', messages: [...logs.held] });
    },
    compare: ({ logs }, { src, body }, ctx) => compared(logs, src, body, ctx),
    difference: ({ logs }, { src, body }, ctx) =>
      resolve(logs, src, body, ctx.options.direction, ctx),
    update({ logs }, { body }) {
      log.merge(logs, body.runs);
    },
  },
  timers: {
    cycle({ logs }, timer, ctx: Ctx) {
      compareWithSomebody(logs, ctx.options.direction, ctx);
      ctx.setTimer(timer, ctx.options.cycleUs);
    },
  },
  invariant: ({ logs }) => log.assertWhole(logs),
  milestones: { 'ten-values': ({ logs }) => logs.held.size >= 10 },
};
