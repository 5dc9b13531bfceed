// Tells V8 to inline more and compile later, to give young objects room sooner and to take none of
// them for old. The loop of the simulator is many small functions, called a hundred million times
// in a long run; with V8's own budget a fifth to a third of the time goes into calls. Nothing that
// a run does depends on it. It is the process that may decide this, so only entrances do: the
// command line, the bench.
import { setFlagsFromString } from 'node:v8';

/** To be called before the first run of the process. */
export function tune(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=6000');
  // What is under way survives a collection: the fewer there are of them, the less is copied.
  setFlagsFromString('--semi-space-growth-factor=16');
  // And it dies soon after: V8 would take messages for long-lived, put every later one among old
  // objects, and find out with the next collection of those.
  setFlagsFromString('--no-allocation-site-pretenuring');
  // With so much inlined, compiling is dear: what is called a few thousand times is not worth it.
  setFlagsFromString('--interrupt-budget=540000');
}
