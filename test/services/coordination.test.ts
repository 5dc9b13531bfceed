// The coordination service: sessions, ephemeral nodes, watches, versions, and the order of answers.
import { describe, expect, it } from 'vitest';
import type { ScenarioInput } from '../../src/scenario/scenario.js';
import { type Line, type Told, told, withOptions } from '../support/telling.js';

type Fault = NonNullable<ScenarioInput['faults']>[number];

describe('coordination', () => {
  const connect = { type: 'connect', token: 'a', timeoutUs: 1_000_000 };
  const other = { type: 'connect', token: 'b', timeoutUs: 30_000_000 };
  const of = (session: number, type: string, more: object = {}) => {
    return { type, session, seen: 0, path: '/x', ...more };
  };
  const node = { value: 1, ephemeral: true };
  const plain = (heard: readonly Told[]) =>
    heard.map(({ body }) => (body.code === undefined ? body.type : `${body.type} ${body.code}`));

  it('opens one session for one token', () => {
    const sessions = told('coordination', [
      [0, connect],
      [10, connect],
      [20, other],
    ]);
    expect(sessions.map(({ body }) => body.session)).toEqual([1, 1, 2]);
  });

  it('removes what was ephemeral when nothing is heard of its session', () => {
    const heard = told('coordination', [
      [0, connect],
      [1, other],
      [20, of(1, 'create', node)],
      [30, of(2, 'look', { watch: true })],
      [2_500, of(1, 'ping')],
      [2_600, of(2, 'look', { watch: false, seen: 1 })],
    ]);
    const rest = plain(heard).slice(2);
    expect(rest).toEqual(['create_ok', 'look_ok', 'notify', 'error 14', 'error 20']);
    expect(heard[4]?.ms).toBe(1_023);
    expect(heard[4]?.body.events).toEqual([{ number: 1, path: '/x', change: 'removed' }]);
  });

  it('tells a watch of the first change only', () => {
    const set = (value: number) => of(1, 'set', { value, version: -1 });
    const heard = told('coordination', [
      [0, { ...connect, timeoutUs: 9_000_000 }],
      [10, of(1, 'create', { value: 0, ephemeral: false })],
      [20, of(1, 'look', { watch: true })],
      [30, set(1)],
      [40, set(2)],
      [50, of(1, 'look', { watch: false, seen: 1 })],
    ]);
    expect(plain(heard).filter((type) => type === 'notify')).toHaveLength(1);
    expect(heard.at(-1)?.body.value).toBe(2);
  });

  it('sets no watch on what is not there, unless asked whether it exists', () => {
    const heard = told('coordination', [
      [0, { ...connect, timeoutUs: 9_000_000 }],
      [10, of(1, 'look', { watch: true, path: '/a' })],
      [20, of(1, 'exists', { watch: true, path: '/b' })],
      [30, of(1, 'create', { ...node, path: '/a' })],
      [40, of(1, 'create', { ...node, path: '/b' })],
    ]);
    const events = heard.filter(({ body }) => body.type === 'notify');
    expect(events.map(({ body }) => body.events)).toEqual([
      [{ number: 1, path: '/b', change: 'created' }],
    ]);
  });

  it('compares versions before it sets, and tells a node from the one before by its czxid', () => {
    const heard = told('coordination', [
      [0, { ...connect, timeoutUs: 9_000_000 }],
      [10, of(1, 'create', node)],
      [20, of(1, 'set', { value: 2, version: 0 })],
      [30, of(1, 'set', { value: 3, version: 0 })],
      [40, of(1, 'create', node)],
      [50, of(1, 'remove', { version: -1 })],
      [60, of(1, 'create', node)],
      [70, { type: 'past', path: '/x' }],
    ]);
    const kinds = ['create_ok', 'set_ok', 'error 22', 'error 21', 'remove_ok', 'create_ok'];
    expect(plain(heard).slice(1, 7)).toEqual(kinds);
    const [first, second] = [1, 6].map((at) => heard[at]?.body.stat as { czxid: number });
    expect(second?.czxid).toBeGreaterThan(first?.czxid ?? 0);
    expect(heard.at(-1)?.body.values).toEqual([1, 2, 1]);
  });

  it('lists children, and tells of one that comes', () => {
    const heard = told('coordination', [
      [0, { ...connect, timeoutUs: 9_000_000 }],
      [10, of(1, 'create', { ...node, path: '/a/1' })],
      [20, of(1, 'children', { path: '/a', watch: true })],
      [30, of(1, 'create', { ...node, path: '/a/2' })],
      [40, of(1, 'create', { ...node, path: '/a/2/3' })],
    ]);
    const children = heard[2]?.body.children as readonly { name: string; value: unknown }[];
    expect(children.map(({ name, value }) => [name, value])).toEqual([['1', 1]]);
    const events = heard.filter(({ body }) => body.type === 'notify');
    expect(events.map(({ body }) => body.events)).toEqual([
      [{ number: 1, path: '/a', change: 'children' }],
    ]);
  });

  it('answers the same request with the same answer', () => {
    const heard = told('coordination', [
      [0, connect],
      [10, of(1, 'create', { ...node, msg_id: 7 })],
      [20, of(1, 'create', { ...node, msg_id: 7 })],
      [30, of(1, 'create', { ...node, msg_id: 8 })],
    ]);
    expect(plain(heard).slice(1)).toEqual(['create_ok', 'create_ok', 'error 21']);
  });

  it('lets no answer of a session overtake another, however late one is', () => {
    const options = withOptions('coordination', { slow: '50%', delay: '400ms' });
    const pings = Array.from({ length: 40 }, (_, at): Line => {
      return [20 + 10 * at, of(1, 'ping', { msg_id: at + 1 })];
    });
    const lines: Line[] = [[0, { ...connect, timeoutUs: 9_000_000 }], ...pings];
    const heard = told('coordination', lines, options);
    const answered = heard.slice(1).map(({ body }) => body.in_reply_to);
    expect(answered).toEqual(pings.map((_, at) => at + 1));
    expect(heard.at(-1)?.ms).toBeGreaterThan(500);
  });

  it('knows nodes and sessions after a crash, and shows that it lives anew', () => {
    const crash: Fault = { fault: 'crash', nodes: ['coordination'], at: '1s', for: '1s' };
    const heard = told(
      'coordination',
      [
        [0, other],
        [10, of(1, 'create', node)],
        [3_000, of(1, 'look', { watch: false })],
      ],
      { faults: [crash] },
    );
    expect(heard.at(-1)?.body).toMatchObject({ type: 'look_ok', value: 1, life: 2 });
  });
});
