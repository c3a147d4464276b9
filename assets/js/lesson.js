// Lessons: short walks through the lab, step by step, with a question at the end.
"use strict";

window.XMRLesson = (stage) => {
  const { esc, icon, on } = XMR;
  const DATA = "made-up";
  const KEEP = "xmr-lesson";
  const { root, part } = stage;
  let lessons = [];
  let now = null;
  let at = 0;
  let waiting = false;
  let stopped = false; // what it needs was not fitted
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
  async function step() {
    waiting = stopped = false;
    if (now) sessionStorage.setItem(KEEP, JSON.stringify([now.name, at]));
    else sessionStorage.removeItem(KEEP);
    draw();
    if (!now) return;
    if (at >= now.steps.length) return point(now.where);
    stage.count(now.steps[at].by);
    waiting = true;
    if (stage.shows(DATA, methods())) return ready();
    draw();
    if (!(await stage.fit(DATA, methods()))) ended();
  }

  /** A run has ended, or could not begin. */
  function ended() {
    if (!now || !waiting) return;
    waiting = false;
    stopped = !stage.shows(DATA, methods());
    if (stopped) draw();
    else ready();
  }

  /** Set off the part of the page that is spoken of, and go there. */
  function point(show) {
    for (const card of root.querySelectorAll("[data-shown]")) delete card.dataset.shown;
    if (!show) return;
    part(show).dataset.shown = "";
    requestAnimationFrame(() => aim(show)); // once the focus is where it belongs
  }

  /** What the step is about is there. */
  async function ready() {
    waiting = false;
    draw();
    const { show, pick } = now.steps[at];
    point(show);
    if (!show) return;
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
    if (box.hidden) return;
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
      : `<p>${esc(now.steps[at].text)}</p>${waiting ? '<p class="x-row x-quiet"><span class="x-spin"></span>Fitting …</p>' : stopped ? "<p><strong>It was not fitted.</strong></p>" : ""}`;
    const following = found ? lessons[lessons.indexOf(now) + 1] : null;
    const onward = asking ? following && `<button type="button" class="x-btn x-btn-main" data-do="lesson" data-value="${esc(following.name)}">Next lesson: ${esc(following.title)}</button>`
      : stopped ? '<button type="button" class="x-btn x-btn-main" data-do="once-more">Fit again</button>'
        : `<button type="button" class="x-btn x-btn-main" data-do="next"${waiting ? " disabled" : ""}>Next</button>`;
    box.innerHTML = `<div class="x-lab-row x-lab-head"><h3>${esc(now.title)}</h3><span class="x-quiet x-num">${at + 1} of ${total}</span>`
      + `<button type="button" class="x-tool" data-do="leave" aria-label="Leave the lesson" title="Leave the lesson">${icon("close")}</button></div>${body}`
      + `<div class="x-lab-row"><button type="button" class="x-btn" data-do="back"${at ? "" : " disabled"}>Back</button>`
      + `${onward ?? ""}</div>`;
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
  press("once-more", () => step());
  press("leave", () => begin(""));
  press("choice", (button) => {
    tried.add(Number(button.dataset.value));
    draw();
  });

  /** Go on where the page was left by a reload. */
  function resume() {
    const [name, place] = JSON.parse(sessionStorage.getItem(KEEP) ?? "[]");
    now = lessons.find((one) => one.name === name) ?? null;
    if (!now) return;
    at = Math.min(place, now.steps.length);
    if (at === now.steps.length && !stage.shows(DATA, methods())) at -= 1;
    step();
  }

  return { offer, ended, resume };
};
