// Paints the page's own symbols of marks on a canvas, in the colours that the style sheet gives them: one drawing for
// cells, canvas and figures.

/** Paints symbols over each other onto a square of so many device pixels. */
export function paintSymbols(ids: string[], size: number): HTMLCanvasElement {
  const canvas = document.createElement("canvas");
  canvas.width = size;
  canvas.height = size;
  const context = canvas.getContext("2d");
  if (!context) return canvas;
  context.scale(size / 36, size / 36);
  for (const id of ids) {
    const symbol = document.getElementById(id);
    if (symbol) for (const shape of symbol.children) paintShape(context, shape);
  }
  return canvas;
}

function paintShape(context: CanvasRenderingContext2D, shape: Element): void {
  const number = (name: string): number => Number(shape.getAttribute(name) ?? 0);
  const path = new Path2D();
  if (shape.tagName === "rect") {
    path.roundRect(number("x"), number("y"), number("width"), number("height"), number("rx"));
  } else if (shape.tagName === "circle") {
    path.arc(number("cx"), number("cy"), number("r"), 0, 2 * Math.PI);
  } else {
    path.addPath(new Path2D(shape.getAttribute("d") ?? ""));
  }
  const style = getComputedStyle(shape);
  if (style.fill !== "none") {
    context.fillStyle = style.fill;
    context.fill(path);
  }
  if (style.stroke !== "none") {
    context.strokeStyle = style.stroke;
    context.lineWidth = parseFloat(style.strokeWidth) || 1;
    context.lineCap = style.strokeLinecap as CanvasLineCap;
    const dashes = style.strokeDasharray === "none" ? [] : style.strokeDasharray.split(",").map(parseFloat);
    context.setLineDash(dashes);
    context.stroke(path);
    context.setLineDash([]);
  }
}
