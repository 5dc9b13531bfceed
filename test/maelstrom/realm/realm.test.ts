// What a realm gives a program instead of the host's clock, chance, files and network; what it does
// with errors that nobody catches; and that all of it is the same again.
import { describe, expect, it } from 'vitest';
import { runAlone } from './alone.js';
import { programOf } from './programs.js';

/** What one file prints. */
const printed = (code: string, name = 'main.js'): string =>
  runAlone(programOf({ [name]: code })).stdout;

/** How one file ends. */
const ended = (code: string, name = 'main.js') => runAlone(programOf({ [name]: code })).ending;

describe('time', () => {
  it('begins with 2020 and moves with timers only', () => {
    const code = `
      const at = () => [Date.now(), new Date().toISOString(), performance.now(), process.uptime()];
      console.log(...at()); let n = 0; for (let i = 0; i < 1e5; i++) n += i; console.log(...at());
      setTimeout(() => console.log(...at(), process.hrtime.bigint()), 90_061_001);`;
    expect(printed(code).split('\n')).toEqual([
      '1577836800000 2020-01-01T00:00:00.000Z 0 0',
      '1577836800000 2020-01-01T00:00:00.000Z 0 0',
      '1577926861001 2020-01-02T01:01:01.001Z 90061001 90061.001 90061001000000n',
      '',
    ]);
  });

  it('tells a program that waits busily that it never ends', () => {
    const ending = ended('const end = Date.now() + 5; while (Date.now() < end);');
    expect(ending?.error?.message).toMatch(/virtual time stands still while code runs/);
    expect(ending?.error?.stack).toMatch(/main\.js:1:/);
  });

  it('has no blocking sleep', () => {
    const code = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 10);';
    expect(ended(code)?.error?.message).toMatch(/^Error: Atomics\.wait is refused here/);
  });

  it('does not let ticks go on for ever in one event', () => {
    const code = 'const again = () => process.nextTick(again); again();';
    expect(ended(code)?.error?.message).toMatch(/calls of nextTick in one event/);
  });
});

describe('chance', () => {
  const code = `
    const crypto = require('crypto');
    console.log(Math.random(), crypto.randomUUID(), globalThis.crypto.randomUUID());
    console.log(crypto.randomBytes(4).toString('hex'), crypto.randomInt(5, 10));
    console.log(crypto.getRandomValues(new Uint16Array(2)).join(), Buffer.allocUnsafe(3));`;

  it("is the event's: the same again, here and on every version of Node", () => {
    expect(printed(code)).toBe(printed(code));
    expect(printed(code)).toMatchInlineSnapshot(`
      "0.23645552522890767 7e011681-c53a-43b4-a06d-f00c3fc1985e 92dd56c6-c95f-428e-94e6-3804e3a0a5a3
      e6901d40 7
      18631,54849 <Buffer 00 00 00>
      "
    `);
  });
});

