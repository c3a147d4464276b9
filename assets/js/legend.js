// The colours of the map, and the legend that tells them and leaves groups out.
"use strict";

window.XMRLegend = (stage) => {
  const { esc, on } = XMR;
  const { CODES, column, members, title } = XMRAtlas;
  const OUTLINES = ['<rect x="-7" y="-7" width="14" height="14"/>', '<circle r="8"/>', '<path d="M0-9 9 0 0 9-9 0z"/>',
    '<path d="M-6-8 9 0-6 8z"/>', '<path d="M-9 0-4.6-8h9.2L9 0 4.6 8h-9.2z"/>'];
  const list = stage.part("legend");
  let paints = null;

  /** A colour of the style sheet as three numbers of 0…1. */
  function read(name) {
    const value = getComputedStyle(stage.root.querySelector(".x-map")).getPropertyValue(name).trim();
    const number = parseInt(value.slice(1), 16);
    return [(number >> 16) / 255, ((number >> 8) & 255) / 255, (number & 255) / 255];
  }

  /** Read the colours of the present theme. */
  function paint() {
    paints = {
      medium: CODES.map((m) => read(`--x-${m}`)),
      other: Array.from({ length: 12 }, (_, at) => read(`--x-map-${at}`)),
    };
    for (const [name, from] of [["ground", "sheet"], ["ink", "ink"], ["bad", "bad"], ["quiet", "ink-3"]])
      paints[name] = read(`--x-${from}`);
  }

  const colours = () => (stage.choice.colour === "medium" ? paints.medium : paints.other);

  function face(group) {
    return stage.choice.colour === "medium"
      ? `<svg viewBox="-10 -10 20 20" aria-hidden="true" fill="var(--x-${CODES[group]})">${OUTLINES[group]}</svg>`
      : `<svg viewBox="-10 -10 20 20" aria-hidden="true"><circle r="7" fill="var(--x-map-${group})"/></svg>`;
  }

  function draw() {
    const { chart, choice, off } = stage;
    list.hidden = !chart;
    if (!chart) return;
    XMR.redraw(list, [...members(column(chart, choice.colour))].sort((a, b) => a[0] - b[0]).map(([group, rows]) =>
      `<li data-key="${choice.colour} ${group}"><button type="button" data-do="group" data-group="${group}" aria-pressed="${!off.has(group)}"
        title="${esc(title(chart, choice.colour, group))}: click shows or hides, Shift and click shows it alone">${face(group)}
        <span>${esc(title(chart, choice.colour, group))}</span><small class="x-num">${rows.length.toLocaleString("en")}</small></button></li>`).join(""));
  }

  on(list, "click", '[data-do="group"]', (event, button) => {
    const group = Number(button.dataset.group);
    const all = [...members(column(stage.chart, stage.choice.colour)).keys()];
    const { off } = stage;
    const alone = off.size === all.length - 1 && !off.has(group);
    if (event.shiftKey) stage.off = new Set(alone ? [] : all.filter((one) => one !== group));
    else if (!off.delete(group)) off.add(group);
    draw();
    stage.changed();
  });

  paint();
  return {
    draw, paint,
    get paints() { return paints; },
    tint: (group) => colours()[group],
    /** The colours as they are drawn: three numbers, and 0 for what is left out. */
    palette: () => colours().map((colour, group) =>
      [...colour, stage.off.has(group) ? 0 : (stage.chart?.count ?? 0) > 5000 ? 0.78 : 0.94]),
  };
};
