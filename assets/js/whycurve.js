// Is the heat true? Deletion and insertion curves, measured by the server in the background.
"use strict";

window.XMRWhyCurve = (root, { part, stated, say }) => {
  const { call, fail, on } = XMR;
  const NAMES = { map: "this heat", centre: "just the middle", random: "at random" };
  let side = "hit";
  let timer = 0;
  let number = 0; // of what is looked at
  const payload = () => ({ ...stated(), side });

  function picture(kind, curves) {
    const all = Object.values(curves).map((kinds) => kinds[kind]).filter(Boolean);
    if (!all.length) return "";
    const scores = all.flatMap((curve) => curve.scores);
    const [low, high] = [Math.min(0, ...scores), Math.max(...scores, 0.01)];
    const y = (v) => (96 - (90 * (v - low)) / (high - low)).toFixed(1);
    const lines = Object.entries(curves).reverse().map(([name, kinds]) => kinds[kind] &&
      `<polyline data-curve="${name}" points="${kinds[kind].shares.map((s, i) => `${(4 + 152 * s).toFixed(1)},${y(kinds[kind].scores[i])}`).join(" ")}"/>`).join("");
    const title = kind === "deletion" ? "Taking away" : "Putting back";
    return `<figure class="x-curve"><svg viewBox="0 0 160 100" role="img" aria-label="${title}: score against the share that is ${kind === "deletion" ? "gone" : "there"}">
      <line x1="4" x2="156" y1="${y(0)}" y2="${y(0)}"/>${lines}</svg><figcaption>${title} <span>${kind === "deletion" ? "lower is better" : "higher is better"}</span>
      <dl>${Object.entries(curves).map(([name, kinds]) => kinds[kind] ? `<dt data-curve="${name}">${NAMES[name]}</dt><dd class="x-num">${kinds[kind].area.toFixed(3)}</dd>` : "").join("")}</dl></figcaption></figure>`;
  }

  function draw({ job, curves }) {
    const any = Object.keys(curves).length > 0;
    part("faith").innerHTML = any ? `<div class="x-curves">${picture("deletion", curves)}${picture("insertion", curves)}</div>` : "";
    if (job?.state === "failed") part("faith").innerHTML = XMR.note("info", job.message, job.hint);
    const busy = Boolean(job?.active);
    part("faith-job").hidden = !busy;
    root.querySelector('[data-do="measure"]').hidden = busy || job?.state === "done";
    root.querySelector('[data-do="measure"]').textContent = job?.state === "cancelled" ? "Measure it again" : "Measure it";
    if (!busy) return;
    part("faith-share").textContent = job.share === null ? "starting" : `${Math.floor(100 * job.share)} %`;
    part("faith-job").querySelector("i").style.width = `${100 * (job.share ?? 0)}%`;
  }

  async function watch(first = null) {
    clearTimeout(timer);
    const mine = number;
    try {
      const told = first ?? (await call("why.curve.job", payload()));
      if (mine !== number) return;
      draw(told);
      if (told.job?.active) timer = setTimeout(watch, 600);
      else if (told.job?.state === "done") verdict(told.curves);
    } catch (error) {
      if (mine === number) fail(error);
    }
  }

  function verdict({ map, centre, random }) {
    if (!map?.insertion || !random?.insertion) return;
    const falls = [centre, random].every((other) => map.deletion.area <= other.deletion.area);
    const text = falls ? "Without what is hot, the score falls faster than without the middle, or without pieces at random."
      : "Without what is hot, the score does not fall faster than in all of the other ways: take this heat with care.";
    part("faith").insertAdjacentHTML("beforeend", `<p class="x-why-verdict">${text}</p>`);
    say(text);
  }

  on(root, "click", '[data-do="measure"]', async () => {
    const mine = ++number;
    try {
      const told = await call("why.curve", payload());
      if (mine === number) watch(told);
    } catch (error) {
      fail(error);
    }
  });
  on(root, "click", '[data-do="faith-stop"]', async () => {
    try {
      await call("why.curve.cancel", payload());
      watch();
    } catch (error) {
      fail(error);
    }
  });
  on(root, "click", '[data-do="faith"]', (_, button) => {
    side = button.dataset.value;
    look();
  });

  /** Another pair, method or side: show what is known of it. */
  function look() {
    number++;
    clearTimeout(timer);
    for (const button of root.querySelectorAll('[data-do="faith"]')) button.setAttribute("aria-pressed", button.dataset.value === side);
    draw({ job: null, curves: {} });
    if (stated()) watch();
  }

  return { look, stop: () => clearTimeout(timer) };
};
