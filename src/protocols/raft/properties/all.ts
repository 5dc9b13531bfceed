// What must hold of a cluster of Raft servers, after every event: RF1 to RF15.
import type { AnyProperty } from '../../../node/property.js';
import {
  electionSafety,
  growingCommit,
  growingTerms,
  leaderAppendOnly,
  oneVote,
  trueVotes,
} from './elections.js';
import { commits, progress } from './liveness.js';
import {
  durableCommit,
  leaderCompleteness,
  logMatching,
  stateMachineSafety,
  trueMatches,
} from './logs.js';
import { oncePerCommand, snapshotIsPrefix } from './machine.js';
import { overlappingConfigurations } from './members.js';
import { exclusiveLeases, freshReads } from './reads.js';

export const properties: readonly AnyProperty[] = [
  electionSafety,
  leaderAppendOnly,
  logMatching,
  leaderCompleteness,
  stateMachineSafety,
  oneVote,
  trueVotes,
  growingTerms,
  growingCommit,
  durableCommit,
  overlappingConfigurations,
  trueMatches,
  freshReads,
  exclusiveLeases,
  snapshotIsPrefix,
  oncePerCommand,
  progress,
  commits,
];
