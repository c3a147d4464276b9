// Heat: numbers from the server, shares of the colour scale, smooth maps in colour.
"use strict";

window.XMRHeat = (() => {
  // from what says nothing to what says most: share, red, green, blue; the same as on painted models
  const RAMP = [[0, 52, 68, 152], [0.35, 132, 66, 172], [0.7, 232, 92, 84], [1, 255, 214, 92]];
  const COLOURS = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) {
    const at = i / 255;
    const k = Math.max(1, RAMP.findIndex(([stop]) => stop >= at));
    const [low, high] = [RAMP[k - 1], RAMP[k]];
    const share = (at - low[0]) / (high[0] - low[0]);
    for (let c = 0; c < 3; c++) COLOURS[3 * i + c] = Math.round(low[c + 1] + share * (high[c + 1] - low[c + 1]));
  }

  /** Numbers that came in base64. */
  function unpack(text, Type) {
    const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
    return new Type(bytes.buffer);
  }

  /**
   * Runs [first, end) of a side's parts that can be compared with each other: those on its lattice, and
   * those after it. What is heard of a video has a scale of its own, beside what is seen.
   */
  function kinds({ count, grid }) {
    const seen = grid.length ? grid.reduce((all, size) => all * size, 1) : count;
    return seen > 0 && seen < count ? [[0, seen], [seen, count]] : [[0, count]];
  }

  /** Shares of the colour scale, 0…1, each run of parts on its own; see `shown`. */
  function shares(values, runs = [[0, values.length]]) {
    const out = new Float32Array(values.length);
    for (const [first, end] of runs) out.set(shown(values.slice(first, end)), first);
    return out;
  }

  /** Shares of one scale: what is no hotter than half the parts is 0. */
  function shown(values) {
    const sorted = Float32Array.from(values).sort();
    const half = sorted.length / 2;
    const middle = sorted.length % 2 ? sorted[half - 0.5] : (sorted[half - 1] + sorted[half]) / 2;
    const top = sorted.at(-1);
    if (!(top > middle)) return new Float32Array(values.length);
    return Float32Array.from(values, (v) => Math.max(0, Math.min(1, (v - middle) / (top - middle))));
  }

  /** Weights of four neighbours at a share between the middle two (Catmull and Rom). */
  const cubic = (t) => [
    t * (-0.5 + t * (1 - 0.5 * t)), 1 + t * t * (-2.5 + 1.5 * t),
    t * (0.5 + t * (2 - 1.5 * t)), t * t * (-0.5 + 0.5 * t),
  ];

  /** A lattice of values, row by row, drawn smoothly on more; never above the highest or below the lowest. */
  function smooth(values, rows, columns, height, width) {
    const across = along(values, rows, columns, width, 1);
    return along(across, rows, width, height, width);
  }

  function along(values, rows, columns, size, step) {
    // across each row (step 1), or down each column (step columns)
    const lines = step === 1 ? rows : columns;
    const cells = step === 1 ? columns : rows;
    const out = new Float32Array(lines * size);
    for (let i = 0; i < size; i++) {
      const at = ((i + 0.5) / size) * cells - 0.5;
      const first = Math.floor(at);
      const weights = cubic(at - first);
      const places = [-1, 0, 1, 2].map((k) => Math.max(0, Math.min(cells - 1, first + k)));
      for (let line = 0; line < lines; line++) {
        const base = step === 1 ? line * columns : line;
        let sum = 0, low = Infinity, high = -Infinity;
        for (let k = 0; k < 4; k++) {
          const value = values[base + places[k] * step];
          sum += weights[k] * value;
          if (k === 1 || k === 2) { low = Math.min(low, value); high = Math.max(high, value); }
        }
        out[step === 1 ? line * size + i : i * lines + line] = Math.max(low, Math.min(high, sum));
      }
    }
    return out;
  }

  /** Colour one pixel; its share, brought within 0…1. */
  function dot(data, i, value) {
    const share = value > 0 ? (value < 1 ? value : 1) : 0;
    const at = 3 * Math.round(255 * share);
    data[4 * i] = COLOURS[at];
    data[4 * i + 1] = COLOURS[at + 1];
    data[4 * i + 2] = COLOURS[at + 2];
    return share;
  }

  /**
   * Draw shares on a canvas, see-through where they are low.
   * @param {HTMLCanvasElement} canvas whose size is that of the map
   * @param {Float32Array} values shares, row by row
   */
  function paint(canvas, values, rows, columns) {
    const { width, height } = canvas;
    const map = smooth(values, rows, columns, height, width);
    const context = canvas.getContext("2d");
    const image = context.createImageData(width, height);
    for (let i = 0; i < map.length; i++) {
      const share = dot(image.data, i, map[i]);
      image.data[4 * i + 3] = 255 * Math.min(1, share * 1.6);
    }
    context.putImageData(image, 0, 0);
  }

  /** The same without smoothing: a cell a pixel. */
  function cells(canvas, values, rows, columns) {
    Object.assign(canvas, { width: columns, height: rows });
    const context = canvas.getContext("2d");
    const image = context.createImageData(columns, rows);
    for (let i = 0; i < values.length; i++) {
      dot(image.data, i, values[i]);
      image.data[4 * i + 3] = 255;
    }
    context.putImageData(image, 0, 0);
  }

  return { unpack, kinds, shares, smooth, paint, cells, COLOURS };
})();
