// What hosted programs are blamed for, and what is only noted.
import { describe, expect, it } from 'vitest';
import { Conduct } from '../../src/maelstrom/conduct.js';

const said = (node: string) => ({ node, atUs: 1_000, number: 3, line: '{"type":"read_ok"}' });

/** The kinds of what was noted, and of what somebody is blamed for, after these nodes' answers. */
function answeredBy(times: number, nodes: readonly string[]) {
  const conduct = new Conduct();
  for (let i = 0; i < times; i++) conduct.asked('c1', 7, 'read');
  for (const node of nodes) conduct.answered('c1', 7, said(node));
  return {
    noted: conduct.violations.map(({ kind, node }) => `${kind} ${node}`),
    blamed: conduct.misconduct().map(({ kind }) => kind),
  };
}

describe('answers to a request', () => {
  it('are as many as there were questions', () => {
    expect(answeredBy(2, ['n0', 'n0'])).toEqual({ noted: [], blamed: [] });
  });

  it('may not come twice from one node', () => {
    expect(answeredBy(1, ['n0', 'n0'])).toEqual({ noted: ['twice n0'], blamed: ['twice'] });
    expect(answeredBy(1, ['n1', 'n0', 'n0']).blamed).toEqual(['twice']);
  });

  it('may come from another node, too, to which the request was handed on', () => {
    expect(answeredBy(1, ['n0', 'n1'])).toEqual({ noted: ['elsewhere n1'], blamed: [] });
  });

  it('answer something', () => {
    const conduct = new Conduct();
    conduct.answered('c1', 8, said('n0'));
    conduct.answered('c1', undefined, said('n0'));
    expect(conduct.misconduct().map(({ kind }) => kind)).toEqual(['out-of-turn', 'out-of-turn']);
  });
});
