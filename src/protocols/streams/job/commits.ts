// A building block: every snapshot that was ever committed, for whoever judges the run. The
// coordination service knows the past of the commit pointer, the store what was ever put.
import type { Message } from '../../../node/message.js';
import { type Answer, ask } from '../../leaning/asks.js';
import { type Gate, gateOf, isFirst, passAnswer, passOn } from '../gateway.js';
import { takeAll } from '../topology/monoids.js';
import { monoidOf, operatorOf } from '../topology/plan.js';
import { vertexOf } from './flow.js';
import type { Aim, Bolt, Commit, Flight, JobCtx, JobState } from './job.js';
import { drain } from './unaligned.js';

/** A client asks for the commits; one node tells. */
export function readCommits(state: JobState, message: Message, ctx: JobCtx): void {
  const gate = gateOf(message, 'commits_ok');
  if (!isFirst(ctx)) return passOn(gate, { commits: [] }, ctx);
  const body = { type: 'past', path: '/committed' };
  const aim: Aim = { do: 'read past', gate, commits: [] };
  ask(state.asks, [ctx.options.coordination, body], aim, ctx);
}

/** The pointer's past is known: the parts are next. */
export function pastRead(state: JobState, gate: Gate, answer: Answer, ctx: JobCtx): void {
  if (!answer.ok) return passAnswer(gate, answer, ctx);
  const commits = answer.body.values as unknown as readonly Commit[];
  const bolts = new Set(state.plan.bolts);
  const names = commits.flatMap(({ parts }) =>
    parts.filter(([id]) => bolts.has(id)).map(([, name]) => name),
  );
  const aim: Aim = { do: 'read commits', gate, commits };
  ask(state.asks, [ctx.options.store, { type: 'archive', names }], aim, ctx);
}

interface Stored {
  readonly part: ReadonlyMap<string, number>;
  readonly flight?: Flight;
}

/** All parts are there: each commit as one state. */
export function partsRead(
  state: JobState,
  { gate, commits }: { readonly gate: Gate; readonly commits: readonly Commit[] },
  answer: Answer,
  ctx: JobCtx,
): void {
  if (!answer.ok) return passAnswer(gate, answer, ctx);
  const values = answer.body.values as readonly (Stored | undefined)[];
  const bolts = new Set(state.plan.bolts);
  let at = 0;
  const told = commits.map(({ clock, parts }, version) => {
    const stored = new Map(
      parts.flatMap(([id]) => (bolts.has(id) ? [[id, values[at++]] as const] : [])),
    );
    const states = new Map([...stored].map(([id, of]) => [id, new Map(of?.part ?? [])]));
    const flights = [...stored.values()].flatMap((of) => of?.flight ?? []);
    const under = [...flights.flatMap(({ ins }) => ins), ...flights.flatMap(({ outs }) => outs)];
    drain(state.plan, states, under);
    const pairs = [...states].flatMap(([id, part]) => named(state, id, part));
    return { version, clock, state: pairs };
  });
  passOn(gate, { commits: told }, ctx);
}

/** What a bolt holds, by `vertex/key`. */
export function stateOf(state: JobState, bolt: Bolt): readonly (readonly [string, number])[] {
  const monoid = monoidOf(operatorOf(state.plan, bolt.id));
  const all = new Map(bolt.a);
  if (monoid !== undefined) takeAll(all, bolt.b, monoid);
  return named(state, bolt.id, all);
}

function named({ plan }: JobState, bolt: number, part: ReadonlyMap<string, number>) {
  const { name } = vertexOf(plan, bolt);
  return [...part].map(([key, amount]) => [`${name}/${key}`, amount] as const);
}
