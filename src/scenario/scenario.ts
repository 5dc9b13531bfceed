// A scenario as the rest of the program sees it: names resolved to code, texts to numbers, and
// everything that the file left out filled in. The defaults are here and nowhere else. What a
// scenario still lacks to become a world is a seed: see scenario/resolve.ts.
import type { Checker, CheckerOptions } from '../checkers/checker.js';
import { type Micros, ms, seconds } from '../kernel/time.js';
import type { CutMode, Fault, Links, LostWrites, Milestone } from '../nemesis/fault.js';
import type { ScheduleSpec } from '../nemesis/schedule.js';
import type { Latency, NetworkSpec, Transport } from '../network/spec.js';
import type { NodeId } from '../node/message.js';
import type { AnyProperty } from '../node/property.js';
import type { AnyProtocol } from '../node/protocol.js';
import type { Edit } from '../sim/edit.js';
import type { ClientSpec, DiskSpec, Limits, ServiceSpec } from '../sim/spec.js';
import type { Workload } from '../workloads/workload.js';
import type { ScenarioFile } from './schema.js';

/** What the verdict should be. */
export type Expectation =
  | { readonly expect: 'valid' }
  /** The checker must object, with an anomaly of this kind if one is named. */
  | { readonly expect: 'object'; readonly checker: string; readonly anomaly: string | undefined };

/** A fault whose groups of nodes are drawn from the seed, or a fault that is complete. */
export type FaultPlan =
  | Fault
  | { readonly f: 'partition'; readonly shape: string; readonly mode: CutMode };

/** One entry of `faults`. Ids survive the removal of other entries. */
export type FaultEntry =
  | {
      readonly kind: 'planned';
      readonly id: string;
      readonly atUs: Micros;
      readonly forUs: Micros | undefined;
      readonly fault: FaultPlan;
    }
  | {
      readonly kind: 'milestone';
      readonly milestone: Omit<Milestone, 'fault'>;
      readonly fault: FaultPlan;
    }
  /** Faults again and again, drawn from the seed. */
  | { readonly kind: 'generator'; readonly generator: ScheduleSpec };

/** A judge and what it is told. */
export interface CheckerSpec {
  readonly checker: Checker;
  readonly options: CheckerOptions;
}

export interface Scenario {
  /** What it was made from, as plain data: the head of a trace, the input of a shrinker. */
  readonly file: ScenarioFile;
  readonly about: string;
  readonly expect: Expectation;
  readonly seed: string;
  readonly protocol: AnyProtocol;
  readonly options: object;
  readonly nodes: readonly NodeId[];
  readonly services: readonly ServiceSpec[];
  readonly clients: ClientSpec | undefined;
  readonly network: NetworkSpec;
  readonly disk: DiskSpec;
  readonly faults: readonly FaultEntry[];
  readonly edits: readonly Edit[];
  readonly durationUs: Micros;
  readonly recoveryUs: Micros;
  readonly limits: Limits;
  readonly checkers: readonly CheckerSpec[];
  /** The workload is the user's own: what it throws is the user's to mend. */
  readonly ownWorkload: boolean;
  /** What must hold of the cluster, beside what its protocols say themselves. */
  readonly properties: readonly AnyProperty[];
}

type Named<T> = string | T | { readonly name: string | T; readonly options?: object };

/**
 * A scenario as code may write it: the file's form, in which constants may stand for names and
 * `version`, `about` and `expect` may be left out.
 */
export interface ScenarioInput
  extends Omit<
    ScenarioFile,
    | 'version'
    | 'about'
    | 'expect'
    | 'protocol'
    | 'services'
    | 'workload'
    | 'checkers'
    | 'properties'
    | '$schema'
  > {
  readonly version?: 1;
  readonly about?: string;
  readonly expect?: ScenarioFile['expect'];
  readonly protocol: Named<AnyProtocol>;
  readonly services?: readonly (string | AnyProtocol | ServiceInput)[];
  readonly workload?:
    | Named<Workload>
    | (Omit<Exclude<ScenarioFile['workload'], string | undefined>, 'name'> & {
        readonly name: string | Workload;
      });
  readonly checkers?: readonly Named<Checker>[];
  readonly properties?: readonly (string | AnyProperty)[];
}

/** A service under a name of its own. */
export interface ServiceInput {
  readonly name: NodeId;
  readonly service?: string | AnyProtocol;
  readonly options?: Readonly<Record<string, unknown>>;
}

const everyLink: Links = [['*', '*']];

/** Everything that a file may leave out. */
export const defaults = {
  about: 'A scenario made in code.',
  seed: '1',
  ratePerSecond: 100,
  timeoutUs: seconds(5),
  latency: { shape: 'exponential', minUs: ms(1), meanUs: ms(10), maxUs: seconds(1) } as Latency,
  latencyUsMin: 0,
  latencyUsMax: seconds(10),
  shares: { lossPpm: 0, duplicatePpm: 0, reorderPpm: 0 },
  reorderWindowUs: ms(50),
  transport: 'datagram' as Transport,
  clients: 'instant' as NetworkSpec['clients'],
  syncUs: ms(1),
  durationUs: seconds(20),
  recoveryUs: seconds(10),
  limits: { eventsMax: 10_000_000, pendingMax: 1_000_000 } as Limits,
  fault: {
    mode: 'drop' as CutMode,
    lost: 'all' as LostWrites,
    links: everyLink,
    factor: 1,
    extraUs: 0,
    diskFailPpm: 1_000_000,
  },
  milestone: { count: 1, afterUs: 0 },
};
