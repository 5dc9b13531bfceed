// The invariants M1 to M14 and the promises L1 to L6 of streams §2.12, over what is effective,
// never over what a node believes: two nodes that believe to own a topo are nothing out of the
// ordinary.
import type { AnyProperty } from '../../../node/property.js';
import * as liveness from './liveness.js';
import * as ownership from './ownership.js';
import * as reached from './reached.js';
import * as seeds from './seeds.js';
import * as units from './units.js';

export const properties: readonly AnyProperty[] = [
  ownership.oneOwnerPerEpoch,
  ownership.promisesHold,
  ownership.committedLogGrows,
  units.acknowledgedKept,
  units.oneValuePerPosition,
  ownership.ownsOneTopo,
  seeds.seatsBounded,
  seeds.oneSeedSet,
  ownership.commitsSurvive,
  units.staleResultsFenced,
  units.codeAsSpecified,
  seeds.acceptedIsKept,
  units.creditsBind,
  units.completeMeansDone,
  seeds.hopsBounded,
  liveness.assignedIsOwned,
  liveness.beliefsSettle,
  liveness.acceptedIsDone,
  liveness.queuedStarts,
  liveness.gossipConverges,
  liveness.seedsComplete,
  liveness.surplusHandedOn,
  liveness.nobodyStarves,
  liveness.acceptedToposKept,
  reached.takenOver,
  reached.twoBelieve,
  reached.seedReplaced,
  reached.handedOff,
];
