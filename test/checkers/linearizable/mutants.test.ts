// Who checks the searches: each mutant here is one change to one of them that an optimist might
// make, and the comparison with brute force must object. Mutants are built beside the checkout.
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import ts from 'typescript';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compare, compareLonger, type Judges } from './judges.js';
import { type Spec, specs } from './specs.js';

interface Mutant {
  readonly file: string;
  readonly model: string;
  readonly original: string;
  readonly mutated: string;
  /** Whether only longer histories show it, which are compared with another search. */
  readonly long?: true;
}

const mutants: Readonly<Record<string, Mutant>> = {
  'lets two forward zones overlap': {
    file: 'chains.ts',
    model: 'register',
    original: 'if (rank < end) return',
    mutated: 'if (rank + ranks < end) return',
  },
  'lets a backward zone lie inside a forward one': {
    file: 'chains.ts',
    model: 'register',
    original: 'if (inside > 0 &&',
    mutated: 'if (inside < 0 &&',
  },
  'lets a value return before the one it was taken from': {
    file: 'chains.ts',
    model: 'cas-register',
    original: 'if (maker >= 0) clash(last, done);',
    mutated: '',
  },
  'lets values be taken in a circle': {
    file: 'chains.ts',
    model: 'cas-register',
    original: 'linked < total',
    mutated: 'linked < -1',
  },
  'places every mismatch': {
    file: 'mismatches.ts',
    model: 'cas-register',
    original: 'if (call <= begin || done >= end) return;',
    mutated: 'return;',
  },
  'lets a value begin later than somebody saw it': {
    file: 'mismatches.ts',
    model: 'cas-register',
    original: 'if (call <= this.#latest(value)) {',
    mutated: 'if (call >= 0) {',
  },
  'takes a frugal search for a thorough one': {
    file: 'register-search.ts',
    model: 'cas-register',
    original: 'if (walk.frugal) return this.#lost();',
    mutated: '',
  },
  'takes what nobody saw for what must have happened': {
    file: 'versions.ts',
    model: 'kv',
    original: 'part.returns[at] !== open',
    mutated: 'part.returns[at] === open',
  },
  'hides writes and forgets those who come later': {
    file: 'register-walk.ts',
    model: 'register',
    original: 'this.#later[operation] === 1 ||',
    mutated: '',
  },
  'thinks that a write of the same value is of no use': {
    file: 'candidates.ts',
    model: 'cas-register',
    original: '(to === value && !this.exposed)',
    mutated: 'to === value',
  },
  'forgets that a mismatch asks for any other value': {
    file: 'wanted.ts',
    model: 'cas-register',
    original: 'this.#any = true;',
    mutated: 'this.#any = false;',
  },
  'finds the queue empty though somebody must have put in': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: 'if (instant >= this.#inEnd || instant >= this.#outEnd) return;',
    mutated: 'if (instant >= this.#outEnd) return;',
  },
  'takes out before it is put in': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: 'const taken = Math.max(this.#now[takenAt] as number, call, put);',
    mutated: 'const taken = Math.max(this.#now[takenAt] as number, call);',
  },
  'lets those wait too long that put in': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: 'if (put >= this.#inEnd || taken >= this.#outEnd) return;',
    mutated: 'if (taken >= this.#outEnd) return;',
  },
  'takes whoever is called for the most urgent': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: '|| this.#isDone(side, own)) return false;\n    const end',
    mutated: '|| this.#isDone(side, own)) return false;\n    return true;\n    const end',
  },
  'takes out what was lost only where all have waited for it': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: 'if (call === undefined || this.#inEnd > this.#outEnd) return;',
    mutated: 'if (call === undefined || this.#inEnd < this.#outEnd) return;',
  },
  'does not wait for an equal one that returns earlier': {
    file: 'queue-search.ts',
    model: 'fifo-queue',
    original: 'if ((side.calls[other] as number) <= call) return false;',
    mutated: 'return false;',
  },
  'appends first what returns last': {
    file: 'list-growth.ts',
    model: 'log',
    original: '(returns[own] as number) < (returns[least] as number)',
    mutated: '(returns[own] as number) > (returns[least] as number)',
  },
  'reads the longest list when it has grown': {
    file: 'list-growth.ts',
    model: 'log',
    original: '(length === this.#length && !this.#beyond)',
    mutated: 'length === this.#length',
  },
  'appends what is unknown as often as it likes': {
    file: 'list-growth.ts',
    model: 'log',
    original: '} else if ((this.#unknown[value] as number) > 0) {',
    mutated: '} else if (value >= 0) {',
  },
  'changes a member only for whoever must return next': {
    file: 'set-search.ts',
    model: 'set',
    original: 'for (; frame.next <= reads.length; ) {',
    mutated: 'for (; frame.next < 1; ) {',
  },
  'reads a set that lacks but one': {
    file: 'set-search.ts',
    model: 'set',
    original: 'if (now > 0) this.#reads.set(read, now);',
    mutated: 'if (now > 1) this.#reads.set(read, now);',
  },
  'takes a member for gone for good while somebody can still come': {
    file: 'set-search.ts',
    model: 'set',
    original: 'return low < known.length && (known[low] as number) < until;',
    mutated: 'return false;',
  },
  'forgets who may have changed a member unknown': {
    file: 'set-search.ts',
    model: 'set',
    original: 'if (lost !== undefined && lost < until) return true;',
    mutated: '',
  },
  'changes a member as often as it likes by one unknown operation': {
    file: 'set-search.ts',
    model: 'set',
    original: 'this.#used = this.#usedSets.with(this.#used, way);',
    mutated: '',
  },
  'has a member changed by somebody unknown who is called only later': {
    file: 'set-search.ts',
    model: 'set',
    original: 'if (unknown === undefined || unknown > this.#rank) return false;',
    mutated: 'if (unknown === undefined) return false;',
  },
  'takes the twin that returns last': {
    file: 'wanted.ts',
    model: 'cas-register',
    original: '(this.#returns[operationIn[slot] as number] as number) < done',
    mutated: '(this.#returns[operationIn[slot] as number] as number) > done',
  },
  'gives up while somebody can still come who makes the value': {
    file: 'makers.ts',
    model: 'register',
    original: '&& !this.#comes(value, operation)',
    mutated: '',
  },
  'finds a plain answer impossible too early': {
    file: 'impossible.ts',
    model: 'register',
    original: 'this.#firstLeaves === value ? this.#second : this.#first',
    mutated: 'this.#first',
  },
  'does not find an answer impossible that another answer rules out': {
    file: 'impossible.ts',
    model: 'cas-register',
    original: 'Math.max(this.#refused[value] as number, called);',
    mutated: 'Math.max(this.#refused[value] as number, called + 4);',
  },
  'forgets a configuration that could still use a write': {
    file: 'dominance.ts',
    model: 'register',
    original: '(((done ^ other) | bare) & writes & ~hidden) !== 0',
    mutated: 'writes === -1',
  },
  'forgets a configuration for one that has less to do': {
    long: true,
    file: 'dominance.ts',
    model: 'register',
    original: '(other & ~done & observers) !== 0',
    mutated: '(done & ~other & observers) !== 0',
  },
  'forgets a configuration that has used less': {
    long: true,
    file: 'used.ts',
    model: 'cas-register',
    original: 'if (writes[next] === 1) return false;',
    mutated: 'if (writes[next] === 1) continue;',
  },
  'forgets that any value may be there where a window begins': {
    file: 'windows.ts',
    model: 'register',
    original: 'first > 0 ? initialOf(window, registers.values) : [0]',
    mutated: '[0]',
  },
  'demands that the pending take effect in the window': {
    file: 'windows.ts',
    model: 'register',
    original: 'optional.push(at)',
    mutated: 'optional.length',
  },
  'believes a mismatch with a blurred value': {
    long: true,
    file: 'windows.ts',
    model: 'cas-register',
    original: 'kind === kindOf.mismatch && from[at] === 0 ? kindOf.nothing : kind',
    mutated: 'kind',
  },
  'takes a dead end for a proof although it did not look everywhere': {
    long: true,
    file: 'layered-search.ts',
    model: 'register',
    original: 'if (rows.length < layer.kept().length || this.#walk.frugal) this.#complete = false;',
    mutated: '',
  },
  'lets reads of a growing set differ as they like': {
    file: 'set-growth.ts',
    model: 'set',
    original: 'if (!members.has(member)) return bad(part.returns[at] as number);',
    mutated: '{}',
  },
  'adds members of a growing set before reads that lack them': {
    file: 'set-growth.ts',
    model: 'set',
    original: 'most = Math.max(most, add(member, latest));',
    mutated: 'most = Math.max(most, add(member, -1));',
  },
  'believes every member of a set': {
    file: 'set-members.ts',
    model: 'set',
    original: "if (outcome.verdict === 'invalid') {",
    mutated: "if (outcome.verdict === 'invalid' && member < 0) {",
  },
  'lets what was taken for an observer change nothing': {
    file: 'general-search.ts',
    model: 'fifo-queue',
    original: '=== this.#state) this.#mark(operation, slot);',
    mutated: '!== refused) this.#mark(operation, slot);',
  },
  'lets values overtake each other in a queue': {
    file: 'queue-pairs.ts',
    model: 'fifo-queue',
    original: '(gone[next] as number) < latest',
    mutated: '(gone[next] as number) < latest - 3',
  },
  'lets one lost dequeue remove two values': {
    file: 'queue-pairs.ts',
    model: 'fifo-queue',
    original: 'some[nth] ?? open',
    mutated: 'some[nth >> 1] ?? open',
  },
  'finds a queue empty that never was': {
    file: 'queue-pairs.ts',
    model: 'fifo-queue',
    original: 'bare[call] === bare[done]',
    mutated: 'bare[call] === bare[done] && call < 0',
  },
  'takes the pending twin that returns last': {
    file: 'general-search.ts',
    model: 'fifo-queue',
    original: '(returns[other] as number) < own',
    mutated: '(returns[other] as number) > own && own >= 0',
  },
  'adds what an amount can be, but only alone': {
    file: 'counter-search.ts',
    model: 'counter',
    original: "for (const slot of asking) goals.push({ slot, way: 'unknown' });",
    mutated: '',
  },
  'reads a sum that has gone by': {
    file: 'counter-search.ts',
    model: 'counter',
    original: 'return kinds[at] === counterKind.read && wants[at] === this.#sum;',
    mutated: 'return kinds[at] === counterKind.read && wants[at] <= this.#sum;',
  },
  'adds last what returns first': {
    file: 'counter-search.ts',
    model: 'counter',
    original: 'slots.sort((a, b) => returnOf(a) - returnOf(b));',
    mutated: 'slots.sort((a, b) => returnOf(b) - returnOf(a));',
  },
  'adds what is unknown as often as it likes': {
    file: 'counter-search.ts',
    model: 'counter',
    original: 'this.#used = this.#tallies.with(this.#used, place, more);',
    mutated: '',
  },
  'looks at a stretch as if nothing had been added before': {
    file: 'counter-stretch.ts',
    model: 'counter',
    original: 'sum += amounts[amountOf[event >> 1] as number] as number;',
    mutated: '',
  },
  'asks in a stretch for sums that were asked for before it': {
    file: 'counter-stretch.ts',
    model: 'counter',
    original: 'kind === counterKind.read ? counterKind.idle : counterKind.add',
    mutated: 'kind',
  },
  'goes on elsewhere than it has stopped': {
    file: 'counter-sums.ts',
    model: 'counter',
    original: 'if (this.#found) this.#place = this.#back(this.#place);',
    mutated: 'this.#place = this.#back(this.#place);',
  },
  'thinks that what was called may not have been added': {
    file: 'counter-limits.ts',
    model: 'counter',
    original: 'const need = want - ((calledUp[rank] as number) - up);',
    mutated: 'const need = want;',
  },
  'forgets a configuration for one that has read less': {
    file: 'counter-explored.ts',
    model: 'counter',
    original: 'if ((other & ~(ways[start + word] as number)) !== 0) return false;',
    mutated: '',
  },
  'forgets a configuration for one of which less is left': {
    file: 'counter-explored.ts',
    model: 'counter',
    original: 'if (!isMadeOf(amount, spare)) return false;',
    mutated: '{}',
  },
  'adds no fewer than it must of a large amount': {
    file: 'counter-sums.ts',
    model: 'counter',
    original: 'if ((this.counts[at] as number) > (this.#mins[at] as number)) {',
    mutated: 'if ((this.counts[at] as number) > (this.#mins[at] as number) + 1) {',
  },
  'counts kinds as one': {
    file: 'tallies.ts',
    model: 'counter',
    original: 'scratch[1] = side === 0 ? right : below;',
    mutated: 'scratch[1] = side === 0 ? 0 : below;',
  },
  'does not remember which unknown operations it used': {
    file: 'general-search.ts',
    model: 'counter',
    original: 'scratch[2] = this.#takenNow;',
    mutated: 'scratch[2] = 0;',
  },
  'uses up two unknown operations at once': {
    file: 'multisets.ts',
    model: 'counter',
    original: 'if (greatest === element) found++;',
    mutated: 'if (greatest === element) found += 2;',
  },
};

