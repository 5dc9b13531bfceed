// Submission of a topo to any node, and the choice of its n seeds:
//
//   client ─▶ X: submit                       X validates, resolves the graph
//   X ─▶ home: reserve                        the first specification under a name holds
//   X ─▶ ring: seed-req …                     each takes a seat, or hands the duty on
//   X ─▶ home: assign (compare-and-set)       one seed set, whoever else tried
//   X ─▶ client: accepted                     only now
//
// With fewer than n free seats it is queued at its home, and a node of the home tries again. Seats
// of a round are given back only once the home has gone on to the next round, so that no seed set
// can be chosen of which a seed knows nothing.
import type { Message, NodeId } from '../../node/message.js';
import { answer, askerOf } from '../calls.js';
import type { Bodies, Saying, SubmitBody } from './bodies.js';
import { hashOf } from './code.js';
import { bareNote, freeNodes, isAlive, nodeNote, noteTopo } from './gossip.js';
import type { Settled } from './proposal.js';
import { homes, propose } from './register.js';
import { ringOf } from './ring.js';
import { isPlan, resolve } from './spec.js';
import { type Env, reply, type Submission, say } from './state.js';
import type { TopoRecord } from './topo-record.js';

export function submit(env: Env, message: Message<SubmitBody>): void {
  const { state, ctx } = env;
  const { topo, spec, packages } = message.body;
  const wrong = flawOf(env, message.body);
  const asker = askerOf(message);
  if (wrong !== undefined) {
    answer(asker, { type: 'error', code: 12, text: wrong }, ctx);
    return;
  }
  const known = state.submissions.get(topo);
  if (known !== undefined) {
    known.askers.push(asker);
    return;
  }
  const submission: Submission = {
    topo,
    ...{ spec, packages, askers: [asker], step: 'reserve', round: 1, seats: [] },
    ...{ asked: new Set<NodeId>(), open: 0, sinceUs: ctx.nowUs },
  };
  state.submissions.set(topo, submission);
  if (env.rules.seedSet === 'gossip only') recruit(env, submission, 1);
  else {
    const change = { kind: 'reserve', spec, packages, nowUs: ctx.nowUs } as const;
    propose(env, topo, change, { kind: 'submission' });
  }
}

/** What is wrong with a specification; a reason first, then a sentence. */
function flawOf({ ctx }: Env, { spec, packages }: SubmitBody): string | undefined {
  const resolved = resolve(spec);
  if (!isPlan(resolved)) return `${resolved.reason}: ${resolved.text}`;
  if (spec.n > ctx.nodes.length) return `no_seeds: there are not ${spec.n} nodes`;
  for (const { hash, text } of packages) {
    if (hashOf(text) !== hash) return `bad_package: ${hash} is not the hash of what came with it`;
  }
  const missing = spec.vertices.find(
    ({ code }) => code.kind === 'package' && !packages.some(({ hash }) => hash === code.hash),
  );
  return missing && `no_package: the code of ${missing.name} did not come with it`;
}

/** Goes on with a submission whose change at the home has been settled. */
export function goOn(env: Env, settled: Settled): void {
  const submission = env.state.submissions.get(settled.topo);
  if (submission === undefined) return;
  const { value, ok } = settled;
  if (!ok) return giveUp(env, submission, settled.full);
  if (value === undefined) return giveUp(env, submission, false);
  if (JSON.stringify(value.spec) !== JSON.stringify(submission.spec)) {
    const text = `another topo is called ${value.topo}`;
    return finish(env, submission, { type: 'error', code: 21, text });
  }
  noteRecord(env, value);
  if (value.status === 'reserved') return recruit(env, submission, value.round);
  if (
    value.status === 'queued' &&
    submission.step === 'reserve' &&
    submission.askers.length === 0
  ) {
    return recruit(env, submission, value.round);
  }
  letGo(env, submission, value);
  if (value.status === 'assigned' && settled.change.kind === 'assign') start(env, value);
  accept(env, submission, value.status);
}

export function noteRecord(env: Env, { topo, status, seeds, version, spec }: TopoRecord): void {
  noteTopo(env, bareNote(topo, { status, seeds, version, priority: spec.priority }));
}

/** Asks for seats, in a round of its own. */
function recruit(env: Env, submission: Submission, round: number): void {
  submission.step = 'recruit';
  if (submission.round !== round) submission.seats.length = 0;
  submission.round = round;
  submission.open = 0;
  submission.asked.clear();
  for (const node of submission.seats) submission.asked.add(node);
  ask(env, submission);
}

/**
 * Asks as many nodes as seats are missing; those that have room, as far as is known, come first.
 */
function ask(env: Env, submission: Submission): void {
  const { ctx } = env;
  const { topo, spec, packages, round, seats, asked } = submission;
  const ring = ringOf(topo, ctx.nodes);
  // Of whom nothing is known may have room.
  const roomy = ring.filter((node) => {
    const note = nodeNote(env, node);
    return note === undefined || (note.seedFree > 0 && isAlive(env, node));
  });
  const order = env.rules.seedSet === 'gossip only' ? roomy : [...roomy, ...ring];
  for (const node of new Set(order)) {
    if (seats.length + submission.open >= spec.n) break;
    if (asked.has(node)) continue;
    asked.add(node);
    submission.open++;
    const duty = { topo, spec, packages, round, coordinator: ctx.self, hops: 0, tried: [] };
    say(env, node, { type: 'seed-req', ...duty });
  }
  submission.sinceUs = ctx.nowUs;
  if (seats.length + submission.open < spec.n && submission.open === 0) tooFew(env, submission);
}

