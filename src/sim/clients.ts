// Clients: workers that invoke operations, one at a time each, and complete them as Jepsen defines:
// ok, fail (certainly not done) or info (nobody knows; the process is retired and the worker goes
// on under a new number). The generator's order is fixed ahead, so leaving one operation out leaves
// the others as they were.
import type { Op } from '../history/op.js';
import { assert } from '../kernel/assert.js';
import { Key, keyOf } from '../kernel/key.js';
import { clone, type Plain } from '../kernel/plain.js';
import { noSlot } from '../kernel/queue.js';
import { KeyedRandom } from '../kernel/random.js';
import { type Body, errorCodes, type Message, type NodeId, numbered } from '../node/message.js';
import type { Completion, Invocation, Session } from '../workloads/workload.js';
import { relink } from './links.js';
import { numberAt } from './op-plan.js';
import { addClient } from './parties.js';
import { kinds } from './schedule.js';
import type { ClientSpec } from './spec.js';
import { fateOf, transmit } from './transmit.js';
import type { DueOp, OpenOp, Party, Worker, World } from './world.js';

/** The word that goes into the key of an operation's timeout. */
const timeoutWord = 0x7e;
/** The word that goes into the key of a repeated final operation. */
const againWord = 0x7d;

/** The word that goes into the keys of what a client does because of an operation. */
const followWord = 0x7c;

/** Between the number of an operation and that of what follows from it; no plan is as long. */
const followStride = 2 ** 27;

/** How often a final operation is tried. */
const finalAttemptsMax = 10;

export function createWorkers(clients: ClientSpec | undefined): Worker[] {
  return Array.from({ length: clients?.concurrency ?? 0 }, (_, index) => ({
    index,
    process: index,
    client: -1,
    mind: clone(clients?.workload.session?.init),
    open: undefined,
    backlog: [],
  }));
}

/** Schedules the operation that is due next, if there is one. */
export function scheduleNextOp(world: World): void {
  const { plan } = world;
  const place = world.opNext;
  const atUs = plan.atUs[place];
  if (atUs === undefined || world.generatorDone) return;
  world.opNext++;
  const { hi, lo } = keyOf(world.spec.seed, 'op', numberAt(plan, place));
  world.queue.add(atUs, kinds.invoke, place, 0, hi, lo, -1, undefined);
}

/** The operation at this place of the plan is due: its worker invokes it or queues it. */
export function opDue(world: World, place: number): void {
  scheduleNextOp(world);
  const { edits, plan, scratch, spec } = world;
  if (spec.clients === undefined || world.phase !== 'main' || world.generatorDone) return;
  const worker = world.workers[plan.workers[place] as number] as Worker;
  const scripted = spec.clients.script?.[place];
  const op = spec.clients.script === undefined ? generated(world, worker) : scripted?.op;
  if (op === undefined) return;
  const number = numberAt(plan, place);
  const omitted = edits?.omittedOps.get(number);
  if (omitted !== undefined) {
    world.applied.add(omitted);
    return;
  }
  const { hi: keyHi, lo: keyLo } = scratch;
  const { node } = scripted ?? {};
  enqueue(world, worker, { op, number, final: false, keyHi, keyLo, node, attempt: 0 });
}

/** What the generator makes next; `undefined`: nothing more. */
function generated(world: World, worker: Worker): Invocation | undefined {
  const { hi, lo } = world.scratch;
  const { options, workload, concurrency, ratePerSecond } = world.spec.clients as ClientSpec;
  const random = new KeyedRandom().rekey(hi, lo);
  const { index, process } = worker;
  const { length: nodeCount } = world.spec.nodes;
  const around = { random, worker: index, process, concurrency, nodeCount, ratePerSecond, options };
  const next = workload.generator.next(world.generatorState, around);
  if (next === undefined) {
    world.generatorDone = true;
    return undefined;
  }
  world.generatorState = next.state;
  return next.op;
}

/**
 * Begins the final phase: each worker does the workload's final operations at its node, in order,
 * and members that no worker talks to (they joined) are shared out among the workers.
 */
export function beginFinal(world: World): void {
  const { plan, workers } = world;
  world.opNext = Math.max(world.opNext, plan.numbersEnd);
  for (const worker of workers) worker.backlog = [];
  const own = new Set(workers.map((worker) => nodeOf(world, worker).name));
  for (const worker of workers) addFinalOps(world, worker, undefined);
  const others = world.members.filter((name) => !own.has(name));
  for (const [i, name] of others.entries()) {
    const worker = workers[i % workers.length];
    if (worker !== undefined) addFinalOps(world, worker, name);
  }
  for (const worker of workers) {
    const first = worker.open === undefined ? worker.backlog.shift() : undefined;
    if (first !== undefined) invoke(world, worker, first);
  }
  endWhenIdle(world);
}

