// What a pane is: something about the place where one is, as lines.
import type { Line } from '../../scenario/diagram/span.js';
import type { View } from '../view.js';

export interface Pane {
  /** On its upper edge. */
  readonly title: (view: View) => string;
  /** All its lines, `width` columns or more; what does not fit is cut. */
  readonly lines: (view: View, width: number) => readonly Line[];
  /** Rows it would like to have where panes are stacked. */
  readonly rows: number;
}
