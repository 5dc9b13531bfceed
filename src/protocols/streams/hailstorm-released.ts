// Hailstorm as it was released, with all its defects: see job/defects.ts, which has for each the
// place in its source. `defects: incl zk-clock` leaves only these.
import { releasedDefects } from './job/defects.js';
import { hailstormLike, type JobProtocol } from './job/hailstorm-like.js';
import { jobDefaults } from './job/job.js';

export const hailstormReleased: JobProtocol = hailstormLike({
  name: 'streams/hailstorm-released',
  about: 'Broken: Hailstorm as it was released, with seventeen defects, each of which has a name.',
  options: { ...jobDefaults, defects: releasedDefects, sinkKind: 'direct', negotiators: 1 },
});