function addFinalOps(world: World, worker: Worker, node: NodeId | undefined): void {
  const { clients, seed } = world.spec;
  const ops = clients?.workload.final?.(clients.options, world.generatorState) ?? [];
  for (const [i, op] of ops.entries()) {
    const { hi, lo } = keyOf(seed, 'final', worker.index, node ?? '', i);
    const number = world.opNext++;
    const due = { op, number, final: true, keyHi: hi, keyLo: lo, node, attempt: 0 };
    worker.backlog.push(due);
  }
}

/** Field by field: to spread and then define takes V8 ten times as long. */
function opened(
  { op, number, final, keyHi, keyLo, node, attempt }: DueOp,
  { index, messageId, target, timeoutSlot }: Omit<OpenOp, keyof DueOp>,
): OpenOp {
  return {
    op,
    number,
    final,
    keyHi,
    keyLo,
    node,
    attempt,
    index,
    messageId,
    target,
    timeoutSlot,
  };
}

/** The final phase is over, and with it the run, when no worker has anything left to do. */
function endWhenIdle(world: World): void {
  if (world.phase !== 'final') return;
  const idle = ({ open, backlog }: Worker): boolean => open === undefined && backlog.length === 0;
  if (!world.workers.every(idle)) return;
  world.phase = 'done';
  world.end = 'done';
}

function enqueue(world: World, worker: Worker, due: DueOp): void {
  if (worker.open === undefined) invoke(world, worker, due);
  else worker.backlog.push(due);
}

function invoke(world: World, worker: Worker, wanted: DueOp): void {
  const clients = world.spec.clients as ClientSpec;
  const { queue, scratch } = world;
  const { workload } = clients;
  const due =
    workload.session === undefined
      ? wanted
      : { ...wanted, op: workload.session.fill(wanted.op, worker.mind) };
  const target = nodeOf(world, worker, due.node);
  const index = record(world, worker, due, 'invoke', due.op.value, undefined, target.name);
  const local = workload.local?.(due.op);
  if (local !== undefined) {
    const open = opened(due, { index, messageId: 0, target: target.name, timeoutSlot: noSlot });
    return finish(world, worker, open, local);
  }
  const client = clientOf(world, worker);
  const messageId = due.number + 1;
  scratch.key.derive(due.keyHi, due.keyLo, timeoutWord, 0, 0);
  const atUs = queue.nowUs + clients.timeoutUs;
  const timeoutSlot = queue.add(
    atUs,
    kinds.timeout,
    worker.index,
    due.number,
    scratch.key.hi,
    scratch.key.lo,
    world.events,
    undefined,
  );
  worker.open = opened(due, { index, messageId, target: target.name, timeoutSlot });
  const request = numbered(workload.request(due.op), messageId);
  const body = scratch.isolator.copy(request);
  const key = new Key();
  const { roster } = world;
  const [destHi, destLo] = [roster.keyHi(target.index), roster.keyLo(target.index)];
  key.derive(due.keyHi, due.keyLo, kinds.invoke, destHi, destLo);
  const { hi, lo } = key;
  const { index: source } = client;
  transmit(world, { source, target: target.index, body, hi, lo, cause: world.events });
  tellOfRequest(world, key, { src: client.name, dest: target.name, body });
}

/** Tells whoever watches of a request that a client has just sent. */
function tellOfRequest(world: World, key: Key, message: Message): void {
  const { journal, network, observer, queue, scratch } = world;
  const { src, dest, body } = message;
  const { hi, lo } = key;
  journal?.sent({ src, dest, body, hi, lo, atUs: queue.nowUs }, network.decision);
  if (observer === undefined) return;
  const told = clone(body) as Body & Plain;
  scratch.rows.push({ effect: 'send', key: key.toString(), dest, body: told, fate: fateOf(world) });
}

/** A message arrived at a client: the answer that its worker waits for, or a stray one. */
export function receive(world: World, party: Party, body: Body): void {
  const worker = world.workers[party.worker];
  const open = worker?.open;
  if (worker === undefined || open === undefined || worker.client !== party.index) return;
  if (body.in_reply_to !== open.messageId) return;
  world.queue.remove(open.timeoutSlot);
  finish(world, worker, open, outcomeOf(world, open, body));
}

/** The worker's operation got no answer in time. */
export function timedOut(world: World, workerIndex: number, number: number): void {
  const worker = world.workers[workerIndex] as Worker;
  const { open } = worker;
  assert(open?.number === number, 'a timeout belongs to the open operation', { number });
  finish(world, worker, open, failed(world, open, 0, { error: 'timeout', definite: false }));
}

