// What programs do that nobody would do on purpose: odd lines, floods, deafness, slowness, threads,
// children, timers. Each test writes its own program.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { kindsOf, pipe, program, python } from '../../support/piped.js';

const one = { nodes: 1 };

/** An echo that says what `say(line)` does with each line that it means to say. */
function echoing(say: string, init = ''): string {
  return python(`
${init}
def say(line):
${say.replace(/^/gm, '    ')}

for line in sys.stdin:
    message = json.loads(line)
    body = message["body"]
    reply = {"type": body["type"] + "_ok", "in_reply_to": body["msg_id"]}
    if "echo" in body:
        reply["echo"] = body["echo"]
    say(json.dumps({"src": message["dest"], "dest": message["src"], "body": reply}))
`);
}

const plainSay = 'print(line, flush=True)';

describe('a program behind a pipe', () => {
  it.each([
    [
      'in chunks of seven bytes',
      'for i in range(0, len(line), 7):\n  os.write(1, line[i:i+7].encode())\nos.write(1, b"\\n")',
    ],
    ['in two parts', 'os.write(1, line[:9].encode())\nos.write(1, line[9:].encode() + b"\\n")'],
    ['with carriage returns', 'os.write(1, line.encode() + b"\\r\\n")'],
    ['with empty lines around', 'os.write(1, b"\\n" + line.encode() + b"\\n  \\n")'],
    ['with what it told its log', 'print("a note", file=sys.stderr)\nprint(line, flush=True)'],
    ['from a thread', 'threading.Thread(target=lambda: print(line, flush=True)).start()'],
    [
      'after a thread has thought about it',
      'threading.Thread(target=lambda: print(line[:sum(range(99_999))], flush=True)).start()',
    ],
  ])('may say its lines %s', async (_, say) => {
    const run = await pipe('echo', echoing(say), one);
    expect(run.assessment.valid).toBe(true);
    expect(run.violations).toEqual([]);
    expect(run.hosting.clock).toBe('lock-step');
  });

  it('may say lines of megabytes', async () => {
    const say = 'print(line[:-1] + ", \\"id\\": 1" + " " * 3_000_000 + "}", flush=True)';
    const run = await pipe('echo', echoing(say), { ...one, workload: { name: 'echo', rate: 10 } });
    expect(run.assessment.valid).toBe(true);
  });

  it('may start slowly, which takes no virtual time', async () => {
    const run = await pipe('echo', echoing(plainSay, 'time.sleep(1.2)'), one);
    expect(run.assessment.valid).toBe(true);
    expect(run.hosting.clock).toBe('lock-step');
    const [first] = run.history.ops.filter(({ type }) => type === 'ok');
    expect(first?.timeUs).toBeLessThan(100_000);
  });

  it('may be a shell that leaves the work to others', async () => {
    const bin = program(`#!/bin/sh\ncat | sed -u s/x/x/ | ${echoing(plainSay)}\n`);
    const run = await pipe('echo', bin, one);
    expect(run.assessment.valid).toBe(true);
    expect(run.hosting.clock).toBe('lock-step');
  });

  it('gets its arguments, the environment, and the directory for temporary files', async () => {
    const bin = program('#!/bin/sh\necho "$(pwd) $PATH $1" >&2\nexec cat >/dev/null\n');
    const logDirectory = mkdtempSync(join(tmpdir(), 'stormglass-logs-'));
    const { runPiped } = await import('../../../src/maelstrom/pipe/run.js');
    const { pipedScenario } = await import('../../support/piped.js');
    const patience = { awaitedMs: 300 };
    const command = { bin, args: ['--an-argument'] };
    await runPiped(pipedScenario('echo', one), '1', command, { logDirectory, patience });
    const [first] = readFileSync(join(logDirectory, 'n0.log'), 'utf8').split('\n');
    expect(first).toBe(`${tmpdir()} ${process.env.PATH} --an-argument`);
  });

  it('is asked again after a crash, and knows nothing', async () => {
    const bin = python(`
count = 0
for line in sys.stdin:
    message = json.loads(line)
    count += 1
    kind = message["body"]["type"]
    reply = {"type": kind + "_ok", "in_reply_to": message["body"]["msg_id"]}
    if kind == "generate":
        reply["id"] = count
    print(json.dumps({"src": message["dest"], "dest": message["src"], "body": reply}), flush=True)
`);
    const faults = [{ at: '500ms', fault: 'crash', nodes: ['n0'], for: '100ms' }];
    const workload = { name: 'unique-ids', rate: 40, timeout: '50ms' };
    const run = await pipe('unique-ids', bin, { ...one, faults, workload });
    expect(kindsOf(run, 'unique-ids')).toContain('duplicate-id');
    expect(run.recording.readings.map(({ start }) => start)).toContain(2);
    expect(run.result.crashes).toEqual([]);
  });

  it('passes on numbers that are too large for it', async () => {
    const bin = python(`
from node import Node
node = Node()
big = 9007199254740993
@node.on("generate")
def generate(request):
    def answer(found):
        same = str(found["value"] == big)
        node.reply(request, {"type": "generate_ok", "id": [request["body"]["msg_id"], same]})
    def read(_):
        node.call("lin-kv", {"type": "read", "key": "k"}, answer)
    node.call("lin-kv", {"type": "write", "key": "k", "value": big}, read)
node.run()
`);
    const run = await pipe('unique-ids', bin, one);
    const ids = run.history.ops.filter(({ type }) => type === 'ok').map(({ value }) => value);
    expect(ids.length).toBeGreaterThan(20);
    expect(new Set(ids.map((id) => (id as unknown[])[1]))).toEqual(new Set(['True']));
  });

  it('may speak for a client, and is noted', async () => {
    const bin = python(`
from node import Node
node = Node()
@node.on("echo")
def echo(request):
    if node.id == "n0":
        node.reply(request, {"type": "echo_ok", "echo": request["body"]["echo"]})
    else:
        request["dest"] = "n0"
        print(json.dumps(request), flush=True)
node.run()
`);
    const run = await pipe('echo', bin);
    expect(run.assessment.valid).toBe(true);
    expect(new Set(run.violations.map(({ kind }) => kind))).toEqual(new Set(['foreign']));
  });
});

