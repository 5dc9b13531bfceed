// Hailstorm, repaired: exactly-once streams over a replayable log, by snapshots that a negotiator
// coordinates. Epochs are sets of lives of processors; records carry the generation of the snapshot
// that they belong behind; end markers on every channel say when a generation is complete; a
// snapshot counts when the commit pointer moves, which is when all parts are durable; sinks show
// the outputs of a generation when it is committed. docs/streams.md has the rules. Source: Dimson &
// Ganjoo 2014, "Hailstorm: distributed stream processing with exactly-once semantics"; its own
// released version is streams/hailstorm-released.
import { hailstormLike, type JobProtocol } from './job/hailstorm-like.js';
import { jobDefaults } from './job/job.js';

export const hailstorm: JobProtocol = hailstormLike({
  name: 'streams/hailstorm',
  about: 'Exactly-once by negotiated snapshots, coloured records and a commit pointer.',
  options: jobDefaults,
});
