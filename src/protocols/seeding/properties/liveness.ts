// What comes once the faults have ended: L1 to L6 (streams §2.12), within the recovery phase.
import type { NodeId } from '../../../node/message.js';
import type { Always, Eventually } from '../../../node/property.js';
import { ownNote } from '../gossip.js';
import { openUnits } from '../machine.js';
import { aboutNode } from '../notes.js';
import type { Ctx, State } from '../state.js';
import {
  chosen,
  latestOwner,
  memberAt,
  members,
  optionsOf,
  recordsOf,
  type World,
} from './observing.js';

/** Nodes that own nothing. */
const free = (cluster: World): readonly NodeId[] =>
  members(cluster).flatMap(([node, { owns }]) => (owns.size === 0 ? [node] : []));

/** L1. With more topos than nodes some have to wait. */
export const assignedIsOwned: Eventually<State> = {
  name: 'assigned-is-owned',
  kind: 'eventually',
  about: 'L1: every assigned topo has an owner, as long as there are nodes that own nothing.',
  missing(cluster) {
    if (free(cluster).length === 0) return undefined;
    const orphan = recordsOf(cluster).find(
      ({ topo, status }) => status === 'assigned' && latestOwner(cluster, topo) === undefined,
    );
    return orphan && `${orphan.topo} is assigned and has no owner`;
  },
};

/** L1, the other half: a node that believes to own what it cannot commit takes nothing else. */
export const beliefsSettle: Eventually<State> = {
  name: 'beliefs-settle',
  kind: 'eventually',
  about: 'L1: nobody goes on believing that it owns a topo that is done or has a later owner.',
  missing(cluster) {
    for (const [node, { owns }] of members(cluster)) {
      for (const [topo, { epoch }] of owns) {
        const [latest = node] = latestOwner(cluster, topo) ?? [];
        const of = `in epoch ${epoch[0]}`;
        if (latest !== node) return `${node} believes to own ${topo} ${of}, and ${latest} owns it`;
        if (chosen(cluster, topo)?.status !== 'done') continue;
        return `${node} believes to own ${topo} ${of}, which is done`;
      }
    }
    return undefined;
  },
};

/** L2. */
export const acceptedIsDone: Eventually<State> = {
  name: 'accepted-is-done',
  kind: 'eventually',
  about: 'L2: every accepted unit is done, acked, and at the sink.',
  missing(cluster) {
    for (const { topo, status } of recordsOf(cluster)) {
      const found = status === 'assigned' ? latestOwner(cluster, topo) : undefined;
      if (found === undefined) continue;
      const [node, own] = found;
      const [unit] = openUnits(own.settled);
      if (unit !== undefined && own.graph.spec.ack) return `${unit.id} of ${topo} was never done`;
      const [root] = own.graph.spec.ack ? own.settled.trees.keys() : [];
      if (root !== undefined) return `${root} of ${topo} was never complete`;
      if (own.commit < own.log.length) return `${node} cannot commit the log of ${topo}`;
      for (const [sink, outputs] of own.settled.outputs) {
        const upTo = own.emissions.get(sink)?.upTo ?? 0;
        if (upTo < outputs.length) return `${sink} has not had position ${upTo} of ${topo}`;
      }
    }
    return undefined;
  },
};

const hasRoom = (cluster: World, { durable }: Readonly<State>): boolean =>
  durable.seats.size < (durable.r ?? optionsOf(cluster).r);

/** L3. */
export const queuedStarts: Eventually<State> = {
  name: 'queued-starts',
  kind: 'eventually',
  about: 'L3: no topo waits in the queue, or half way to its seeds, while there is room for it.',
  missing(cluster) {
    const roomy = members(cluster).filter(([, state]) => hasRoom(cluster, state));
    const waiting = recordsOf(cluster).find(
      ({ status, spec }) =>
        status === 'queued' && roomy.length >= spec.n && free(cluster).length > 0,
    );
    if (waiting !== undefined) {
      return `${waiting.topo} is queued; ${roomy.length} nodes have a free seat`;
    }
    const held = members(cluster).find(([, { submissions }]) => submissions.size > 0);
    const [topo] = held?.[1].submissions.keys() ?? [];
    return held && `${held[0]} is still looking for seeds for ${topo}`;
  },
};

