// The start of a node's life: `init` runs, with whatever is durable in its store.
import { checkPlain } from '../kernel/plain.js';
import { noSlot } from '../kernel/queue.js';
import { forceDraws, settle, threw } from './handle.js';
import { scheduleSetup } from './lifecycle.js';
import { markOdd, programAt } from './parties.js';
import { checkReturned } from './program.js';
import { rehearseCall, verify, verifyThrown } from './strict.js';
import type { NodeState, World } from './world.js';

/** The start of a node: `init` runs, a restarted or joined one gets its set-up request again. */
export function startNode(world: World, node: NodeState): void {
  if (node.status !== 'down') return;
  const { scratch, context, roster } = world;
  const { index } = node;
  node.status = 'up';
  node.starting = noSlot;
  node.downBy = [];
  node.incarnation++;
  roster.setHandled(index, false);
  roster.setTimerNext(index, 1);
  roster.states[index] = undefined;
  markOdd(world, node);
  node.busyUntilUs = 0;
  scratch.random.rekey(scratch.hi, scratch.lo);
  if (world.edits !== undefined) forceDraws(world);
  const init = (): unknown => programAt(world, index).protocol.init(context);
  const rehearsal = world.spec.strict ? rehearseCall(world, index, init) : undefined;
  context.open(index);
  try {
    const state = init();
    checkReturned(state);
    checkPlain({ state }); // What is not plain could be neither forked nor compared.
    roster.states[index] = state;
  } catch (error) {
    context.close();
    if (rehearsal !== undefined) verifyThrown(world, index, 'init', { rehearsal, error });
    world.journal?.logged(node.name, world.queue.nowUs, 'started');
    return threw(world, index, 'init', error);
  }
  context.close();
  if (rehearsal !== undefined) verify(world, index, 'init', rehearsal);
  world.journal?.logged(node.name, world.queue.nowUs, 'started');
  settle(world, index);
  if (node.afflictions.some(({ what }) => what.f === 'pause')) node.status = 'paused';
  markOdd(world, node);
  scheduleSetup(world, [node.name]);
}
