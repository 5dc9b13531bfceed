// All that a world is made from: a scenario with its names resolved to code and its defaults filled
// in. Together with the seed inside it decides every event of the run.
import type { Micros } from '../kernel/time.js';
import type { Milestone, PlannedFault } from '../nemesis/fault.js';
import type { NetworkSpec } from '../network/spec.js';
import type { NodeId } from '../node/message.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Invocation, Workload, WorkloadOptions } from '../workloads/workload.js';
import type { Edit } from './edit.js';

export interface DiskSpec {
  /** How long a sync takes. */
  readonly syncUs: Micros;
}

/** Clients and what they do; `undefined` workload: no clients, protocols act on their own. */
export interface ClientSpec {
  readonly workload: Workload;
  readonly options: WorkloadOptions;
  /** Operations a second over all workers; gaps are uniform in [0, 2/rate), as in Maelstrom. */
  readonly ratePerSecond: number;
  /** Worker threads, each one operation at a time; worker i talks to node i mod n. */
  readonly concurrency: number;
  /** An operation without an answer becomes `info` after this long. */
  readonly timeoutUs: Micros;
  /** The operations of the main phase, in order of time; `undefined`: the generator makes them. */
  readonly script: readonly ScriptedOp[] | undefined;
}

/** An operation that is told beforehand: what a generator made once, say. */
export interface ScriptedOp {
  /** Its stable number: its key, and so its chance, does not depend on the others in the script. */
  readonly number: number;
  readonly atUs: Micros;
  readonly worker: number;
  readonly op: Invocation;
  /** Where to; `undefined`: the worker's own node. */
  readonly node: NodeId | undefined;
}

/** A node that is no member of the cluster: it has a protocol of its own, and all can reach it. */
export interface ServiceSpec {
  readonly name: NodeId;
  readonly protocol: AnyProtocol;
  /** The protocol's options, complete. */
  readonly options: object;
}

export interface WorldSpec {
  readonly seed: string;
  readonly protocol: AnyProtocol;
  /** The protocol's options, defaults overlaid with the scenario's values. */
  readonly options: object;
  readonly nodes: readonly NodeId[];
  /** What nodes lean on. Shapes of partitions pass them by; other faults may name them. */
  readonly services: readonly ServiceSpec[];
  readonly clients: ClientSpec | undefined;
  readonly network: NetworkSpec;
  readonly disk: DiskSpec;
  readonly faults: readonly PlannedFault[];
  readonly milestones: readonly Milestone[];
  readonly edits: readonly Edit[];
  /** Beside those of the protocols. */
  readonly properties: readonly AnyProperty[];
  /** The main phase: operations and faults. */
  readonly durationUs: Micros;
  /** From the heal to the final reads. */
  readonly recoveryUs: Micros;
  readonly limits: Limits;
  /** Run every handler twice on clones, freeze messages: slower, finds protocols that cheat. */
  readonly strict: boolean;
}

/** Meeting a limit ends the run; its verdict is then `unknown`. */
export interface Limits {
  readonly eventsMax: number;
  /** Events waiting in the queue at once. */
  readonly pendingMax: number;
}
