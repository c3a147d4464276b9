// Draws many points with the processor alone, where no graphics card helps: small stamps of each
// shape and colour are put straight into the canvas's pixels. Asking the canvas for each point takes
// forty times as long.
"use strict";

window.XMRStamps = (canvas) => {
  const MEDIA = 5;
  const MARGIN = 36; // pixels around the canvas, so that no stamp has to be cut
  const SIZES = 24; // of which the shapes are kept
  const pen = canvas.getContext("2d", { alpha: false });
  const covers = new Map(); // size → its shapes
  let [from, to, group, medium] = [[], [], [], []];
  let image = null;
  let pixels = null; // of the image, a number each
  let stamps = []; // of one size, palette and width of the image
  let made = ""; // for which

  /**
   * The shapes at a size, each at some places between two pixels: without those, points that are
   * moved slowly would tremble.
   * @returns {{wide: number, steps: number, data: Uint8ClampedArray}} of a cell of the data, red is
   *   the colour's share and green the rim's
   */
  function cover(size) {
    if (covers.has(size)) return covers.get(size);
    if (covers.size === SIZES) covers.delete(covers.keys().next().value);
    const steps = size < 12 ? 4 : 2;
    const wide = Math.min(2 * MARGIN, Math.ceil(1.15 * size) + 3);
    const sheet = Object.assign(document.createElement("canvas"), { width: wide * steps * steps, height: wide * MEDIA });
    const brush = sheet.getContext("2d", { willReadFrequently: true });
    const half = Math.floor(wide / 2);
    for (let m = 0; m < MEDIA; m++)
      for (let step = 0; step < steps * steps; step++) {
        const [x, y] = [(step % steps) / steps, Math.floor(step / steps) / steps].map((part) => half + part + 0.5 / steps);
        brush.setTransform(1, 0, 0, 1, step * wide + x, m * wide + y);
        XMRGlass.shape(brush, m, size / 2);
        brush.fillStyle = "#f00";
        brush.fill();
        if (size <= 9) continue; // small points are all colour, larger ones have a rim that keeps them apart
        brush.strokeStyle = "#0f0";
        brush.lineWidth = 1.6;
        brush.stroke();
      }
    covers.set(size, { wide, steps, data: brush.getImageData(0, 0, sheet.width, sheet.height).data });
    return covers.get(size);
  }

  /** What one point paints: where, seen from its pixel, which colour, and how much of what is there stays (of 256). */
  function stamp(key, size, palette, ground) {
    const { wide, steps, data } = cover(size);
    const places = steps * steps;
    const [step, m, colour] = [key % places, Math.floor(key / places) % MEDIA, palette[Math.floor(key / places / MEDIA)]];
    const half = Math.floor(wide / 2);
    const [at, paint, stays] = [[], [], []];
    for (let y = 0; y < wide; y++)
      for (let x = 0; x < wide; x++) {
        const cell = 4 * ((m * wide + y) * wide * places + step * wide + x);
        const whole = Math.round((data[cell + 3] / 255) * colour[3] * 256);
        if (!whole) continue;
        const rim = data[cell + 1] / 255;
        const mixed = [0, 1, 2].map((c) => Math.floor((colour[c] + rim * (ground[c] - colour[c])) * 255 * (whole / 256)));
        at.push((y - half) * image.width + x - half);
        paint.push(mixed[0] | (mixed[1] << 8) | (mixed[2] << 16));
        stays.push(256 - whole);
      }
    return { at: Int32Array.from(at), paint: Int32Array.from(paint), stays: Int32Array.from(stays) };
  }

  /** Begin with an empty sheet; stamps that still fit are kept. */
  function begin(size, palette, ground) {
    const { width, height } = canvas;
    if (image?.width !== width + 2 * MARGIN || image.height !== height + 2 * MARGIN) {
      image = new ImageData(width + 2 * MARGIN, height + 2 * MARGIN);
      pixels = new Int32Array(image.data.buffer);
    }
    const now = [size, image.width, palette.join(";"), ground].join("|");
    if (now !== made) [stamps, made] = [[], now];
    const [r, g, b] = ground.map((share) => Math.round(255 * share));
    pixels.fill(r | (g << 8) | (b << 16) | (255 << 24));
  }

  return {
    move: (a, b) => ([from, to] = [a, b]),
    groups: (a, b) => ([group, medium] = [a, b]),
    draw({ width, dense, x, y, zoom, moved, size: wanted, palette, ground }) {
      const size = Math.max(2, Math.round(2 * wanted * dense) / 2);
      begin(size, palette, ground);
      const { steps } = cover(size);
      const scale = (zoom * canvas.width) / width; // device pixels a unit
      const [left, top] = [canvas.width / 2 + MARGIN, canvas.height / 2 + MARGIN];
      const [right, bottom] = [image.width - MARGIN, image.height - MARGIN];
      const edge = MARGIN / 2; // a point beyond it is not seen
      const rest = 1 - moved;
      const shown = palette.map((colour) => colour[3] > 0);
      for (let i = 0; i < group.length; i++) {
        const colour = group[i];
        if (!shown[colour]) continue;
        const px = (rest * from[2 * i] + moved * to[2 * i] - x) * scale + left;
        const py = top - (rest * from[2 * i + 1] + moved * to[2 * i + 1] - y) * scale;
        if (!(px > edge && py > edge && px < right + edge && py < bottom + edge)) continue;
        const column = Math.floor(px), row = Math.floor(py);
        const key = ((colour * MEDIA + medium[i]) * steps + Math.floor((py - row) * steps)) * steps + Math.floor((px - column) * steps);
        const { at, paint, stays } = (stamps[key] ??= stamp(key, size, palette, ground));
        const middle = row * image.width + column;
        for (let k = 0; k < at.length; k++) {
          const place = middle + at[k];
          const below = pixels[place];
          // two of the three channels at once
          pixels[place] = (255 << 24) | (paint[k] + ((Math.imul(below & 0xff00ff, stays[k]) >>> 8) & 0xff00ff)
            + ((((below >>> 8) & 0xff) * stays[k]) & 0xff00));
        }
      }
      pen.putImageData(image, -MARGIN, -MARGIN, MARGIN, MARGIN, canvas.width, canvas.height);
    },
    onlost: null,
  };
};
