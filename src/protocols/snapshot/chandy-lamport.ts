// Chandy & Lamport's snapshots; see chandy-lamport-like.ts.
//
// Survives delays, pauses, slow nodes, clocks of any kind, where channels are reliable and in order
// (transport `connection` without losses). It does not survive crashes, which lose money.
import type { AnyProtocol } from '../../node/protocol.js';
import { chandyLamportLike } from './chandy-lamport-like.js';

export const chandyLamport: AnyProtocol = chandyLamportLike({
  name: 'snapshot/chandy-lamport',
  about: 'Snapshots by markers, which need reliable channels that keep the order.',
  markers: 'before anything else',
  channels: 'recorded',
});

export const lateMarkers: AnyProtocol = chandyLamportLike({
  name: 'snapshot/late-markers',
  about: 'Broken: pays others between recording its state and sending its markers.',
  markers: 'a little later',
  channels: 'recorded',
});

export const noChannels: AnyProtocol = chandyLamportLike({
  name: 'snapshot/no-channels',
  about: 'Broken: records the states of nodes and not what is under way between them.',
  markers: 'before anything else',
  channels: 'forgotten',
});
