// A protocol of ours as a node program: what it says on stdin and stdout, and that a cluster of
// them passes behind our own pipes.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { directoryWith } from '../../cli/harness.js';
import { builtCli } from '../../support/built-cli.js';
import { pipe, program } from '../../support/piped.js';

interface Body {
  readonly type: string;
  readonly [field: string]: unknown;
}

interface Ended {
  readonly said: readonly { readonly dest: string; readonly body: Body }[];
  readonly stderr: string;
  readonly code: number | null;
}

function serving(args: readonly string[], cwd = process.cwd()) {
  return spawn(process.execPath, [builtCli(), 'serve', ...args], { cwd, stdio: 'pipe' });
}

/** Tells a served node these bodies, as c1, and closes its stdin once it has said enough. */
async function told(
  args: readonly string[],
  bodies: readonly Body[],
  isEnough?: (stdout: string) => boolean,
): Promise<Ended> {
  const child = serving(args);
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes) => {
    stdout += bytes;
    if (isEnough?.(stdout)) child.stdin.end();
  });
  child.stderr.on('data', (bytes) => {
    stderr += bytes;
  });
  child.stdin.on('error', () => {});
  for (const body of bodies) {
    child.stdin.write(`${JSON.stringify({ id: 1, src: 'c1', dest: 'n1', body })}\n`);
  }
  if (isEnough === undefined) child.stdin.end();
  const [code] = await once(child, 'close');
  const lines = stdout.split('\n').filter((line) => line !== '');
  return { said: lines.map((line) => JSON.parse(line)), stderr, code };
}

const init = { type: 'init', msg_id: 1, node_id: 'n1', node_ids: ['n1', 'n2'] };

describe('a served protocol', () => {
  it('answers init and requests, and ends with its stdin', async () => {
    const { said, code } = await told(
      ['echo'],
      [init, { type: 'echo', msg_id: 2, echo: { a: [1] } }],
    );
    expect(said).toEqual([
      { src: 'n1', dest: 'c1', body: { type: 'init_ok', in_reply_to: 1 } },
      { src: 'n1', dest: 'c1', body: { type: 'echo_ok', in_reply_to: 2, echo: { a: [1] } } },
    ]);
    expect(code).toBe(0);
  });

  it('refuses what it does not know, and notes it', async () => {
    const { said, stderr } = await told(['echo'], [init, { type: 'dance', msg_id: 2 }]);
    expect(said[1]?.body).toMatchObject({ type: 'error', code: 10, in_reply_to: 2 });
    expect(stderr).toContain('no handler for dance');
  });

  it('sends again, by the wall’s clock, what nobody acknowledges', async () => {
    const topology = { type: 'topology', msg_id: 2, topology: { n1: ['n2'] } };
    const args = ['broadcast/flood-retry', '--option', 'retry=20ms', '--seed', '7'];
    const value = { type: 'broadcast', msg_id: 3, message: 5 };
    const thrice = (stdout: string) => stdout.split('"dest":"n2"').length > 3;
    const { said } = await told(args, [init, topology, value], thrice);
    const sent = said.filter(({ dest }) => dest === 'n2').map(({ body }) => JSON.stringify(body));
    expect(sent.length).toBeGreaterThan(2);
    expect(sent[2]).toContain('5');
  });

  it('ends cleanly when it is asked to', async () => {
    const child = serving(['echo']);
    child.stdin.write(`${JSON.stringify({ src: 'c1', dest: 'n1', body: init })}\n`);
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    expect(await once(child, 'close')).toEqual([0, null]);
  });

  it('ends with what its protocol throws', async () => {
    const directory = directoryWith({});
    const path = join(directory, 'fragile.mjs');
    writeFileSync(
      path,
      `export const protocol = {
  name: 'fragile', about: 'Breaks.', options: {}, init: () => ({}),
  on: {
    touch: (state, message, ctx) => {
      ctx.reply(message, { type: 'touch_ok' });
      throw new Error('ouch');
    },
  },
};`,
    );
    const never = () => false; // It ends by itself.
    const { said, stderr, code } = await told([path], [init, { type: 'touch', msg_id: 2 }], never);
    expect(stderr).toContain('fragile threw: Error: ouch');
    expect(said).toHaveLength(1);
    expect(code).toBe(1);
  });

  it.each([
    [['brodcast/flood'], 'unknown protocol "brodcast/flood"'],
    [['broadcast/flood-retry', '--option', 'rety=1s'], 'no option "rety"'],
    [['broadcast/flood-retry', '--option', 'retry=5'], '"retry" is 5'],
    [['echo', '--option', 'what'], 'expected KEY=VALUE'],
    [['./none.ts'], 'there is no module'],
  ])('is refused if it is not right: %j', async (args, why) => {
    const { stderr, code } = await told(args, []);
    expect(stderr).toContain(why);
    expect(code).toBe(64);
  });

  it('passes as a cluster behind pipes', async () => {
    const options = '--option retry=100ms --option retry-max=200ms';
    const bin = program(
      `#!/bin/sh\nexec ${process.execPath} ${builtCli()} serve broadcast/flood-retry ${options}\n`,
    );
    const more = { network: { latency: '2ms', loss: '10%' }, recovery: '2s' };
    const run = await pipe('broadcast', bin, more);
    expect(run.assessment.judgements.filter(({ valid }) => valid !== true)).toEqual([]);
    expect(run.history.ops.length).toBeGreaterThan(40);
    expect(run.hosting.clock).toBe('wall');
  });
});
