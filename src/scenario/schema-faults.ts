// The schema of faults in scenario files: what strikes (one variant per kind in nemesis/fault.ts)
// and when: at a time, again and again by chance, or at a milestone. Field names here are those of
// the file; scenario/faults.ts turns them into the engine's.
import * as z from 'zod/mini';
import {
  count,
  described,
  duration,
  line,
  list,
  nodeName,
  object,
  positiveDuration,
  quantity,
  share,
  signedDuration,
  signedShare,
  word,
} from './schema-leaves.js';

const nodes = () =>
  described(
    list(nodeName(), 'a list of nodes such as [n0, n2]'),
    'The nodes that it strikes; in a milestone `@node` is the one that reached it.',
  );

const links = () =>
  described(
    z.optional(
      list(
        z.tuple([nodeName(), nodeName()], 'a pair of nodes such as [n0, n1]'),
        "a list of links such as [[n0, n1], [n2, '*']]",
      ),
    ),
    "Directed links, from and to; '*' stands for everyone.",
  );

const mode = () =>
  described(
    z.optional(word(['drop', 'hold'])),
    'Messages on a cut link are dropped, or held and released in a burst at the end.',
  );

const probability = (about: string) => described(share(), about);

/** What each kind of fault takes in a file. */
const fields = {
  partition: {
    components: described(
      z.optional(
        list(
          list(nodeName(), 'a list of nodes such as [n0, n1]'),
          'a list of components such as [[n0, n1], [n2]]',
        ),
      ),
      'Groups of nodes that cannot reach each other; nodes not named are one group more.',
    ),
    shape: described(
      z.optional(line('the name of a shape such as halves', 40)),
      'Instead of components: a shape, drawn from the seed.',
    ),
    mode: mode(),
  },
  cut: { links: links(), mode: mode() },
  heal: {},
  loss: { probability: probability('The share of messages that is lost.'), links: links() },
  duplicate: {
    probability: probability('The share of messages that arrives twice.'),
    links: links(),
  },
  reorder: {
    probability: probability('The share of messages that waits longer.'),
    window: described(z.optional(positiveDuration()), 'How much longer at most.'),
    links: links(),
  },
  'slow-link': {
    factor: described(z.optional(quantity(0, 1_000_000)), 'Latency is multiplied by this.'),
    extra: described(z.optional(duration()), 'This is added to latency.'),
    links: links(),
  },
  crash: {
    nodes: nodes(),
    lost: described(
      z.optional(word(['none', 'suffix', 'torn', 'all'])),
      'What becomes of writes that no sync made durable.',
    ),
  },
  restart: { nodes: nodes() },
  pause: { nodes: nodes() },
  resume: { nodes: nodes() },
  'slow-node': {
    nodes: nodes(),
    service: described(positiveDuration(), 'Every event occupies the node for so long.'),
  },
  'clock-offset': {
    nodes: nodes(),
    offset: described(signedDuration(), 'The clock shows so much more (or less).'),
  },
  'clock-drift': {
    nodes: nodes(),
    drift: described(signedShare(), 'The clock runs so much fast (or slow).'),
  },
  'clock-jump': {
    nodes: nodes(),
    by: described(signedDuration(), 'The clock jumps by this, once and for good.'),
  },
  'disk-slow': {
    nodes: nodes(),
    factor: described(quantity(0, 1_000_000), 'Syncs take so many times as long.'),
  },
  'disk-full': { nodes: nodes() },
  'disk-fail': {
    nodes: nodes(),
    probability: described(z.optional(share()), 'The share of syncs that fails.'),
  },
  join: { nodes: nodes() },
  leave: { nodes: nodes() },
};

const lasts = described(
  z.optional(positiveDuration()),
  'It ends after so long; without it, with the main phase.',
);

const identity = described(
  z.optional(line('a name', 80)),
  'Names the fault in reports and edits; by default made from what it is.',
);

/** One variant per kind, each with `more` beside the kind's own fields. */
function each<M extends z.core.$ZodShape>(more: M) {
  const variant = <F extends keyof typeof fields>(fault: F) =>
    object({ ...more, fault: z.literal(fault), ...(fields[fault] as (typeof fields)[F]) });
  return z.discriminatedUnion('fault', [
    variant('partition'),
    variant('cut'),
    variant('heal'),
    variant('loss'),
    variant('duplicate'),
    variant('reorder'),
    variant('slow-link'),
    variant('crash'),
    variant('restart'),
    variant('pause'),
    variant('resume'),
    variant('slow-node'),
    variant('clock-offset'),
    variant('clock-drift'),
    variant('clock-jump'),
    variant('disk-slow'),
    variant('disk-full'),
    variant('disk-fail'),
    variant('join'),
    variant('leave'),
  ]);
}

const planned = each({
  id: identity,
  at: described(duration(), 'When it strikes.'),
  for: lasts,
});

const milestone = z.lazy(() =>
  each({
    id: identity,
    when: described(
      z.union([
        object({ note: described(line('the start of a note', 200), 'A note starts with this.') }),
        object({
          state: described(
            line('the name of a predicate', 80),
            'A predicate of the protocol holds.',
          ),
        }),
      ]),
      'What to wait for: a note or a predicate over the state.',
    ),
    node: described(z.optional(nodeName()), 'The node at which it is to happen; any by default.'),
    count: described(z.optional(count(1, 1_000_000_000)), 'How many times it is to happen.'),
    after: described(z.optional(duration()), 'How long after that the fault strikes.'),
    for: lasts,
  }),
);

const generator = object({
  id: identity,
  every: described(positiveDuration(), 'From one fault to the next, on average.'),
  for: described(
    z.optional(positiveDuration()),
    'How long each lasts; without it a fault starts or ends at every turn.',
  ),
  faults: described(
    list(line('the name of a fault', 40), 'a list of faults such as [partition, crash]'),
    'Which kinds to draw from.',
  ),
  shapes: described(
    z.optional(list(line('the name of a shape', 40), 'a list of shapes such as [halves, one]')),
    'Which shapes partitions may take.',
  ),
  targets: described(
    z.optional(list(line('how many nodes', 40), 'a list such as [one, minority]')),
    'How many nodes other faults may strike.',
  ),
  spacing: described(
    z.optional(word(['staggered', 'fixed'])),
    'staggered: gaps vary from 0 to twice "every". fixed: they do not.',
  ),
  from: described(z.optional(duration()), 'Not before this.'),
  until: described(z.optional(duration()), 'Not after this.'),
});

/** One entry of `faults`. */
export const faultEntry = z.union([planned, milestone, generator]);

/** A fault that strikes at an event, in an edit. */
export const faultEdit = z.lazy(() =>
  each({
    edit: z.literal('fault'),
    at: described(line('a key of 16 hexadecimal digits', 16), 'The key of the event.'),
    for: lasts,
  }),
);

/** An entry of `faults` as a file has it. */
export type FaultEntryFile = z.infer<typeof faultEntry>;

/** The entries that strike at a time, and those that wait for a milestone. */
export type PlannedFile = z.infer<typeof planned>;
export type MilestoneFile = z.infer<typeof milestone>;
export type GeneratorFile = z.infer<typeof generator>;
