// The network: what becomes of a message, decided when it is sent. A pure router with rules, in the
// manner of turmoil-net's fabric: it knows parties as numbers and nothing of nodes or time's queue.
//
//   src ──▶ cut? ──▶ lost? ──▶ latency + reorder + slow + bandwidth ──▶ copies ──▶ dest
//
// A message crosses a link only if the link is open both when it leaves and when it arrives.
import { drawBits } from '../kernel/key.js';
import { share } from '../kernel/random.js';
import type { Micros } from '../kernel/time.js';
import type { Body } from '../node/message.js';
import { breakConnection, type Connections, inOrder } from './connections.js';
import { latencyUs } from './latency.js';
import { covers, linkOf, type Rule } from './rules.js';
import { sizeOf } from './size.js';
import type { Latency, NetworkSpec } from './spec.js';

/**
 * The choices at one message; each draws its own bits from the message's key. The message's handler
 * draws from the same key, counting up from 0: it never comes this far.
 */
const salts = {
  latency: 0x4000_0001,
  loss: 0x4000_0002,
  duplicate: 0x4000_0003,
  reorder: 0x4000_0004,
  copy: 0x4000_0005,
  reorderBy: 0x4000_0006,
} as const;

/** What is imported, as constants of this module: V8 looks imports up at every use. */
const known = { drawBits, latencyUs } as const;

/** An edit's decisions about one message; `undefined` leaves the choice to chance. */
export interface Forced {
  readonly loss?: boolean;
  readonly duplicate?: boolean;
  readonly latencyUs?: Micros;
  readonly moreUs?: Micros;
  readonly copyAfterUs?: Micros;
  readonly now?: boolean;
}

/** A latency that counts for some links only. */
interface ResolvedOverride {
  readonly link: number;
  readonly latency: Latency;
}

/** A message at the moment of sending. The world reuses one record for all. */
export interface Passage {
  source: number;
  target: number;
  body: Body;
  nowUs: Micros;
  /** The message's key. */
  hi: number;
  lo: number;
  /** What edits say of it. */
  forced: Forced | undefined;
}

/** What was decided about the message that was routed last. Reused: read it at once. */
export interface Decision {
  /** `waits`: for an event, which `route` knows nothing of. */
  outcome: 'sent' | 'held' | 'waits' | 'lost';
  why: string;
  delayUs: Micros;
  /** A second copy's delay; −1: there is none. */
  copyDelayUs: Micros;
  /** The connection broke (transport `connection`). */
  broke: boolean;
  /** Numbers of the faults that changed the message's fate. */
  readonly touched: number[];
}

/** Plain data, cloned with the world. */
export interface Network {
  readonly spec: NetworkSpec;
  overrides: readonly ResolvedOverride[];
  rules: readonly Rule[];
  readonly connections: Connections;
  /** When each link has sent what it was given, for `bytesPerSecond`. */
  readonly busyUntilUs: Map<number, Micros>;
  /** No rule, no ambient fault, nothing but latency: the fast path. */
  quiet: boolean;
  readonly decision: Decision;
}

/** A network without active faults. `numberOf` turns names of link overrides into parties. */
export function createNetwork(spec: NetworkSpec, numberOf: (name: string) => number): Network {
  const network: Network = {
    spec,
    overrides: [],
    rules: [],
    connections: new Map(),
    busyUntilUs: new Map(),
    quiet: false,
    decision: {
      outcome: 'sent',
      why: '',
      delayUs: 0,
      copyDelayUs: -1,
      broke: false,
      touched: [],
    },
  };
  resolveLinks(network, numberOf);
  setRules(network, []);
  return network;
}

/** Finds the parties of link overrides, anew whenever there is another party. */
export function resolveLinks(network: Network, numberOf: (name: string) => number): void {
  network.overrides = network.spec.links.map(({ from, to, latency }) => ({
    link: linkOf(numberOf(from), numberOf(to)),
    latency,
  }));
}

/** Replaces the active rules. */
export function setRules(network: Network, rules: readonly Rule[]): void {
  const { spec } = network;
  network.rules = rules;
  network.quiet =
    rules.length === 0 &&
    network.overrides.length === 0 &&
    spec.lossPpm === 0 &&
    spec.duplicatePpm === 0 &&
    spec.reorderPpm === 0 &&
    spec.bytesPerSecond === undefined &&
    spec.transport === 'datagram';
}

/** The rule that cuts the link now, if one does. */
export function cutOf(network: Network, source: number, target: number): Rule | undefined {
  for (const rule of network.rules) {
    const { kind } = rule.does;
    if ((kind === 'drop' || kind === 'hold') && covers(rule.links, source, target)) return rule;
  }
  return undefined;
}

/**
 * Decides the fate of a message sent now; the answer is `network.decision`. The same passage and
 * rules give the same answer, whatever was decided before, but for the order of a connection and
 * the queue of a link with limited bandwidth. O(active rules).
 */
export function route(network: Network, passage: Passage): Decision {
  const { decision } = network;
  decision.outcome = 'sent';
  decision.copyDelayUs = -1;
  if (decision.touched.length > 0) decision.touched.length = 0;
  if (network.quiet && passage.forced === undefined) {
    decision.delayUs = quietDelayUs(network, passage.hi, passage.lo);
    return decision;
  }
  decision.broke = false;
  if (passage.forced?.now === true) {
    decision.delayUs = 0;
    decision.copyDelayUs = passage.forced.copyAfterUs ?? -1;
    return decision;
  }
  if (isStopped(network, passage) || isLost(network, passage)) return decision;
  decision.delayUs = delayOf(network, passage);
  addCopy(network, passage);
  return decision;
}

