// Who is a member? Clients ask each node for its view, again and again; now and then one asks its
// node to leave. After recovery each worker asks once more.
import { anything, completion, list } from './reply.js';
import type { Invocation, Workload } from './workload.js';

const members: Invocation = { f: 'members', value: undefined };
const leave: Invocation = { f: 'leave', value: undefined };

/** One operation in so many is a leave, until enough nodes have been asked to. */
const leaveEvery = 50;

export const membership: Workload = {
  name: 'membership',
  about: 'Clients ask nodes who is a member; in the end all must agree on who is there.',
  options: { leaves: 0 },
  problem: ({ leaves }) =>
    Number(leaves) >= 0 ? undefined : { option: 'leaves', expected: 'a number of nodes from 0' },
  generator: {
    init: 0,
    next: (state, ctx) => {
      const asked = Number(state);
      const due = asked < Number(ctx.options.leaves) && ctx.random.below(leaveEvery) === 0;
      return due ? { op: leave, state: asked + 1 } : { op: members, state };
    },
  },
  final: () => [members],
  request: (op) => ({ type: op.f }),
  complete: (op, reply) =>
    op.f === 'members'
      ? completion(reply, 'members_ok', { members: list }, (fields) => fields.members)
      : completion(reply, 'leave_ok', { incarnation: anything }, ({ incarnation }) => incarnation),
  idempotent: ['members'],
  checkers: ['membership'],
};
