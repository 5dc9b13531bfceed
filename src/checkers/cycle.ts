// Whether things that should come one before the other, or at the same place, do so in a circle.
// Links are no things: they only shorten what would be many edges, and a circle of one thing and
// links is none. Strongly connected components by Tarjan 1972, without recursion. O(edges).

/** Stands for "some earlier one", so that each need not be tied to each. */
export class Link {}

type Edges<N> = Map<N | Link, readonly number[]>;

/** What comes before what, and the operations that show it. */
export class Precedence<N> {
  readonly #after = new Map<N | Link, Edges<N>>();

  /** The first `ops` for an edge stay. */
  add(from: N | Link, to: N | Link, ops: readonly number[]): void {
    const edges = this.#after.get(from) ?? new Map<N | Link, readonly number[]>();
    this.#after.set(from, edges);
    if (from !== to && !edges.has(to)) edges.set(to, ops);
  }

  /** A circle of at least two things, a short one, and the operations that show it. */
  circle(): { readonly nodes: readonly N[]; readonly ops: readonly number[] } | undefined {
    for (const component of this.#components()) {
      const things = component.filter((node): node is N => !(node instanceof Link));
      const [first] = things;
      if (first === undefined || things.length < 2) continue;
      const within = new Set(component);
      const there = this.#path(first, within, (node) => node !== first && !(node instanceof Link));
      const turn = there.at(-1)?.to ?? first;
      const path = [...there, ...this.#path(turn, within, (node) => node === first)];
      const nodes = path.flatMap(({ to }) => (to instanceof Link ? [] : [to]));
      const ops = new Set(path.flatMap((edge) => edge.ops));
      return { nodes, ops: [...ops].sort((a, b) => a - b) };
    }
    return undefined;
  }

  /** The edges of a shortest way, inside a component, to what `goal` says. */
  #path(from: N | Link, within: ReadonlySet<N | Link>, goal: (node: N | Link) => boolean) {
    interface Edge {
      readonly to: N | Link;
      readonly ops: readonly number[];
      readonly before: Edge | undefined;
    }
    const seen = new Set([from]);
    const waiting: Edge[] = [{ to: from, ops: [], before: undefined }];
    for (const edge of waiting) {
      if (edge.before !== undefined && goal(edge.to)) {
        const path: Edge[] = [];
        for (let at: Edge = edge; at.before !== undefined; at = at.before) path.push(at);
        return path.reverse();
      }
      for (const [to, ops] of this.#after.get(edge.to) ?? []) {
        if (!within.has(to) || (seen.has(to) && !goal(to))) continue;
        seen.add(to);
        waiting.push({ to, ops, before: edge });
      }
    }
    return [];
  }

  /** Strongly connected components of more than one node. */
  #components(): readonly (readonly (N | Link)[])[] {
    const found: (readonly (N | Link)[])[] = [];
    const marks = new Map<N | Link, Mark<N>>();
    const open: Mark<N>[] = [];
    for (const root of this.#after.keys()) {
      if (marks.has(root)) continue;
      const path = [this.#enter(root, marks, open)];
      for (let mark = path.at(-1); mark !== undefined; mark = path.at(-1)) {
        const next = mark.edges.next();
        if (next.done !== true) {
          const known = marks.get(next.value);
          if (known === undefined) path.push(this.#enter(next.value, marks, open));
          else if (known.open) mark.low = Math.min(mark.low, known.number);
          continue;
        }
        path.pop();
        const above = path.at(-1);
        if (above !== undefined) above.low = Math.min(above.low, mark.low);
        if (mark.low !== mark.number) continue;
        const members = open.splice(mark.place);
        for (const member of members) member.open = false;
        if (members.length > 1) found.push(members.map(({ node }) => node));
      }
    }
    return found;
  }

  #enter(node: N | Link, marks: Map<N | Link, Mark<N>>, open: Mark<N>[]): Mark<N> {
    const number = marks.size;
    const edges = (this.#after.get(node) ?? new Map<N | Link, readonly number[]>()).keys();
    const mark = { node, number, low: number, place: open.length, open: true, edges };
    marks.set(node, mark);
    open.push(mark);
    return mark;
  }
}

/** Where Tarjan's search is with a node. */
interface Mark<N> {
  readonly node: N | Link;
  readonly number: number;
  low: number;
  /** Its position on the stack of open nodes. */
  readonly place: number;
  open: boolean;
  readonly edges: Iterator<N | Link>;
}
