// RF9: configurations.
import type { NodeId } from '../../../node/message.js';
import { configuration, entryAt, lastIndex, lastTerm } from '../log.js';
import type { State } from '../state.js';
import { ofStanding } from './server.js';

interface Seen {
  last: number;
  lastTerm: number;
  index: number;
}

/** RF9 (§4.1): one server at a time, one change at a time, and the latest one in the log holds. */
export const overlappingConfigurations = ofStanding({
  name: 'overlapping-configurations',
  about: 'Configurations change by one server, one at a time; the latest in the log holds.',
  memory: new Map<NodeId, Seen>(),
  broken(server, _, memory) {
    const { self, log } = server;
    const last = lastIndex(log);
    const { index } = configuration(log);
    const seen = memory.get(self);
    const term = lastTerm(log);
    if (seen?.last === last && seen.index === index && seen.lastTerm === term) return undefined;
    memory.set(self, { last, lastTerm: term, index });
    return misplaced(server) ?? tooMuchAtOnce(server);
  },
});

function misplaced({ self, log }: Readonly<State>): string | undefined {
  const { index } = configuration(log);
  const last = lastIndex(log);
  const named = index === log.snapshotIndex || entryAt(log, index)?.kind === 'members';
  if (!named) return `${self} uses the members of entry ${index}, which names none`;
  if (entryAt(log, last)?.kind !== 'members' || index === last) return undefined;
  return `${self} uses the members of entry ${index}, not those of its last, ${last}`;
}

function tooMuchAtOnce({ self, role, term, log, commit }: Readonly<State>): string | undefined {
  const { configurations } = log;
  const [before, after] = configurations.slice(-2);
  if (before === undefined || after === undefined) return undefined;
  if (before.members.length === 0) return undefined; // A newcomer knows of nobody.
  const added = after.members.filter((member) => !before.members.includes(member)).length;
  const removed = before.members.filter((member) => !after.members.includes(member)).length;
  if (added + removed > 1) {
    return `${self} goes from ${before.members.join(' ')} to ${after.members.join(' ')} at once`;
  }
  const isOwn = role === 'leader' && entryAt(log, after.index)?.term === term;
  if (!isOwn || before.index <= commit) return undefined;
  const open = `entry ${before.index}, which did, is not committed`;
  return `${self} changes the members in entry ${after.index}; ${open}`;
}
