// Before the first query: something to try, or a way to a first library.
"use strict";

window.XMRBegin = (page) => {
  const { call, emit, esc, fail, icon, on } = XMR;
  const { root, part } = page;
  const KINDS = { text: "Text", image: "Picture", audio: "Sound", video: "Video", mesh: "3D model" };
  let examples = null; // {names, list}: of which libraries, and what

  async function start() {
    if (!XMR.library.loaded) return;
    const { all, chosen } = XMR.library;
    const mine = all.filter((one) => chosen.includes(one.name));
    const broken = mine.find((one) => one.error) ?? (mine.length ? null : all.find((one) => one.error));
    if (broken) {
      page.results.note("bad", broken.error.message, broken.error.hint, '<a class="x-btn" href="#library">To the Library page</a>');
      put("");
      return;
    }
    part("banner").hidden = true;
    if (!mine.some((one) => one.total)) {
      put(empty());
      build();
      return;
    }
    const names = chosen.join("\n");
    if (examples?.names !== names) {
      examples = { names, list: [] };
      try {
        const told = (await call("search.examples", { libraries: chosen })).examples;
        // words, then media: in turns they make ragged rows
        examples.list = told.sort((a, b) => (b.kind === "text") - (a.kind === "text"));
      } catch {
        /* the page works without */
      }
      if (examples?.names !== names || page.busy) return;
    }
    put(examples.list.length
      ? `<div class="x-try"><h2>Try one of these</h2><div class="x-try-row">${examples.list.map(example).join("")}</div></div>`
      : "");
  }

  /** What is there already stays, with its focus and its progress. */
  function put(html) {
    const place = part("start");
    if (place.shown === html) return;
    XMR.redraw(place, html);
    place.shown = html;
  }

  function example(term, index) {
    if (term.kind === "text")
      return `<button class="x-example" type="button" data-do="example" data-no="${index}">${icon("search")}${esc(term.text)}</button>`;
    return `<button class="x-example x-example-media" type="button" data-do="example" data-no="${index}" data-m="${esc(term.modality)}">
      <span class="x-chip-face"><img src="${esc(term.src.replace("?", "/thumb?"))}" alt=""></span>
      <span><small>${KINDS[term.modality]}</small><b>${esc(term.title)}</b></span></button>`;
  }

  function empty() {
    const { all, chosen } = XMR.library;
    const demo = all.some((one) => one.name === "demo" && one.total);
    const title = !all.length ? "There is no library yet"
      : chosen.length === 1 ? `${esc(chosen[0])} holds nothing yet` : "Nothing is indexed yet";
    return `<div class="x-empty"><h2>${title}</h2>
      <p>A library holds folders of yours, so that they can be searched. Begin with one of your own, or with the demo: some three hundred pictures, sounds, videos, 3D models and texts, made on this machine.</p>
      <div class="x-empty-row" data-part="build">${demo
        ? `<button class="x-btn x-btn-main" type="button" data-do="to-demo">${icon("shelf")}Search the demo</button>`
        : `<button class="x-btn x-btn-main" type="button" data-do="demo">${icon("sparkle")}Build the demo</button>`}
      <a class="x-btn" href="#library">${icon("folder")}Add a folder</a></div></div>`;
  }

  /** The demo's build, in the place of its button. */
  function build() {
    const place = part("start").querySelector('[data-part="build"]');
    const job = XMR.jobs.now.find((one) => one.library === "demo" && one.active);
    if (!place || !job) return;
    const share = job.share === null ? "data-unknown" : "";
    if (!place.querySelector(".x-progress"))
      place.innerHTML = `<div class="x-building"><div class="x-progress" role="progressbar" aria-label="Building the demo"
        aria-valuemin="0" aria-valuemax="100"><i></i></div><p></p></div>`;
    const bar = place.querySelector(".x-progress");
    bar.toggleAttribute("data-unknown", share !== "");
    bar.setAttribute("aria-valuenow", Math.round(100 * (job.share ?? 0)));
    bar.firstElementChild.style.width = job.share === null ? "" : `${100 * job.share}%`;
    place.querySelector("p").textContent = job.line;
  }

  on(root, "click", '[data-do="example"]', (_, button) => {
    page.query.set([examples.list[Number(button.dataset.no)]]);
    page.search({ remember: true });
  });
  on(root, "click", '[data-do="to-demo"]', () => XMR.library.choose(["demo"]));
  on(root, "click", '[data-do="demo"]', async (_, button) => {
    button.disabled = true;
    try {
      await call("demo.build");
      emit("jobs-changed");
    } catch (error) {
      button.disabled = false;
      fail(error);
    }
  });
  XMR.listen("libraries-changed", () => (examples = null));
  XMR.listen("jobs", build);
  XMR.listen("job-ended", (job) => {
    part("start").shown = null;
    if (job.state !== "done" && !page.busy) start();
  });

  return { start };
};
