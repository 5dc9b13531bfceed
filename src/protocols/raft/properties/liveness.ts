// RF15: once the faults have ended, there is a leader, and everybody has what it has committed.
import { formatInstant, type Micros, seconds } from '../../../kernel/time.js';
import type { Eventually, Sometimes } from '../../../node/property.js';
import type { Options } from '../bodies.js';
import { hasCommittedInTerm } from '../leadership.js';
import { configuration } from '../log.js';
import type { State } from '../state.js';
import { type RaftCluster, serverAt } from './server.js';

const up = (cluster: RaftCluster) =>
  cluster.members.flatMap((node) => {
    const server = cluster.status(node) === 'up' ? serverAt(cluster, node) : undefined;
    return server === undefined ? [] : [server];
  });

interface Seen {
  /** When somebody last led, or had lately heard who leads. */
  ledUs: Micros;
}

/** So many election timeouts without a leader are no election among others. */
const timeoutsMax = 4;

/** Some eight election timeouts of the default length, which split votes may take. */
export const progress: Eventually<State, Seen> = {
  kind: 'eventually',
  name: 'progress',
  about: 'Once the faults have ended a leader commits entries, and every member gets them.',
  withinUs: seconds(5),
  memory: { ledUs: 0 },
  observe(cluster, node, seen) {
    const server = node === undefined ? undefined : serverAt(cluster, node);
    if (server?.role === 'leader' || server?.heard) seen.ledUs = cluster.nowUs;
  },
  missing(cluster, { ledUs }) {
    const { transferUs, churnUs, electionUs } = cluster.options as Options;
    // Where leaders come and go for ever, there may be none at this very instant.
    if (transferUs + churnUs > 0) {
      if (cluster.nowUs - ledUs <= timeoutsMax * electionUs) return undefined;
      return `nobody has heard of a leader since ${formatInstant(ledUs)} s`;
    }
    const servers = up(cluster);
    const leader = servers.find((server) => server.role === 'leader' && hasCommittedInTerm(server));
    if (leader === undefined) return 'no leader has committed anything in its term';
    const { members } = configuration(leader.log);
    const behind = servers.find(
      ({ self, commit }) => members.includes(self) && commit < leader.commit,
    );
    return (
      behind && `${behind.self} has ${behind.commit} of the ${leader.commit} entries committed`
    );
  },
};

export const commits: Sometimes<State> = {
  kind: 'sometimes',
  name: 'commits',
  about: 'An entry is committed.',
  reached: (cluster, node) => node !== undefined && (serverAt(cluster, node)?.commit ?? 0) > 0,
};
