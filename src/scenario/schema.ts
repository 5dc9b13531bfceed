// The schema of scenario files, version 1: the source of the file's type, of the JSON Schema for
// editors (scenario/json-schema.ts) and of errors (scenario/problems.ts). It says what a file looks
// like; whether the names in it exist and fit together is scenario/validate.ts's question, and what
// is left out is filled in by scenario/scenario.ts.
import * as z from 'zod/mini';
import { faultEdit, faultEntry } from './schema-faults.js';
import {
  bandwidth,
  count,
  described,
  duration,
  eventKey,
  line,
  list,
  nodeName,
  object,
  positiveDuration,
  quantity,
  share,
  word,
} from './schema-leaves.js';

const plainOptions = (about: string) =>
  described(z.optional(z.record(z.string(), z.unknown(), 'a map of options')), about);

const named = (expected: string) => line(expected, 300);

const programHosts = ['auto', 'in-process', 'pipe'] as const;
const programArgument = z.union([z.string('a text'), z.number('a number')]);

const protocol = described(
  z.union([
    named('the name of a protocol or a path to a module'),
    object({
      name: described(
        named('the name of a protocol or a path to a module'),
        'A registered name, or ./path/to/module.ts which exports `protocol`.',
      ),
      options: plainOptions("Values for the protocol's options; durations as text."),
    }),
    object({
      program: described(
        named('the path of a program'),
        'A program that speaks JSON lines on stdin and stdout, relative to this file.',
      ),
      args: described(
        z.optional(z.array(programArgument, 'a list of texts and numbers')),
        'What follows the program on its command line.',
      ),
      host: described(
        z.optional(word(programHosts)),
        'in-process: JavaScript, deterministic. pipe: a process for each node. auto by default.',
      ),
    }),
  ]),
  'What the nodes run: a registered name, ./path/to/module.ts with `protocol`, or a program.',
);

const service = z.union([
  named('the name of a service'),
  object({
    name: described(nodeName(), 'What the node is called.'),
    service: described(
      z.optional(named('the name of a service or a path to a module')),
      'A registered name, or ./path/to/module.ts which exports `service`; its name by default.',
    ),
    options: plainOptions("Values for the service's options; durations as text."),
  }),
]);

const operation = object({
  op: described(
    z.optional(count(0, 2 ** 30)),
    'Its number, by default its place in the list: what chance decides about it hangs on this.',
  ),
  at: described(duration(), 'When it is due.'),
  worker: described(
    z.optional(count(0, 999_999)),
    'Which client invokes it, 0 by default; client i talks to node i, and round again.',
  ),
  node: described(z.optional(nodeName()), 'Another node to send it to.'),
  f: described(line('the name of an operation', 80), 'What it does: read, write …'),
  value: described(z.optional(z.unknown()), 'Its value, as in a history.'),
});

const workload = described(
  z.union([
    named('the name of a workload'),
    object({
      name: described(
        named('the name of a workload'),
        'A registered name, or ./path/to/module.ts.',
      ),
      rate: described(z.optional(quantity(0, 500_000)), 'Operations a second, all clients.'),
      concurrency: described(
        z.optional(count(1, 1_000_000)),
        'Clients, each with one operation at a time; as many as nodes by default.',
      ),
      timeout: described(
        z.optional(positiveDuration()),
        'An operation without an answer is unknown after this.',
      ),
      options: plainOptions("Values for the workload's options; durations as text."),
      operations: described(
        z.optional(z.array(operation, 'a list of operations')),
        'These operations and no others, instead of those that the workload makes at its rate.',
      ),
    }),
  ]),
  'What clients do; without it there are none and protocols act on their own.',
);

const latency = () =>
  z.union([
    duration(),
    z.discriminatedUnion('shape', [
      object({ shape: z.literal('uniform'), min: duration(), max: duration() }),
      object({
        shape: z.literal('exponential'),
        min: z.optional(duration()),
        mean: duration(),
        max: z.optional(duration()),
      }),
      object({
        shape: z.literal('long-tail'),
        min: positiveDuration(),
        max: z.optional(duration()),
      }),
    ]),
  ]);

const link = object({
  from: described(nodeName(), "The sender; '*' is everyone."),
  to: described(nodeName(), "The receiver; '*' is everyone."),
  latency: latency(),
});

const network = described(
  object({
    latency: described(z.optional(latency()), 'How long a message is under way.'),
    links: described(
      z.optional(z.array(link, 'a list of links')),
      'Latency of single directed links; the first that fits counts.',
    ),
    loss: described(z.optional(share()), 'The share of messages that is lost.'),
    duplicate: described(z.optional(share()), 'The share of messages that arrives twice.'),
    reorder: described(z.optional(share()), 'The share of messages that waits longer.'),
    'reorder-window': described(z.optional(positiveDuration()), 'How much longer at most.'),
    bandwidth: described(z.optional(bandwidth()), 'Of each directed link; unlimited by default.'),
    transport: described(
      z.optional(word(['datagram', 'connection'])),
      'datagram: each message on its own. connection: in order per pair, a loss breaks it.',
    ),
    clients: described(
      z.optional(word(['instant', 'network'])),
      "instant: clients' messages take no time and are never lost. network: they are like others.",
    ),
  }),
  'What the network is like when no fault is active.',
);

