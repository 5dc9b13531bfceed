// docs/guide.md works: its programs are taken from the page, its commands are run beside them.
import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { directoryWith, namesIn } from '../cli/harness.js';
import { spawnCli } from '../support/built-cli.js';

const page = readFileSync(new URL('../../docs/guide.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );

/** The programs of the page, by the names in their first lines. */
const programs = ['ts', 'js', 'python'].flatMap((language) =>
  blocks(language).map((text) => {
    const name = /^(?:#!.*\n)?(?:\/\/|#) (\w+\.\w+)$/m.exec(text)?.[1];
    return [name ?? '', text] as const;
  }),
);

interface Command {
  readonly line: string;
  readonly args: readonly string[];
  readonly code: number;
}

const commands: readonly Command[] = blocks('sh').flatMap((block) =>
  block
    .trimEnd()
    .split('\n')
    .map((whole) => {
      const [line = '', note] = whole.split(' # exits with ');
      return { line, args: line.split(' ').slice(1), code: Number(note ?? 0) };
    }),
);

let home: string;

beforeAll(() => {
  home = directoryWith();
  for (const [name, text] of programs) {
    writeFileSync(join(home, name), text);
    chmodSync(join(home, name), 0o755);
  }
});

describe('docs/guide.md', () => {
  it('shows each step in three languages, each with its command', () => {
    const steps = ['echo', 'flood', 'retry'];
    const names = steps.flatMap((step) => [`${step}.js`, `${step}.py`, `${step}.ts`]);
    expect(programs.map(([name]) => name).sort()).toEqual(names.sort());
    expect(namesIn(home)).toEqual(names.sort());
    for (const name of names) expect(commands.some(({ line }) => line.includes(name))).toBe(true);
  });

  it.each(commands)('$line', { timeout: 60_000 }, async ({ args, code }) => {
    const { stdout, stderr, code: ended } = await spawnCli(args, { cwd: home });
    expect(stderr).toBe('');
    expect(stdout).toMatch(code === 0 ? /^verdict +valid$/m : /set-full +✗ lost/);
    expect(ended).toBe(code);
  });
});