describe('an error that nobody catches', () => {
  it.each([
    ['throw new RangeError("now")', 'RangeError: now', 'uncaught exception'],
    ['setTimeout(() => { throw new Error("later") }, 5)', 'Error: later', 'uncaught exception'],
    ['Promise.reject(new Error("alone"))', 'Error: alone', 'unhandled rejection'],
    ['(async () => { await 1; await 2; nope() })()', 'ReferenceError', 'unhandled rejection'],
    ['queueMicrotask(() => { throw new Error("micro") })', 'Error: micro', 'uncaught exception'],
    ['process.stdin.on("x", 1)', 'TypeError: The "listener"', 'uncaught exception'],
    ['new (require("events"))().emit("error", new Error("e"))', 'Error: e', 'uncaught exception'],
    ['Promise.reject(5)', 'thrown: 5', 'unhandled rejection'],
    ['require("./nowhere")', "Error: Cannot find module './nowhere'", 'uncaught exception'],
    ['import("./nowhere.mjs")', 'Error: Cannot find module', 'unhandled rejection'],
    ['import("https://a.b/c.ts")', 'Error: Only URLs with a scheme in:', 'unhandled rejection'],
  ])('%s ends the program', (code, message, reason) => {
    const ending = ended(code);
    expect(ending).toMatchObject({ code: 1, reason });
    expect(ending?.error?.message.startsWith(message)).toBe(true);
  });

  it.each([
    'Promise.reject(new Error()).catch(() => {})',
    'const p = Promise.reject(new Error()); Promise.resolve().then(() => p.catch(() => {}))',
    '(async () => { try { await (async () => { throw new Error() })() } catch {} })()',
    'Promise.all([Promise.reject(1), (async () => { await 1; throw 2 })()]).catch(() => {})',
    'Promise.allSettled([Promise.reject(new Error()), Promise.reject(1)])',
    'Promise.any([Promise.reject(1), 2])',
    'new Promise((resolve) => resolve(Promise.reject(1))).then(undefined, () => {})',
    '(async () => { const a = (async () => { await 1; throw 1 })(); try { await a } catch {} })()',
    'Promise.reject(1).finally(() => {}).catch(() => {})',
    'async function* g() { throw 1 } g().next().catch(() => {})',
  ])('but this one is handled: %s', (code) => {
    expect(ended(`process.stdin.resume(); ${code}`)).toBeUndefined();
  });

  it('ends a program in the place of its file and line, below no frame of the simulator', () => {
    const files = {
      'main.js': 'const { fail } = require("./lib/fail");\n\nfail();\n',
      'lib/fail.js': '// fails\nexports.fail = function fail() {\n  null.x;\n};\n',
    };
    const { ending } = runAlone(programOf(files));
    const frames = ending?.error?.stack.split('\n').slice(1) ?? [];
    expect(frames).toHaveLength(2);
    expect(frames[0]).toMatch(/at .*fail.* \(.*\/lib\/fail\.js:3:8\)$/);
    expect(frames[1]).toMatch(/main\.js:3:1/);
  });

  it('does not reach the host', async () => {
    const seen: unknown[] = [];
    const hear = (error: unknown): void => void seen.push(error);
    process.prependListener('unhandledRejection', hear);
    ended('Promise.reject(new Error("alone")); (async () => { throw 2 })()');
    await new Promise((resolve) => setTimeout(resolve, 20));
    process.off('unhandledRejection', hear);
    expect(seen).toEqual([]);
  });
});

describe('what waits for a promise', () => {
  const listening = `require('readline').createInterface({ input: process.stdin })`;
  const run = (code: string, name = 'main.js'): string =>
    runAlone(programOf({ [name]: code }), { lines: ['one', 'two'] }).stdout;

  it.each([
    ['of the event itself', 'Promise.resolve().then(() => console.log(l))'],
    ['of an async function', '(async () => { await 0; console.log(l); })()'],
    ['of queueMicrotask', 'queueMicrotask(() => console.log(l))'],
    ['of an async generator', '(async function* () { console.log(l); })().next()'],
    ['of a tick', 'process.nextTick(() => Promise.resolve(l).then(console.log))'],
    ['of a thenable', 'Promise.resolve({ then: () => console.log(l) })'],
  ])('has its turn in the event: %s', (_, work) => {
    const code = `${listening}.on('line', (l) => { ${work};
      setTimeout(() => console.log('later'), 0); });`;
    expect(run(code)).toBe('one\nlater\ntwo\nlater\n');
  });

  it.each(['main.js', 'main.mjs'])('has it though no promise is made any more: %s', (name) => {
    const require = `import { createRequire } from 'node:module';
      const require = createRequire('file:///main.mjs');`;
    const code = `${name === 'main.mjs' ? require : ''}
      class Odd extends Promise { static get [Symbol.species]() { return Made; } }
      function Made(executor) { executor(() => {}, () => {}); }
      const odd = Odd.resolve();
      ${listening}.on('line', (l) => { odd.then(() => console.log(l));
        setTimeout(() => console.log('later'), 0); });`;
    expect(run(code, name)).toBe('one\nlater\ntwo\nlater\n');
  });
});

