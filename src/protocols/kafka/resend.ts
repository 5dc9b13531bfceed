// BROKEN: as `kafka/lin-kv`, but a claim without an answer is made again at the next offset. If
// only the answer was lost, the message now lies in the log twice.
import type { AnyProtocol } from '../../node/protocol.js';
import { inSlots } from './slots.js';

export const resend: AnyProtocol = inSlots({
  name: 'kafka/resend',
  about: 'Broken: sends again at the next offset when it hears nothing.',
  claims: 'cas',
  resends: true,
  sharesCommits: true,
});
