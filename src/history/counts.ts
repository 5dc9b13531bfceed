// What a run counted beside its history: messages, in Maelstrom's accounting.

/** Messages by what became of them; each copy that the network made counts as duplicated. */
export interface MessageCount {
  readonly sent: number;
  readonly delivered: number;
  readonly dropped: number;
  readonly duplicated: number;
}

/** `clients`: a client stands at either end; `servers`: the rest. Lost messages were sent too. */
export interface Counts {
  readonly messages: {
    readonly all: MessageCount;
    readonly clients: MessageCount;
    readonly servers: MessageCount;
  };
}
