// Maelstrom's txn-list-append: transactions that read lists and append unique values to them.
import { transactional } from './transactions.js';
import type { Workload } from './workload.js';

export const txnListAppend: Workload = transactional({
  name: 'txn-list-append',
  about: 'Transactions read lists and append to them; by default they are strict serializable.',
  write: 'append',
  checkers: ['list-append'],
});
