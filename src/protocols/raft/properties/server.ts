// What the properties of Raft have in common.
import type { NodeId } from '../../../node/message.js';
import type { Always, Cluster } from '../../../node/property.js';
import type { State } from '../state.js';
import { standing } from './standing.js';

export type RaftCluster = Cluster<State>;

/** A property that looks at the server where something happened. */
interface ServerProperty<M> extends Pick<Always<State, M>, 'name' | 'about'> {
  readonly memory: M;
  broken(server: Readonly<State>, cluster: RaftCluster, memory: M): string | undefined;
}

/**
 * A property of what a server stands for (standing.ts) and nothing else of any server, but for what
 * it looks up when that has changed.
 */
export const ofStanding = <M>(property: ServerProperty<M>): Always<State, M> => ({
  ...always(property),
  view: standing,
});

export const always = <M>({ broken, ...named }: ServerProperty<M>): Always<State, M> => ({
  kind: 'always',
  ...named,
  broken(cluster, node, memory) {
    if (node === undefined) return undefined; // A fault changes nobody's state.
    const server = cluster.state(node);
    return server?.log === undefined ? undefined : broken(server, cluster, memory);
  },
});

/** The state of another server, as long as it is up. */
export function serverAt(cluster: RaftCluster, node: NodeId): Readonly<State> | undefined {
  const state = cluster.state(node);
  return state?.log === undefined ? undefined : state;
}