/** L4: what each node believes of each is what that one would say now. */
export const gossipConverges: Eventually<State> = {
  name: 'gossip-converges',
  kind: 'eventually',
  about: 'L4: every node knows what every other owns and seeds, and all know the same of topos.',
  missing(cluster) {
    const all = members(cluster);
    const [first] = all;
    for (const [node, state] of all) {
      const ctx = { options: optionsOf(cluster) } as unknown as Ctx;
      const own = ownNote({ state: state as State, ctx });
      for (const [other, { notes }] of all) {
        const found = notes.get(aboutNode(node))?.content;
        const known = found?.kind === 'node' ? found : undefined;
        const agrees =
          known?.owns.join() === own.owns.join() && known?.seeding.join() === own.seeding.join();
        if (!agrees) return `${other} does not know what ${node} owns and seeds`;
      }
      for (const [about, { stamp, content }] of state.notes) {
        if (content.kind !== 'topo') continue;
        const other = first?.[1].notes.get(about)?.stamp ?? [];
        if (other.join() !== stamp.join()) return `${first?.[0]} and ${node} differ on ${about}`;
      }
    }
    return undefined;
  },
};

/** L5: n seeds, all there, none behind. */
export const seedsComplete: Eventually<State> = {
  name: 'seeds-complete',
  kind: 'eventually',
  about: 'L5: every assigned topo has its n seeds, and each has the whole log.',
  missing(cluster) {
    for (const { topo, status, seeds, spec } of recordsOf(cluster)) {
      const owner = status === 'assigned' ? latestOwner(cluster, topo) : undefined;
      if (owner === undefined) continue;
      if (new Set(seeds).size !== spec.n) return `${topo} has ${seeds.length} of ${spec.n} seeds`;
      const length = owner[1].log.length;
      for (const seed of seeds) {
        const log = memberAt(cluster, seed)?.durable.seats.get(topo)?.log;
        if (log === undefined) return `${seed} is to seed ${topo}, and does not`;
        if (log.length < length) return `${seed} has ${log.length} of ${length} entries of ${topo}`;
      }
      const others = members(cluster).filter(([node]) => !seeds.includes(node));
      const stray = others.find(([, { durable }]) => durable.seats.has(topo));
      if (stray !== undefined) return `${stray[0]} seeds ${topo}, and need not`;
    }
    return undefined;
  },
};

/** L5, after r was lowered. */
export const surplusHandedOn: Eventually<State> = {
  name: 'surplus-handed-on',
  kind: 'eventually',
  about: 'L5: no node seeds more than r topos, if another that does not seed them has room.',
  missing(cluster) {
    for (const [node, state] of members(cluster)) {
      const { seats, r = optionsOf(cluster).r } = state.durable;
      if (seats.size <= r) continue;
      const heir = members(cluster).find(
        ([, other]) =>
          hasRoom(cluster, other) &&
          [...seats.keys()].some((topo) => !other.durable.seats.has(topo)),
      );
      if (heir !== undefined)
        return `${node} seeds ${seats.size} topos, r is ${r}; ${heir[0]} has room`;
    }
    return undefined;
  },
};

/** Choices between two turns of the optimistic slot, as BitTorrent has it. */
const turnEvery = 3;

/** L6. */
export const nobodyStarves: Always<State> = {
  name: 'nobody-starves',
  kind: 'always',
  about: 'L6: the optimistic slot goes round: no worker is refused by all seeds for longer.',
  broken(cluster, node) {
    const choked = memberAt(cluster, node)?.choked;
    if (choked === undefined) return undefined;
    const { chokeUs } = optionsOf(cluster);
    const turns = turnEvery * (cluster.members.length + 1);
    const waitedUs = choked.lastUs - choked.sinceUs;
    if (waitedUs <= turns * chokeUs) return undefined;
    return `every seed has refused ${node} for ${Math.round(waitedUs / 1_000_000)} s`;
  },
};

/** M12 in the end: what was accepted is in a status, and in one. */
export const acceptedToposKept: Eventually<State> = {
  name: 'accepted-topos-kept',
  kind: 'eventually',
  about: 'M12: every topo that a node has accepted is queued, assigned or done in the end.',
  missing(cluster) {
    for (const [node, { accepted }] of members(cluster)) {
      for (const topo of accepted) {
        const status = chosen(cluster, topo)?.status;
        if (status === undefined || status === 'reserved') return `${node} has accepted ${topo}`;
      }
    }
    return undefined;
  },
};
