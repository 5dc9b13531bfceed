// A picture of the benches as a file: what all of them begin and end with.

/** How a picture is headed; `style` is CSS beside that of all pictures. */
interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly title: string;
  readonly style: string;
}

/** An SVG file of these parts on white paper. */
export function sheet({ width, height, title, style }: Sheet, parts: readonly string[]): string {
  const size = `viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"`;
  const styled = `<title>${title}</title><style>${style}</style>`;
  const paper = `<rect width="${width}" height="${height}" fill="#fff"/>`;
  const head = `<svg xmlns="http://www.w3.org/2000/svg" ${size}>${styled}${paper}`;
  return `${head}\n${parts.join('\n')}\n</svg>\n`;
}
