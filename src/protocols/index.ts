// The registry of protocols: a new one is one file (or folder) and one line here.
import type { AnyProtocol } from '../node/protocol.js';
import { adaptive } from './broadcast/adaptive/adaptive.js';
import { batched } from './broadcast/batched.js';
import { breaker } from './broadcast/breaker.js';
import { durable } from './broadcast/durable.js';
import { flood } from './broadcast/flood.js';
import { floodRetry } from './broadcast/flood-retry.js';
import { ownRoot } from './broadcast/own-root.js';
import { slotted } from './broadcast/slotted.js';
import { slottedRetry } from './broadcast/slotted-retry.js';
import { treeRetry } from './broadcast/tree-retry.js';
import { unsynced } from './broadcast/unsynced.js';
import { gGossip } from './counter/g-gossip.js';
import { growOnly } from './counter/grow-only.js';
import { pnGossip } from './counter/pn-gossip.js';
import { seqKv } from './counter/seq-kv.js';
import { stale } from './counter/stale.js';
import { adding, document, hasty } from './crdt/document.js';
import { antiEntropy } from './dissemination/anti-entropy.js';
import { plumtree, plumtreeNoGraft } from './dissemination/plumtree.js';
import { rumour } from './dissemination/rumour.js';
import { echo } from './echo.js';
import { gossip } from './g-set/gossip.js';
import { replace } from './g-set/replace.js';
import { drain } from './goobly/drain.js';
import { fence } from './goobly/fence.js';
import { exceptionsCrash, loudCrash, openVolumes, supervised } from './goobly/supervised.js';
import {
  doubleRestore,
  missingParent,
  noAbort,
  noDrain,
  outputFirst,
  timersLost,
  timersStay,
  wallClock,
} from './goobly/twins.js';
import { gapView, view } from './goobly/view.js';
import { linKv as linKvLogs } from './kafka/lin-kv.js';
import { lookThenWrite as lookThenWriteLogs } from './kafka/look-then-write.js';
import { ownCommits } from './kafka/own-commits.js';
import { resend } from './kafka/resend.js';
import { single as singleLogs } from './kafka/single.js';
import { proxy } from './kv/proxy.js';
import { single as singleKv } from './kv/single.js';
import { anyone } from './lock/anyone.js';
import { linKv as linKvLock } from './lock/lin-kv.js';
import { lookThenWrite as lookThenWriteLock } from './lock/look-then-write.js';
import { accrual, oneGeneration } from './membership/accrual/accrual.js';
import { swim } from './membership/swim/swim.js';
import {
  amnesiac,
  forgetful as forgetfulSwim,
  noBump,
  noRefutation,
} from './membership/swim/twins.js';
import { raft } from './raft/raft.js';
import { naive as naiveSeeding } from './seeding/naive.js';
import { seeding } from './seeding/seeding.js';
import { chandyLamport, lateMarkers, noChannels } from './snapshot/chandy-lamport.js';
import { colourBlind, laiYang, uncounted } from './snapshot/lai-yang.js';
import { aligned, atLeastOnce, atMostOnce, unaligned } from './streams/barriers.js';
import { hailstorm } from './streams/hailstorm.js';
import { hailstormReleased } from './streams/hailstorm-released.js';
import { kafkaTransactions } from './streams/kafka/kafka-transactions.js';
import { millwheel } from './streams/millwheel/millwheel.js';
import { samza } from './streams/samza.js';
import { trident } from './streams/trident/trident.js';
import { dirty } from './txn/dirty.js';
import { noRetry } from './txn/no-retry.js';
import { replicated } from './txn/replicated.js';
import { root } from './txn/root.js';
import { single as singleTxn } from './txn/single.js';
import { uncheckedReads } from './txn/unchecked-reads.js';
import { clock } from './unique-ids/clock.js';
import { counter } from './unique-ids/counter.js';
import { forgetful } from './unique-ids/forgetful.js';
import { oracle } from './unique-ids/oracle.js';
import { random } from './unique-ids/random.js';
import { snowflake } from './unique-ids/snowflake.js';

const all: readonly AnyProtocol[] = [
  echo,
  counter,
  forgetful,
  clock,
  snowflake,
  random,
  oracle,
  flood,
  floodRetry,
  treeRetry,
  batched,
  slotted,
  slottedRetry,
  breaker,
  ownRoot,
  adaptive,
  document,
  hasty,
  adding,
  antiEntropy,
  rumour,
  plumtree,
  plumtreeNoGraft,
  swim,
  noRefutation,
  noBump,
  amnesiac,
  forgetfulSwim,
  accrual,
  oneGeneration,
  seeding,
  naiveSeeding,
  durable,
  unsynced,
  gossip,
  replace,
  gGossip,
  seqKv,
  stale,
  pnGossip,
  growOnly,
  proxy,
  singleKv,
  root,
  noRetry,
  uncheckedReads,
  singleTxn,
  replicated,
  dirty,
  linKvLogs,
  singleLogs,
  lookThenWriteLogs,
  resend,
  ownCommits,
  linKvLock,
  anyone,
  lookThenWriteLock,
  raft,
  samza,
  hailstorm,
  hailstormReleased,
  aligned,
  atLeastOnce,
  atMostOnce,
  unaligned,
  millwheel,
  kafkaTransactions,
  trident,
  chandyLamport,
  lateMarkers,
  noChannels,
  laiYang,
  colourBlind,
  uncounted,
  drain,
  fence,
  noDrain,
  missingParent,
  doubleRestore,
  timersStay,
  timersLost,
  noAbort,
  outputFirst,
  wallClock,
  supervised,
  exceptionsCrash,
  loudCrash,
  openVolumes,
  view,
  gapView,
];

/** Protocols by name. */
export const protocols: ReadonlyMap<string, AnyProtocol> = new Map(
  all.map((protocol) => [protocol.name, protocol]),
);
