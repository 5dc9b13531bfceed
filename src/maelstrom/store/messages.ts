// From the messages of a simulated run to the events of its journal: which message arrived is known
// from its key.

import { Key } from '../../kernel/key.js';
import { KeyTable } from '../../kernel/key-table.js';
import { clone } from '../../kernel/plain.js';
import type { Micros } from '../../kernel/time.js';
import type { Journal, Passing } from '../../sim/journal.js';
import { copyWord } from '../../sim/transmit.js';
import type { JournalEvent, JournalMessage, Listener } from './journal.js';

/** What tells `listener` of the messages and logs of one run. */
export function messagesFor(listener: Listener): Journal {
  const underWay = new KeyTable<JournalMessage>();
  const copy = new Key();
  let count = 0;

  const leaves = ({ src, dest, body, atUs: timeUs }: Passing): JournalMessage => {
    const message = { id: count++, src, dest, body: clone(body), text: undefined };
    listener.message({ timeUs, event: 'send', message, why: undefined });
    return message;
  };

  return {
    sent(passing, { outcome, why, copyDelayUs }) {
      const { hi, lo, atUs: timeUs } = passing;
      const message = leaves(passing);
      if (outcome === 'lost') return listener.message({ timeUs, event: 'drop', message, why });
      if (outcome === 'held') {
        listener.message({ timeUs, event: 'hold', message, why: undefined });
      }
      underWay.set(hi, lo, message);
      if (outcome !== 'sent' || copyDelayUs < 0) return;
      copy.derive(hi, lo, copyWord, 0, 0);
      underWay.set(copy.hi, copy.lo, message);
    },
    arrived(passing, outcome) {
      const { hi, lo, atUs } = passing;
      // Set-up requests come straight from the administrator, and released copies by new keys.
      const message = underWay.get(hi, lo) ?? leaves(passing);
      listener.message(arrivalOf(atUs, message, outcome));
      if (outcome !== 'held') underWay.delete(hi, lo);
    },
    logged: (node, atUs, text) => listener.log(node, atUs, text),
  };
}

function arrivalOf(timeUs: Micros, message: JournalMessage, outcome: string): JournalEvent {
  if (outcome === '') return { timeUs, event: 'recv', message, why: undefined };
  if (outcome === 'held') return { timeUs, event: 'hold', message, why: undefined };
  return { timeUs, event: 'drop', message, why: outcome };
}
