// Clients that ask and nodes that answer as a test says, and what becomes of the history.
import type { Op } from '../../src/history/op.js';
import type { Plain } from '../../src/kernel/plain.js';
import type { Message } from '../../src/node/message.js';
import type { AnyProtocol, Context } from '../../src/node/protocol.js';
import type { ClientSpec } from '../../src/sim/spec.js';
import type { Workload } from '../../src/workloads/workload.js';
import { clientsOf, type Setting, second, watch } from './worlds.js';

export type Answer = (message: Message & { body: { value: number } }, ctx: Context) => void;

/** Answers with what it was asked for. */
export const ok: Answer = (message, ctx) =>
  ctx.reply(message, { type: 'ask_ok', value: message.body.value } as never);
/** Says nothing. */
export const silent: Answer = () => {};

interface Asking extends Setting {
  readonly workload?: Partial<Workload>;
  readonly spec?: Partial<Omit<ClientSpec, 'workload'>>;
  readonly parts?: Partial<AnyProtocol>;
}

/** One worker that asks ten times a second, counting up; the nodes answer so. */
export const asked = (
  answer: Answer,
  { workload = {}, spec = {}, parts = {}, ...rest }: Asking = {},
) =>
  watch({
    durationUs: second,
    clients: clientsOf(workload, spec),
    protocol: { ...parts, on: { ask: (_, message, ctx) => answer(message, ctx), ...parts.on } },
    ...rest,
  });

/** `0 invoke 3`: process, type and value of each line. */
export const lines = (history: readonly Op[]): string[] =>
  history.map(({ process, type, value, error }) =>
    [process, type, value, ...(error === undefined ? [] : [error])].join(' '),
  );

/** Lines that complete an operation. */
export const ends = (history: readonly Op[]): Op[] =>
  history.filter(({ type }) => type !== 'invoke');

/** Generates these values and no more. */
export const values = (...list: Plain[]): Partial<Workload> => ({
  generator: {
    init: 0,
    next: (state) =>
      Number(state) < list.length
        ? { op: { f: 'ask', value: list[Number(state)] }, state: Number(state) + 1 }
        : undefined,
  },
});
