// Input: records that clients and services push, which are acknowledged once they are committed,
// and sources that can be asked again, from which the owner pulls as far as its log has not come
// yet.
import type { Message, NodeId } from '../../node/message.js';
import { type Asker, askerOf } from '../calls.js';
import { init } from './acker.js';
import type { Feed, FeedBody, Saying } from './bodies.js';
import { topoNote } from './gossip.js';
import { rootId } from './log.js';
import { isKnown, openUnits } from './machine.js';
import { append } from './ownership.js';
import { type Env, type Ownership, type Passing, reply, say } from './state.js';

/** How long a node tries to give a client's record to the owner. */
const passUs = 10_000_000;
/** Records of a source that are pulled at a time, and units that may be open meanwhile. */
const pulledMax = 8;
const openMax = 32;

/** That a topo is closed travels like a record, of a stream that cannot be. */
export const closing = '';

/** A client has a record: it goes to the owner, whoever that is. */
export function feed(env: Env, message: Message<FeedBody>): void {
  const { topo, stream, seq, key, value } = message.body;
  bring(env, { topo, stream, seq, key, value }, askerOf(message));
}

export function bring(env: Env, record: Feed, asker: Asker): void {
  const { state, ctx } = env;
  const passing: Passing = {
    feed: record,
    asker,
    ...{ untilUs: ctx.nowUs + passUs, hint: undefined, sentUs: ctx.nowUs },
  };
  const id = state.nextId++;
  state.passing.set(id, passing);
  pass(env, id, passing);
}

function pass(env: Env, id: number, passing: Passing): void {
  const { state, ctx } = env;
  passing.sentUs = ctx.nowUs;
  const { topo } = passing.feed;
  const watched = state.watches.get(topo)?.owner;
  const owner = state.owns.has(topo)
    ? ctx.self
    : (passing.hint ?? watched ?? topoNote(env, topo)?.owner);
  passing.hint = undefined;
  if (owner === undefined) return;
  say(env, owner, { type: 'put', ...passing.feed, via: ctx.self, id });
}

export function retryPassing(env: Env): void {
  const { state, ctx } = env;
  for (const [id, passing] of [...state.passing]) {
    if (ctx.nowUs >= passing.untilUs) state.passing.delete(id);
    else if (ctx.nowUs - passing.sentUs >= ctx.options.retryUs) pass(env, id, passing);
  }
}

/** A record for a topo that this node owns, or is thought to. */
export function put(env: Env, body: Saying<'put'>): void {
  const { state } = env;
  const { topo, stream, seq, key, value, via, id } = body;
  const own = state.owns.get(topo);
  if (own === undefined) {
    const owner = state.watches.get(topo)?.owner ?? topoNote(env, topo)?.owner;
    say(env, via, { type: 'put-refused', id, owner, closed: false });
    return;
  }
  if (stream === closing) return close(env, own, via, id);
  const root = rootId(stream, seq);
  const known = isKnown(own.machine, root);
  if (known) init(env, own, root); // Storm's acker is told again.
  if (isKnown(own.settled, root)) {
    say(env, via, { type: 'put_ok', id });
    return;
  }
  if (!known && own.machine.closed) {
    say(env, via, { type: 'put-refused', id, owner: undefined, closed: true });
    return;
  }
  own.askers.set(root, [...(own.askers.get(root) ?? []), [via, id]]);
  if (!known) append(env, own, { kind: 'accept', stream, seq, key, value });
  if (!own.graph.spec.ack) acknowledge(env, own, root);
}

/** No more input will come. */
function close(env: Env, own: Ownership, via: NodeId, id: number): void {
  if (own.settled.closed) return say(env, via, { type: 'put_ok', id });
  own.askers.set(closing, [...(own.askers.get(closing) ?? []), [via, id]]);
  if (!own.machine.closed) append(env, own, { kind: 'close' });
}

/** Says to whoever waits that a record is accepted. */
export function acknowledge(env: Env, { askers }: Ownership, root: string): void {
  for (const [via, id] of askers.get(root) ?? []) say(env, via, { type: 'put_ok', id });
  askers.delete(root);
}

export function putOk(env: Env, id: number): void {
  const closes = env.state.passing.get(id)?.feed.stream === closing;
  answerPassing(env, id, { type: closes ? 'close_ok' : 'feed_ok' });
}

export function putRefused(env: Env, body: Saying<'put-refused'>): void {
  const { id, owner, closed } = body;
  const passing = env.state.passing.get(id);
  if (passing === undefined) return;
  passing.hint = owner;
  if (closed) answerPassing(env, id, { type: 'error', code: 22, text: 'the topo is closed' });
}

function answerPassing(env: Env, id: number, body: Saying<'feed_ok' | 'close_ok' | 'error'>): void {
  const passing = env.state.passing.get(id);
  if (passing === undefined) return;
  env.state.passing.delete(id);
  reply(env, passing.asker, body);
}

/** Asks replayable sources for what comes next, if there is not enough to do. */
export function pull(env: Env, own: Ownership): void {
  const { ctx } = env;
  if (own.machine.closed || openUnits(own.machine).length > openMax) return;
  for (const { name, source } of own.graph.spec.streams) {
    if (source === undefined) continue;
    if (ctx.nowUs - (own.pulls.get(name) ?? own.sinceUs) < ctx.options.retryUs / 2) continue;
    own.pulls.set(name, ctx.nowUs);
    const from = own.machine.offsets.get(name) ?? 0;
    say(env, source, { type: 'pull', topo: own.topo, stream: name, from, max: pulledMax });
  }
}

export function pulled(env: Env, src: NodeId, body: Saying<'pull_ok'>): void {
  const { topo, stream, from, pairs } = body;
  const own = env.state.owns.get(topo);
  if (own === undefined || own.machine.closed) return;
  for (const [at, [key, value]] of pairs.entries()) {
    const seq = from + at;
    if (seq !== (own.machine.offsets.get(stream) ?? 0)) continue; // It came twice, or too early.
    append(env, own, { kind: 'accept', stream, seq, key, value });
  }
}
