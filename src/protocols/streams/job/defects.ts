// What is wrong with Hailstorm as it was released, by name and place in its source, and more rules
// of the repaired protocol that can be left out one by one. `defects: incl zk-clock` switches them
// on. Source: github.com/hailstorm-hs/hailstorm; the numbers H-B1 … are those of docs/streams.md.

interface Defect {
  readonly name: string;
  readonly about: string;
  /** Where in Hailstorm's source; undefined: it is not in there. */
  readonly source: string | undefined;
}

const released: readonly Defect[] = [
  {
    name: 'incl',
    about: 'H-B1: a paused spout reports its last offset, and reads it again after a rewind',
    source: 'Spout.hs:54-60,94-95; Downstream.hs:194',
  },
  {
    name: 'payload-lwm',
    about:
      'H-B2: the low-water mark is the position of the payload, whatever the other channels do',
    source: 'Downstream.hs:162-164,209-213; Clock.hs:18-24',
  },
  {
    name: 'zk-clock',
    about: 'H-B3: a bolt learns the snapshot clock by a watch, which may be late',
    source: 'Downstream.hs:190-201,94',
  },
  {
    name: 'single',
    about: 'H-B4: one slot for each bolt and no commit point; different clocks end the negotiator',
    source: 'DirSnapshotStore.hs:23-29; Negotiator.hs:44-45',
  },
  {
    name: 'stale-pause',
    about: 'H-B5: the negotiator takes any paused spout for one that has rewound',
    source: 'Negotiator.hs:48,120-123; MasterState.hs:77-92',
  },
  {
    name: 'empty-mvar',
    about: 'H-B6: a spout whose first master state is a rewind never starts',
    source: 'Spout.hs:49-64',
  },
  {
    name: 'idle-block',
    about: 'H-B7: a spout that waits for input does not see that it should pause',
    source: 'Spout.hs:101-102; KafkaSource.hs:53-58',
  },
  {
    name: 'silent-death',
    about: 'H-B8: a broken connection ends the pipeline and leaves the registration',
    source: 'Spout.hs:72-74; MasterState.hs:41; Downstream.hs:94',
  },
  {
    name: 'no-epoch',
    about: 'H-B9: payloads carry no epoch, so that those of a former life are taken in',
    source: 'Payload.hs; Spout.hs:44-45; Pool.hs:28-34',
  },
  {
    name: 'names-only',
    about: 'H-B10: processors are compared by name, so that one that came back was never away',
    source: 'ProcessorState.hs:136-144',
  },
  {
    name: 'transform-all',
    about: 'H-B11: outputs of records before the snapshot show effects of those after it',
    source: 'Downstream.hs:167-168',
  },
  {
    name: 'unchecked',
    about: 'H-B13: nobody looks whether a merge is commutative and associative',
    source: 'WordCountSample.hs, mergePSTopN',
  },
  {
    name: 'save-on-payload',
    about: 'H-B14: whether to save is asked only when a payload comes',
    source: 'Downstream.hs:154,173,212-213',
  },
  {
    name: 'count-children',
    about: 'H-B15: registrations are counted, whatever they are called',
    source: 'Negotiator.hs:71-81',
  },
  {
    name: 'late-listen',
    about:
      'H-B16: a bolt says that it is ready before it listens; who finds its port closed reboots',
    source: 'Downstream.hs:90-92; Pool.hs:49,62',
  },
  {
    name: 'separators',
    about: 'H-B17: a tuple is a text whose fields a separator parts, whatever is in them',
    source: 'Payload.hs:24,33; ProcessorState.hs:188-192',
  },
  {
    name: 'dead-thread',
    about:
      'H-B18: a connection that breaks ends the thread that negotiates, and nobody hears of it',
    source: 'Negotiator.hs:80',
  },
];

const others: readonly Defect[] = [
  {
    name: 'commit-early',
    about: 'the commit pointer moves when the first bolt has saved',
    source: undefined,
  },
  {
    name: 'ack-early',
    about: 'a bolt reports a snapshot as saved before it is durable',
    source: undefined,
  },
  {
    name: 'alias',
    about: 'a snapshot is written from the live state, not from a copy',
    source: undefined,
  },
  {
    name: 'fifo-assumed',
    about: 'an end marker is believed although data that was sent before it is still under way',
    source: undefined,
  },
  {
    name: 'no-cas',
    about: 'a negotiator that has been replaced goes on, and moves the commit pointer back',
    source: undefined,
  },
  {
    name: 'lwm-equal',
    about: 'a bolt saves when its low-water mark is the clock, as the paper has it; it may pass it',
    source: undefined,
  },
  {
    name: 'lwm-at-least',
    about: 'a bolt saves when its mark is at the clock; a record that becomes several comes later',
    source: undefined,
  },
  {
    name: 'lwm-beyond',
    about: 'a bolt saves when its mark is beyond the clock; when nothing comes, it never is',
    source: undefined,
  },
  {
    name: 'each-notice',
    about: 'a sink shows a generation when it hears that this one was committed, and no later one',
    source: undefined,
  },
  {
    name: 'forget-channel',
    about: 'barriers that overtake: what was under way on one channel is not in the snapshot',
    source: undefined,
  },
  {
    name: 'reserve-late',
    about: 'a spout that may send nothing twice notes how far it has come when it has sent it',
    source: undefined,
  },
  {
    name: 'random-txn',
    about: 'a sink gives each attempt to show a transaction a name of its own',
    source: undefined,
  },
  {
    name: 'earliest',
    about: 'a spout whose offset is gone goes on at the oldest record there is',
    source: undefined,
  },
];

export const defects: ReadonlyMap<string, Defect> = new Map(
  [...released, ...others].map((each) => [each.name, each]),
);

/** All that was wrong when Hailstorm was released. */
export const releasedDefects = released.map(({ name }) => name).join(' ');

/** The names in a list such as `incl zk-clock`. */
export function namesIn(list: string): readonly string[] {
  return list.split(/[\s,]+/).filter((name) => name !== '' && name !== 'none');
}
