// `stormglass step`: where there is no terminal, and the picture that needs none.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnCli } from '../support/built-cli.js';
import { cli, directoryWith, scenarioText } from './harness.js';

const directory = directoryWith({
  'echo.yaml': scenarioText({ duration: '1s' }),
  'wrong.yaml': scenarioText({ duration: 'soon' }),
  'cheat.yaml': scenarioText({ protocol: './cheat.mjs', workload: 'echo' }),
  'cheat.mjs': `let calls = 0;
export const protocol = {
  name: 'cheat', about: 'Keeps something outside its state.', options: {},
  init: () => ({ n: 0 }),
  on: { echo(state, message, ctx) {
    calls++;
    if (calls > 40) ctx.note('again');
    ctx.setTimer({ type: 'tick' }, 1000 + calls);
    ctx.reply(message, { type: 'echo_ok', echo: message.body.echo });
  } },
  timers: { tick(state) { state.n++; } },
};
`,
});
const file = (name: string): string => join(directory, name);

describe('step', () => {
  it('says what to do instead where there is no terminal', async () => {
    const { code, stdout, stderr } = await spawnCli(['step', file('echo.yaml')]);
    expect([code, stdout]).toEqual([64, '']);
    expect(stderr).toContain('the stepper needs a terminal');
    expect(stderr).toContain(`trace ${file('echo.yaml')}\` prints the same rows`);
  });

  it('tells of a scenario that does not load, and of a place that is none', async () => {
    const wrong = await cli(['step', file('wrong.yaml')]);
    expect([wrong.code, wrong.stderr]).toEqual([64, expect.stringContaining('wrong.yaml:')]);
    const nowhere = await cli(['step', file('echo.yaml'), '--at', 'soon']);
    expect([nowhere.code, nowhere.stderr]).toEqual([64, expect.stringContaining('--at is "soon"')]);
  });

  it('tells that a protocol is not deterministic, at which event', async () => {
    const out = file('cheat.svg');
    const { code, stderr } = await cli([
      'step',
      file('cheat.yaml'),
      '--picture',
      out,
      '--at',
      '30',
    ]);
    expect([code, existsSync(out)]).toEqual([64, false]);
    expect(stderr).toMatch(/event \d+ went differently the second time/);
    expect(stderr).toContain('check-determinism');
  });

  it('refuses a size that is none', async () => {
    const { code, stderr } = await cli([
      ...['step', file('echo.yaml'), '--picture', file('x.svg'), '--size', 'large'],
    ]);
    expect([code, stderr]).toEqual([64, expect.stringContaining('--size is "large"')]);
  });
});

describe('the picture in the documentation', () => {
  it('is what the program draws today, by the command that stands beside it', async () => {
    const text = readFileSync('docs/stepper.md', 'utf8');
    const command = /stormglass step (.*) --picture docs\/stepper\.svg/.exec(text)?.[1] ?? '';
    const words = [...command.matchAll(/'([^']*)'|(\S+)/g)].map(
      ([, quoted, word]) => quoted ?? word,
    );
    const out = file('stepper.svg');
    const { code } = await cli(['step', ...(words as string[]), '--picture', out]);
    expect(code).toBe(0);
    expect(readFileSync(out, 'utf8')).toBe(readFileSync('docs/stepper.svg', 'utf8'));
  });
});