function outcomeOf(world: World, open: OpenOp, body: Body): Completion {
  const clients = world.spec.clients as ClientSpec;
  if (body.type !== 'error') return clients.workload.complete(open.op, body);
  const { code, text } = body as Body & { code?: number; text?: string };
  const known = errorCodes.get(code ?? -1);
  const error = `${known?.name ?? `error ${code}`}${text === undefined ? '' : `: ${text}`}`;
  return failed(world, open, code ?? -1, { error, definite: known?.definite === true });
}

/** An error, or no answer. What nobody knows to have happened is harmless if it may be repeated. */
function failed(
  world: World,
  { op }: OpenOp,
  code: number,
  { error, definite }: { readonly error: string; readonly definite: boolean },
): Completion {
  const { workload } = world.spec.clients as ClientSpec;
  const certain = definite || workload.idempotent.includes(op.f);
  const outcome = { type: certain ? 'fail' : 'info', value: op.value, error } as const;
  return workload.failure?.(op, code, outcome) ?? outcome;
}

function finish(world: World, worker: Worker, open: OpenOp, completion: Completion): void {
  const { generator, idempotent, session } = (world.spec.clients as ClientSpec).workload;
  record(world, worker, open, completion.type, completion.value, completion.error, open.target);
  worker.open = undefined;
  if (generator.update !== undefined) {
    const ended = { worker: worker.index, op: open.op, completion };
    world.generatorState = generator.update(world.generatorState, ended);
  }
  if (completion.type === 'info') {
    worker.process += world.workers.length;
    worker.client = -1;
  }
  if (session !== undefined) follow(world, worker, open, completion);
  if (open.final && completion.error === 'timeout' && idempotent.includes(open.op.f)) {
    again(world, worker, open);
  }
  const next = worker.backlog.shift();
  if (next !== undefined) invoke(world, worker, next);
  else endWhenIdle(world);
}

/** What a client learns from an operation, and does because of it before anything else. */
function follow(world: World, worker: Worker, due: OpenOp, completion: Completion): void {
  const session = world.spec.clients?.workload.session as Session;
  const { final, keyHi, keyLo, node, number, op } = due;
  const ended = { op, completion, final };
  const learnt =
    completion.type === 'info'
      ? (session.lost?.(ended, worker.mind) ?? { mind: clone(session.init) })
      : session.learn(ended, worker.mind);
  worker.mind = learnt.mind;
  const steps = (learnt.next ?? []).map((next, i): DueOp => {
    const key = new Key();
    key.derive(keyHi, keyLo, followWord, i, 0);
    const own = final ? world.opNext++ : number + (i + 1) * followStride;
    assert(own < 2 ** 31, 'no chain of operations is that long', { number, own });
    return { op: next, number: own, final, keyHi: key.hi, keyLo: key.lo, node, attempt: 0 };
  });
  worker.backlog.unshift(...steps);
}

/** A harmless final operation that got lost is tried again: what it would have seen matters. */
function again(world: World, worker: Worker, due: OpenOp): void {
  const { attempt, final, keyHi, keyLo, node, op } = due;
  if (attempt + 1 >= finalAttemptsMax) return;
  const key = new Key();
  key.derive(keyHi, keyLo, againWord, 0, 0);
  const number = world.opNext++;
  const tried = { op, number, final, keyHi: key.hi, keyLo: key.lo, node, attempt: attempt + 1 };
  worker.backlog.unshift(tried);
}

function record(
  world: World,
  worker: Worker,
  due: DueOp,
  type: Op['type'],
  value: Plain,
  error: string | undefined,
  node: string,
): number {
  const { history, queue, scratch } = world;
  const index = history.length;
  const { f } = due.op;
  const { process } = worker;
  const timeUs = queue.nowUs;
  const copy = scratch.isolator.copy(value);
  // Spreads in the middle of a literal cost as much as all the rest.
  const op: { -readonly [K in keyof Op]: Op[K] } =
    error === undefined
      ? { index, timeUs, process, type, f, value: copy, node }
      : { index, timeUs, process, type, f, value: copy, error: stirred(world, error), node };
  if (due.final) op.final = true;
  history.push(op);
  return index;
}

function stirred({ scratch }: World, text: string): string {
  return scratch.isolator.copy(text);
}

function clientOf(world: World, worker: Worker): Party {
  if (worker.client >= 0) return world.parties[worker.client] as Party;
  const party = addClient(world, `c${worker.process}`, worker.index);
  relink(world);
  worker.client = party.index;
  return party;
}

/** Worker i talks to node i mod n of the nodes at the start, or of today's if that one has left. */
function nodeOf(world: World, worker: Worker, wanted?: NodeId): Party {
  const { nodes } = world.spec;
  const name = wanted ?? (nodes[worker.index % nodes.length] as string);
  const present = world.members.includes(name) || world.members.length === 0;
  const chosen = present ? name : (world.members[worker.index % world.members.length] as string);
  return world.parties[world.partyOf.get(chosen) as number] as Party;
}
