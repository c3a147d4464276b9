// Curves of the lab: precision at each recall, and how each method learned.
"use strict";

window.XMRLabCurves = (stage) => {
  const { esc } = XMR;

  function draw() {
    const { told, part } = stage;
    const names = told.methods.filter((name) => told.fits[name]);
    const ranked = names.filter((name) => told.fits[name].by?.[told.ways[0]]);
    const at = (name) => told.methods.indexOf(name);
    const arrows = ranked.length ? Object.keys(told.fits[ranked[0]].by[told.ways[0]].curves) : [];
    const learned = names.filter((name) => told.fits[name].curve.length > 1);
    part("curves").hidden = !arrows.length && !learned.length;
    if (part("curves").hidden) return;
    const few = ranked.length <= 3; // more bands than that hide each other
    const charts = arrows.map((arrow) => {
      const lines = ranked.map((name) => {
        const { recall, precision, low, high } = told.fits[name].by[told.ways[0]].curves[arrow];
        return { name: stage.titles[name], at: at(name), points: recall.map((r, i) => [r, precision[i]]),
          band: few ? recall.map((r, i) => [r, low[i], high[i]]) : null };
      });
      const title = arrow.split("→").map(stage.medium).join(" → ");
      return `<figure>${XMRChart.lines(lines, { x: "recall", y: "precision", label: `Precision and recall, ${title}`, yfrom: 0 })}<figcaption>${esc(title)}: precision at each recall</figcaption></figure>`;
    });
    // Objectives have no unit in common: each falls from its own start to its own end
    const falling = learned.map((name) => {
      const { curve } = told.fits[name];
      const values = curve.map(([, v]) => v);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const last = curve.at(-1)[0] || 1;
      return { name: stage.titles[name], at: at(name), points: curve.map(([s, v]) => [s / last, high > low ? (v - low) / (high - low) : 0]) };
    });
    if (falling.length)
      charts.push(`<figure>${XMRChart.lines(falling, { x: "share of the steps", y: "objective, own scale", label: "Training curves", yfrom: 0, yto: 1 })}<figcaption>How each learned</figcaption></figure>`);
    stage.put("curves-body", `<div class="x-lab-pair">${charts.join("")}</div>${XMRChart.legend((arrows.length ? names.filter((name) => ranked.includes(name) || learned.includes(name)) : learned).map((name) => [stage.titles[name], at(name)]))}`);
  }

  return { draw };
};
