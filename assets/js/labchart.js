// Small charts of the lab, drawn as SVG: lines with bands, and points.
"use strict";

window.XMRChart = (() => {
  const { esc } = XMR;
  const INK = 12; // colours there are, --x-map-0 … 11
  const JOINED = 60; // more lines than that hide each other

  const colour = (at) => `var(--x-map-${at % INK})`;
  const tidy = (value) => (Math.abs(value) >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString());

  /** Ends of an axis and the numbers on it: round ones, three to six. */
  function axis(low, high) {
    if (!(high > low)) [low, high] = [low - 0.5, low + 0.5];
    const raw = (high - low) / 4;
    const unit = 10 ** Math.floor(Math.log10(raw));
    const step = unit * [1, 2, 2.5, 5, 10].find((times) => times * unit >= raw);
    const marks = [];
    for (let at = Math.ceil(low / step - 1e-9) * step; at <= high + step * 1e-6; at += step) marks.push(Number(at.toPrecision(12)));
    return { low, high, marks };
  }

  /**
   * Lines over one pair of axes.
   * @param {{name: string, at: number, points: number[][], band?: number[][], dashed?: boolean}[]} lines
   * @param {{x: string, y: string, label: string, yfrom?: number, yto?: number, ticks?: string[]}} says
   */
  function lines(lines, says) {
    const [W, H, L, B, T, R] = [420, 250, 58, 36, 10, 12];
    const all = lines.flatMap((line) => line.points);
    if (!all.length) return "";
    const xs = all.map((p) => p[0]);
    const ys = [...all.map((p) => p[1]), ...lines.flatMap((l) => (l.band ?? []).flatMap((b) => [b[1], b[2]]))];
    const x = axis(Math.min(...xs), Math.max(...xs));
    const y = axis(says.yfrom ?? Math.min(...ys), says.yto ?? Math.max(...ys));
    const px = (v) => (L + ((v - x.low) / (x.high - x.low)) * (W - L - R)).toFixed(1);
    const py = (v) => (H - B - ((v - y.low) / (y.high - y.low)) * (H - B - T)).toFixed(1);
    const path = (points) => points.map(([a, b], i) => `${i ? "L" : "M"}${px(a)} ${py(b)}`).join("");
    const grid = y.marks.map((v) => `<line x1="${L}" x2="${W - R}" y1="${py(v)}" y2="${py(v)}"/>`
      + `<text x="${L - 7}" y="${py(v)}" dy="0.32em" text-anchor="end">${tidy(v)}</text>`).join("")
      + (says.ticks ? says.ticks.map((_, i) => i) : x.marks).map((v) => `<text x="${px(v)}" y="${H - B + 17}" text-anchor="middle">${esc(says.ticks?.[v] ?? tidy(v))}</text>`).join("");
    const bands = lines.filter((l) => l.band?.length > 1).map((l) =>
      `<path class="x-chart-band" fill="${colour(l.at)}" d="${path(l.band.map(([a, low]) => [a, low]))}`
      + `${path([...l.band].reverse().map(([a, , high]) => [a, high])).replace("M", "L")}Z"/>`).join("");
    const drawn = lines.map((l) => l.points.length === 1
      ? `<circle cx="${px(l.points[0][0])}" cy="${py(l.points[0][1])}" r="4" fill="${colour(l.at)}" data-line="${esc(l.name)}"/>`
      : `<path class="x-chart-line" stroke="${colour(l.at)}" d="${path(l.points)}" data-line="${esc(l.name)}"`
        + `${l.dashed ? ' stroke-dasharray="6 4"' : ""}><title>${esc(l.name)}</title></path>`).join("");
    return `<svg class="x-chart" viewBox="0 0 ${W} ${H}" role="img" aria-label="${esc(says.label)}"><g class="x-chart-grid">${grid}</g>`
      + `${bands}${drawn}<text class="x-chart-name" x="${(L + W - R) / 2}" y="${H - 3}" text-anchor="middle">${esc(says.x)}</text>`
      + `<text class="x-chart-name" transform="translate(11 ${(H - B + T) / 2}) rotate(-90)" text-anchor="middle">${esc(says.y)}</text></svg>`;
  }

  /**
   * Points of several groups on one plane; where there are two, lines join ``JOINED`` of their pairs.
   * @param {{groups: {points: number[][], colours: number[]}[], label: string}} told
   */
  function cloud({ groups, label }) {
    const [W, H, EDGE] = [360, 300, 12];
    const all = groups.flatMap((g) => g.points);
    const [xs, ys] = [all.map((p) => p[0]), all.map((p) => p[1])];
    const [x0, x1, y0, y1] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)];
    const scale = Math.min((W - 2 * EDGE) / Math.max(x1 - x0, 1e-6), (H - 2 * EDGE) / Math.max(y1 - y0, 1e-6));
    const px = (v) => (W / 2 + (v - (x0 + x1) / 2) * scale).toFixed(1);
    const py = (v) => (H / 2 - (v - (y0 + y1) / 2) * scale).toFixed(1);
    const shape = (kind, x, y, ink) => kind
      ? `<rect x="${(x - 3).toFixed(1)}" y="${(y - 3).toFixed(1)}" width="6" height="6" fill="none" stroke="${ink}"/>`
      : `<circle cx="${x}" cy="${y}" r="3.1" fill="${ink}"/>`;
    const drawn = groups.map((g, kind) => g.points.map(([a, b], i) => shape(kind, Number(px(a)), Number(py(b)), colour(g.colours[i] ?? kind))).join("")).join("");
    const every = Math.ceil(groups[0].points.length / JOINED);
    const pairs = groups.length === 2
      ? groups[0].points.map((p, i) => (i % every ? "" : `<line x1="${px(p[0])}" y1="${py(p[1])}" x2="${px(groups[1].points[i][0])}" y2="${py(groups[1].points[i][1])}"/>`)).join("")
      : "";
    return `<svg class="x-chart" viewBox="0 0 ${W} ${H}" role="img" aria-label="${esc(label)}">${drawn}<g class="x-chart-pairs">${pairs}</g></svg>`;
  }

  const legend = (names) => `<ul class="x-lab-legend">${names.map(([name, at]) =>
    `<li><i style="background:${colour(at)}"></i>${esc(name)}</li>`).join("")}</ul>`;

  return { lines, cloud, legend, colour, tidy, JOINED };
})();
