// Tells V8 to inline more, and to give young objects room sooner. The loop of the simulator is many
// small functions, called a hundred million times in a long run; with V8's own budget a fifth to a
// third of the time goes into calls. Nothing that a run does depends on it. It is the process that
// may decide this, so only entrances do: the command line, the bench.
import { setFlagsFromString } from 'node:v8';

/** To be called before the first run of the process. */
export function tune(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=6000');
  // What is under way survives a collection: the fewer there are of them, the less is copied.
  setFlagsFromString('--semi-space-growth-factor=16');
}
