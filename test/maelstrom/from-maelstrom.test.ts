// docs/from-maelstrom.md says what is so: all options, all figures, all files, all workloads.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readAssertions } from '../../src/maelstrom/assertions/assertion.js';
import { figuresOf } from '../../src/maelstrom/assertions/figures.js';
import { nemesisNames } from '../../src/maelstrom/nemeses.js';
import { drawable } from '../../src/nemesis/schedule.js';
import { workloads } from '../../src/workloads/index.js';
import { cli, directoryWith, namesIn } from '../cli/harness.js';

const page = readFileSync(new URL('../../docs/from-maelstrom.md', import.meta.url), 'utf8');
const zero = { sent: 0, delivered: 0, dropped: 0, duplicated: 0 };
const counts = { messages: { all: zero, clients: zero, servers: zero } };

describe('docs/from-maelstrom.md', () => {
  it('names every option of the command, and no other', async () => {
    const { stdout } = await cli(['test', '--help']);
    const options = [...stdout.matchAll(/^ {2}(?:-\w, )?(--[a-z-]+)/gm)].map(([, name]) => name);
    expect(options.length).toBeGreaterThan(30);
    for (const name of options.filter((one) => one !== '--help')) {
      expect(page).toContain(`\`${name}\``);
    }
    const tables = [...page.matchAll(/^\| (`-.*?) \|/gm)].flatMap(([, cell = '']) => [
      ...cell.matchAll(/--[a-z-]+/g),
    ]);
    const unused = ['--leave-db-running', '--logging-json', '--no-ssh', '--username'];
    const known = new Set([...options, ...unused]);
    for (const [name] of tables) expect(known).toContain(name);
  });

  it('names every workload', () => {
    for (const name of workloads.keys()) expect(page).toContain(name);
  });

  it('names every nemesis that has a name of its own', () => {
    const own = nemesisNames.filter((name) => !drawable.has(name));
    expect(own.length).toBeGreaterThan(3);
    for (const name of own) expect(page).toContain(`\`${name}\``);
  });

  it('names every figure', () => {
    const result = { counts, faults: [], crashes: [], events: 0, virtualUs: 0 };
    for (const name of figuresOf({ judgements: [], result }, []).keys()) {
      expect(page).toContain(`\`${name.replace(/\.\w+$/, '.')}`.replace(/\.$/, ''));
    }
  });

  it('shows assertions that can be read', () => {
    const claims = [...page.matchAll(/--assert '([^']+)'/g)].map(([, claim]) => claim ?? '');
    expect(readAssertions(claims, ['read'])).toHaveLength(2);
  });

  it('names every file of the results', async () => {
    const output = directoryWith();
    const tests = [
      ['lin-kv', 'lin-kv/single'],
      ['txn-rw-register', 'txn-rw-register/dirty'],
    ] as const;
    for (const [workload, protocol] of tests) {
      await cli([
        ...['test', '-w', workload, '--protocol', protocol, '--time-limit', '5', '--rate', '50'],
        ...['--output', output],
      ]);
      for (const name of namesIn(`${output}/latest`)) expect(page).toContain(`\`${name}`);
    }
  });
});