export function seated(env: Env, src: NodeId, { topo, round }: Saying<'seed-req_ok'>): void {
  const { state, rules } = env;
  const submission = state.submissions.get(topo);
  if (submission?.step !== 'recruit' || submission.round !== round) return;
  const { seats, spec, asked } = submission;
  submission.open = Math.max(0, submission.open - 1);
  asked.add(src);
  if (!seats.includes(src) && seats.length < spec.n) seats.push(src);
  if (seats.length < spec.n) {
    if (submission.open === 0) ask(env, submission);
    return;
  }
  submission.step = 'config';
  if (rules.seedSet === 'home quorum') {
    return propose(env, topo, { kind: 'assign', round, seeds: [...seats] }, { kind: 'submission' });
  }
  const { packages } = submission;
  const record = { topo, spec, packages, round, version: 1, seeds: seats, sinceUs: 0 };
  noteRecord(env, { ...record, status: 'assigned' });
  start(env, { ...record, status: 'assigned' });
  accept(env, submission, 'assigned');
}

export function noSeat(env: Env, { topo, round }: Saying<'no-seat'>): void {
  const submission = env.state.submissions.get(topo);
  if (submission?.step !== 'recruit' || submission.round !== round) return;
  submission.open = Math.max(0, submission.open - 1);
  if (submission.open === 0) ask(env, submission);
}

/** Fewer than n free seats: the topo has to wait. */
function tooFew(env: Env, submission: Submission): void {
  const { topo, round, askers } = submission;
  if (env.rules.reservation === 'held') return; // And asks again, some day.
  submission.step = 'queue';
  if (env.rules.queue === 'local' && askers.length > 0) return accept(env, submission, 'queued');
  propose(env, topo, { kind: 'enqueue', round }, { kind: 'submission' });
}

/** Seats that the topo does not need, now that its home has gone on. */
function letGo(env: Env, { topo, seats, round }: Submission, value: TopoRecord): void {
  if (env.rules.reservation === 'held') return;
  for (const node of seats) {
    if (!value.seeds.includes(node)) say(env, node, { type: 'release', topo, round });
  }
}

/** The seeds are told that they are, and a free node is invited to own the topo. */
function start(env: Env, value: TopoRecord): void {
  const { topo, spec, version, seeds } = value;
  const config = { kind: 'config', version, seeds } as const;
  for (const seed of seeds) say(env, seed, { type: 'confirm', topo, config });
  const [first] = freeNodes(env, topo, seeds);
  if (first !== undefined) say(env, first, { type: 'invite', topo, spec, config });
}

function accept(env: Env, submission: Submission, status: string): void {
  if (submission.askers.length > 0) env.state.accepted.push(submission.topo);
  finish(env, submission, { type: 'submit_ok', status });
}

function giveUp(env: Env, submission: Submission, full: boolean): void {
  const code = full ? 11 : 13;
  finish(env, submission, { type: 'error', code, text: full ? 'busy' : 'no majority answered' });
}

function finish(env: Env, { topo, askers }: Submission, body: Bodies): void {
  env.state.submissions.delete(topo);
  for (const asker of askers) reply(env, asker, body);
}

/** Requests for seats that were not answered count as refused. */
export function retrySubmissions(env: Env): void {
  const { ctx, rules, state } = env;
  for (const submission of [...state.submissions.values()]) {
    const waitedUs = ctx.nowUs - submission.sinceUs;
    if (submission.step !== 'recruit' || waitedUs < 2 * ctx.options.retryUs) continue;
    submission.open = 0;
    if (rules.reservation === 'held') {
      submission.asked.clear();
      for (const node of submission.seats) submission.asked.add(node);
    }
    ask(env, submission);
  }
}

/** A node of a queued topo's home tries to find seeds for it, the most urgent one first. */
export function tryQueued(env: Env): void {
  const { state, ctx } = env;
  if (ctx.nowUs < state.queueAtUs) return;
  state.queueAtUs = ctx.nowUs + ctx.options.retryUs * (2 + ctx.random.below(4));
  const queued = [...state.durable.slots.values()].flatMap(({ value }) =>
    value?.status === 'queued' && !state.submissions.has(value.topo) ? [value] : [],
  );
  queued.sort((a, b) => urgency(env, b) - urgency(env, a) || (a.topo < b.topo ? -1 : 1));
  const best = queued.find((record) => hasRoom(env, record));
  if (best === undefined) return;
  const { topo, spec, packages, round } = best;
  state.submissions.set(topo, {
    topo,
    ...{ spec, packages, askers: [], step: 'reserve', round, seats: [] },
    ...{ asked: new Set<NodeId>(), open: 0, sinceUs: ctx.nowUs },
  });
  propose(env, topo, { kind: 'read' }, { kind: 'submission' });
}

/** Priority, and what a topo has gained by waiting: so none waits for ever. */
export function urgency({ ctx }: Pick<Env, 'ctx'>, { spec, sinceUs }: TopoRecord): number {
  return spec.priority + Math.floor(Math.max(0, ctx.nowUs - sinceUs) / ctx.options.ageUs);
}

/** Whether enough nodes have a free seat, as far as is known. */
function hasRoom(env: Env, { topo, spec }: TopoRecord): boolean {
  const roomy = env.ctx.nodes.filter((node) => {
    const note = nodeNote(env, node);
    return note !== undefined && isAlive(env, node) && note.seedFree > 0;
  });
  return roomy.length >= spec.n || (roomy.length > 0 && homes(env, topo).length === 1);
}
