// Parts against parts on the Why page: the alignment as a table in colours, or the path of two sequences
// through the table of their distances.
"use strict";

window.XMRWhyMatrix = (root, { part, point, ask }) => {
  const { esc, on, make } = XMR;
  const place = part("matrix");
  let told = null; // what is drawn: {rows, columns, levels, low, high, down, across, query, hit, pairs}
  let canvas = null;
  let view = "matrix";
  let number = 0;
  const MOST = 24; // labels along one edge
  const FEW = 14; // columns whose names are written

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

  function draw() {
    const { rows, columns, levels, pairs } = told;
    const tall = Math.max(rows <= 4 ? 44 : 30, Math.min(34, 340 / rows)) * rows;
    place.innerHTML =
      `<div class="x-mat" style="--tall:${Math.round(Math.min(420, tall))}px"><ol class="x-mat-rows" aria-hidden="true"></ol>
       <div class="x-mat-body" tabindex="0" role="application" aria-roledescription="table in colours"><canvas></canvas>
       <svg preserveAspectRatio="none" viewBox="0 0 ${columns} ${rows}" aria-hidden="true"></svg><i class="x-mat-at" hidden></i></div>
       <ol class="x-mat-columns" aria-hidden="true"></ol></div>`;
    const body = place.querySelector(".x-mat-body");
    body.setAttribute("aria-label", `${rows} parts of the query against ${columns} of the hit. Arrow keys go from one to the next.`);
    canvas = body.querySelector("canvas");
    // of distances, what is near is what counts
    const values = pairs ? Float32Array.from(levels, (v) => 1 - v / 255) : blockwise();
    XMRHeat.cells(canvas, values, rows, columns);
    if (pairs)
      body.querySelector("svg").innerHTML =
        `<polyline points="${pairs.map(([q, h]) => `${h + 0.5},${q + 0.5}`).join(" ")}" vector-effect="non-scaling-stroke"/>`;
    edge(".x-mat-rows", told.query, MOST);
    edge(".x-mat-columns", told.hit, columns <= FEW ? FEW : 0);
    let at = null;
    const show = (next) => {
      at = next;
      const mark = body.querySelector(".x-mat-at");
      mark.hidden = !at;
      if (at) Object.assign(mark.style, { top: `${(100 * at.row) / rows}%`, left: `${(100 * at.column) / columns}%`, width: `${100 / columns}%`, height: `${100 / rows}%` });
      read(at);
    };
    body.addEventListener("pointermove", (event) => {
      const area = canvas.getBoundingClientRect();
      const bound = (v, n) => Math.max(0, Math.min(n - 1, Math.floor(v * n)));
      show({ row: bound((event.clientY - area.top) / area.height, rows), column: bound((event.clientX - area.left) / area.width, columns) });
    });
    body.addEventListener("pointerleave", () => show(null));
    body.addEventListener("blur", () => show(null));
    body.addEventListener("keydown", (event) => {
      const step = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[event.key];
      if (!step) return;
      event.preventDefault();
      const bound = (v, n) => Math.max(0, Math.min(n - 1, v));
      show(at ? { row: bound(at.row + step[0], rows), column: bound(at.column + step[1], columns) } : { row: 0, column: 0 });
    });
  }

  /** Shares of the colour scale: what is seen and what is heard of a video are blocks on scales of their own. */
  function blockwise() {
    const { rows, columns, levels, down, across } = told;
    const out = new Float32Array(rows * columns);
    for (const [top, bottom] of down)
      for (const [left, right] of across) {
        const wide = right - left, block = new Uint8Array((bottom - top) * wide);
        for (let r = top; r < bottom; r++) block.set(levels.subarray(r * columns + left, r * columns + right), (r - top) * wide);
        const shares = XMRHeat.shares(block);
        for (let r = top; r < bottom; r++) out.set(shares.subarray((r - top) * wide, (r - top + 1) * wide), r * columns + left);
      }
    return out;
  }

  /** The number that a cell stands for. */
  function value({ row, column }) {
    const { low, high, levels, columns } = told;
    const at = (runs, i) => runs.findIndex(([, end]) => i < end);
    const [d, a] = [at(told.down, row), at(told.across, column)];
    return low[d][a] + ((high[d][a] - low[d][a]) * levels[row * columns + column]) / 255;
  }

  function edge(selector, names, most) {
    const list = place.querySelector(selector);
    const step = most ? Math.ceil(names.length / most) : Infinity;
    list.innerHTML = names.filter((_, i) => step < Infinity && i % step === 0)
      .map((name, i, all) => `<li title="${esc(name)}"><span>${name === all[i - 1] ? "" : esc(name)}</span></li>`).join("");
    list.hidden = !list.children.length;
  }

  function read(at) {
    const line = part("matrix-read");
    if (!at) {
      line.textContent = told.pairs
        ? `Mean distance along the path ${told.cost.toFixed(3)}${told.correlations?.length ? `; correlations ${told.correlations.map((c) => c.toFixed(2)).join(", ")}` : ""}. Query down, hit across.`
        : "Query down, hit across. The warmer, the more the two say the same.";
      if (!told.pairs) point(null);
      return;
    }
    line.textContent = `${told.query[at.row]} × ${told.hit[at.column]}: ${value(at).toFixed(3)}`;
    if (!told.pairs) point(at);
  }

  /** The alignment of an explanation. */
  function alignment(explained) {
    const { rows, columns, levels, low, high } = explained.alignment;
    const names = (side, count) => {
      const out = new Array(count).fill("");
      side.groups.forEach((group, i) => (out[group] ||= side.labels[i]));
      return out;
    };
    // rows and columns by the kinds of parts that they stand for
    const runs = (side, count) => {
      const [, other] = XMRHeat.kinds(side);
      return other ? [[0, side.groups[other[0]]], [side.groups[other[0]], count]] : [[0, count]];
    };
    told = {
      rows, columns, levels, low, high, down: runs(explained.query, rows), across: runs(explained.hit, columns),
      query: names(explained.query, rows), hit: names(explained.hit, columns),
    };
    draw();
    read(null);
  }

  async function path(variant) {
    const mine = ++number;
    place.setAttribute("aria-busy", "true");
    try {
      const answer = await ask(variant);
      if (mine !== number) return;
      const spans = (list, words) => {
        const cut = words && XMR.cutter(words);
        return list.map(([low, high]) => (cut ? cut(low, high) : `${clock(low)}–${clock(high)}`));
      };
      told = {
        ...answer, low: [[answer.low]], high: [[answer.high]], down: [[0, answer.rows]], across: [[0, answer.columns]], levels: XMRHeat.unpack(answer.levels, Uint8Array),
        query: spans(answer.query_spans, answer.query_text), hit: spans(answer.hit_spans, answer.hit_text),
      };
      draw();
      read(null);
    } catch (error) {
      if (mine !== number) return;
      place.replaceChildren(make(`<div>${XMR.note("info", error.message, error.hint)}</div>`));
      part("matrix-read").textContent = "";
    } finally {
      place.removeAttribute("aria-busy");
    }
  }

  let last = null;
  function show() {
    for (const button of root.querySelectorAll('[data-do="view"]')) button.setAttribute("aria-pressed", button.dataset.value === view);
    if (view === "matrix") {
      number++;
      alignment(last);
    } else path(view);
  }
  on(root, "click", '[data-do="view"]', (_, button) => {
    view = button.dataset.value;
    if (last) show();
  });

  return {
    /** An explanation has come; its alignment is shown unless somebody looks at a path. */
    show(explained, warps) {
      last = explained;
      part("views").hidden = !warps;
      if (!warps) view = "matrix";
      if (view === "matrix" || !told) show();
    },
    clear() {
      view = "matrix";
      told = last = null;
      number++;
      place.replaceChildren();
      part("matrix-read").textContent = "";
    },
    get canvas() { return canvas; },
  };
};
