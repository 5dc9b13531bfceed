// Barriers in the manner of Flink, on the same topologies and epochs as streams/hailstorm: nobody
// pauses; each spout puts a barrier between two records and says where. Aligned, a processor works
// off nothing behind a barrier until it has come on every channel, so its state is exactly what
// comes before: no second state, and merges need not be commutative. Without alignment what comes
// behind a barrier may be in the snapshot, and is counted again after a recovery: Flink calls that
// mode at-least-once. Barriers may also overtake (job/unaligned.ts). And with none at all, and
// nothing sent twice, inputs count once at most (job/reserving.ts). Source: Carbone et al. 2015,
// "Lightweight asynchronous snapshots for distributed dataflows".
import { hailstormLike, type JobProtocol } from './job/hailstorm-like.js';
import { jobDefaults } from './job/job.js';

export const aligned: JobProtocol = hailstormLike({
  name: 'streams/aligned',
  about: 'Exactly-once by aligned barriers: who has one waits until it has come on every channel.',
  options: { ...jobDefaults, barriers: 'aligned' },
});

export const atLeastOnce: JobProtocol = hailstormLike({
  name: 'streams/at-least-once',
  about: 'At least once: barriers without alignment, as Flink has them in that mode.',
  options: { ...jobDefaults, barriers: 'none', sinkKind: 'direct' },
});

export const unaligned: JobProtocol = hailstormLike({
  name: 'streams/unaligned',
  about: 'Exactly-once by barriers that overtake records, which are part of the snapshot.',
  options: { ...jobDefaults, barriers: 'unaligned' },
});

export const atMostOnce: JobProtocol = hailstormLike({
  name: 'streams/at-most-once',
  about: 'At most once: no snapshots, nothing is sent again, offsets are noted beforehand.',
  options: { ...jobDefaults, barriers: 'off', sinkKind: 'direct' },
});
