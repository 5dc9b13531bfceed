// docs/checkers.md says what is so: its histories parse, its kinds of anomaly are those that exist.
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judge } from '../../src/checkers/checker.js';
import { checkers } from '../../src/checkers/index.js';
import { setFull } from '../../src/checkers/set-full/set-full.js';
import { formatOp, parseHistory } from '../../src/history/ndjson.js';
import { history } from '../../src/history/text.js';
import { fixtures } from './fixture-files.js';

const page = readFileSync(new URL('../../docs/checkers.md', import.meta.url), 'utf8');
const blocks = (language: string): readonly string[] =>
  [...page.matchAll(new RegExp(`^\`\`\`${language}\n([^]*?)^\`\`\`$`, 'gm'))].map(
    ([, text]) => text ?? '',
  );

describe('docs/checkers.md', () => {
  it('shows one history as NDJSON and in one line', () => {
    const [ndjson = ''] = blocks('json');
    const [line = ''] = blocks('text');
    expect(parseHistory(ndjson).history.ops.map(formatOp)).toEqual(history(line).ops.map(formatOp));
    expect(ndjson.trimEnd().split('\n')).toEqual(history(line).ops.map(formatOp));
  });

  it('quotes the witness of a value that one node lacks', () => {
    const [, text = '', witness = ''] = blocks('text');
    const verdict = judge(setFull, history(text));
    const [first] = verdict.valid === false ? verdict.anomalies : [];
    expect(`${first?.kind}: ${first?.about}`).toBe(witness.trim().replaceAll(/\s+/g, ' '));
    expect(verdict.stats?.maelstrom).toMatchObject({ 'valid?': true });
  });

  it.each([...checkers.values()])(
    'has a section on $name, with every kind of anomaly',
    ({ name, about }) => {
      const section = page.split(/^## /m).find((part) => part.startsWith(`${name}\n`)) ?? '';
      expect(section.replaceAll(/\s+/g, ' ')).toContain(about.slice(0, 20));
      const kinds = new Set(fixtures(`${name}/invalid`).flatMap((fixture) => fixture.expect));
      for (const kind of kinds) expect(section).toContain(`| \`${kind}\` |`);
    },
  );
});
