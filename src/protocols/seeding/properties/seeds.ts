// Safety of seats, seed sets and queued topos: M7, M8, M12 (streams §2.12), and the hop limit.
import type { NodeId } from '../../../node/message.js';
import type { Always } from '../../../node/property.js';
import { majority } from '../epoch.js';
import { type Config, configsIn } from '../log.js';
import type { Ownership, State } from '../state.js';
import { isKept, memberAt, nameOf, optionsOf, ownedAt } from './observing.js';

/** M7. */
export const seatsBounded: Always<State, Map<string, number>> = {
  name: 'seats-bounded',
  kind: 'always',
  about: 'M7: no node takes more seats than r; if r is lowered it takes none until it has room.',
  memory: new Map(),
  broken(cluster, node = '', sizes) {
    const durable = memberAt(cluster, node)?.durable;
    const size = durable?.seats.size ?? 0;
    const before = sizes.get(node) ?? 0;
    if (durable !== undefined && size !== before) sizes.set(node, size);
    const r = durable?.r ?? optionsOf(cluster).r;
    return size > r && size > before ? `${node} seeds ${size} topos; r is ${r}` : undefined;
  },
};

interface SeedSets {
  readonly sets: Map<string, string>;
  /** By owner: the seed set that it went by. */
  readonly before: Map<string, Config>;
}

/** M8. */
export const oneSeedSet: Always<State, SeedSets> = {
  name: 'one-seed-set',
  kind: 'always',
  about: 'M8: a version of a seed set is one set, and it was agreed on by majorities of two.',
  memory: { sets: new Map(), before: new Map() },
  broken(cluster, node, { sets, before }) {
    for (const own of ownedAt(cluster, node)) {
      const [config] = own.configs;
      if (config === undefined) continue;
      const name = nameOf(own, node);
      const last = before.get(name);
      if (last?.version === config.version) continue;
      before.set(name, config);
      const place = `${own.topo} ${config.version}`;
      const seeds = [...config.seeds].sort(byText).join(' ');
      const known = sets.get(place) ?? seeds;
      sets.set(place, known);
      if (known !== seeds) {
        return `version ${config.version} of the seeds of ${own.topo} is ${known} and ${seeds}`;
      }
      const wrong = last === undefined ? undefined : disagreement(own, last, config);
      if (wrong !== undefined) return wrong;
    }
    return undefined;
  },
};

/** A seed set that took effect without a majority of the one before it. */
function disagreement({ topo, log, followers }: Ownership, last: Config, next: Config) {
  const version = `"version":${next.version},`;
  const index = log.findIndex((line) => line.startsWith(`{"kind":"config",${version}`));
  const agreed = last.seeds.filter((seed) => (followers.get(seed)?.matched ?? 0) > index);
  if (agreed.length >= majority(last.seeds.length)) return undefined;
  return (
    `${topo} goes by ${next.seeds.join(', ')}, to which of ${last.seeds.join(', ')} ` +
    `only ${agreed.length} have agreed (of ${configsIn(log).length} seed sets)`
  );
}

function byText(a: NodeId, b: NodeId): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** M12, when a client is told so; the property `accepted-topos-kept` asks again in the end. */
export const acceptedIsKept: Always<State, Map<string, number>> = {
  name: 'accepted-is-kept',
  kind: 'always',
  about: 'M12: a topo that was accepted is queued, assigned or done at a majority of its home.',
  memory: new Map(),
  broken(cluster, node, told) {
    const state = memberAt(cluster, node);
    if (state === undefined) return undefined;
    const life = `${node} ${cluster.incarnation(node as NodeId)}`;
    const from = told.get(life) ?? 0;
    if (state.accepted.length === from) return undefined;
    told.set(life, state.accepted.length);
    const lost = state.accepted
      .slice(from)
      .find((topo) => !isKept(cluster, topo, ({ status }) => status !== 'reserved'));
    return lost === undefined ? undefined : `${node} has accepted ${lost}, which its home has not`;
  },
};

/** A request for a seat comes to an end, answered. */
export const hopsBounded: Always<State> = {
  name: 'hops-bounded',
  kind: 'always',
  about: 'A request for a seat is handed on no oftener than there are nodes.',
  broken(cluster, node) {
    const state = memberAt(cluster, node);
    const most = state?.hopsMost ?? 0;
    const { members } = cluster;
    if (most <= members.length) return undefined;
    const nodes = cluster.nodes.filter(
      (each) => members.includes(each) || cluster.status(each) === 'left',
    ).length;
    return most > nodes ? `${node} hands on a request that was handed on ${most} times` : undefined;
  },
};
