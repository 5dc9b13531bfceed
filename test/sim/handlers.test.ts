// What a handler's doing amounts to: its effects, in their order, once it has returned; nothing at
// all when it throws.
import { describe, expect, it } from 'vitest';
import { acting, effectsOf, second, watch } from '../support/worlds.js';

describe('messages', () => {
  it('are isolated: neither side sees what the other does to its copy', () => {
    const sent = { type: 'a', list: [1], deep: { n: 1 } };
    const seen: unknown[] = [];
    watch({
      protocol: acting(
        [
          [
            1_000,
            'n0',
            (ctx, state) => {
              state.mine = sent;
              ctx.send('n1', sent as never);
              sent.list.push(2);
            },
          ],
          [second, 'n0', (_, state) => seen.push(structuredClone(state.mine))],
        ],
        {
          on: {
            a(_, { body }) {
              seen.push(structuredClone(body));
              body.list.push(3);
              body.deep.n = 4;
            },
          },
        },
      ),
    });
    expect(seen).toEqual([
      { type: 'a', list: [1], deep: { n: 1 } },
      { type: 'a', list: [1, 2], deep: { n: 1 } },
    ]);
  });

  it('to several receivers are a copy for each', () => {
    const { notes } = watch({
      nodes: ['n0', 'n1', 'n2'],
      protocol: acting(
        [
          [
            1_000,
            'n0',
            (ctx) => {
              const body = { type: 'a', n: 0 } as never;
              ctx.send('n1', body);
              ctx.send('n2', body);
            },
          ],
        ],
        {
          on: {
            a(_, { body }, ctx) {
              body.n++;
              ctx.note(String(body.n));
            },
          },
        },
      ),
    });
    expect(notes).toEqual(['11000 n1 1', '11000 n2 1']);
  });

  it('that the network copies are a copy for each', () => {
    const { notes } = watch({
      network: { duplicatePpm: 1_000_000 },
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a', n: 0 })]], {
        on: {
          a(_, { body }, ctx) {
            body.n++;
            ctx.note(String(body.n));
          },
        },
      }),
    });
    expect(notes).toEqual(['11000 n1 1', '11000 n1 1']);
  });

  it('are shown to an observer as they arrived, whatever the handler did to its copy', () => {
    const { steps } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a', n: 0 })]], {
        on: {
          a(_, { body }) {
            body.n = 'changed';
          },
        },
      }),
    });
    const delivered = steps.find(({ happening }) => happening.kind === 'deliver');
    expect(delivered?.happening).toMatchObject({ message: { body: { type: 'a', n: 0 } } });
  });

  it('to a name that nobody has are lost, and counted', () => {
    const { steps, result } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n9', { type: 'a' })]]),
    });
    const [send] = effectsOf(steps, 'send');
    expect(send).toMatchObject({
      dest: 'n9',
      fate: { fate: 'lost', why: 'there is no such node' },
    });
    expect(result.counts.messages.all).toMatchObject({ sent: 1, dropped: 1, delivered: 0 });
  });

  it('of a type without a handler do nothing but count', () => {
    const { result } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n1', { type: 'toString' })]]),
    });
    expect(result.unhandled).toEqual([{ type: 'toString', count: 1 }]);
    expect(result.crashes).toEqual([]);
  });

  it('to oneself arrive like any other', () => {
    const { notes } = watch({
      protocol: acting([[1_000, 'n0', (ctx) => ctx.send('n0', { type: 'a' })]]),
    });
    expect(notes).toEqual(['11000 n0 a n0']);
  });

  it('answer a request by its number, and one without a number without', () => {
    const { steps } = watch({
      protocol: acting(
        [
          [1_000, 'n0', (ctx) => ctx.send('n1', { type: 'a', msg_id: 7 })],
          [2_000, 'n0', (ctx) => ctx.send('n1', { type: 'a' })],
        ],
        { on: { a: (_, message, ctx) => ctx.reply(message, { type: 'b' }) } },
      ),
    });
    const replies = effectsOf(steps, 'send').filter(({ dest }) => dest === 'n0');
    expect(replies.map(({ body }) => body)).toEqual([{ type: 'b', in_reply_to: 7 }, { type: 'b' }]);
  });
});

describe('effects', () => {
  it('take place after the handler has returned', () => {
    const queued: number[] = [];
    const { world } = watch({
      protocol: acting([
        [
          1_000,
          'n0',
          (ctx) => {
            ctx.send('n1', { type: 'a' });
            ctx.setTimer({ type: 'never' }, second);
            ctx.store.write('k', 1);
            queued.push(ctx.store.read('k') as number);
          },
        ],
      ]),
    });
    expect(queued).toEqual([1]);
    expect(world.crashes).toEqual([]);
  });

  it('are shown in the order in which the handler had them', () => {
    const { steps } = watch({
      protocol: acting([
        [
          1_000,
          'n0',
          (ctx) => {
            ctx.note('first');
            const id = ctx.setTimer({ type: 'never' }, 5);
            ctx.send('n1', { type: 'a' });
            ctx.clearTimer(id);
            ctx.store.write('k', 1);
            ctx.store.sync({ type: 'done' });
          },
        ],
      ]),
    });
    const { effects = [] } = steps.find((step) => step.atUs === 1_000) ?? {};
    expect(effects.map(({ effect }) => effect)).toEqual([
      'note',
      'timer',
      'send',
      'clear',
      'write',
      'sync',
    ]);
  });
});
