// How the nodes of a test are hosted, and what that promises.
import type { AnyProtocol } from '../node/protocol.js';

/** The three ways. */
type HostKind = 'protocol' | 'in-process' | 'pipe';

/** What reports say of a host. */
interface HostReport {
  readonly kind: HostKind;
  /** What was run: a protocol's name, a program's path. */
  readonly label: string;
  /** One sentence. */
  readonly promise: string;
}

/** Nodes that live in the simulation: protocols of ours, and JavaScript in a realm of its own. */
export interface SimulatedHost extends HostReport {
  readonly kind: 'protocol' | 'in-process';
  readonly protocol: string | AnyProtocol;
}

/** What holds of everything that the simulation runs. */
export const simulatedPromise =
  'deterministic: the same seed gives the same run, to the last event, on every machine';
