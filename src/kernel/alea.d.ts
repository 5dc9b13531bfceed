// seedrandom ships one file per generator without types of its own.
declare module 'seedrandom/lib/alea.js' {
  export default function alea(seed: string): { int32(): number };
}