const refusal = JSON.stringify({
  src: 'n0',
  dest: 'c-admin',
  body: { type: 'error', in_reply_to: 1, code: 13 },
});

describe('a program that misbehaves', () => {
  it.each([
    [
      'bytes that are no UTF-8',
      'os.write(1, b"\\xff\\xfe\\n")\nprint(line, flush=True)',
      'garbage',
    ],
    [
      'to nobody',
      'print(line + "\\n" + json.dumps({"src": "n0", "dest": "n9", "body": {}}), flush=True)',
      'nobody',
    ],
  ])('is blamed for saying %s', async (_, say, kind) => {
    const run = await pipe('echo', echoing(say), one);
    expect(kindsOf(run, 'conduct')).toEqual(new Set([kind]));
    expect(kindsOf(run, 'echo')).toEqual(new Set());
  });

  it.each([
    ['says without end', 'while True:\n    print("y")', /says without end/],
    [
      'says a line without end',
      'while True:\n    os.write(1, b"y" * 65536)',
      /says a line of over 64 MB/,
    ],
    ['closes its stdout', 'os.close(1)\ntime.sleep(60)', /closed its stdout/],
    ['kills itself', 'os.kill(os.getpid(), 9)', /was killed by SIGKILL/],
    ['ends', 'sys.exit(0)', /exited with code 0/],
  ])('is ended and reported when it %s', async (_, say, why) => {
    const init = `
started = False
real = None`;
    const first = 'if not started:\n    started = True\n    print(line, flush=True)\n    return';
    const later = `global started\n${first}\n${say}`;
    const options = { clock: 'lock-step', patience: { quiescentMs: 60_000 } } as const;
    const run = await pipe('echo', echoing(later, init), one, options);
    expect(run.result.crashes[0]?.message).toMatch(why);
    expect(run.result.end).toBe('done');
  });

  it.each([
    ['answers nothing', 'while read -r line; do :; done', /did not answer init in time/],
    ['does not read', 'exec sleep 1000', /did not answer init in time/],
    [
      'refuses',
      `echo '${refusal}'; while read -r line; do :; done`,
      /answered init with .*"code":13/,
    ],
    ['ends at once', 'exit 7', /exited with code 7/],
  ])('is ended and reported when it is started and %s', async (_, script, why) => {
    const patience = { awaitedMs: 400 };
    const run = await pipe('echo', program(`#!/bin/sh\n${script}\n`), one, { patience });
    expect(run.result.crashes[0]?.message).toMatch(why);
    expect(run.assessment.valid).toBe(false);
  });

  it('may refuse to read, as long as what it has not read is bounded', async () => {
    const bin = python(`
message = json.loads(sys.stdin.readline())
body = {"type": "init_ok", "in_reply_to": 1}
print(json.dumps({"src": "n0", "dest": message["src"], "body": body}), flush=True)
threading.Event().wait()
`);
    const run = await pipe('echo', bin, { ...one, workload: { name: 'echo', rate: 2_000 } });
    expect(run.result.end).toBe('done');
    expect(run.assessment.valid).toBe(false);
  });

  it('is no program at all', async () => {
    await expect(pipe('echo', '/no/such/program')).rejects.toThrow('there is no program');
    await expect(pipe('echo', tmpdir())).rejects.toThrow('is no file');
    const bin = program('#!/bin/sh\n');
    const { chmodSync } = await import('node:fs');
    chmodSync(bin, 0o644);
    await expect(pipe('echo', bin)).rejects.toThrow('is not executable');
  });

  it.each([
    ['#!/no/such/python\n', 'is to be run by /no/such/python, which is not there'],
    ['#!/bin/sh\r\n', 'ends with a carriage return'],
  ])('is a script of which nobody could say why it does not start: %j', async (text, about) => {
    await expect(pipe('echo', program(text))).rejects.toThrow(about);
  });
});

