// What must hold of money and of snapshots of it, seen from outside: nobody has received what
// nobody has sent, and every snapshot that is put together is a consistent cut with all the money.
// Chandy & Lamport 1985, §4; Lai & Yang 1987.
import type { NodeId } from '../../node/message.js';
import type { AnyProperty, Cluster } from '../../node/property.js';
import type { Cut } from './bodies.js';
import type { MoneyOptions, Teller } from './teller.js';

interface Seen extends Teller {
  readonly cut: Cut | undefined;
}

type Money = Cluster<Seen>;

/** The id of the last cut of each node that was looked at. */
type Judged = Map<NodeId, string>;

const moneyKept: AnyProperty = {
  kind: 'always',
  name: 'money-kept',
  about: 'No node has received from another more than that one has paid it.',
  broken(cluster: Money, node: NodeId | undefined) {
    const peers = node === undefined ? undefined : cluster.state(node)?.peers;
    for (const [peer, { got }] of peers ?? []) {
      const paid = cluster.state(peer)?.peers.get(node ?? '')?.paid;
      if (paid === undefined || got <= paid) continue;
      return `${node} has got ${got} from ${peer}, which has paid it ${paid}`;
    }
    return undefined;
  },
};

/** A cut of `node` that was not there when it was last looked at. */
function newCut(cluster: Money, node: NodeId | undefined, judged: Judged): Cut | undefined {
  const cut = node === undefined ? undefined : cluster.state(node)?.cut;
  if (node === undefined || cut === undefined || judged.get(node) === cut.id) return undefined;
  judged.set(node, cut.id);
  return cut;
}

const consistentCut: AnyProperty = {
  kind: 'always',
  name: 'consistent-cut',
  about: 'A snapshot has no payment as received that it has not as sent.',
  memory: new Map(),
  broken(cluster: Money, node: NodeId | undefined, judged: Judged) {
    const cut = newCut(cluster, node, judged);
    for (const { node: to, received } of cut?.accounts ?? []) {
      for (const { from, upTo, beyond } of received) {
        const sender = cut?.accounts.find((account) => account.node === from);
        const sent = sender?.sent.find((entry) => entry.to === to)?.count ?? 0;
        const last = beyond.at(-1) ?? upTo;
        if (last <= sent) continue;
        return (
          `in the snapshot ${cut?.id} ${to} has received payment ${last} from ${from}, which has ` +
          `sent ${sent}`
        );
      }
    }
    return undefined;
  },
};

const conservation: AnyProperty = {
  kind: 'always',
  name: 'conservation',
  about: 'What nodes and channels hold in a snapshot is all the money there is.',
  memory: new Map(),
  broken(cluster: Money, node: NodeId | undefined, judged: Judged) {
    const cut = newCut(cluster, node, judged);
    if (cut === undefined) return undefined;
    let sum = 0;
    for (const { balance } of cut.accounts) sum += balance;
    for (const { payments } of cut.channels) for (const [, amount] of payments) sum += amount;
    const total = (cluster.options as MoneyOptions).initial * cut.accounts.length;
    return sum === total ? undefined : `the snapshot ${cut.id} has ${sum}; there is ${total}`;
  },
};

const moneyUnderWay: AnyProperty = {
  kind: 'sometimes',
  name: 'money-under-way',
  about: 'Some snapshot finds money in a channel.',
  reached: (cluster: Money, node: NodeId | undefined) =>
    node !== undefined && (cluster.state(node)?.cut?.channels.length ?? 0) > 0,
};

export const snapshotProperties: readonly AnyProperty[] = [
  moneyKept,
  consistentCut,
  conservation,
  moneyUnderWay,
];