const source = fileURLToPath(new URL('../../../src/', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'stormglass-mutants-'));
const original = join(folder, 'original');

function build(file: string, text: string, into: string): void {
  const { outputText } = ts.transpileModule(text, {
    compilerOptions: { module: ts.ModuleKind.ES2022, target: ts.ScriptTarget.ES2022 },
  });
  const path = join(into, file.replace(/\.ts$/, '.js'));
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, outputText);
}

beforeAll(() => {
  for (const name of ['checkers', 'history', 'kernel']) {
    for (const path of readdirSync(join(source, name), { recursive: true, encoding: 'utf8' })) {
      if (!path.endsWith('.ts') || path.endsWith('.d.ts')) continue;
      const file = join(name, path);
      build(file, readFileSync(join(source, file), 'utf8'), original);
    }
  }
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** All modules of the checker under `root`, as one record. */
async function judgesIn(root: string): Promise<Judges> {
  const names = ['automaton', 'chains', 'decide', 'general-search', 'models/index'];
  const registers = ['register-decision', 'register-part', 'register-search'];
  const counters = ['counter-part', 'counter-search'];
  const others = ['layered-search', 'refutations', 'timeline', 'windows'];
  const modules = [...names, ...registers, ...counters, ...others].map(
    (name) => import(pathToFileURL(join(root, `checkers/linearizable/${name}.js`)).href),
  );
  return Object.assign({}, ...(await Promise.all(modules))) as Judges;
}

function specOf(model: string): Spec {
  const spec = specs.find((each) => each.model === model);
  if (spec === undefined) throw new Error(`no spec ${model}`);
  return spec;
}

describe('a search that', () => {
  it.each(Object.entries(mutants))('%s is found out', async (name, mutant) => {
    const root = join(folder, name.replaceAll(' ', '-'));
    cpSync(original, root, { recursive: true });
    const file = join('checkers/linearizable', mutant.file);
    const text = readFileSync(join(source, file), 'utf8');
    expect(text.split(mutant.original), mutant.original).toHaveLength(2);
    build(
      file,
      text.replace(mutant.original, () => mutant.mutated),
      root,
    );
    const [judges, spec] = [await judgesIn(root), specOf(mutant.model)];
    const mistake = mutant.long
      ? compareLonger(judges, spec, 4_000)
      : compare(judges, spec, 20_000).mistake;
    expect(mistake).toBeDefined();
  });

  it('was not changed is not', async () => {
    const { mistake } = compare(await judgesIn(original), specOf('cas-register'), 2_000);
    expect(mistake).toBeUndefined();
  });
});
