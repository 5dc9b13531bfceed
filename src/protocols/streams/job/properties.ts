// What must hold of a stream that a negotiator coordinates, as an observer of all nodes sees it.
import type { Always, Cluster, Sometimes, View } from '../../../node/property.js';
import type { Commit, JobOptions, JobState } from './job.js';

type Pointer = { commits: number; e: number; g: number };

/** As much of the services' states as is looked at. */
interface Tree {
  readonly tree: { readonly past: ReadonlyMap<string, readonly Commit[]> };
}

interface Store {
  readonly past: ReadonlyMap<string, number>;
}

/** The commit that was just made, if it was: `memory` counts them. */
function newCommit(
  cluster: Cluster<JobState>,
  node: string | undefined,
  memory: Pointer,
): Commit | undefined {
  const { coordination } = cluster.options as JobOptions;
  if (node !== coordination) return undefined;
  const state = cluster.state(node) as unknown as Tree | undefined;
  const commits = state?.tree.past.get('/committed') ?? [];
  if (commits.length <= memory.commits) return undefined;
  memory.commits = commits.length;
  return commits.at(-1);
}

/** Most events are not the coordination service's, and commit nothing. */
const commits: View<JobState, Pointer> = {
  memory: { commits: 0, e: 0, g: 0 },
  changed: (cluster, node, memory) => newCommit(cluster, node, memory) !== undefined,
};

const commitsRise: Always<JobState, Pointer> = {
  kind: 'always',
  name: 'commits-rise',
  about: 'The commit pointer never goes back to a generation that was committed before.',
  view: commits,
  memory: { commits: 0, e: 0, g: 0 },
  broken(cluster, node, memory) {
    const commit = newCommit(cluster, node, memory);
    if (commit === undefined) return undefined;
    const { e, g } = memory;
    memory.e = commit.e;
    memory.g = commit.g;
    if (commit.g > g && commit.e >= e) return undefined;
    return `generation ${commit.g} of epoch ${commit.e} was committed after ${g} of ${e}`;
  },
};

const commitsAreDurable: Always<JobState, Pointer> = {
  kind: 'always',
  name: 'commits-are-durable',
  about: 'When the commit pointer moves, every part that it names is in the store.',
  view: commits,
  memory: { commits: 0, e: 0, g: 0 },
  broken(cluster, node, memory) {
    const commit = newCommit(cluster, node, memory);
    if (commit === undefined) return undefined;
    const { store } = cluster.options as JobOptions;
    const state = cluster.state(store) as unknown as Store | undefined;
    if (state === undefined) return undefined; // It is down, and keeps what it had.
    const missing = commit.parts.find(([, name]) => {
      return typeof name === 'string' && !state.past.has(name);
    });
    if (missing === undefined) return undefined;
    return `generation ${commit.g} was committed without ${missing[1]}, which is not in the store`;
  },
};

const commitsAfterRecovery: Sometimes<JobState, Pointer> = {
  kind: 'sometimes',
  name: 'commits-after-recovery',
  about: 'A snapshot is committed in an epoch after the first.',
  view: commits,
  memory: { commits: 0, e: 0, g: 0 },
  reached(cluster, node, memory) {
    return (newCommit(cluster, node, memory)?.e ?? 0) > 1;
  },
};

export const jobProperties = [commitsRise, commitsAreDurable, commitsAfterRecovery];
