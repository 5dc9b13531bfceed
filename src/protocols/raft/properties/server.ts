// What the properties of Raft have in common.
import type { NodeId } from '../../../node/message.js';
import type { Always, Cluster } from '../../../node/property.js';
import type { State } from '../state.js';
import { type Seen, standing } from './standing.js';

export type RaftCluster = Cluster<State>;

/** A property that looks at the server where something happened. */
interface ServerProperty<M, V> extends Pick<Always<State, M>, 'name' | 'about'> {
  readonly memory: M;
  broken(server: Readonly<State>, cluster: RaftCluster, memory: M, seen: V): string | undefined;
}

/**
 * A property of what a server stands for (standing.ts) and nothing else of any server, but for what
 * it looks up when that has changed.
 */
export const ofStanding = <M>(property: ServerProperty<M, Seen>): Always<State, M> => ({
  view: standing,
  ...always(property),
});

export const always = <M, V = unknown>({
  broken,
  ...named
}: ServerProperty<M, V>): Always<State, M> => ({
  kind: 'always',
  ...named,
  broken(cluster, node, memory, seen) {
    if (node === undefined) return undefined; // A fault changes nobody's state.
    const server = cluster.state(node);
    return server?.log === undefined ? undefined : broken(server, cluster, memory, seen);
  },
});

/** The state of another server, as long as it is up. */
export function serverAt(cluster: RaftCluster, node: NodeId): Readonly<State> | undefined {
  const state = cluster.state(node);
  return state?.log === undefined ? undefined : state;
}
