// What a user's module does outside all handlers: its mistake, told in one message.
import { expect, it } from 'vitest';
import { spawnCli } from '../support/built-cli.js';
import { directoryWith, scenarioText } from './harness.js';

it('tells of a promise that a handler left behind, without a stack', async () => {
  const directory = directoryWith({
    'late.mjs': `export const protocol = {
      name: 'late', about: '', options: {}, init: () => ({}),
      on: {
        broadcast(state, message, ctx) {
          Promise.resolve().then(() => ctx.note('late'));
          ctx.reply(message, { type: 'broadcast_ok' });
        },
        read(state, message, ctx) { ctx.reply(message, { type: 'read_ok', messages: [] }); },
      },
    };\n`,
    'late.yaml': scenarioText({ protocol: './late.mjs' }),
  });
  const { code, stderr } = await spawnCli(['run', 'late.yaml'], { cwd: directory });
  expect(code).toBe(64);
  expect(stderr).toMatch(/code outside every handler failed: a context is valid only while/);
  expect(stderr).toMatch(/late\.mjs/);
  expect(stderr.split('\n').filter((line) => line.trim().startsWith('at '))).toHaveLength(1);
});