describe('the clock of a run', () => {
  it('is the wall’s as soon as a program sleeps for a time', async () => {
    const bin = echoing(plainSay, 'threading.Timer(0.5, lambda: None).start()');
    const run = await pipe('echo', bin, { ...one, duration: '300ms', recovery: '100ms' });
    expect(run.hosting).toMatchObject({ clock: 'wall', timed: ['n0'] });
    expect(run.assessment.valid).toBe(true);
  });

  it('is the wall’s when a program never sleeps', async () => {
    const bin = echoing(
      plainSay,
      'threading.Thread(target=lambda: [None for _ in iter(int, 1)], daemon=True).start()',
    );
    // It has said what is awaited: nobody waits for more for as long as for that.
    const patience = { quiescentMs: 100, awaitedMs: 600_000 };
    const run = await pipe(
      'echo',
      bin,
      { ...one, duration: '200ms', recovery: '100ms' },
      { patience },
    );
    expect(run.hosting.clock).toBe('wall');
  });

  it('runs beside the wall’s, so that what a program says by itself comes in time', async () => {
    const bin = python(`
from node import Node
node = Node()
@node.on("broadcast")
def broadcast(request):
    node.reply(request, {"type": "broadcast_ok"})
@node.on("read")
def read(request):
    node.reply(request, {"type": "read_ok", "messages": []})
@node.every(0.1)
def tick():
    node.send("n1", {"type": "tick"})
node.run()
`);
    const more = { nodes: 2, duration: '1s', recovery: '100ms', workload: undefined };
    const run = await pipe('broadcast', bin, { ...more, services: [] });
    const said = run.recording.readings.flatMap((reading) => reading.said.map(() => reading.atUs));
    expect(said.length).toBeGreaterThan(8);
    expect(said.length).toBeLessThan(30);
  });

  it('stops for a paused program, whose own clock stands still, too', async () => {
    const bin = python(`
from node import Node
node = Node()
@node.every(0.05)
def tick():
    node.send("n1", {"type": "tick"})
node.run()
`);
    const faults = [{ at: '300ms', fault: 'pause', nodes: ['n0'], for: '500ms' }];
    const more = { nodes: 2, duration: '1s', recovery: '100ms', workload: undefined, faults };
    const run = await pipe('echo', bin, { ...more, services: [] });
    const ticks = run.recording.readings
      .filter(({ node, said }) => node === 'n0' && said.length > 0)
      .flatMap(({ atUs, said }) => said.map(() => atUs));
    // 16 of them in 800 ms, had it gone on: some are said late, all at once.
    expect(ticks.filter((atUs) => atUs > 300_000).length).toBeLessThan(12);
  });
});
