// The bits slider: what is still found when each vector is kept in fewer bytes.
"use strict";

window.XMRLabBits = (stage) => {
  const { call, esc, on } = XMR;
  const WORDS = { float32: "32-bit floats", float16: "16-bit floats" };
  let told = null;
  let asked = "";
  let at = 0;

  const names = () => stage.told.methods.filter((name) => stage.told.fits[name] && !stage.told.fits[name].bits);
  const called = (how) => WORDS[how] ?? (how.startsWith("pq") ? `Product-quantised, ${how.slice(2)} bytes` : `${how} bits`);

  async function show(wanted) {
    const there = names();
    const method = there.includes(wanted) ? wanted : there[0];
    stage.part("bits").hidden = !method;
    if (!method) return;
    const key = `${stage.told.token} ${method}`;
    if (key === asked) return;
    asked = key;
    stage.wait("bits-body");
    try {
      const answer = await call("lab.bits", { token: stage.told.token, method });
      if (asked !== key) return;
      told = { ...answer, method };
      at = Math.min(at, told.steps.length - 1);
      draw();
    } catch (error) {
      asked = "";
      stage.trouble("bits-body", error);
    }
  }

  function draw() {
    const { steps, directions, measure, method } = told;
    const step = steps[at];
    const chooser = `<label class="x-lab-pick"><span class="x-sr">Method</span><select data-do="bits-of">${names().map((name) =>
      `<option value="${esc(name)}"${name === method ? " selected" : ""}>${esc(stage.titles[name])}</option>`).join("")}</select></label>`;
    const lines = directions.map((arrow, nth) => ({
      name: arrow, at: nth, points: steps.map((s, i) => [i, s.found[nth]]),
    }));
    const numbers = directions.map((arrow, nth) => `<div><dt>${esc(arrow.split("→").map((m) => stage.medium(m)).join(" → "))}</dt>`
      + `<dd><b style="color:${XMRChart.colour(nth)}" class="x-num">${step.found[nth].toFixed(3)}</b> <span class="x-quiet">${esc(measure)}, was ${steps[0].found[nth].toFixed(3)}</span></dd></div>`).join("");
    const saved = steps[0].bytes / step.bytes;
    stage.part("bits-body").innerHTML = `<div class="x-lab-row">${chooser}</div>`
      + `<label class="x-lab-slide"><span>Each vector as <strong data-part="how">${esc(called(step.how))}</strong></span>`
      + `<input type="range" min="0" max="${steps.length - 1}" value="${at}" data-do="bits" aria-label="Size of a vector" aria-valuetext="${esc(called(step.how))}"></label>`
      + `<dl class="x-lab-numbers">${numbers}<div><dt>Size</dt><dd><b class="x-num">${step.bytes}</b> bytes an item <span class="x-quiet">${saved > 1 ? `${XMRChart.tidy(saved)} times smaller` : "as it is"}</span></dd></div>`
      + `<div><dt>Time</dt><dd><b class="x-num">${step.micro < 10 ? step.micro.toFixed(1) : step.micro.toFixed(0)}</b> µs a query <span class="x-quiet">among ${told.items.toLocaleString("en")}</span></dd></div></dl>`
      + `<div class="x-lab-bitchart">${XMRChart.lines([...lines, { name: "now", at: 10, dashed: true, points: [[at, 0], [at, Math.max(...lines.flatMap((l) => l.points.map((p) => p[1])))]] }], { x: "bytes a vector", ticks: steps.map((s) => `${s.bytes}`), y: measure, label: `${measure} by size`, yfrom: 0 })}</div>`;
  }

  on(stage.root, "input", '[data-do="bits"]', (_, input) => {
    at = Number(input.value);
    draw();
    stage.root.querySelector('[data-do="bits"]').focus();
  });
  on(stage.root, "change", '[data-do="bits-of"]', (_, select) => show(select.value));
  return { show };
};
