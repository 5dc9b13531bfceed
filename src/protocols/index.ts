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
import { adding, document, hasty } from './crdt/document.js';
import { antiEntropy } from './dissemination/anti-entropy.js';
import { plumtree, plumtreeNoGraft } from './dissemination/plumtree.js';
import { rumour } from './dissemination/rumour.js';
import { echo } from './echo.js';
import { accrual, oneGeneration } from './membership/accrual/accrual.js';
import { swim } from './membership/swim/swim.js';
import {
  amnesiac,
  forgetful as forgetfulSwim,
  noBump,
  noRefutation,
} from './membership/swim/twins.js';
import { clock } from './unique-ids/clock.js';
import { counter } from './unique-ids/counter.js';
import { forgetful } from './unique-ids/forgetful.js';
import { random } from './unique-ids/random.js';
import { snowflake } from './unique-ids/snowflake.js';

const all: readonly AnyProtocol[] = [
  echo,
  counter,
  forgetful,
  clock,
  snowflake,
  random,
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
  durable,
  unsynced,
];

/** Protocols by name. */
export const protocols: ReadonlyMap<string, AnyProtocol> = new Map(
  all.map((protocol) => [protocol.name, protocol]),
);
