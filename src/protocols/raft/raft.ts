// Raft (Ongaro & Ousterhout 2014; Ongaro's dissertation, 2014, whose sections are cited): a log
// that the servers agree on, and beside it registers for the workload lin-kv. Elections with
// pre-vote are in election.ts, replication in replication.ts and send.ts, the disk in disk.ts,
// snapshots in compaction.ts, membership in members.ts, reads in reads.ts, clients in clients.ts,
// leadership transfer in transfer.ts. Each of them works on the state and the context and nothing
// else; here they are joined to the simulator.
//
// Survives loss, delays, duplicates, reordering, partitions, crashes, torn writes, disks that are
// slow, full or fail, pauses, clocks of any kind (with `reads: lease`: clocks that drift no more
// than `drift`), and members that join and leave. As long as no majority can talk, it waits.
import { assert } from '../../kernel/assert.js';
import type { Message, NodeId } from '../../node/message.js';
import type { Protocol } from '../../node/protocol.js';
import type { Timers } from './bodies.js';
import { type Bodies, type Ctx, defaults, type Options, type PeerBody, problem } from './bodies.js';
import * as clients from './clients.js';
import * as disk from './disk.js';
import * as election from './election.js';
import { churnTimer, heartbeat, transferTimer } from './heartbeat.js';
import { configuration, lastIndex } from './log.js';
import { properties } from './properties/all.js';
import { leaseOver, readIndexIs } from './reads.js';
import { recover } from './recover.js';
import * as replication from './replication.js';
import { quiet } from './roles.js';
import type { Outgoing, State } from './state.js';
import { handOver } from './transfer.js';

type RaftProtocol = Protocol<State, Bodies, Timers, Options>;

/** A handler with what follows each of them. */
const settled =
  <I>(handle: (state: State, input: I, ctx: Ctx) => void) =>
  (state: State, input: I, ctx: Ctx): void => {
    const { leader } = state;
    if (state.served.length > 0) state.served = [];
    handle(state, input, ctx);
    finish(state, leader, ctx);
  };

/** What was said to others and to itself, and what follows from another leader. */
function finish(state: State, leaderBefore: NodeId | undefined, ctx: Ctx): void {
  if (state.leader !== leaderBefore && state.leader !== undefined) clients.passAll(state, ctx);
  disk.settle(state, ctx, say);
  if (state.lead?.transfer !== undefined) handOver(state, state.lead, ctx);
}

function say(state: State, { dest, body }: Outgoing, ctx: Ctx): void {
  if (dest === state.self) toItself(state, body, ctx);
  else ctx.send(dest, body);
}

/** A server's own vote, and its own copy of an entry (§10.2.1). */
function toItself(state: State, body: PeerBody, ctx: Ctx): void {
  const { self } = state;
  if (body.type === 'vote') election.vote(state, { src: self, dest: self, body }, ctx);
  if (body.type === 'appended') replication.appended(state, { src: self, dest: self, body }, ctx);
}

const request = settled(clients.ask) as (state: State, message: Message, ctx: Ctx) => void;

export const raft: RaftProtocol = {
  name: 'raft',
  about: 'Registers on a replicated log: elections, snapshots, membership changes, leases.',
  options: defaults,
  problem,
  init(ctx) {
    const state = recover(ctx);
    disk.settle(state, ctx, () => {});
    return state;
  },
  on: {
    'request-vote': settled(election.requestVote),
    vote: settled(election.vote),
    'append-entries': settled(replication.appendEntries),
    appended: settled(replication.appended),
    'install-snapshot': settled(replication.installSnapshot),
    'timeout-now': settled(election.timeoutNow),
    propose: settled(clients.propose),
    proposed: settled(clients.proposed),
    'read-index': settled(clients.readIndex),
    'read-index-is': settled(readIndexIs),
    read: request,
    write: request,
    cas: request,
  },
  timers: {
    quiet: settled((state, _, ctx) => quiet(state, ctx)),
    election: settled((state, _, ctx) => election.electionTimeout(state, ctx)),
    heartbeat: settled(heartbeat),
    transfer: settled(transferTimer),
    churn: settled(churnTimer),
    retry: settled((state, _, ctx) => clients.retry(state, ctx)),
    lease: settled((state, { round }) => leaseOver(state.lead?.lease, round)),
    synced: settled((state, _, ctx) => {
      for (const outgoing of disk.synced(state)) say(state, outgoing, ctx);
    }),
    'disk-retry': settled((state, _, ctx) => disk.writeAllAgain(state, ctx)),
  },
  diskFailed: (state, _, error, ctx) => disk.diskFailed(state, error, ctx),
  invariant: assertState,
  properties,
  milestones: {
    leader: ({ role }) => role === 'leader',
    candidate: ({ role }) => role === 'candidate',
    'third-commit': ({ role, commit }) => role === 'leader' && commit >= 3,
    syncing: ({ disk: { syncing } }) => syncing,
    snapshot: ({ log }) => log.snapshotIndex > 0,
    'changing-members': ({ role, log, commit }) =>
      role === 'leader' && configuration(log).index > commit,
    'handing-over': ({ lead }) => lead?.transfer?.sent === true,
  },
};

/** RF5 and RF13, as far as one server's state shows them. */
function assertState({ applied, commit, log, snapshot, role, lead }: Readonly<State>): void {
  const last = lastIndex(log);
  assert(applied <= commit, 'what is applied is committed', { applied, commit });
  assert(commit <= last, 'what is committed is in the log', { commit, last });
  const { snapshotIndex } = log;
  assert(snapshotIndex <= applied, 'a snapshot holds what is applied', { snapshotIndex, applied });
  assert(snapshotIndex === (snapshot?.index ?? 0), 'the log follows its snapshot');
  assert((role === 'leader') === (lead !== undefined), 'leaders lead', { role });
}