/** How long the message with key (hi, lo) is under way while the network is quiet. */
export function quietDelayUs(network: Network, hi: number, lo: number): Micros {
  return known.latencyUs(network.spec.latency, known.drawBits(hi, lo, salts.latency));
}

/** Marks a message between the two as lost; on a connection that breaks it. */
export function lose(network: Network, source: number, target: number, why: string): void {
  const { decision } = network;
  decision.outcome = 'lost';
  decision.why = why;
  if (network.spec.transport === 'connection') {
    breakConnection(network.connections, source, target);
    decision.broke = true;
  }
}

function isStopped(network: Network, { source, target, forced }: Passage): boolean {
  if (forced?.loss === true) return false;
  const cut = cutOf(network, source, target);
  if (cut === undefined) return false;
  network.decision.touched.push(cut.fault);
  if (cut.does.kind === 'hold') network.decision.outcome = 'held';
  else lose(network, source, target, 'the link is cut');
  return true;
}

function isLost(network: Network, passage: Passage): boolean {
  const { source, target, hi, lo, forced } = passage;
  if (forced?.loss === false) return false;
  const draw = ppmOf(drawBits(hi, lo, salts.loss));
  const ambient = forced?.loss === true || draw < network.spec.lossPpm;
  if (!ambient && !struck(network, 'loss', passage, draw - network.spec.lossPpm)) return false;
  lose(network, source, target, forced?.loss === true ? 'dropped by an edit' : 'lost by chance');
  return true;
}

function delayOf(network: Network, passage: Passage): Micros {
  const { source, target, nowUs, forced } = passage;
  const base = forced?.latencyUs ?? baseLatency(network, passage, salts.latency);
  let delayUs = slowed(network, passage, base) + (forced?.moreUs ?? 0);
  delayUs += reorderUs(network, passage);
  if (network.spec.bytesPerSecond !== undefined) {
    delayUs += queueing(network, passage, network.spec.bytesPerSecond);
  }
  if (network.spec.transport === 'connection') {
    return inOrder(network.connections, source, target, nowUs + delayUs) - nowUs;
  }
  return delayUs;
}

function baseLatency(network: Network, passage: Passage, salt: number): Micros {
  const { source, target, hi, lo } = passage;
  const bits = drawBits(hi, lo, salt);
  for (const { link, latency } of network.overrides) {
    const fits =
      link === linkOf(source, target) ||
      link === linkOf(source, -1) ||
      link === linkOf(-1, target) ||
      link === linkOf(-1, -1);
    if (fits) return latencyUs(latency, bits);
  }
  return latencyUs(network.spec.latency, bits);
}

function slowed(network: Network, { source, target }: Passage, latency: Micros): Micros {
  let delayUs = latency;
  for (const { does, links, fault } of network.rules) {
    if (does.kind !== 'slow' || !covers(links, source, target)) continue;
    const slower = Math.min(Math.floor(delayUs * does.factor) + does.extraUs, delayUsMax);
    if (slower !== delayUs) network.decision.touched.push(fault);
    delayUs = slower;
  }
  return delayUs;
}

function reorderUs(network: Network, passage: Passage): Micros {
  const { hi, lo } = passage;
  const draw = ppmOf(drawBits(hi, lo, salts.reorder));
  let windowUs = network.spec.reorderWindowUs;
  if (draw >= network.spec.reorderPpm) {
    const rule = struck(network, 'reorder', passage, draw - network.spec.reorderPpm);
    if (rule?.does.kind !== 'reorder') return 0;
    windowUs = rule.does.windowUs;
  }
  return share(drawBits(hi, lo, salts.reorderBy), windowUs);
}

/** Time spent waiting for the link and being put on it. */
function queueing(network: Network, passage: Passage, bytesPerSecond: number): Micros {
  const link = linkOf(passage.source, passage.target);
  const startUs = Math.max(passage.nowUs, network.busyUntilUs.get(link) ?? 0);
  const endUs = startUs + Math.ceil((sizeOf(passage.body) * 1_000_000) / bytesPerSecond);
  network.busyUntilUs.set(link, endUs);
  return endUs - passage.nowUs;
}

function addCopy(network: Network, passage: Passage): void {
  const { decision, spec } = network;
  const after = passage.forced?.copyAfterUs;
  if (after !== undefined) {
    decision.copyDelayUs = decision.delayUs + after;
  } else if (spec.transport === 'datagram' && isDuplicated(network, passage)) {
    // The copy takes its own way, with a latency of its own.
    decision.copyDelayUs = slowed(network, passage, baseLatency(network, passage, salts.copy));
  }
}

function isDuplicated(network: Network, passage: Passage): boolean {
  const { hi, lo, forced } = passage;
  if (forced?.duplicate !== undefined) return forced.duplicate;
  const draw = ppmOf(drawBits(hi, lo, salts.duplicate));
  if (draw < network.spec.duplicatePpm) return true;
  return struck(network, 'duplicate', passage, draw - network.spec.duplicatePpm) !== undefined;
}

/** The rule of a kind that a draw falls to, now touched; rules add up their probabilities. */
function struck(
  network: Network,
  kind: 'loss' | 'duplicate' | 'reorder',
  { source, target }: Passage,
  draw: number,
): Rule | undefined {
  let left = draw;
  for (const rule of network.rules) {
    const { does } = rule;
    if (does.kind !== kind || !covers(rule.links, source, target)) continue;
    if (left < does.ppm) {
      network.decision.touched.push(rule.fault);
      return rule;
    }
    left -= does.ppm;
  }
  return undefined;
}

/** However slow links are made: 200 days, which no run lasts. */
const delayUsMax = 2 ** 44;

function ppmOf(bits: number): number {
  return share(bits, 1_000_000);
}
