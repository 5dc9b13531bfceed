// Linearizability with the strictness of Maelstrom's lin-kv: to Knossos an answer that is null
// means "value unknown", so such a read can never be wrong. (Reads that fail are left out by both.)
// Source: knossos.model/cas-register, Maelstrom's workload/lin_kv.clj.
import { type History, historyOf } from '../../history/history.js';

/** The history without reads of null; positions stay as they are. O(n). */
export function withoutNullReads(history: History, keyed: boolean): History {
  const isNull = (value: unknown): boolean =>
    keyed && Array.isArray(value) ? (value[1] ?? null) === null : (value ?? null) === null;
  return historyOf(
    history.ops.map((op) => {
      const reads = op.f === 'read' || op.f === 'get';
      return op.type === 'ok' && reads && isNull(op.value) ? { ...op, type: 'fail' } : op;
    }),
  );
}
