// Lines: what is a message, and that numbers come out as they went in.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { lineOf, parseLine, spokenFor } from '../../src/maelstrom/line.js';

function bodyOf(line: string): Record<string, unknown> {
  const parsed = parseLine(line);
  if (parsed.kind === 'wrong') throw new Error(parsed.why);
  return { ...parsed.message.body };
}

/** In and out again, as between two programs. */
function through(body: string): string {
  const parsed = parseLine(`{"src":"n1","dest":"n2","body":${body}}`);
  if (parsed.kind === 'wrong') throw new Error(parsed.why);
  const line = lineOf(7, parsed.message);
  return line.slice('{"id":7,"src":"n1","dest":"n2","body":'.length, -1);
}

describe('a line', () => {
  it('may end in a carriage return, have an id, and lack a body or its type', () => {
    expect(parseLine('{"id":3,"src":"n1","dest":"c1"}\r')).toEqual({
      kind: 'message',
      message: { src: 'n1', dest: 'c1', body: { type: '' } },
    });
  });

  it.each([
    ['hello', 'no JSON'],
    ['[1]', 'no JSON object'],
    ['{"dest":"n1","body":{"type":"x"}}', '`src`'],
    ['{"src":"n1","dest":4,"body":{"type":"x"}}', '`dest`'],
    ['{"src":"n1","dest":"n2","body":[]}', '`body`'],
    ['{"src":"n1","dest":"n2","body":{"type":5}}', '`type`'],
    ['{"src":"n1","dest":"n2","body":{"type":"x","id":12345678901234567890]}}', 'no JSON'],
  ])('is wrong: %s', (line, why) => {
    expect(parseLine(line)).toMatchObject({ kind: 'wrong', why: expect.stringContaining(why) });
  });

  it.each([
    '{"type":"x","id":9007199254740993}',
    '{"type":"x","id":-18446744073709551615,"at":[1,2.5,99999999999999999999]}',
    '{"type":"x","id":1e999}',
    '{"type":"x","text":"not 12345678901234567890, nor \\"12345678901234567890\\" either"}',
    '{"type":"x","text":"{\\"$number\\":\\"5\\"} 12345678901234567"}',
    '{"type":"x","12345678901234567890":12345678901234567890}',
  ])('passes on its numbers unharmed: %s', (body) => {
    expect(through(body)).toBe(body);
  });

  it('keeps two large numbers apart that a double cannot', () => {
    const line = (id: string): string => `{"src":"n1","dest":"c1","body":{"type":"x","id":${id}}}`;
    expect(bodyOf(line('9007199254740992')).id).not.toEqual(bodyOf(line('9007199254740993')).id);
  });

  it('says any JSON as it was', () => {
    fc.assert(
      fc.property(fc.json(), (json) => {
        const body = `{"type":"x","value":${JSON.stringify(JSON.parse(json))}}`;
        expect(JSON.parse(through(body))).toEqual(JSON.parse(body));
      }),
      { seed: 1 },
    );
  });

  it('may be said in the name of another', () => {
    const body = spokenFor({ type: 'x' }, 'c4');
    expect(lineOf(0, { src: 'n1', dest: 'n2', body })).toBe(
      '{"id":0,"src":"c4","dest":"n2","body":{"type":"x"}}',
    );
  });
});
