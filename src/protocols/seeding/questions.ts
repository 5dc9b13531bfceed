// What clients want to know: which topos a node knows and owns, what a sink has, what a source had;
// and what they want changed.
import type { Body, Message, NodeId } from '../../node/message.js';
import { askerOf } from '../calls.js';
import type { Bodies, CloseBody, HandOffBody, ResizeBody } from './bodies.js';
import { topoNote, topoNotes } from './gossip.js';
import { keep } from './journal.js';
import { bring, closing } from './sources.js';
import { type Env, reply, say } from './state.js';

/** Topos as this node knows them; of those that it owns the sums of each vertex. */
export function topos(env: Env, message: Message): void {
  const { state } = env;
  const known = topoNotes(env).map(({ topo, status, owner, seeds, version }) => {
    const own = state.owns.get(topo);
    const sums = own === undefined ? null : [...own.settled.sums];
    return { topo, status, owner: owner ?? null, seeds, version, sums };
  });
  reply(env, askerOf(message), { type: 'topos_ok', topos: known });
}

/** Passes a question on to a sink or a source. */
export function ask(env: Env, message: Message, service: NodeId, type: 'arrivals' | 'records') {
  const { state } = env;
  const id = state.nextId++;
  state.queries.set(id, askerOf(message));
  say(env, service, { type, msg_id: id });
}

export function answered(env: Env, answer: Body, body: Bodies): void {
  const { queries } = env.state;
  const asker = queries.get(answer.in_reply_to ?? 0);
  if (asker === undefined) return;
  queries.delete(answer.in_reply_to ?? 0);
  reply(env, asker, body);
}

/** No more input will come for a topo. */
export function close(env: Env, message: Message<CloseBody>): void {
  const { topo } = message.body;
  if (topoNote(env, topo)?.status === 'done') {
    return reply(env, askerOf(message), { type: 'close_ok' });
  }
  bring(env, { topo, stream: closing, seq: 0, key: '', value: 0 }, askerOf(message));
}

/** Somebody wants a topo to have another owner. */
export function handOff(env: Env, message: Message<HandOffBody>): void {
  const { topo } = message.body;
  const owner = env.state.owns.has(topo) ? env.ctx.self : topoNote(env, topo)?.owner;
  if (owner !== undefined) say(env, owner, { type: 'hand-over', topo });
  reply(env, askerOf(message), { type: 'hand-off_ok' });
}

/** From now on this node seeds so many topos at most; what is too much it hands on. */
export function resize(env: Env, message: Message<ResizeBody>): void {
  keep(env.state, { kind: 'resize', r: message.body.r }, env.ctx);
  reply(env, askerOf(message), { type: 'resize_ok' });
}
