// The bits slider: what is still found when each vector is kept in fewer bytes.
"use strict";

window.XMRLabBits = (stage) => {
  const { call, esc, on } = XMR;
  const WORDS = { float32: "32-bit floats", float16: "16-bit floats" };
  let told = null;
  let asked = "";
  let loading = Promise.resolve();
  let at = 0;

  const names = () => stage.spaces().filter((name) => !stage.told.fits[name].bits);
  const called = ({ how, bytes }) => WORDS[how] ?? (how.startsWith("pq") ? `Product-quantised, ${bytes} ${bytes === 1 ? "byte" : "bytes"}` : `${how} bits`);

  function show(wanted) {
    const there = names();
    const method = there.includes(wanted) ? wanted : there[0];
    stage.part("bits").hidden = !method;
    const key = `${stage.told.token} ${method}`;
    if (!method || key === asked) return loading;
    asked = key;
    return (loading = load(key, method));
  }

  async function load(key, method) {
    if (told?.token !== stage.told.token) stage.put("bits-body", ""); // numbers of other data
    stage.wait("bits-body");
    try {
      const { token } = stage.told;
      const answer = await call("lab.bits", { token, method });
      if (asked !== key) return;
      told = { ...answer, method, token };
      at = Math.min(at, told.steps.length - 1);
      draw();
    } catch (error) {
      asked = "";
      stage.trouble("bits-body", error);
    }
  }

  function draw() {
    const { steps, method } = told;
    const chooser = `<label class="x-lab-pick"><span class="x-sr">Method</span><select data-do="bits-of">${names().map((name) =>
      `<option value="${esc(name)}"${name === method ? " selected" : ""}>${esc(stage.titles[name])}</option>`).join("")}</select></label>`;
    stage.put("bits-body", `<div class="x-lab-row">${chooser}</div>`
      + '<label class="x-lab-slide"><span>Each vector as <strong data-part="how"></strong></span>'
      + `<input type="range" min="0" max="${steps.length - 1}" value="${at}" data-do="bits" aria-label="Size of a vector"></label>`
      + '<dl class="x-lab-numbers" data-part="numbers"></dl><div class="x-lab-bitchart" data-part="bitchart"></div>');
    const slider = stage.root.querySelector('[data-do="bits"]');
    slider.value = at;
    move(slider);
  }

  /** What the slider says. It stays itself: who drags it would lose it otherwise. */
  function move(slider) {
    const { steps, directions, measure, items } = told;
    const step = steps[at];
    const words = (arrow) => arrow.split("→").map((m) => stage.medium(m)).join(" → ");
    const lines = directions.map((arrow, nth) => ({ name: words(arrow), at: nth, points: steps.map((s, i) => [i, s.found[nth]]) }));
    const top = Math.max(...lines.flatMap((l) => l.points.map((p) => p[1])));
    const numbers = directions.map((arrow, nth) => `<div><dt><i style="background:${XMRChart.colour(nth)}"></i>${esc(words(arrow))}</dt>`
      + `<dd><b class="x-num">${step.found[nth].toFixed(3)}</b> <span class="x-quiet">${esc(measure)}, was ${steps[0].found[nth].toFixed(3)}</span></dd></div>`).join("");
    const saved = steps[0].bytes / step.bytes;
    slider.setAttribute("aria-valuetext", called(step));
    stage.part("how").textContent = called(step);
    stage.part("numbers").innerHTML = `${numbers}<div><dt>Size</dt><dd><b class="x-num">${step.bytes}</b> ${step.bytes === 1 ? "byte" : "bytes"} an item <span class="x-quiet">${saved > 1 ? `${XMRChart.tidy(saved)} times smaller` : "as it is"}</span></dd></div>`
      + `<div><dt>Time</dt><dd><b class="x-num">${step.micro < 10 ? step.micro.toFixed(1) : step.micro.toFixed(0)}</b> µs a query <span class="x-quiet">among ${items.toLocaleString("en")}</span></dd></div>`;
    stage.part("bitchart").innerHTML = XMRChart.lines([...lines, { name: called(step), at: 10, dashed: true, points: [[at, 0], [at, top]] }],
      { x: "bytes a vector", ticks: steps.map((s) => `${s.bytes}`), y: measure, label: `${measure} by size`, yfrom: 0 });
  }

  on(stage.root, "input", '[data-do="bits"]', (_, slider) => {
    at = Number(slider.value);
    move(slider);
  });
  on(stage.root, "change", '[data-do="bits-of"]', (_, select) => show(select.value));
  return { show, loaded: () => loading };
};
