// Whether operations that send and poll saw each other's messages: a circle of information flow
// (Adya's G1c). Only what holds both sends and polls can be part of one.
import type { ValueKey } from '../../history/value.js';
import { Precedence } from '../cycle.js';
import type { Log } from './log.js';
import type { Step } from './reading.js';

/** The steps of one circle, each of which polled what the one before it sent. O(n). */
export function flowCycle(logs: ReadonlyMap<ValueKey, Log>): readonly Step[] | undefined {
  const flow = new Precedence<Step>();
  for (const { messages } of logs.values()) {
    for (const { sends, polled } of messages.values()) {
      const [sender] = sends;
      if (sender === undefined || sends.length > 1) continue;
      for (const poller of polled.values()) flow.add(sender, poller, []);
    }
  }
  return flow.circle()?.nodes;
}
