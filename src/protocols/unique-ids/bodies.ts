// What clients of the unique-ids workload and its protocols say to each other: Maelstrom's bodies.
import type { Body } from '../../node/message.js';

interface Generate extends Body {
  readonly type: 'generate';
}

interface GenerateOk extends Body {
  readonly type: 'generate_ok';
  readonly id: string;
}

export type Bodies = Generate | GenerateOk;
