// What must hold of supervised tasks, seen from outside: one of a kind writes, and works in the
// end, a database is not asked for more than it takes, and who is given up is given up aloud.
import type { NodeId } from '../../node/message.js';
import type { AnyProperty, Cluster } from '../../node/property.js';
import type { Content, Options, State } from './supervised-bodies.js';
import { volumeKey } from './tasks.js';

type Machines = Cluster<State>;

const notOverloaded: AnyProperty = {
  kind: 'always',
  name: 'not-overloaded',
  about: 'The database that others use, too, refuses nothing because of operators that recover.',
  broken(cluster: Machines, node: NodeId | undefined) {
    if (node === undefined || node !== (cluster.options as Options).database) return undefined;
    const { refused = 0 } = (cluster.state(node) as { refused?: number } | undefined) ?? {};
    return refused > 0 ? `${node} has refused ${refused} requests` : undefined;
  },
};

const oneOfAKind: AnyProperty = {
  kind: 'eventually',
  name: 'one-of-a-kind',
  about: 'In the end a partition has one task that runs, unless it was given up.',
  missing(cluster: Machines) {
    const running = new Map<number, NodeId>();
    for (const node of cluster.members) {
      for (const [partition, { status }] of cluster.state(node)?.tasks ?? []) {
        if (status !== 'running') continue;
        const other = running.get(partition);
        if (other !== undefined) return `${other} and ${node} both work on ${partition}`;
        running.set(partition, node);
      }
    }
    const [scheduler = ''] = cluster.members;
    for (const [partition, { status }] of cluster.state(scheduler)?.entries ?? []) {
      if (status !== 'gave up' && !running.has(partition)) return `nobody works on ${partition}`;
    }
    return undefined;
  },
};

const givenUpAloud: AnyProperty = {
  kind: 'eventually',
  name: 'given-up-aloud',
  about: 'All who take input know which partitions were given up.',
  missing(cluster: Machines) {
    const [scheduler = ''] = cluster.members;
    const entries = cluster.state(scheduler)?.entries ?? [];
    for (const [partition, { status }] of entries) {
      if (status !== 'gave up') continue;
      const deaf = cluster.members.find((node) => {
        return cluster.state(node)?.gaveUp.includes(partition) === false;
      });
      if (deaf !== undefined) return `${deaf} does not know that ${partition} was given up`;
    }
    return undefined;
  },
};

interface Written {
  /** By volume: the version seen last, and the epoch of whoever wrote it. */
  readonly versions: Map<string, number>;
  readonly epochs: Map<string, number>;
}

const oneWriter: AnyProperty = {
  kind: 'always',
  name: 'one-writer',
  about: 'Once a later launch of a task has written to its volume, no earlier one does.',
  memory: { versions: new Map(), epochs: new Map() },
  broken(cluster: Machines, node: NodeId | undefined, { versions, epochs }: Written) {
    const { partitions, store } = cluster.options as Options;
    if (node === undefined || node !== store) return undefined;
    const stored = cluster.state(node) as unknown as Stored | undefined;
    for (let partition = 0; stored !== undefined && partition < partitions; partition++) {
      const key = volumeKey(partition);
      const version = stored.versions.get(key);
      if (version === undefined || version === versions.get(key)) continue;
      versions.set(key, version);
      const { epoch } = stored.values[version] as Content;
      const before = epochs.get(key) ?? 0;
      epochs.set(key, Math.max(before, epoch));
      if (epoch < before) return `launch ${epoch} writes to ${key} after launch ${before} has`;
    }
    return undefined;
  },
};

/** What of the store is looked at. */
interface Stored {
  readonly versions: ReadonlyMap<string, number>;
  readonly values: readonly unknown[];
}

export const supervisedProperties: readonly AnyProperty[] = [
  notOverloaded,
  oneWriter,
  oneOfAKind,
  givenUpAloud,
];
