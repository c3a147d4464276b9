// A layer over a picture whose parts lie in rows and columns: shows their heat, tells where somebody
// points, and takes rectangles that are drawn on it. By pointer, by finger and by keyboard.
// A finger that starts sideways draws; one that starts up or down scrolls the page, as the style of the
// layer (touch-action) tells the browser.
"use strict";

/**
 * @param {Element} place what it lies over; positioned
 * @param {{rows: number, columns: number, label: string, wide?: number, tall?: number,
 *   point: (cell: ?{row: number, column: number}) => void,
 *   take: (box: {top: number, left: number, bottom: number, right: number}) => void,
 *   press?: (x: number) => void, area?: {top: number, left: number, bottom: number, right: number}}} options
 *   boxes in 0…1 of the picture; `press` is told of a click that draws nothing; `area` is where the
 *   lattice lies, which is less than the picture where an encoder crops it
 */
window.XMRLattice = (place, { rows, columns, label, wide = 192, tall = 192, point, take, press, area = XMRLattice.WHOLE }) => {
  const { make } = XMR;
  const layer = make(
    `<div class="x-lattice" tabindex="0" role="application" aria-roledescription="heat map"><canvas></canvas>
     <div class="x-lattice-marks"></div><div class="x-lattice-cell" hidden></div><div class="x-lattice-box" hidden></div></div>`,
  );
  layer.setAttribute("aria-label", label);
  const canvas = layer.querySelector("canvas");
  Object.assign(canvas, { width: wide, height: tall });
  const [marks, cell, drawn] = ["marks", "cell", "box"].map((name) => layer.querySelector(`.x-lattice-${name}`));
  place.append(layer);
  const [high, broad] = [area.bottom - area.top, area.right - area.left];
  Object.assign(layer.style, { top: `${100 * area.top}%`, left: `${100 * area.left}%`, height: `${100 * high}%`, width: `${100 * broad}%` });
  /** From the lattice to the picture, and back. */
  const outward = (box) => ({ top: area.top + high * box.top, bottom: area.top + high * box.bottom, left: area.left + broad * box.left, right: area.left + broad * box.right });
  const inward = (box) => ({ top: (box.top - area.top) / high, bottom: (box.bottom - area.top) / high, left: (box.left - area.left) / broad, right: (box.right - area.left) / broad });
  const CLICK = 5; // pixels: a shorter drag is a click
  let at = null; // the cell that is pointed at
  let drag = null;
  let lit = false;
  let drew = false; // the click that ends a drag is none

  const percent = (share) => `${100 * share}%`;
  const lay = (node, { top, left, bottom, right }) =>
    Object.assign(node.style, { top: percent(top), left: percent(left), height: percent(bottom - top), width: percent(right - left) });
  const boxOf = ({ row, column }) => ({ top: row / rows, bottom: (row + 1) / rows, left: column / columns, right: (column + 1) / columns });

  function show(next, tell = true) {
    if (next?.row === at?.row && next?.column === at?.column) return;
    at = next;
    cell.hidden = !at;
    if (at) lay(cell, boxOf(at));
    if (tell) point(at);
  }

  function where(event) {
    const { left, top, width, height } = layer.getBoundingClientRect();
    const bound = (v) => Math.max(0, Math.min(1, v));
    return { x: bound((event.clientX - left) / width), y: bound((event.clientY - top) / height) };
  }
  const cellAt = ({ x, y }) => ({ row: Math.min(rows - 1, Math.floor(y * rows)), column: Math.min(columns - 1, Math.floor(x * columns)) });

  layer.addEventListener("pointermove", (event) => {
    const spot = where(event);
    if (!drag) {
      if (event.pointerType !== "touch") show(cellAt(spot));
      return;
    }
    if (!event.isPrimary) return;
    drag.far ||= Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > CLICK;
    drawn.hidden = !drag.far;
    lay(drawn, rectangle(drag.from, spot));
  });
  layer.addEventListener("pointerdown", (event) => {
    drew = false;
    if (event.button || !event.isPrimary) return;
    drag = { from: where(event), x: event.clientX, y: event.clientY, far: false };
    layer.setPointerCapture(event.pointerId);
  });
  layer.addEventListener("pointerup", (event) => {
    if (!drag || !event.isPrimary) return;
    const { from, far } = drag;
    stop();
    drew = far;
    if (far) take(outward(rectangle(from, where(event))));
  });
  layer.addEventListener("pointercancel", (event) => event.isPrimary && stop()); // the browser scrolls or zooms
  layer.addEventListener("pointerleave", () => drag || lit || show(null));
  layer.addEventListener("click", (event) => {
    if (drew) return;
    const spot = where(event);
    show(cellAt(spot));
    press?.(spot.x);
  });

  function stop() {
    drag = null;
    drawn.hidden = true;
  }

  function rectangle(a, b) {
    return { top: Math.min(a.y, b.y), bottom: Math.max(a.y, b.y), left: Math.min(a.x, b.x), right: Math.max(a.x, b.x) };
  }

  layer.addEventListener("keydown", (event) => {
    const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
    if (step) {
      const from = at ?? { row: Math.floor(rows / 2), column: Math.floor(columns / 2) };
      const move = (value, by, most) => Math.max(0, Math.min(most - 1, value + by * (event.shiftKey ? 4 : 1)));
      show(at ? { row: move(from.row, step[0], rows), column: move(from.column, step[1], columns) } : from);
    } else if (event.key === "Enter" && at) take(outward(boxOf(at)));
    else if (event.key === "Escape" && at) show(null);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  layer.addEventListener("focus", () => (lit = layer.matches(":focus-visible")));
  layer.addEventListener("blur", () => {
    lit = false;
    show(null);
  });

  return {
    canvas, layer,
    /** Shares of the colour scale, row by row. */
    heat: (values) => XMRHeat.paint(canvas, values, rows, columns),
    /** What has been taken away: boxes in 0…1. */
    marks(boxes) {
      marks.replaceChildren(...boxes.map((box) => {
        const node = document.createElement("i");
        lay(node, inward(box));
        return node;
      }));
    },
    /** Show a cell as pointed at from elsewhere. */
    light: (next) => show(next, false),
    remove: () => layer.remove(),
  };
};

XMRLattice.WHOLE = { top: 0, left: 0, bottom: 1, right: 1 };

/** Where the cells of a side lie in its picture: `boxes` have `axes` numbers a corner, y and x last. */
XMRLattice.area = (boxes, axes, count) => {
  const area = { top: 1, left: 1, bottom: 0, right: 0 };
  for (let i = 0; i < count; i++) {
    const low = 2 * axes * i + axes - 2, high = low + axes;
    area.top = Math.min(area.top, boxes[low]);
    area.left = Math.min(area.left, boxes[low + 1]);
    area.bottom = Math.max(area.bottom, boxes[high]);
    area.right = Math.max(area.right, boxes[high + 1]);
  }
  return area.bottom > area.top && area.right > area.left ? area : XMRLattice.WHOLE;
};

/** Draw its canvas over a picture that lies at x and y on another canvas. */
XMRLattice.print = (context, canvas, area, x, y, width, height) =>
  context.drawImage(canvas, x + area.left * width, y + area.top * height,
    (area.right - area.left) * width, (area.bottom - area.top) * height);
