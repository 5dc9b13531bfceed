// A building block: who sees to a rescale, and how it is decided. Any node may: it claims the next
// epoch in the register, by compare-and-set, has all old instances save their states and all new
// ones take them over, and then writes the ring into the register. That write is the decision:
// before it the rescale can be given up, and all goes on under the old ring; after it there is no
// way back. Who takes over from a coordinator that has fallen silent does the same steps again,
// which change nothing where they were done before.
import type { Message, NodeId } from '../../node/message.js';
import { type Answer, ask } from '../leaning/asks.js';
import type { Bodies, Ctx, Next, Options, Register, Rules, Scaling, State } from './bodies.js';
import { learn, untold } from './moving.js';
import { pauseKnown } from './parents.js';
import { claimsOf } from './ring.js';

const key = 'ring';

/** The service answers that there is no register yet, or that it is another. */
const [missing, mismatch] = [20, 22];

export function firstRegister(nodes: readonly NodeId[], options: Options): Register {
  const members = nodes.slice(0, Math.max(1, options.operators));
  const ring = { epoch: 1, members, claims: claimsOf([], members, options.buckets) };
  return { ring, highest: 1, next: null, commits: [] };
}

export function look({ asks }: State, ctx: Ctx): void {
  ctx.setTimer({ type: 'look' }, ctx.options.lookUs + ctx.random.below(1 + ctx.options.lookUs / 4));
  if ([...asks.open.values()].some(({ aim }) => aim.do === 'looked')) return;
  ask(asks, [ctx.options.register, { type: 'read', key }], { do: 'looked' }, ctx);
}

export function looked(state: State, answer: Answer, rules: Rules, ctx: Ctx): void {
  if (!answer.ok && answer.code !== missing) return;
  state.looks += 1;
  if (answer.ok) learn(state, answer.body.value as Register, rules, ctx);
  pauseKnown(state, ctx);
  const { register, looks, scaling, asks } = state;
  const { lookUs, rescaleUs, rescales, takeOverUs } = ctx.options;
  const busy = [...asks.open.values()].some(({ aim }) => aim.do === 'changed');
  if (scaling !== undefined || busy) return;
  if (register.next !== null) {
    const { ring, attempt } = register.next;
    if (looks * lookUs < takeOverUs) return;
    change(state, { ...register, next: { ring, by: ctx.self, attempt: attempt + 1 } }, ctx);
  } else if (register.highest <= rescales && looks * lookUs >= rescaleUs) {
    const next = proposal(register, ctx);
    if (next !== undefined) change(state, { ...register, next }, ctx);
  }
}

/** Some other instances than there are. */
function proposal({ ring, highest }: Register, ctx: Ctx): Next | undefined {
  const { nodes, random, options } = ctx;
  const most = options.buckets > 0 ? Math.min(options.buckets, nodes.length) : nodes.length;
  const chosen = new Set(random.shuffle(nodes).slice(0, 1 + random.below(most)));
  const members = nodes.filter((node) => chosen.has(node));
  if (members.join() === ring.members.join()) return undefined;
  const claims = claimsOf(ring.claims, members, options.buckets);
  return { ring: { epoch: highest + 1, members, claims }, by: ctx.self, attempt: 1 };
}

function change({ asks, register: from }: State, want: Register, ctx: Ctx): void {
  const body = { type: 'cas', key, from, to: want, create_if_not_exists: true };
  ask(asks, [ctx.options.register, body], { do: 'changed', want }, ctx);
}

export function changed(
  state: State,
  want: Register,
  { answer, rules }: { readonly answer: Answer; readonly rules: Rules },
  ctx: Ctx,
): void {
  if (answer.ok) return won(state, want, rules, ctx);
  if (answer.code !== mismatch) return giveUp(state);
  // Somebody else was faster, or this is the second answer to a request that was made twice.
  ask(state.asks, [ctx.options.register, { type: 'read', key }], { do: 'compared', want }, ctx);
}

export function compared(
  state: State,
  want: Register,
  { answer, rules }: { readonly answer: Answer; readonly rules: Rules },
  ctx: Ctx,
): void {
  if (!answer.ok) return giveUp(state);
  const value = answer.body.value as Register;
  const mine =
    value.highest === want.highest &&
    value.next?.by === want.next?.by &&
    value.next?.attempt === want.next?.attempt;
  if (mine) return won(state, want, rules, ctx);
  giveUp(state);
  learn(state, value, rules, ctx);
}

function giveUp(state: State): void {
  state.scaling = undefined;
}

