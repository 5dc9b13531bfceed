// RF11 and RF12: reads without log entries, and leases.
import type { Micros } from '../../../kernel/time.js';
import type { NodeId } from '../../../node/message.js';
import type { Request, State } from '../state.js';
import { always, type RaftCluster, serverAt } from './server.js';

interface Invoked {
  /** The highest index that anybody had committed before anything that happens now. */
  commit: number;
  /** The same when each client's latest read was first asked, by node and client. */
  readonly reads: Map<NodeId, Map<NodeId, { readonly seq: number; readonly commit: number }>>;
}

/** RF11 (§6.4): what was committed before a read was asked shows in its answer. */
export const freshReads = always<Invoked>({
  name: 'fresh-reads',
  about: 'A read is answered from all that was committed before it was asked.',
  memory: { commit: 0, reads: new Map() },
  broken(server, _, invoked) {
    const { requests, served, commit } = server;
    const wrong = requests.size + served.length > 0 ? staleRead(server, invoked) : undefined;
    if (commit > invoked.commit) invoked.commit = commit;
    return wrong;
  },
});

function staleRead({ self, requests, served }: Readonly<State>, invoked: Invoked) {
  let reads = invoked.reads.get(self);
  if (reads === undefined) {
    reads = new Map();
    invoked.reads.set(self, reads);
  }
  for (const client of requests.keys()) {
    const { f, seq } = requests.get(client) as Request;
    if (f !== 'read' || (reads.get(client)?.seq ?? -1) >= seq) continue;
    reads.set(client, { seq, commit: invoked.commit });
  }
  for (const { client, seq, index, applied } of served) {
    const read = reads.get(client);
    if (applied < index)
      return `${self} answers a read of index ${index} having applied ${applied}`;
    // A copy that came late is answered too, to a client that asks something else by now.
    if (read !== undefined && read.seq > seq) continue;
    const wanted = read?.seq === seq ? read.commit : invoked.commit;
    if (index >= wanted) continue;
    return `${self} answers a read of ${client} as of ${index}; ${wanted} was committed before it`;
  }
  return undefined;
}

interface Held {
  term: number;
  /** When each round began, in true time, and until when the leader may rely on one. */
  readonly startsUs: Map<number, Micros>;
  untilUs: Micros;
}

/** RF12 (§6.4.1), in true time. */
export const exclusiveLeases = always({
  name: 'exclusive-leases',
  about: 'No two servers hold a lease at the same time.',
  memory: new Map<NodeId, Held>(),
  broken({ self, term, lead }, cluster, memory) {
    const lease = lead?.lease;
    if (lead === undefined || lease === undefined) return undefined;
    let held = memory.get(self);
    if (held?.term !== term) {
      held = { term, startsUs: new Map(), untilUs: 0 };
      memory.set(self, held);
    }
    if (!held.startsUs.has(lead.round)) held.startsUs.set(lead.round, cluster.nowUs);
    if (!lease.started.has(lease.acknowledged) || lease.forfeited) held.untilUs = 0;
    else held.untilUs = (held.startsUs.get(lease.acknowledged) ?? -lease.us) + lease.us;
    if (held.untilUs <= cluster.nowUs) return undefined;
    const other = otherHolder(cluster, memory, self);
    return other && `${self} of term ${term} and ${other} both hold a lease`;
  },
});

function otherHolder(cluster: RaftCluster, memory: ReadonlyMap<NodeId, Held>, self: NodeId) {
  for (const [node, { term, untilUs }] of memory) {
    if (node === self || untilUs <= cluster.nowUs) continue;
    const server = serverAt(cluster, node);
    if (server?.term === term && holds(server)) return `${node} of term ${term}`;
  }
  return undefined;
}

const holds = ({ lead }: Readonly<State>): boolean =>
  lead?.lease !== undefined &&
  !lead.lease.forfeited &&
  lead.lease.started.has(lead.lease.acknowledged);