const checker = z.union([
  named('the name of a checker'),
  object({
    name: named('the name of a checker'),
    options: plainOptions("Values for the checker's options."),
  }),
]);

const key = (about: string) => described(eventKey(), about);

const edit = z.union([
  z.discriminatedUnion('edit', [
    object({ edit: z.literal('drop'), message: key('It is lost.') }),
    object({ edit: z.literal('delay'), message: key('It comes later.'), by: positiveDuration() }),
    object({ edit: z.literal('duplicate'), message: key('It comes twice.'), after: duration() }),
    object({ edit: z.literal('deliver'), message: key('It comes at once.') }),
    object({
      edit: z.literal('deliver-before'),
      message: key('It comes right before the event, and waits for it.'),
      event: key('The event that waits for nobody.'),
    }),
    object({
      edit: z.literal('alter'),
      message: key('It says something else.'),
      body: described(
        z.record(z.string(), z.unknown(), 'a map with "type"'),
        'All that it says instead: its `type`, `msg_id`, `in_reply_to` too.',
      ),
    }),
    object({
      edit: z.literal('choose'),
      at: key('The message or event whose chance is decided.'),
      choice: line('the label of a choice such as latency or random#0', 80),
      value: z.unknown(),
    }),
    object({ edit: z.literal('omit-op'), op: count(0, 2 ** 53 - 1) }),
    object({ edit: z.literal('omit-fault'), fault: line('the id of a fault', 300) }),
  ]),
  faultEdit,
]);

const expectation = described(
  z.union([
    line('valid, or the name of the checker that must object', 80),
    object({
      object: described(line('the name of a checker', 80), 'The checker that must object.'),
      anomaly: described(z.optional(line('a kind of anomaly', 80)), 'What it must find.'),
    }),
  ]),
  'valid, or the checker that must object: then its objection is what is expected.',
);

const seedExpected = 'a text of 1 to 200 characters or a whole number';

/** The root of a scenario file. */
export const scenarioSchema = object({
  $schema: z.optional(line('a URL', 1_000)),
  version: described(z.literal(1, '1'), 'The version of this file format.'),
  about: described(line('a sentence', 1_000), 'One sentence: what this scenario shows.'),
  expect: expectation,
  found: described(
    z.optional(
      object({
        failure: described(
          line('a judge and a kind, such as set-full/lost', 200),
          'What it shows.',
        ),
        engine: described(line('an engine version', 40), 'The engine that it was found with.'),
        digest: described(eventKey(), "Its run's digest then."),
      }),
    ),
    'Of a failure that was found and made small: what it was when it was found.',
  ),
  seed: described(
    z.optional(
      z.union([
        z.string(seedExpected).check(z.regex(/^[^\p{Cc}]{1,200}$/u, seedExpected)),
        z.int(seedExpected),
      ]),
    ),
    'The seed unless the command line names one.',
  ),
  protocol,
  nodes: described(
    z.union([count(1, 1_000_000), list(nodeName(), 'a list of names such as [n0, n1, n2]')]),
    'How many nodes there are (n0, n1 …), or their names.',
  ),
  services: described(
    z.optional(z.array(service, 'a list of services')),
    'Nodes that are no members, which members lean on: a key-value store, say.',
  ),
  workload: z.optional(workload),
  network: z.optional(network),
  disk: described(
    z.optional(object({ sync: described(z.optional(duration()), 'How long a sync takes.') })),
    "The nodes' disks.",
  ),
  faults: described(z.optional(z.array(faultEntry, 'a list of faults')), 'What goes wrong.'),
  duration: described(z.optional(positiveDuration()), 'The main phase: operations and faults.'),
  recovery: described(
    z.optional(duration()),
    'From the end of the main phase, when all faults end, to the final reads.',
  ),
  checkers: described(
    z.optional(z.array(checker, 'a list of checkers')),
    "Who judges the run; the workload's checkers by default.",
  ),
  properties: described(
    z.optional(z.array(named('a path to a module'), 'a list of paths to modules')),
    'What must hold of the whole cluster: ./path/to/module.ts which exports `property`.',
  ),
  limits: described(
    z.optional(
      object({
        events: described(z.optional(count(1, 10 ** 12)), 'A run of so many events is cut off.'),
        pending: described(z.optional(count(1, 10 ** 9)), 'So many may wait at once.'),
      }),
    ),
    'Meeting a limit makes the verdict unknown.',
  ),
  edits: described(
    z.optional(z.array(edit, 'a list of edits')),
    'Single messages, events and choices that go differently.',
  ),
});

/** What a scenario file says, as plain data: also the head of a trace and what a shrinker edits. */
export type ScenarioFile = z.infer<typeof scenarioSchema>;

export type OperationFile = z.infer<typeof operation>;
export type NetworkFile = z.infer<typeof network>;
export type LatencyFile = z.infer<ReturnType<typeof latency>>;
export type EditFile = z.infer<typeof edit>;
export type ExpectFile = z.infer<typeof expectation>;

/** The schema of one edit, for edits on the command line. */
export const editSchema = edit;
