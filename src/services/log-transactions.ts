// A building block: transactions over the partitions of a log, in the manner of Kafka. A producer
// has a name that outlives it and an epoch: whoever begins under the name raises it, which ends
// what its predecessor had open and refuses all that it still sends. Records of a transaction lie
// in their partitions at once; who reads what is committed sees nothing from the first open one on,
// and of aborted ones nothing ever. Each transaction raises the epoch, too, so that what was sent
// in an aborted one and comes late belongs to none. Sources: Kafka, KIP-98 "Exactly once delivery
// and transactional messaging", KIP-890 "Transactions server-side defense".
import type { Plain } from '../kernel/plain.js';
import type { Micros } from '../kernel/time.js';
import type { Body, ErrorBody } from '../node/message.js';

/** Begins under a producer's name. The same token again is the same request again. */
interface InitProducer extends Body {
  readonly type: 'init_producer';
  readonly producer: string;
  readonly token: string;
}

interface InitProducerOk extends Body {
  readonly type: 'init_producer_ok';
  readonly epoch: number;
}

/** Records of the producer's open transaction; the first ones open it. */
interface Produce extends Body {
  readonly type: 'produce';
  readonly producer: string;
  readonly epoch: number;
  /** Names the request, in its epoch: it is made once, however often it comes. */
  readonly seq: number;
  readonly partition: Plain;
  readonly records: readonly Plain[];
}

interface ProduceOk extends Body {
  readonly type: 'produce_ok';
}

/** Ends the producer's nth transaction; the next one has the epoch of the answer. */
interface EndTransaction extends Body {
  readonly type: 'end_transaction';
  readonly producer: string;
  readonly epoch: number;
  readonly nth: number;
  readonly commit: boolean;
}

interface EndTransactionOk extends Body {
  readonly type: 'end_transaction_ok';
  readonly epoch: number;
}

export type TransactionBodies =
  | InitProducer
  | InitProducerOk
  | Produce
  | ProduceOk
  | EndTransaction
  | EndTransactionOk
  | ErrorBody;

/** What is written to disk before it takes place. */
export type TransactionEntry =
  | { readonly do: 'init'; readonly producer: string; readonly token: string }
  | {
      readonly do: 'produce';
      readonly producer: string;
      readonly epoch: number;
      readonly seq: number;
      readonly partition: Plain;
      readonly records: readonly Plain[];
      readonly atUs: Micros;
    }
  | {
      readonly do: 'end';
      readonly producer: string;
      readonly epoch: number;
      readonly nth: number;
      readonly commit: boolean;
    }
  | { readonly do: 'overdue'; readonly producer: string; readonly txn: number };

interface Producer {
  epoch: number;
  token: string;
  /** Its open transaction. */
  txn: number | undefined;
  readonly seqs: Set<number>;
  /** The last transaction that it ended. */
  ended: number;
  /** The last epoch that ended because its transaction was overdue. */
  overdue: number;
}

export interface Transactions {
  readonly producers: Map<string, Producer>;
  /** By open transaction and partition the offset of its first record. */
  readonly open: Map<number, Map<Plain, number>>;
  readonly aborted: Set<number>;
  next: number;
}

/** What a log does for its transactions. */
interface Uses {
  /** Whether each transaction raises the epoch, or only who begins under the name. */
  readonly raises: boolean;
  /** Appends records of a transaction; returns the offset of the first. */
  append(partition: Plain, records: readonly Plain[], txn: number, atUs: Micros): number;
  /** More of these partitions can be read than before. */
  ended(partitions: Iterable<Plain>): void;
  opened(producer: string, txn: number): void;
}

export function noTransactions(): Transactions {
  return { producers: new Map(), open: new Map(), aborted: new Set(), next: 1 };
}

/** Up to here a partition can be read by who sees committed records only. */
export function stableEnd({ open }: Transactions, partition: Plain, end: number): number {
  let stable = end;
  for (const firsts of open.values()) stable = Math.min(stable, firsts.get(partition) ?? end);
  return stable;
}

/** The entry takes place; what its sender hears. */
export function transact(state: Transactions, entry: TransactionEntry, uses: Uses): Body {
  const producer = producerOf(state, entry.producer);
  switch (entry.do) {
    case 'init':
      if (producer.token !== entry.token) {
        end(state, producer, false, uses);
        producer.token = entry.token;
        producer.epoch += 1;
        producer.seqs.clear();
        producer.ended = 0;
      }
      return { type: 'init_producer_ok', epoch: producer.epoch } as InitProducerOk;
    case 'produce':
      return produce(state, producer, entry, uses);
    case 'end': {
      const { epoch, nth, commit } = entry;
      const again = nth <= producer.ended && epoch >= producer.epoch - (uses.raises ? 1 : 0);
      if (!again) {
        if (epoch !== producer.epoch) return refused(producer, entry);
        if (commit && producer.txn === undefined) return nothingOpen(entry);
        end(state, producer, commit, uses);
        producer.ended = nth;
        if (uses.raises) producer.epoch += 1;
        producer.seqs.clear();
      }
      return { type: 'end_transaction_ok', epoch: producer.epoch } as EndTransactionOk;
    }
    case 'overdue':
      if (producer.txn === entry.txn) {
        end(state, producer, false, uses);
        producer.overdue = producer.epoch;
        producer.epoch += 1;
      }
      return { type: 'end_transaction_ok', epoch: producer.epoch } as EndTransactionOk;
  }
}

function producerOf({ producers }: Transactions, name: string): Producer {
  const known = producers.get(name);
  const found = known ?? {
    ...{ epoch: 0, token: '', txn: undefined, seqs: new Set<number>(), ended: 0, overdue: 0 },
  };
  if (known === undefined) producers.set(name, found);
  return found;
}

function produce(
  state: Transactions,
  producer: Producer,
  entry: Extract<TransactionEntry, { readonly do: 'produce' }>,
  uses: Uses,
): Body {
  const { epoch, seq, partition, records, atUs } = entry;
  if (epoch !== producer.epoch) return refused(producer, entry);
  if (producer.seqs.has(seq)) return { type: 'produce_ok' };
  producer.seqs.add(seq);
  const txn = producer.txn ?? state.next++;
  if (producer.txn === undefined) {
    state.open.set(txn, new Map());
    uses.opened(entry.producer, txn);
  }
  producer.txn = txn;
  const offset = uses.append(partition, records, txn, atUs);
  const firsts = state.open.get(txn);
  if (firsts?.has(partition) === false) firsts.set(partition, offset);
  return { type: 'produce_ok' };
}

function end(state: Transactions, producer: Producer, commit: boolean, uses: Uses): void {
  const { txn } = producer;
  if (txn === undefined) return;
  const firsts = state.open.get(txn);
  producer.txn = undefined;
  state.open.delete(txn);
  if (!commit) state.aborted.add(txn);
  uses.ended(firsts?.keys() ?? []);
}

/** Whose transaction was overdue may begin anew, as long as nobody else has begun. */
function refused(
  { epoch, overdue }: Producer,
  entry: { readonly producer: string; readonly epoch: number },
): ErrorBody {
  const late = entry.epoch === overdue && epoch === overdue + 1;
  return late ? nothingOpen(entry) : fenced(entry);
}

function fenced({ producer }: { readonly producer: string }): ErrorBody {
  return { type: 'error', code: 22, text: `${producer} has a later epoch by now` };
}

function nothingOpen({ producer }: { readonly producer: string }): ErrorBody {
  return { type: 'error', code: 20, text: `${producer} has no open transaction` };
}
