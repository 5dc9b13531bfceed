// What-ifs that ask for more: before which event a message is to arrive, what it is to say; and the
// sync that fails.
import { describe, expect, it } from 'vitest';
import { type Opened, open } from './terminal.js';

interface Ctx {
  readonly self: string;
  send(to: string, body: object): void;
  setTimer(timer: object, delayUs: number): void;
  note(text: string): void;
  readonly store: {
    write(key: string, value: unknown): void;
    sync(done: object): void;
  };
}

/** n0 says 1 and 2 to n1, which notes what it hears, writes it down and waits for its disk. */
const talking = {
  name: 'talking',
  about: 'Talks.',
  options: {},
  init(ctx: Ctx) {
    if (ctx.self === 'n0') {
      for (const n of [1, 2]) ctx.setTimer({ type: 'say', n }, n * 1_000);
    }
    return { heard: [] as number[] };
  },
  on: {
    say(state: { heard: number[] }, { body }: { body: { n: number } }, ctx: Ctx) {
      state.heard.push(body.n);
      ctx.store.write('last', body.n);
      ctx.store.sync({ type: 'kept' });
      ctx.note(`heard ${body.n}`);
    },
  },
  timers: {
    say: (_: unknown, { n }: { n: number }, ctx: Ctx) => ctx.send('n1', { type: 'say', n }),
    kept: (_: unknown, __: unknown, ctx: Ctx) => ctx.note('kept'),
  },
  diskFailed: (_: unknown, __: unknown, why: string, ctx: Ctx) => ctx.note(`disk ${why}`),
};

const scenario = {
  protocol: talking as never,
  nodes: 2,
  network: { latency: '10ms' },
  duration: '1s',
} as const;

const wide = { columns: 140, rows: 40 };
const said = ({ screen }: Opened): string => screen().at(-2) ?? '';
const rowOf = ({ screen }: Opened, text: RegExp): number =>
  screen().findIndex((line) => text.test(line));

/** The menu at the event that sends 2. */
async function atSending(): Promise<Opened> {
  const opened = await open(scenario, wide);
  await opened.type('/', 'timer say', 'enter', 'n', 'a');
  return opened;
}

describe('deliver before', () => {
  it('lets one go to the event, and makes the branch', async () => {
    const opened = await atSending();
    expect(opened.text()).toMatch(/b {2}deliver it right before …/);
    await opened.type('b');
    expect(said(opened)).toMatch(/^ deliver n0→n1 say 2 right before which event\?/);
    expect(opened.screen().at(-1)).toContain('Enter takes the event of the cursor');
    await opened.type('/', 'heard 1', 'enter', 'enter');
    expect(opened.text()).toMatch(/w1 .*w1? ?.*deliver n0→n1 say 2 before #\d+ @\d+/s);
    expect(rowOf(opened, /“heard 2”/)).toBe(rowOf(opened, /“heard 1”/) - 1);
    await opened.type('q');
    expect((await opened.ended).farewell).toMatch(/--edit 'deliver-before \w{16} \w{16}'/);
  });

  it('shows that the message waits', async () => {
    const opened = await atSending();
    await opened.type('b', '/', 'kept', 'enter', 'enter');
    await opened.type('g', '/', 'timer say', 'enter', 'n');
    expect(opened.text()).toMatch(/○ →n1 say 2 waits for an event/);
    expect(opened.text()).toMatch(/n0→n1 say 2 {2}waits for the event \w{16}/);
  });

  it('takes no event that the message is needed for, nor one before it is sent', async () => {
    const opened = await atSending();
    await opened.type('b', '/', 'heard 2', 'enter', 'enter');
    expect(said(opened)).toMatch(/is its own arrival/);
    await opened.type(
      'g',
      '/',
      'timer say',
      'enter',
      'n',
      'a',
      'b',
      'G',
      'k',
      '\\',
      'kept',
      'enter',
    );
    await opened.type('enter');
    expect(said(opened)).toMatch(/^ #\d+ comes of this message: it cannot wait for that/);
    await opened.type('g', '/', 'timer say', 'enter', 'n', 'a', 'b', 'g', 'enter');
    expect(said(opened)).toMatch(/it is sent at #\d+: it cannot come before #0/);
    expect(opened.screen()[0]).toContain(' main ');
  });

  it('is left by Esc', async () => {
    const opened = await atSending();
    await opened.type('b', 'esc');
    expect(said(opened)).toBe('');
    expect(opened.screen().at(-1)).toContain('j/k step');
  });
});

describe('another payload', () => {
  it('is typed over what the message says', async () => {
    const opened = await atSending();
    await opened.type('e');
    expect(said(opened)).toBe(' n0→n1 says: {"type":"say","n":2}█');
    await opened.type('left', 'backspace', '77', 'enter');
    expect(opened.text()).toMatch(/n0→n1 say 2 says say 77 @\d+/);
    expect(opened.text()).toContain('“heard 77”');
    expect(opened.text()).not.toContain('“heard 2”');
    await opened.type('q');
    expect((await opened.ended).farewell).toMatch(
      /--edit '{"edit":"alter","message":"\w{16}","body":{"type":"say","n":77}}'/,
    );
  });

  it.each([
    ['{', 'this is no JSON'],
    ['[1]', 'a map with a text "type" is needed'],
    ['{"type":3}', 'a map with a text "type" is needed'],
    ['{"type":"say","n":2}', 'this is what it says anyway'],
  ])('that is %s is refused, and can be mended', async (text, complaint) => {
    const opened = await atSending();
    await opened.type('e', 'C-u', text, 'enter');
    expect(opened.screen().at(-1)).toContain(`✗ ${complaint}`);
    expect(said(opened)).toBe(` n0→n1 says: ${text}█`);
    await opened.type('esc');
    expect(opened.screen()[0]).toContain(' main ');
  });
});

describe('a sync that fails', () => {
  it('is the next one of the node', async () => {
    const opened = await open(scenario, wide);
    await opened.type('/', 'heard 1', 'enter', 'a');
    expect(opened.text()).toMatch(/f {2}its next sync fails/);
    await opened.type('f');
    expect(opened.text()).toMatch(/sync failed: kept/);
    expect(opened.text()).toContain('“disk failed”');
  });

  it('is not there to be chosen where nothing is synced any more', async () => {
    const opened = await open(scenario, { ...wide, at: 'end' });
    await opened.type('a');
    expect(opened.text()).toContain('crash it');
    expect(opened.text()).not.toContain('its next sync fails');
  });
});

describe('a prompt', () => {
  it('is edited in its middle', async () => {
    const opened = await open(scenario);
    await opened.type('/', 'ac', 'left', 'b', 'home', 'x', 'end', 'd', 'left', 'left');
    expect(said(opened)).toBe(' /xabcd');
    expect(opened.cell(5, 22)).toMatchObject({ char: 'c', inverse: true });
    await opened.type('C-w');
    expect(said(opened)).toBe(' /cd');
    await opened.type('C-k');
    expect(said(opened)).toBe(' /█');
  });
});

describe('the menu', () => {
  it('shows what is chosen in a low terminal, too', async () => {
    const opened = await open(scenario, { columns: 80, rows: 14 });
    await opened.type('/', 'heard 1', 'enter', 'a');
    expect(opened.text()).toMatch(/❯ x {2}drop it[\s\S]*↓ \d+ more/);
    await opened.type(...Array.from({ length: 30 }, () => 'down'));
    expect(opened.text()).toMatch(/❯ f {2}its next sync fails/);
  });
});
