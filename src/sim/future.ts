// Another future of the same instant: a fork in which everything is as it is, and chance falls
// otherwise from here on. What has been drawn already, such as when a message that is under way
// arrives, stays.
import { type Key, keyOf } from '../kernel/key.js';
import { KEY_HI, KEY_LO, slotAt } from '../kernel/queue.js';
import { forkWorld } from './create.js';
import type { World } from './world.js';

/**
 * A fork whose waiting events have other keys, and with them all that will come of them; the same
 * name changes chance in the same way everywhere (common random numbers), so futures of the same
 * name of two instants can be compared. O(size of the world).
 */
export function forkFuture(world: World, name: string): World {
  const seed = `${world.spec.seed}/${name}`;
  const fork = forkWorld({ ...world, spec: { ...world.spec, seed } });
  const salt = keyOf('future', name);
  const { words } = fork.queue;
  const held = fork.parties.flatMap(({ node }) => node?.held ?? []);
  for (const slot of [...fork.queue.waiting(), ...held]) {
    const at = slotAt(slot);
    words[at + KEY_HI] = (words[at + KEY_HI] as number) ^ salt.hi;
    words[at + KEY_LO] = (words[at + KEY_LO] as number) ^ salt.lo;
  }
  fork.heldMessages = fork.heldMessages.map((message) => salted(message, salt));
  for (const worker of fork.workers) {
    const rekeyed = <T extends { readonly keyHi: number; readonly keyLo: number }>(op: T): T => ({
      ...op,
      keyHi: op.keyHi ^ salt.hi,
      keyLo: op.keyLo ^ salt.lo,
    });
    worker.open = worker.open && rekeyed(worker.open);
    worker.backlog = worker.backlog.map(rekeyed);
  }
  return fork;
}

function salted<T extends { readonly hi: number; readonly lo: number }>(message: T, salt: Key): T {
  return { ...message, hi: message.hi ^ salt.hi, lo: message.lo ^ salt.lo };
}
