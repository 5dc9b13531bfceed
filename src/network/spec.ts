// What a network is like when no fault is active: latency, ambient loss and duplicates, transport.
import type { Micros } from '../kernel/time.js';
import type { NodeId } from '../node/message.js';

/** How long a message is under way. All draws are whole microseconds. */
export type Latency =
  | { readonly shape: 'constant'; readonly us: Micros }
  /** Uniform in [minUs, maxUs]. */
  | { readonly shape: 'uniform'; readonly minUs: Micros; readonly maxUs: Micros }
  /** minUs plus an exponential draw, with `meanUs` the mean of the sum; cut at maxUs. */
  | {
      readonly shape: 'exponential';
      readonly minUs: Micros;
      readonly meanUs: Micros;
      readonly maxUs: Micros;
    }
  /** Pareto with shape 2: median 1.41 × minUs, mean 2 × minUs, one in 10,000 beyond 100 × minUs. */
  | { readonly shape: 'long-tail'; readonly minUs: Micros; readonly maxUs: Micros };

/**
 * How messages travel. `datagram`: each on its own, they overtake each other, get lost and
 * duplicated. `connection`: FIFO per ordered pair, no duplicates; a loss or a cut breaks the
 * connection, which both ends are told of, and everything under way on it dies.
 */
export type Transport = 'datagram' | 'connection';

/** The latency of one directed link, instead of the network's; `*` stands for every party. */
interface LinkOverride {
  readonly from: NodeId;
  readonly to: NodeId;
  readonly latency: Latency;
}

export interface NetworkSpec {
  readonly latency: Latency;
  /** The first override that fits a link counts. */
  readonly links: readonly LinkOverride[];
  readonly lossPpm: number;
  readonly duplicatePpm: number;
  readonly reorderPpm: number;
  readonly reorderWindowUs: Micros;
  /** Bytes a second of each directed link, messages queue for it; `undefined`: no limit. */
  readonly bytesPerSecond: number | undefined;
  readonly transport: Transport;
  /** `instant`, as in Maelstrom: clients' messages take no time and are never lost. */
  readonly clients: 'instant' | 'network';
}