describe('what a program cannot have', () => {
  it.each([
    ['require("net").connect(80)', 'net.connect', 'no network'],
    ['require("child_process").execSync("ls")', 'child_process.execSync', 'no processes'],
    ['new (require("worker_threads").Worker)("x")', 'worker_threads.Worker', 'no threads'],
    ['require("fs").writeFileSync("x", "")', 'fs.writeFileSync', 'no files'],
    ['require("fs").appendFileSync("x", "")', 'fs.appendFileSync', 'no files'],
    ['require("node:fs").promises.unlink("x")', 'fs/promises.unlink', 'no files'],
    ['require("dns").lookup("x", () => {})', 'dns.lookup', 'no network'],
    ['new WebSocket("ws://x")', 'globalThis.WebSocket', 'cannot be repeated'],
    ['require("vm").runInThisContext("1")', 'vm.runInThisContext', 'cannot be repeated'],
  ])('%s', (code, what, why) => {
    const { ending, refused } = runAlone(programOf({ 'main.js': `\n${code}` }));
    expect(ending?.error?.message).toContain(`Error: ${what} is refused here: `);
    expect(ending?.error?.message).toContain(why);
    expect(refused).toEqual([expect.stringMatching(/\(.*main\.js:2:\d+\)$/)]);
  });

  it('fetch rejects, and a program may live with that', () => {
    expect(printed('fetch("http://x").catch((e) => console.log(e.message))')).toMatch(
      /fetch is ref/,
    );
  });

  it('modules of that kind can be loaded, and what is mere data in them used', () => {
    const code = 'console.log(require("http").STATUS_CODES[404], require("fs").constants.O_RDONLY)';
    expect(printed(code)).toBe('Not Found 0\n');
  });

  it("files: its own package's can be read, stdin and others cannot", () => {
    const path = programOf({
      'main.js': `const fs = require('fs');
        console.log(fs.readFileSync(__dirname + '/data.txt', 'utf8'), fs.existsSync('/etc/passwd'));
        for (const path of ['/etc/passwd', __dirname + '/../../etc/passwd', 0]) {
          try { fs.readFileSync(path) } catch (error) { console.log(error.code) }
        }
        fs.writeSync(1, 'by fd\\n');`,
      'data.txt': 'text',
    });
    const refusal = 'ERR_STORMGLASS_REFUSED';
    const refusals = `${refusal}\n${refusal}\n${refusal}\n`;
    expect(runAlone(path).stdout).toBe(`text false\n${refusals}by fd\n`);
  });
});

describe('a program', () => {
  it('shares nothing with another run of itself', () => {
    const code = `
      console.log(globalThis.mark, Array.prototype.mark, require('events').mark);
      globalThis.mark = Array.prototype.mark = require('events').mark = 1;`;
    const path = programOf({ 'main.js': code });
    expect(runAlone(path).stdout).toBe('undefined undefined undefined\n');
    expect(runAlone(path).stdout).toBe('undefined undefined undefined\n');
  });

  it('can be an ES module by its syntax alone, and have no extension', () => {
    expect(printed('import os from "os"; console.log(os.EOL === "\\n", await 5)')).toBe('true 5\n');
    expect(printed('#!/usr/bin/env node\nconsole.log(__filename.length > 0)', 'main')).toBe(
      'true\n',
    );
  });

  it.each([
    'await (async () => { await 1; console.log("first") })(); console.log("second")',
    'import { setTimeout as nap } from "timers/promises"; await nap(0, console.log("first"))\n' +
      'console.log("second")',
    'import os from "os"; await [console.log("first")]; console.log("second")',
  ])('waits at its top, whatever for: %s', (code) => {
    const { stdout } = runAlone(programOf({ 'main.mjs': code }));
    expect(stdout).toMatch(/^first\n/);
    expect(ended(code, 'main.mjs')?.error).toBeUndefined();
  });

  it('says where its syntax is wrong', () => {
    expect(ended('const = 5;')?.error?.message).toMatch(/^SyntaxError: .*main\.js:1/);
    expect(ended('\nimport x from;', 'main.mjs')?.error?.message).toMatch(/main\.mjs:2:/);
    expect(ended('\nlet x: = 5;', 'main.ts')?.error?.message).toMatch(/main\.ts:2:/);
  });
});
