// The world that was made last stays until there is another one. V8 throws away compiled code when
// the last object of a class that the code knows has died, and every object of a run dies with its
// world: in a hunt, run after run would be compiled anew. Nobody reads what is kept here.
import type { World } from '../sim/world.js';

const last: { world: World | undefined } = { world: undefined };

/** Keeps a world alive, and with it what V8 has compiled for it; the one before may go. */
export function keep(world: World): void {
  last.world = world;
}
