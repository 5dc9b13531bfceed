// How the nodes of a test are hosted, and what that promises.
import type { AnyProtocol } from '../node/protocol.js';
import type { Ear } from './realm-hearing.js';

/** What reports say of a host. */
interface HostReport {
  /** What was run: a protocol's name, a program's path. */
  readonly label: string;
  /** One sentence; of programs behind pipes it is known when they have run. */
  readonly promise: string;
  /** What a scenario names: of programs, what stands for them. */
  readonly protocol: string | AnyProtocol;
}

/** Nodes that live in the simulation. */
interface ProtocolHost extends HostReport {
  readonly kind: 'protocol';
}

/** JavaScript that lives in the simulation, each node in a realm of its own. */
interface RealmHost extends HostReport {
  readonly kind: 'in-process';
  readonly bin: string;
  readonly args: readonly string[];
  readonly ear: Ear;
}

/** Nodes that are processes. */
interface PipedHost extends HostReport {
  readonly kind: 'pipe';
  readonly bin: string;
  readonly args: readonly string[];
}

export type Host = ProtocolHost | RealmHost | PipedHost;

/** What holds of everything that the simulation runs. */
export const simulatedPromise =
  'deterministic: the same seed gives the same run, to the last event, on every machine';

/** A protocol that stands for programs while a scenario is read: it can be told anything. */
export function standIn(name: string): AnyProtocol {
  return {
    name,
    about: `The program ${name}.`,
    options: {},
    init: () => undefined,
    on: {},
    other: () => {},
  };
}
