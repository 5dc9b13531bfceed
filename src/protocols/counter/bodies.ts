// What clients of the g-counter and pn-counter workloads and their protocols say to each other.
import type { Body } from '../../node/message.js';

interface Add extends Body {
  readonly type: 'add';
  readonly delta: number;
}

interface AddOk extends Body {
  readonly type: 'add_ok';
}

interface Read extends Body {
  readonly type: 'read';
}

interface ReadOk extends Body {
  readonly type: 'read_ok';
  readonly value: number;
}

export type ClientBodies = Add | AddOk | Read | ReadOk;
