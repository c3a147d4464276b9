// What a library is about: topics are found by a job, and each has members and words.
"use strict";

/**
 * @param {Element} place where they are shown
 * @param {{detail: (place: {library: string, id: number}) => void, say: (text: string) => void,
 *   plural: (n: number, one: string) => string, shown: () => unknown}} page ``shown`` is another
 *   thing once something else is looked at
 */
window.XMRTopics = (place, page) => {
  const { call, emit, esc, fail, on } = XMR;
  const LOOK = 600; // ms between two looks at the job
  let library = "";

  async function show(name) {
    library = name;
    const mine = page.shown();
    place.setAttribute("aria-busy", "true");
    place.innerHTML = `<p class="x-topics-wait"><span class="x-spin" aria-hidden="true"></span>
      <span>Finding what ${esc(name)} is about. With thousands of files that may take half a minute, once.</span>
      <b class="x-num" data-share></b><button class="x-btn x-btn-bare" type="button" data-do="topics-stop">Cancel</button></p>`;
    try {
      let begin = true;
      while (true) {
        const { html, count, job } = await call("topics", { library: name, begin });
        if (page.shown() !== mine) return; // something else is looked at by now
        if (!job) {
          place.innerHTML = html;
          page.say(`${page.plural(count, "topic")}.`);
          return;
        }
        if (job.state === "failed") throw XMR.failure(job.message, job.hint);
        if (!job.active && job.state !== "done") {
          place.innerHTML = `<p class="x-topics-wait">The topics were not found: it was cancelled.
            <button class="x-btn" type="button" data-do="topics-again">Find them</button></p>`;
          return;
        }
        if (job.share !== null) place.querySelector("[data-share]").textContent = `${Math.floor(100 * job.share)} %`;
        begin = job.state === "done"; // a library that was changed meanwhile is gone through anew
        await new Promise((go) => setTimeout(go, LOOK));
        if (page.shown() !== mine) return;
      }
    } finally {
      if (page.shown() === mine) place.removeAttribute("aria-busy");
    }
  }

  const press = (name, work) => on(place, "click", `[data-do="${name}"]`, (_, button) => work(button.dataset));
  press("topics-stop", () => call("topics.cancel", { library }).catch(fail));
  press("topics-again", () => show(library).catch(fail));
  press("member", ({ id }) => page.detail({ library, id: Number(id) }));
  press("topic", ({ words }) => {
    XMR.library.choose([library]);
    emit("search-for", { terms: [{ kind: "text", text: words, weight: 1 }] });
  });

  return { show };
};
