// What clients of the g-set workload and its protocols say to each other, and nodes among
// themselves.
import type { Body } from '../../node/message.js';

/** What is added: anything plain; Maelstrom's workload adds whole numbers. */
export type Element = unknown;

interface Add extends Body {
  readonly type: 'add';
  readonly element: Element;
}

interface AddOk extends Body {
  readonly type: 'add_ok';
}

interface Read extends Body {
  readonly type: 'read';
}

interface ReadOk extends Body {
  readonly type: 'read_ok';
  readonly value: readonly Element[];
}

/** All that a node has. */
interface Gossip extends Body {
  readonly type: 'gossip';
  readonly elements: readonly Element[];
}

export type Bodies = Add | AddOk | Read | ReadOk | Gossip;
