// The rules in which variants differ. Each naive one is a mistake that somebody has made, or would;
// `sound` is what streams of commits, fences and quorums are there for.

export interface Rules {
  /** How the seed set is chosen: by compare-and-set at the home, or as the coordinator sees fit. */
  readonly seedSet: 'home quorum' | 'gossip only';
  /** Whose agreement makes an owner, and a commit. */
  readonly quorum: 'majority' | 'one seed' | 'none';
  /** What makes epochs differ. */
  readonly epoch: 'unique' | 'local';
  /** Whether a seed remembers epochs over a crash. */
  readonly epochs: 'durable' | 'in memory';
  /** Which log a new owner goes on with. */
  readonly adopt: 'highest epoch' | 'longest log' | 'own log';
  /** Whether seeds keep their logs over a crash. */
  readonly seeds: 'durable' | 'amnesiac';
  /** When an output leaves the topo. */
  readonly output: 'after commit' | 'before commit';
  /** What an offer of ownership gives. */
  readonly offer: 'invites a claim' | 'grants ownership';
  /** How a seat is counted. */
  readonly seats: 'by topo' | 'count, then store';
  /** What happens to reserved seats when there are not enough. */
  readonly reservation: 'expires' | 'held';
  readonly hops: 'limited' | 'unlimited';
  /** Who keeps a queued topo. */
  readonly queue: 'home' | 'local';
  /** Whether results of a former attempt count. */
  readonly attempts: 'checked' | 'ignored';
  /** Storm's acker: whether news of an edge counts before the result of its unit is there. */
  readonly results: 'awaited' | 'outrun';
  readonly acker: 'edge set' | 'xor' | 'short xor' | 'counter' | 'split set' | 'split xor';
  readonly code: 'by hash' | 'by name';
  readonly choking: 'optimistic slot' | 'no optimistic slot';
  /** When a replaced seed may forget. */
  readonly repair: 'joint' | 'at once';
  /** Whether a node that owns a topo may own another. */
  readonly owns: 'one' | 'many';
  /** Of whom a node that joins believes homes to be made. */
  readonly homes: 'founders' | 'members';
  /** What becomes of the seat of a node that has left. */
  readonly leavers: 'replaced' | 'awaited';
  /** What becomes of seats beyond a lowered r. */
  readonly surplus: 'handed on' | 'kept' | 'forgotten';
}

export const sound: Rules = {
  seedSet: 'home quorum',
  quorum: 'majority',
  epoch: 'unique',
  epochs: 'durable',
  adopt: 'highest epoch',
  seeds: 'durable',
  output: 'after commit',
  offer: 'invites a claim',
  seats: 'by topo',
  reservation: 'expires',
  hops: 'limited',
  queue: 'home',
  attempts: 'checked',
  results: 'awaited',
  acker: 'edge set',
  code: 'by hash',
  choking: 'optimistic slot',
  repair: 'joint',
  owns: 'one',
  homes: 'founders',
  leavers: 'replaced',
  surplus: 'handed on',
};

/** Mistakes by name: each is one rule that does not hold, or what goes with it. */
export const mistakes: ReadonlyMap<string, Partial<Rules>> = new Map<string, Partial<Rules>>([
  // Streams §2.6, table.
  ['take-over-by-timeout', { quorum: 'one seed', adopt: 'own log' }],
  ['local-epoch', { quorum: 'none', epoch: 'local', adopt: 'own log' }],
  ['one-seed-quorum', { quorum: 'one seed' }],
  ['own-log', { adopt: 'own log' }],
  ['longest-log', { adopt: 'longest log' }],
  ['output-before-commit', { output: 'before commit' }],
  ['amnesiac-seeds', { seeds: 'amnesiac' }],
  // Streams §2.10, table.
  ['xor-edges', { acker: 'xor' }],
  ['short-edge-ids', { acker: 'short xor' }],
  ['counted-edges', { acker: 'counter' }],
  ['split-edges', { acker: 'split set' }],
  ['split-xor-edges', { acker: 'split xor' }],
  ['xor-acker', { acker: 'xor', results: 'outrun' }],
  ['counting-acker', { acker: 'counter', results: 'outrun' }],
  ['split-ack', { acker: 'split set', results: 'outrun' }],
  // Streams §2.14 and §5.1.
  ['gossip-seed-set', { seedSet: 'gossip only' }],
  ['offer-grants', { offer: 'grants ownership' }],
  ['count-then-store', { seats: 'count, then store' }],
  ['hold-and-wait', { reservation: 'held' }],
  ['endless-hops', { hops: 'unlimited' }],
  ['local-queue', { queue: 'local' }],
  ['any-attempt', { attempts: 'ignored' }],
  ['code-by-name', { code: 'by name' }],
  ['no-optimistic-slot', { choking: 'no optimistic slot' }],
  ['drop-at-once', { repair: 'at once' }],
  ['epoch-in-memory', { epochs: 'in memory' }],
  ['owns-many', { owns: 'many' }],
  // Seed 000: nodes may come and go, and r may change, while topos run.
  ['joiner-homes', { homes: 'members' }],
  ['leaver-awaited', { leavers: 'awaited' }],
  ['surplus-kept', { surplus: 'kept' }],
  ['surplus-forgotten', { surplus: 'forgotten' }],
]);
