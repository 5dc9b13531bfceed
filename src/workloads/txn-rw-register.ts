// Maelstrom's txn-rw-register: transactions that read registers and write unique values to them.
import { transactional } from './transactions.js';
import type { Workload } from './workload.js';

export const txnRwRegister: Workload = transactional({
  name: 'txn-rw-register',
  about: 'Transactions read and write registers; by default they are strict serializable.',
  write: 'w',
  checkers: ['rw-register'],
});
