// Lessons: short walks through the lab, step by step, with a question at the end.
"use strict";

window.XMRLesson = (stage) => {
  const { esc, icon, on } = XMR;
  const DATA = "made-up";
  const { root, part } = stage;
  let lessons = [];
  let now = null;
  let at = 0;
  let waiting = false;
  let tried = new Set();

  function offer(told) {
    lessons = told;
    part("lessons").innerHTML = `<span class="x-quiet">Lessons</span>${lessons.map((one) =>
      `<button type="button" class="x-btn" data-do="lesson" data-value="${esc(one.name)}">${esc(one.title)}</button>`).join("")}`;
  }

  /** The methods of the steps up to here. */
  const methods = () => [...new Set(now.steps.slice(0, at + 1).flatMap((step) => step.methods))];

  function begin(name) {
    now = lessons.find((one) => one.name === name) ?? null;
    at = 0;
    tried = new Set();
    step();
    if (now) aim("");
  }

  /** Show where the walk is, and fit what it needs. */
  function step() {
    draw();
    if (!now || at >= now.steps.length) return;
    stage.count(now.steps[at].by);
    const there = stage.told?.data === DATA && stage.told.seed === 0 ? stage.told.fits : {};
    const missing = methods().some((name) => !there[name]) || Object.keys(there).length > methods().length;
    waiting = true;
    if (missing) {
      draw();
      stage.fit(DATA, methods());
    } else ready();
  }

  /** What the step is about is there. */
  async function ready() {
    if (!now || !waiting) return;
    waiting = false;
    draw();
    const { show, pick } = now.steps[at];
    for (const card of root.querySelectorAll("[data-shown]")) delete card.dataset.shown;
    if (!show) return;
    part(show).dataset.shown = "";
    aim(show);
    const step = now.steps[at];
    // what is above and below fills up meanwhile, and moves it
    if (show === "planes" && pick) stage.plane.show(pick);
    if (show === "bits" && pick) stage.bits.show(pick);
    await Promise.all([stage.columns.show(), stage.plane.loaded(), stage.bits.loaded()]);
    if (now && (now.steps[at] === step || at >= now.steps.length)) aim(show);
  }

  /** Bring a part of the page below the lesson; the first step begins at the lesson itself. */
  function aim(show) {
    const box = part("lesson");
    const above = parseFloat(getComputedStyle(box).top) || 70;
    const top = at ? part(show).getBoundingClientRect().top - box.offsetHeight - above - 14 : box.parentElement.getBoundingClientRect().top - above - 90;
    scrollBy({ top, behavior: XMR.calm() ? "auto" : "smooth" });
  }

  function draw() {
    const box = part("lesson");
    box.hidden = !now;
    if (!now) {
      for (const card of root.querySelectorAll("[data-shown]")) delete card.dataset.shown;
      return;
    }
    const asking = at >= now.steps.length;
    const total = now.steps.length + 1;
    const found = tried.has(now.right);
    const choices = now.choices.map((choice, i) =>
      `<button type="button" class="x-btn" data-do="choice" data-value="${i}"${tried.has(i) ? ` data-tried="${i === now.right ? "right" : "wrong"}"` : ""}${found ? " disabled" : ""}>${esc(choice)}</button>`).join("");
    const said = found ? `<p><strong>Right.</strong> ${esc(now.because)}</p>` : tried.size ? "<p>Not so. Look again.</p>" : "";
    const body = asking ? `<p><strong>${esc(now.question)}</strong></p><div class="x-lesson-choices">${choices}</div><div role="status">${said}</div>`
      : `<p>${esc(now.steps[at].text)}</p>${waiting ? '<p class="x-row x-quiet"><span class="x-spin"></span>Fitting …</p>' : ""}`;
    box.innerHTML = `<div class="x-lab-row x-lab-head"><h3>${esc(now.title)}</h3><span class="x-quiet x-num">${at + 1} of ${total}</span>`
      + `<button type="button" class="x-tool" data-do="leave" aria-label="Leave the lesson" title="Leave the lesson">${icon("close")}</button></div>${body}`
      + `<div class="x-lab-row"><button type="button" class="x-btn" data-do="back"${at ? "" : " disabled"}>Back</button>`
      + (asking ? "" : `<button type="button" class="x-btn x-btn-main" data-do="next"${waiting ? " disabled" : ""}>Next</button>`) + "</div>";
  }

  const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
  press("lesson", (button) => begin(button.dataset.value));
  press("next", () => {
    at += 1;
    step();
    part("lesson").focus({ preventScroll: true });
  });
  press("back", () => {
    at -= 1;
    step();
  });
  press("leave", () => begin(""));
  press("choice", (button) => {
    tried.add(Number(button.dataset.value));
    draw();
  });

  return { offer, ready };
};
