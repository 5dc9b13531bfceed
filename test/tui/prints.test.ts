// What users' code prints would tear the screen: it goes into the log, and to the end.
import { describe, expect, it } from 'vitest';
import { open } from './terminal.js';

describe('what the code of a scenario prints', () => {
  const chatty = {
    name: 'chatty',
    about: 'Prints what it does.',
    options: {},
    init(ctx: { self: string; setTimer(timer: object, delayUs: number): void }) {
      console.info('%s starts', ctx.self);
      ctx.setTimer({ type: 'tick' }, 1_000);
      return {};
    },
    on: {},
    timers: { tick: () => console.warn('tick') },
  };

  it('is in the log, once, and is told at the end', async () => {
    const opened = await open(
      { protocol: chatty as never, nodes: 1, duration: '1s' },
      { at: 'end' },
    );
    await opened.type('g', 'G', 'k', 'j');
    for (let nth = 0; nth < 12 && !/❯ log/.test(opened.text()); nth++) await opened.type('tab');
    expect(opened.text()).toMatch(/#1 printed tick[\s│]+#0 printed n0 starts/);
    await opened.type('q');
    const { printed } = await opened.ended;
    expect(printed).toEqual(['#0 n0 starts', '#1 tick']);
  });
});
