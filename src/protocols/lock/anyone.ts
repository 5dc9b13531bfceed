// BROKEN: as `lock/lin-kv`, but whoever asks releases the lock, whether or not it holds it.
import type { AnyProtocol } from '../../node/protocol.js';
import { overLinKv } from './over-lin-kv.js';

export const anyone: AnyProtocol = overLinKv({
  name: 'lock/anyone',
  about: 'Broken: anyone can release a lock that another holds.',
  acquires: 'cas',
  checksHolder: false,
});
