// What must hold of a whole cluster, as an observer sees it who sees everything: safety that must
// never break (`always`), what must come once the faults have ended (`eventually`), and what some
// run must reach (`sometimes`), or the runs prove little. Properties look and remember; they change
// nothing and draw no chance, so a run's digest does not depend on them. Sources: Lamport 1977 for
// safety and liveness; Antithesis' and FoundationDB's "sometimes" for reachability.
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { NodeId } from './message.js';

/** A cluster between two events. Nothing in it may be changed. */
export interface Cluster<S = Plain> {
  /** True time, which no node has. */
  readonly nowUs: Micros;
  /** The main phase is over: all faults have ended. */
  readonly healed: boolean;
  /** The members as of now. */
  readonly members: readonly NodeId[];
  /** Every node there has been, services (sinks, stores …) included, in the order of coming. */
  readonly nodes: readonly NodeId[];
  /** The options of the protocol that members run, complete. */
  readonly options: object;
  /** `undefined`: there has never been such a node. A paused node is up; nothing happens there. */
  status(node: NodeId): 'up' | 'paused' | 'down' | 'left' | undefined;
  /** 0 before the first start, then one more per start. */
  incarnation(node: NodeId): number;
  /** `undefined` while the node is down. The state of a service is of another type: cast it. */
  state(node: NodeId): Readonly<S> | undefined;
  /** What a crash that loses all unsynced writes would leave of this key. */
  durable(node: NodeId, key: string): Plain;
}

/**
 * What several properties look at. Most events leave it alone, and none of these properties has to
 * be asked after them: what was true of the same things before is true still.
 */
export interface View<S = Plain, M = Plain> {
  /** Its properties are given it, too, and may keep there what all of them would keep. */
  readonly memory: M;
  /**
   * Whether anything that its properties look at is other than when this was asked last, with the
   * same `node` as they are. All that is asked of `memory` is that it makes the answer right.
   */
  changed(cluster: Cluster<S>, node: NodeId | undefined, memory: M): boolean;
}

interface Base<M> {
  /** In kebab-case; the kind of the anomaly when it is broken. */
  readonly name: string;
  /** One sentence: what holds. */
  readonly about: string;
  /**
   * What it remembers from event to event (a history variable), as it begins: plain data, of which
   * each world has its own copy.
   */
  readonly memory?: M;
  /** The property is asked after those events only that changed what can be seen here. */
  // biome-ignore lint/suspicious/noExplicitAny: a view has a memory of its own.
  readonly view?: View<any, any>;
}

/** Holds after every event. */
export interface Always<S = Plain, M = Plain> extends Base<M> {
  readonly kind: 'always';
  /**
   * What is wrong, in a sentence, or `undefined`. Asked after every event, with the node where it
   * took place, service or member; without one when a fault struck or ended and any node may have
   * changed. The first breach is kept and the property is asked no more. It is asked very often:
   * look at `node`, and remember the rest in `memory`. `seen` is the memory of its view.
   */
  broken(
    cluster: Cluster<S>,
    node: NodeId | undefined,
    memory: M,
    // biome-ignore lint/suspicious/noExplicitAny: a view has a memory of its own.
    seen?: any,
  ): string | undefined;
}

/** Holds once the faults have ended for long enough. */
export interface Eventually<S = Plain, M = Plain> extends Base<M> {
  readonly kind: 'eventually';
  /** After the end of the main phase; without it, by the end of the recovery phase. */
  readonly withinUs?: Micros;
  /** Called as `broken` is, for what can be seen on the way only; it is for `memory`. */
  observe?(cluster: Cluster<S>, node: NodeId | undefined, memory: M): void;
  /** What is still missing, in a sentence, or `undefined`. Asked once. */
  missing(cluster: Cluster<S>, memory: M): string | undefined;
}

/** Is reached by some run: a hunt that never sees it has not looked where it should. */
export interface Sometimes<S = Plain, M = Plain> extends Base<M> {
  readonly kind: 'sometimes';
  /** Asked like `broken`, until it is true. */
  reached(cluster: Cluster<S>, node: NodeId | undefined, memory: M): boolean;
}

export type Property<S = Plain, M = Plain> = Always<S, M> | Eventually<S, M> | Sometimes<S, M>;

/** A property whose types are not known here; protocols and worlds hold these. */
// biome-ignore lint/suspicious/noExplicitAny: states and memories differ per property.
export type AnyProperty = Property<any, any>;
