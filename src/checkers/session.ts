// Session guarantees for registers and key-value stores: each process, whatever server it talks
// to, sees time go forwards. For each key there is one order of writes; every guarantee asked for
// says that some writes come before others, and is broken if they do so in a circle. That two
// guarantees can only be broken together is said as that. Guarantees that span keys are not looked
// at, and values must differ for writes to be told apart. Source: Terry et al. 1994.
import type { History } from '../history/history.js';
import { showValue, type ValueKey } from '../history/value.js';
import type { Checker, CheckerOptions, Judgement } from './checker.js';
import { Link, Precedence } from './cycle.js';
import { countsOf, type Findings, find, noFindings, verdictOf } from './findings.js';
import { type Access, accessesOf, phantomsIn } from './registers/accesses.js';
import { enumeration, when } from './words.js';

const guarantees = [
  'monotonic-reads',
  'read-your-writes',
  'writes-follow-reads',
  'monotonic-writes',
] as const;
type Guarantee = (typeof guarantees)[number];

export const session: Checker = {
  name: 'session',
  about: 'Each client sees, key by key, its own and others’ writes in one order.',
  options: { guarantees: [...guarantees], keyed: false },
  check: checkSession,
};

function checkSession(history: History, options: CheckerOptions): Judgement {
  const { keyed } = options;
  const asked = guarantees.filter((each) => (options.guarantees as unknown[]).includes(each));
  if (asked.length === 0) throw new Error(`guarantees are some of ${guarantees.join(', ')}`);
  if (typeof keyed !== 'boolean') throw new Error('keyed is true or false');
  const accesses = accessesOf(history, keyed);
  const findings = noFindings(['phantom-read', ...guarantees, 'session-order']);
  const doubts: string[] = [];
  for (const { access, value } of phantomsIn(accesses)) {
    const done = access.done ?? access.invoked;
    const who = `process ${access.process}`;
    const about = `${who} read ${showValue(value)} ${when(done)}, which nobody had written`;
    find(findings, 'phantom-read', () => ({ about, ops: [done.index] }));
  }
  const keys = new Map<ValueKey, Access[]>();
  for (const access of accesses) {
    const own = keys.get(access.key) ?? [];
    keys.set(access.key, own);
    own.push(access);
  }
  for (const [key, own] of keys) {
    if (repeats(own)) doubts.push(`${nameOf(key)} was given the same value more than once`);
    else judgeKey(key, own, { asked, findings });
  }
  if (!accesses.some(({ read }) => read !== undefined)) doubts.push('nothing was read');
  const stats = { keys: keys.size, accesses: accesses.length, anomalies: countsOf(findings) };
  return { ...verdictOf(findings, doubts.slice(0, 3)), stats };
}

function repeats(accesses: readonly Access[]): boolean {
  const seen = new Set<ValueKey>([null]);
  return accesses.some(({ wrote }) => {
    if (wrote === undefined) return false;
    const again = seen.has(wrote.value);
    seen.add(wrote.value);
    return again;
  });
}

interface Place {
  readonly asked: readonly Guarantee[];
  readonly findings: Findings;
}

/** The first set of guarantees that cannot hold, the smallest first. */
function judgeKey(key: ValueKey, accesses: readonly Access[], { asked, findings }: Place): void {
  if (orderOf(accesses, asked).circle() === undefined) return;
  const singles = asked.map((each) => [each, [each]] as const);
  const pairs = asked.includes('monotonic-writes')
    ? asked.map((each) => ['monotonic-writes', ['monotonic-writes', each]] as const)
    : [];
  let broken = false;
  for (const [kind, together] of [...singles, ...pairs, ['session-order', asked] as const]) {
    if (broken && together.length > 1) return;
    const circle = orderOf(accesses, together).circle();
    if (circle === undefined) continue;
    broken = true;
    const values = circle.nodes.map((node) => showValue(node));
    const rule = together.length === 1 ? `by ${kind}` : `by ${together.join(' and ')} together`;
    const about =
      `the writes to ${nameOf(key)} come one before the other in a circle, ` +
      `${rule}: ${enumeration(values, 6)}`;
    find(findings, kind, () => ({ about, ops: circle.ops }));
  }
}

function nameOf(key: ValueKey): string {
  return key === undefined ? 'the register' : `the key ${showValue(key)}`;
}

function newClient(): Client {
  const [reads, writes] = [new Link(), new Link()];
  return { lastRead: undefined, lastWrite: undefined, reads, writes };
}

interface Client {
  lastRead: Access | undefined;
  lastWrite: Access | undefined;
  reads: Link;
  writes: Link;
}

/** What the guarantees say of the order of the writes to one key. Nodes are values, and links. */
function orderOf(accesses: readonly Access[], asked: readonly Guarantee[]) {
  const order = new Precedence<ValueKey>();
  const clients = new Map<unknown, Client>();
  const want = new Set(asked);
  for (const access of accesses) {
    const { process, read, wrote, sure, done, invoked } = access;
    const client = clients.get(process) ?? newClient();
    clients.set(process, client);
    const ops = [(done ?? invoked).index];
    if (read !== undefined && sure) {
      const { lastRead } = client;
      if (want.has('monotonic-reads') && lastRead?.read !== undefined) {
        const before = (lastRead.done ?? lastRead.invoked).index;
        order.add(lastRead.read.value, read.value, [before, ...ops]);
      }
      if (want.has('read-your-writes')) order.add(client.writes, read.value, ops);
      client.lastRead = access;
      client.reads = linked(order, client.reads, read.value, ops);
    }
    if (wrote === undefined) continue;
    order.add(null, wrote.value, []);
    const { lastWrite } = client;
    if (want.has('monotonic-writes') && lastWrite?.wrote !== undefined) {
      order.add(lastWrite.wrote.value, wrote.value, [lastWrite.invoked.index, ...ops]);
    }
    if (want.has('writes-follow-reads')) order.add(client.reads, wrote.value, ops);
    client.lastWrite = access;
    client.writes = linked(order, client.writes, wrote.value, ops);
  }
  return order;
}

/** A link behind `before` and `value`. */
function linked(
  order: Precedence<ValueKey>,
  before: Link,
  value: ValueKey,
  ops: readonly number[],
): Link {
  const link = new Link();
  order.add(before, link, []);
  order.add(value, link, ops);
  return link;
}
