// A building block: the application whose state is recorded. Each node has money and pays others;
// the sum over all nodes and all channels never changes. A payment that arrives again is known by
// its number, so the application itself needs no order and minds no copies: whatever a snapshot
// gets wrong is the snapshot's own fault. It minds losses: that money is gone.
import { assert } from '../../kernel/assert.js';
import type { ErrorBody, NodeId } from '../../node/message.js';
import type { Context, OptionProblem } from '../../node/protocol.js';
import { codes } from '../calls.js';
import type { Account, Payment } from './bodies.js';

export interface MoneyOptions {
  /** What each node has at the start. */
  readonly initial: number;
}

export const moneyDefaults: MoneyOptions = { initial: 1_000 };

export function moneyProblem({ initial }: MoneyOptions): OptionProblem | undefined {
  return initial >= 0 ? undefined : { option: 'initial', expected: 'at least 0' };
}

/** Whom to pay: anybody else. */
export function payee(ctx: Pick<Context, 'nodes' | 'self' | 'random'>): NodeId | undefined {
  const others = ctx.nodes.filter((node) => node !== ctx.self);
  return others.length === 0 ? undefined : ctx.random.pick(others);
}

/** There is nobody to pay, or not enough to pay with. */
export const refusal: ErrorBody = { type: 'error', code: codes.mismatch };

export interface Teller {
  readonly initial: number;
  balance: number;
  /** What went to and came from each other node, in the order in which they were first met. */
  readonly peers: Map<NodeId, Traffic>;
}

interface Traffic {
  /** Payments sent are 1 … `sent`. */
  sent: number;
  /** Payments received are 1 … `upTo` and those `beyond`. */
  upTo: number;
  readonly beyond: Set<number>;
  /** Their sums. */
  paid: number;
  got: number;
}

export function tellerWith(balance: number): Teller {
  return { initial: balance, balance, peers: new Map() };
}

/** Takes `amount` from the balance for `peer`; the payment, or undefined where it is too much. */
export function pay(teller: Teller, peer: NodeId, amount: number): Payment | undefined {
  if (amount > teller.balance) return undefined;
  const traffic = trafficWith(teller, peer);
  traffic.sent += 1;
  traffic.paid += amount;
  teller.balance -= amount;
  return [traffic.sent, amount];
}

/** Takes a payment in; false if it is a copy of one that was. */
export function receive(teller: Teller, peer: NodeId, [seq, amount]: Payment): boolean {
  const traffic = trafficWith(teller, peer);
  if (seq <= traffic.upTo || traffic.beyond.has(seq)) return false;
  traffic.beyond.add(seq);
  while (traffic.beyond.delete(traffic.upTo + 1)) traffic.upTo += 1;
  traffic.got += amount;
  teller.balance += amount;
  return true;
}

/** What there is now, as a snapshot records it. */
export function accountOf({ balance, peers }: Teller, node: NodeId): Account {
  return {
    node,
    balance,
    sent: [...peers].map(([to, { sent }]) => ({ to, count: sent })),
    received: [...peers].map(([from, { upTo, beyond }]) => ({
      from,
      upTo,
      beyond: [...beyond].sort((a, b) => a - b),
    })),
  };
}

export function assertTeller({ initial, balance, peers }: Readonly<Teller>): void {
  let sum = initial;
  for (const { paid, got } of peers.values()) sum += got - paid;
  assert(balance === sum, 'a balance is what came less what went', { balance, sum });
  assert(balance >= 0, 'nobody pays what he has not', { balance });
}

function trafficWith({ peers }: Teller, peer: NodeId): Traffic {
  const known = peers.get(peer);
  if (known !== undefined) return known;
  const traffic = { sent: 0, upTo: 0, beyond: new Set<number>(), paid: 0, got: 0 };
  peers.set(peer, traffic);
  return traffic;
}
