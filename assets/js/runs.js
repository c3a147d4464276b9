// The panel of a run and the look before one: both only show what the server says.
(() => {
  "use strict";
  const { esc, icon, note } = XMR;
  const POLL = 700; // ms, while a run is under way and can be seen
  const AFAR = 2500; // ms, for a run of another process

  /** A warning: its first sentence stands out, what to do about it follows. */
  function caution(text) {
    const end = text.search(/[.:] (?=[A-Z])|$/) + 1;
    return note("warn", text.slice(0, end), text.slice(end).trim());
  }

  const STATES = {
    running: "", paused: "Paused", done: "Done", cancelled: "Cancelled", failed: "Stopped",
    elsewhere: "", unfinished: "",
  };

  /** Which buttons a state offers. */
  function offered(run) {
    const ended = !run.active && run.state !== "elsewhere";
    return {
      pause: run.state === "running" && !run.stopping,
      resume: run.state === "paused" && !run.stopping,
      cancel: run.active && !run.stopping,
      again: ["cancelled", "failed", "unfinished"].includes(run.state),
      accept: ended && run.loss,
      dismiss: ended,
      "search-in": run.active,
      "show-duplicates": ended && run.show === "duplicates",
    };
  }

  /** Show a run in its panel; `null` hides the panel. */
  function fill(panel, run) {
    panel.hidden = !run;
    if (!run) return;
    panel.dataset.state = run.state;
    const set = (name, text) => (panel.querySelector(`[data-run="${name}"]`).textContent = text);
    set("what", run.what);
    set("state", STATES[run.state] + (run.state === "done" ? ` in ${run.took}` : ""));
    set("line", run.line);
    set("rate", run.active && !run.stopping ? run.rate : "");
    set("left", run.active && run.state !== "paused" && !run.stopping ? run.left : "");
    set("current", run.active || run.state === "elsewhere" ? run.current : "");
    const bar = panel.querySelector(".x-progress");
    const share = run.share === null ? null : Math.floor(100 * run.share);
    bar.toggleAttribute("data-unknown", share === null);
    if (share === null) bar.removeAttribute("aria-valuenow");
    else bar.setAttribute("aria-valuenow", share);
    bar.setAttribute("aria-valuetext", run.line);
    bar.firstElementChild.style.width = share === null ? "" : `${share}%`;
    bar.hidden = run.state === "done" || run.state === "unfinished";
    const counts = run.counts
      .map(({ name, word, n }) => `<li data-key="${name}" data-count="${name}"><b>${n.toLocaleString("en")}</b> ${word}</li>`)
      .join("");
    XMR.redraw(panel.querySelector('[data-run="counts"]'), counts);
    const notes =
      (run.error ? note("bad", run.error.message, run.error.hint) : "") +
      run.warnings.map(caution).join("");
    XMR.redraw(panel.querySelector('[data-run="notes"]'), notes);
    // the focus goes to the next button when the one that had it goes
    const shown = offered(run);
    const buttons = [...panel.querySelectorAll("[data-do]")];
    const had = buttons.find((one) => one === document.activeElement);
    for (const one of buttons) one.hidden = !shown[one.dataset.do];
    if (had?.hidden) (buttons.find((one) => !one.hidden) ?? panel.querySelector("h3")).focus();
  }

  /** What is said aloud of a run: its beginning, each quarter, pauses and its end. */
  function teller(say) {
    let last = "";
    return (run) => {
      const quarter = run?.active && run.share ? Math.floor(4 * run.share) : 0;
      const mark = run ? `${run.id}:${run.state}:${run.stage === "encode" ? quarter : 0}` : "";
      if (mark === last) return;
      const first = last === "";
      last = mark;
      if (!run || (first && !run.active)) return;
      if (run.error) say(`${run.what}: ${run.error.message} ${run.error.hint}`);
      else if (run.active) say(`${run.what}: ${run.state === "paused" ? "paused" : run.line}`);
      else {
        const counts = run.counts.map(({ word, n }) => `${n} ${word}`).join(", ");
        say(`${run.what}: ${STATES[run.state]}. ${counts}.`);
      }
    };
  }

  /**
   * Watch a library's run while it goes on and the page can be seen.
   * @param {(library: string, answer: object) => void} seen called with each answer
   */
  XMR.watchRun = (seen) => {
    let library = null;
    let timer = null;
    let active = false;

    async function look() {
      clearTimeout(timer);
      if (!library || document.hidden) return;
      const asked = library;
      let pause = POLL;
      try {
        const answer = await XMR.call("run", { library: asked });
        if (asked !== library) return;
        active = Boolean(answer.run?.active) || answer.run?.state === "elsewhere";
        if (answer.run?.state === "elsewhere") pause = AFAR;
        seen(asked, answer);
      } catch {
        pause = 4 * AFAR; // the server is away; it may come back
      }
      clearTimeout(timer);
      if (active && asked === library) timer = setTimeout(look, pause);
    }

    document.addEventListener("visibilitychange", () => active && look());
    return {
      /** Watch this library's run, known so far as `run`. */
      watch(name, run) {
        library = name;
        active = Boolean(run?.active) || run?.state === "elsewhere";
        clearTimeout(timer);
        if (active) timer = setTimeout(look, POLL);
      },
      stop() {
        library = null;
        clearTimeout(timer);
      },
    };
  };

  /**
   * Look through folders before a run, into an element.
   * @param {Element} place
   * @param {{library?: string, folders: string[], ignore: string}} what
   */
  XMR.estimate = (place, what) => {
    let number = null;
    let stopped = false;
    let timer = null;

    function wait(line) {
      place.innerHTML = `<p class="x-row" role="status"><span class="x-spin"></span><span>${esc(line)}</span></p>`;
    }

    function show(found) {
      const tiles = found.media
        .map(({ m, n, word }) => `<div class="x-stat" data-m="${m}"><b>${n}</b><span>${icon(m)}${esc(word)}</span></div>`)
        .join("");
      const warnings = found.warnings.map(caution).join("");
      place.innerHTML = `<div class="x-stats">${tiles}</div>
        <p role="status">${esc(found.line)}. ${esc(found.work)}</p>
        <dl class="x-costs"><div><dt>Time</dt><dd>${esc(found.time)}</dd></div>
        <div><dt>Disk</dt><dd>${esc(found.disk)} <span class="x-quiet">of ${esc(found.free)} free</span></dd></div></dl>
        ${warnings}`;
    }

    async function look() {
      try {
        const { seen, found } = await XMR.call("estimate", { number });
        if (stopped) return;
        if (found) show(found);
        else {
          wait(`Looking through the folder: ${seen} so far …`);
          timer = setTimeout(look, 300);
        }
      } catch (error) {
        if (!stopped) place.innerHTML = note("bad", error.message, error.hint);
      }
    }

    wait("Looking through the folder …");
    XMR.call("estimate-start", what).then(
      (answer) => {
        number = answer.number;
        if (stopped) XMR.call("estimate-stop", { number });
        else timer = setTimeout(look, 60);
      },
      (error) => (place.innerHTML = note("bad", error.message, error.hint)),
    );
    return {
      stop() {
        stopped = true;
        clearTimeout(timer);
        if (number !== null) XMR.call("estimate-stop", { number }).catch(() => {});
      },
    };
  };

  XMR.runPanel = { fill, teller };
})();