/** The register is as this node wanted it. */
function won(state: State, register: Register, rules: Rules, ctx: Ctx): void {
  learn(state, register, rules, ctx);
  const { next } = register;
  if (next === null) {
    giveUp(state);
    for (const node of ctx.nodes)
      if (node !== ctx.self) ctx.send(node, { type: 'adopt', register });
    return;
  }
  const waiting = new Set(register.ring.members);
  const scaling: Scaling = {
    ...{ register, next, phase: 'checkpoint', waiting, parts: new Map(), tries: 0 },
  };
  state.scaling = scaling;
  ctx.note(`scales to ${next.ring.members.join(' ')}, epoch ${next.ring.epoch}`);
  press(state, rules, ctx);
  setScaleTimer(scaling, ctx);
}

function setScaleTimer({ next }: Scaling, ctx: Ctx): void {
  const { attempt, ring } = next;
  ctx.setTimer({ type: 'scale', attempt, epoch: ring.epoch }, ctx.options.retryUs);
}

/** Asks again whoever has not done his part, or gives the rescale up. */
export function scale(
  state: State,
  { attempt, epoch }: { readonly attempt: number; readonly epoch: number },
  rules: Rules,
  ctx: Ctx,
): void {
  const { scaling } = state;
  if (scaling?.next.attempt !== attempt || scaling.next.ring.epoch !== epoch) return;
  scaling.tries += 1;
  const { retryUs, abortUs } = ctx.options;
  if (scaling.phase !== 'decide' && rules.abort && scaling.tries * retryUs >= abortUs) {
    scaling.phase = 'decide';
    ctx.note(`gives epoch ${epoch} up`);
    return change(state, { ...scaling.register, highest: epoch, next: null }, ctx);
  }
  press(state, rules, ctx);
  setScaleTimer(scaling, ctx);
}

function press(state: State, rules: Rules, ctx: Ctx): void {
  const { scaling } = state;
  if (scaling === undefined) return;
  const { register, phase, waiting } = scaling;
  if (phase === 'checkpoint') {
    const silent = untold(rules, ctx);
    for (const node of rules.paused === 'none' ? [] : ctx.nodes) {
      if (node !== silent) ctx.send(node, { type: 'pause', register });
    }
    for (const node of waiting) ctx.send(node, { type: 'checkpoint', register });
  } else if (phase === 'restore') {
    for (const node of waiting) ctx.send(node, { type: 'restore', register });
  } else if (phase === 'record') record(state, ctx);
}

type Told<T extends Bodies['type']> = Message<Extract<Bodies, { readonly type: T }>>;

export function partCame(
  state: State,
  message: Told<'checkpointed'>,
  rules: Rules,
  ctx: Ctx,
): void {
  const { scaling } = state;
  const { src, body } = message;
  if (scaling?.phase !== 'checkpoint' || scaling.next.ring.epoch !== body.epoch) return;
  scaling.parts.set(src, body);
  scaling.waiting.delete(src);
  if (scaling.waiting.size > 0) return;
  scaling.phase = 'restore';
  scaling.waiting = new Set(scaling.next.ring.members);
  ctx.note(`has all checkpoints of epoch ${body.epoch}`);
  press(state, rules, ctx);
}

export function readyCame(
  state: State,
  { src, body }: Told<'ready'>,
  rules: Rules,
  ctx: Ctx,
): void {
  const { scaling } = state;
  if (scaling?.phase !== 'restore' || scaling.next.ring.epoch !== body.epoch) return;
  scaling.waiting.delete(src);
  if (scaling.waiting.size > 0) return;
  ctx.note(`has restored epoch ${body.epoch}`);
  if (!rules.drain) return decide(state, scaling, [], ctx);
  scaling.phase = 'record';
  press(state, rules, ctx);
}

/** What all instances held when they were drained is a snapshot: of all records below a clock. */
function record({ scaling, asks }: State, ctx: Ctx): void {
  const busy = [...asks.open.values()].some(({ aim }) => aim.do === 'recorded');
  if (scaling === undefined || busy) return;
  const { epoch } = scaling.next.ring;
  const parts = [...scaling.parts.values()];
  const clock = parts[0]?.clock ?? [];
  const state = parts.flatMap((part) => part.state).map(([word, n]) => [`count/${word}`, n]);
  const value = { version: epoch, clock, state };
  const body = { type: 'put', key: `commit/${epoch}`, value };
  ask(asks, [ctx.options.store, body], { do: 'recorded', epoch }, ctx);
}

export function recorded(state: State, epoch: number, answer: Answer, ctx: Ctx): void {
  const { scaling } = state;
  if (scaling?.phase !== 'record' || scaling.next.ring.epoch !== epoch || !answer.ok) return;
  decide(state, scaling, [Number(answer.body.version)], ctx);
}

function decide(state: State, scaling: Scaling, versions: readonly number[], ctx: Ctx): void {
  const { register, next } = scaling;
  scaling.phase = 'decide';
  const commits = [...register.commits, ...versions];
  change(state, { ring: next.ring, highest: next.ring.epoch, next: null, commits }, ctx);
}
