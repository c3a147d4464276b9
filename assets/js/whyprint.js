// The Why page as one picture, as it looks now: both media with their heat, the alignment, the numbers.
"use strict";

window.XMRWhyPrint = ({ title, method, score, query, hit, matrix }) => {
  const WIDE = 1600, EDGE = 48, HALF = (WIDE - 3 * EDGE) / 2;
  const root = getComputedStyle(document.documentElement);
  const colour = (name) => root.getPropertyValue(name).trim();

  /** Draw it; a first time on a canvas of no use, to know how high it becomes. */
  function draw(canvas) {
    const context = canvas.getContext("2d");
    const write = (text, x, y, font, ink = "--x-ink") => {
      context.font = font;
      context.fillStyle = colour(ink);
      context.textBaseline = "top";
      context.fillText(text, x, y, HALF * 2 + EDGE);
    };
    context.fillStyle = colour("--x-ground");
    context.fillRect(0, 0, canvas.width, canvas.height);
    write(title, EDGE, EDGE, "700 30px sans-serif");
    write(`${method} · raw cosine ${score.toFixed(3)}`, EDGE, EDGE + 44, "20px sans-serif", "--x-ink-2");
    let bottom = 0;
    [["Query", query], ["Hit", hit]].forEach(([role, { name, print }], i) => {
      const x = EDGE + i * (HALF + EDGE);
      write(XMR.cutter(`${role}: ${name}`)(0, 70), x, 150, "600 20px sans-serif");
      const height = print(context, x, 190, HALF) || 0;
      bottom = Math.max(bottom, 190 + height);
    });
    if (matrix?.width) {
      const height = Math.min(360, Math.max(60, (WIDE - 2 * EDGE) * (matrix.height / matrix.width)));
      write("Parts against parts: query down, hit across", EDGE, bottom + 36, "600 20px sans-serif");
      context.imageSmoothingEnabled = false;
      context.drawImage(matrix, EDGE, bottom + 72, WIDE - 2 * EDGE, height);
      context.imageSmoothingEnabled = true;
      bottom += 72 + height;
    }
    return bottom + EDGE;
  }

  const trial = Object.assign(document.createElement("canvas"), { width: WIDE, height: 10 });
  const canvas = Object.assign(document.createElement("canvas"), { width: WIDE, height: Math.ceil(draw(trial)) });
  draw(canvas);
  return new Promise((resolve) => canvas.toBlob(resolve, "image/png"));
};
