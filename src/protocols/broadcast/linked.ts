// A building block: broadcasts that keep logs and links. They differ in who a node's peers are and
// in which values go to which of them.
import type { NodeId } from '../../node/message.js';
import type { Context, OptionProblem, Protocol } from '../../node/protocol.js';
import type { ClientBodies } from './bodies.js';
import * as link from './links.js';
import * as log from './logs.js';

interface State {
  readonly logs: log.Logs;
  readonly links: link.Links;
}

type Bodies = ClientBodies | link.Offer | link.OfferOk;
type Ctx<O extends link.LinkOptions> = Context<Bodies, link.LinkTimer, O>;

/** What `linked` makes, by its options. */
export type LinkedProtocol<O extends link.LinkOptions> = Protocol<State, Bodies, link.LinkTimer, O>;

interface Variant<O extends link.LinkOptions> {
  readonly name: string;
  readonly about: string;
  readonly options: O;
  problem(options: O): OptionProblem | undefined;
  peers(ctx: Ctx<O>): readonly NodeId[];
  /** Whether values of `origin` go from this node to `peer`. */
  route(origin: log.Origin, peer: NodeId, ctx: Ctx<O>): boolean;
}

/** A protocol that differs from others made here in its peers and its routes alone. */
export function linked<O extends link.LinkOptions>(variant: Variant<O>): LinkedProtocol<O> {
  const { peers, route: _, ...named } = variant;
  return {
    ...named,
    init(ctx) {
      const state: State = { logs: log.noLogs(), links: new Map() };
      link.connect(state.links, peers(ctx), ctx);
      return state;
    },
    on: handlers(variant),
    timers: {
      link: ({ logs, links }, timer, ctx) => {
        link.due(links, timer, logs, routeOf(variant, ctx), ctx);
      },
    },
    invariant({ logs, links }) {
      log.assertWhole(logs);
      link.assertSound(links);
    },
    milestones: { 'ten-values': ({ logs }) => logs.held.size >= 10 },
  };
}

const routeOf =
  <O extends link.LinkOptions>({ route }: Variant<O>, ctx: Ctx<O>): link.Route =>
  (origin, peer) =>
    route(origin, peer, ctx);

const handlers = <O extends link.LinkOptions>(variant: Variant<O>): LinkedProtocol<O>['on'] => ({
  topology({ logs, links }, message, ctx) {
    ctx.reply(message, { type: 'topology_ok' });
    link.connect(links, variant.peers(ctx), ctx); // It comes when members have joined or left.
    link.announce(links, logs, routeOf(variant, ctx), ctx);
  },
  broadcast({ logs, links }, message, ctx) {
    ctx.reply(message, { type: 'broadcast_ok' });
    if (log.append(logs, message.body.message, ctx) === undefined) return;
    link.announce(links, logs, routeOf(variant, ctx), ctx);
  },
  offer({ logs, links }, { src, body }, ctx) {
    link.offered(links, src, body.runs);
    const grown = log.merge(logs, body.runs);
    link.answer(src, logs, ctx);
    link.heard(links, src, logs, routeOf(variant, ctx), ctx);
    if (grown) link.announce(links, logs, routeOf(variant, ctx), ctx);
  },
  offer_ok({ logs, links }, { src, body }, ctx) {
    link.acknowledged(links, src, body, logs, routeOf(variant, ctx), ctx);
  },
  read({ logs }, message, ctx) {
    ctx.reply(message, { type: 'read_ok', messages: [...logs.held] });
  },
});
