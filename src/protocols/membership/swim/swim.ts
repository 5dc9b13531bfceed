// SWIM with suspicion, incarnations and piggy-backed dissemination; see swim-like.ts. Lifeguard is
// the options `health-max: 8`, `suspicion-max-mult: 6` and `buddy: true`.
//
// Survives loss, delays, duplicates, reordering, partitions, crashes, pauses, members that join,
// leave and come back, and clocks of any kind, of which it reads none. While a node is cut off or
// slow, others may hold it to be failed; once it is not, everybody knows that it lives.
import { type SwimProtocol, swimLike } from './swim-like.js';

export const swim: SwimProtocol = swimLike({
  name: 'membership/swim',
  about: 'Pings one member a period and tells news on the way; suspects may refute.',
  refutation: 'new incarnation',
  restart: 'higher incarnation',
  failed: 'remembered',
});
