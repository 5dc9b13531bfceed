// Topos that clients submit: three shapes, with code that lies on the nodes and code that travels.
// Hashes are those of the texts (FNV-1a); a test holds them to it.
import type { Plain } from '../../kernel/plain.js';

type Code = {
  readonly hash: string;
  readonly text: string;
};

/** Code that every node has, by the module's name. */
export const modules: Readonly<Record<'double' | 'shift' | 'copy', Code>> = {
  double: { hash: '8205e253', text: 'mul 2' },
  shift: { hash: 'eacc4277', text: 'add 1' },
  copy: { hash: 'b4a7d5f3', text: 'twice' },
};

/** Code that comes with a topo. */
export const packages: Readonly<Record<'triple', Code>> = {
  triple: { hash: 'e5fca865', text: 'mul 3; add 7; mul 1; add 0' },
};

const ofModule = (name: keyof typeof modules) => ({
  ...{ kind: 'module', name, hash: modules[name].hash },
});

const ofPackage = (name: keyof typeof packages) => ({
  ...{ kind: 'package', name, hash: packages[name].hash },
});

interface Wanted {
  readonly n: number;
  readonly ack: boolean;
  readonly priority: number;
  readonly sink: string;
  /** The service that the input is pulled from; empty: clients push it. */
  readonly source: string;
}

/** What a client submits, and the texts of all code that it means. */
interface Submission {
  readonly spec: Plain;
  readonly packages: readonly Code[];
  readonly codes: readonly Code[];
}

/** The shape with this number. */
export function submissionOf(shape: number, wanted: Wanted): Submission {
  const { n, ack, priority, sink, source } = wanted;
  const streams = [{ name: 'numbers', type: 'number', ...(source !== '' && { source }) }];
  const common = { streams, n, ack, priority };
  const codes = [...Object.values(modules), ...Object.values(packages)];
  switch (shape % 3) {
    case 0:
      return { spec: { ...common, ...line(sink) }, packages: [], codes };
    case 1:
      return { spec: { ...common, ...fan(sink) }, packages: [], codes };
    default:
      return { spec: { ...common, ...packed(sink) }, packages: Object.values(packages), codes };
  }
}

/** numbers → double → shift → sink */
const line = (sink: string) => ({
  vertices: [
    { name: 'double', consumes: ['number'], produces: ['even'], code: ofModule('double') },
    { name: 'shift', consumes: ['even'], produces: ['odd'], code: ofModule('shift') },
  ],
  outlets: [{ type: 'odd', sink }],
  instances: [],
});

/** numbers → double → sink, and numbers → copy (of any value) ⇉ shift → sink */
const fan = (sink: string) => ({
  vertices: [
    { name: 'shift', consumes: ['copied'], produces: ['shifted'], code: ofModule('shift') },
    { name: 'copy', consumes: ['any'], produces: ['copied'], code: ofModule('copy') },
    { name: 'double', consumes: ['number'], produces: ['even'], code: ofModule('double') },
  ],
  outlets: [
    { type: 'even', sink },
    { type: 'shifted', sink },
  ],
  instances: [['any', 'number']],
});

/** numbers → triple (a package) → sink */
const packed = (sink: string) => ({
  vertices: [
    { name: 'triple', consumes: ['number'], produces: ['tripled'], code: ofPackage('triple') },
  ],
  outlets: [{ type: 'tripled', sink }],
  instances: [],
});
