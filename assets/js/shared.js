// What the pages share of the server: the libraries, and the runs under way.
"use strict";

{
  const { call, emit, fail, listen, toast } = XMR;

  // ---- the libraries, and which of them this tab searches

  const KEY = "xmr-libraries";
  const library = {
    /** [{name, profile, counts: {modality: n}, total}], as the server last said. */
    all: [],
    /** The names that this tab searches in. */
    chosen: [],
    loaded: false,
    choose(names) {
      library.chosen = names.filter((name) => library.all.some((one) => one.name === name));
      sessionStorage.setItem(KEY, JSON.stringify(library.chosen));
      emit("libraries-chosen", library.chosen);
    },
    async refresh() {
      const answer = await call("libraries");
      library.all = answer.libraries;
      const names = library.all.map((one) => one.name);
      let kept = null;
      try {
        kept = JSON.parse(sessionStorage.getItem(KEY));
      } catch {
        /* nothing usable was kept */
      }
      let chosen = (kept ?? []).filter((name) => names.includes(name));
      if (!chosen.length && names.includes(answer.start)) chosen = [answer.start];
      if (!chosen.length) chosen = names.includes("default") ? ["default"] : names.slice(0, 1);
      library.loaded = true;
      library.choose(chosen);
      return library.all;
    },
  };
  listen("libraries-changed", () => library.refresh().catch(fail));

  // ---- runs on the server, shown in the header of every page

  const jobs = {
    /** As the server last said: [{library, what, state, active, share, line, message, hint}]. */
    now: [],
    timer: null,
    /** Look at them now, and again each second while one is under way. */
    async watch() {
      clearTimeout(jobs.timer);
      let answer;
      try {
        answer = await call("jobs");
      } catch {
        jobs.timer = setTimeout(jobs.watch, 5000);
        return;
      }
      const before = new Map(jobs.now.map((job) => [job.id, job]));
      jobs.now = answer.jobs;
      const ended = jobs.now.filter((job) => !job.active && before.get(job.id)?.active);
      pill();
      emit("jobs", jobs.now);
      for (const job of ended) {
        emit("job-ended", job);
        if (job.state === "failed") toast("bad", job.message, job.hint);
      }
      if (ended.length) emit("libraries-changed");
      if (jobs.now.some((job) => job.active)) jobs.timer = setTimeout(jobs.watch, 1000);
    },
  };
  listen("jobs-changed", () => jobs.watch());

  function pill() {
    const link = document.querySelector(".x-head .x-pill");
    const active = jobs.now.filter((job) => job.active);
    if (!link) return;
    link.hidden = !active.length;
    if (!active.length) return;
    const [job] = active;
    const share = job.share === null ? "starting" : `${Math.floor(100 * job.share)} %`;
    const more = active.length > 1 ? ` and ${active.length - 1} more` : "";
    // narrow screens cut the name off, not the number
    link.querySelector(".x-pill-text").innerHTML =
      `<span>${XMR.esc(job.library)}</span>: ${job.state === "paused" ? "paused" : share}${more}`;
    link.title = job.line;
    link.querySelector(".x-spin").hidden = job.state === "paused";
  }

  const start = () => {
    jobs.watch();
    library.refresh().catch(fail);
  };
  // another tab, or the command line, may have changed things meanwhile
  const back = () => {
    if (document.visibilityState !== "visible" || !library.loaded) return;
    jobs.watch();
    library.refresh().catch(() => {});
    emit("back");
  };
  document.addEventListener("visibilitychange", back);
  window.addEventListener("focus", back); // of two windows side by side

  Object.assign(XMR, { library, jobs });
  if (document.querySelector("#x-head .x-head")) start();
  else listen("header", start);
}
