// The Search page: asks the server, one search at a time, and leads its parts.
"use strict";

XMR.page("search", (() => {
  const { call, fail, listen, on, toast } = XMR;
  const ALL = 3; // columns share out the number of results at a time
  let root, part, query, choices, results, begin, kept, shelf, chosen, trail, feedback;
  let view = "grid"; // or columns, a medium each; or documents: what belongs together as one
  let running = null; // the search under way: {stop, timers}
  let last = null; // what is on the screen: {payload, offset, answer}
  let wrong = false; // an error is there instead
  let later = 0;

  const say = (text) => (part("said").textContent = text);

  /** Search now; `remember` for what the user asked for with a key or a button. */
  async function search({ remember = false } = {}) {
    clearTimeout(later);
    if (query.busy) return; // it starts by itself once the file is here
    if (query.empty && !shelf.scoped()) {
      clear();
      return;
    }
    if (!XMR.library.chosen.length) {
      toast("warn", "No library is chosen.", "Choose one beside the query box, or build the demo.");
      return;
    }
    const { terms } = query;
    const columns = view === "columns";
    const payload = { query: { terms, ...choices.stated(), ...feedback.stated(terms) }, k: choices.k, columns, remember };
    if (columns) payload.k = Math.max(4, Math.round(payload.k / ALL));
    // a collection or a tag without a query is shown as it is
    const action = query.empty ? "keep.browse" : view === "documents" ? "documents.search" : "search";
    running?.stop.abort();
    const mine = (running = { stop: new AbortController() });
    under_way(mine);
    const asked = { query: payload.query, view };
    trail.record(asked, remember);
    try {
      const answer = await call(action, payload, { signal: mine.stop.signal });
      if (running !== mine) return;
      last = { payload, offset: payload.k, answer, action, view: asked.view, held: answer.held ?? held(payload.query.libraries) };
      fresh();
      for (const name of payload.query.libraries) choices.ready.add(name);
      results.show(answer, columns);
      XMRTranslation.offer(part("results"), payload.query.terms, payload.query.to);
      if (action === "search") XMRMoments.strips(part("results"), payload.query);
      shelf.show(payload, action === "keep.browse");
      chosen.sync();
      feedback.show(answer);
      kept.keep(asked);
    } catch (error) {
      if (running !== mine) return;
      if (error.name === "AbortError") stopped();
      else broken(error);
    } finally {
      if (running === mine) {
        running = null;
        over(mine);
      }
    }
  }

  const held = (names) => XMR.library.all.filter((one) => names.includes(one.name)).reduce((sum, one) => sum + one.total, 0);

  /** Offer to search again once the libraries hold more than they did for the results on the screen. */
  function fresh() {
    const more = last && last.action !== "keep.browse" ? held(last.payload.query.libraries) - last.held : 0;
    part("fresh").hidden = more <= 0;
    if (more > 0) part("fresh-text").textContent = `${more.toLocaleString("en")} new ${more === 1 ? "item" : "items"} since this search.`;
  }

  /** Search again a moment after something changed, if there was a search. */
  function again() {
    if (!last && !running && !wrong && !shelf.scoped()) return;
    clearTimeout(later);
    later = setTimeout(() => search(), 220);
  }

  function under_way(mine) {
    wrong = false;
    XMRPlayer.stop();
    root.querySelector(".x-search").dataset.searched = "";
    part("start").hidden = true;
    part("results").setAttribute("aria-busy", "true");
    mine.ghosts = setTimeout(() => {
      if (part("results").querySelector(".x-card:not(.x-ghost)")) part("results").classList.add("x-refresh");
      else results.ghosts();
    }, 180);
    mine.slow = setTimeout(() => wait(mine), 700);
  }

  function over(mine) {
    clearTimeout(mine.ghosts);
    clearTimeout(mine.slow);
    part("wait").hidden = true;
    part("results").classList.remove("x-refresh");
    part("results").removeAttribute("aria-busy");
  }

  /** Say what takes so long. */
  async function wait(mine) {
    let text = "Searching …";
    const libraries = XMR.library.chosen;
    if (!libraries.every((name) => choices.ready.has(name))) {
      try {
        const told = await call("search.status", { libraries });
        if (told.download)
          text = `Fetching the weights of this library’s profile first: ${Math.round(told.download / 1e6)} MB …`;
        else if (!told.ready) text = "Reading the encoders; only the first search waits for this …";
      } catch {
        /* the search itself will tell */
      }
    }
    if (running !== mine) return;
    part("wait").hidden = false;
    part("wait-text").textContent = text;
    say(text);
  }

  function broken(error) {
    if (error.hint === undefined) {
      fail(error);
      error = XMR.failure("The page met an unexpected error.", "Load it again.");
    }
    results.broken(error);
    XMRTranslation.offer(part("results"), []);
    // the libraries may be others by now; trying again shall ask those that are there
    XMR.library.refresh().catch(() => {});
    last = null;
    wrong = true;
  }

  function stopped() {
    for (const ghost of part("results").querySelectorAll(".x-ghost")) ghost.remove();
    if (!last) clear();
    say("The search was cancelled.");
  }

  async function more() {
    if (!last || running) return;
    const { payload } = last;
    const mine = (running = { stop: new AbortController() });
    const button = root.querySelector('[data-do="more"]');
    button.disabled = true;
    try {
      const next = { ...payload, offset: last.offset, remember: false };
      const answer = await call(last.action, next, { signal: mine.stop.signal });
      if (running !== mine) return;
      last.offset += payload.k;
      const first = results.append(answer);
      if (last.action === "search") XMRMoments.strips(part("results"), payload.query);
      feedback.draw();
      chosen.sync();
      first?.querySelector(".x-open")?.focus({ preventScroll: true });
    } catch (error) {
      fail(error);
    } finally {
      if (running === mine) running = null;
      button.disabled = false;
    }
  }

  /** Back to the beginning. */
  function clear() {
    running?.stop.abort();
    last = null;
    wrong = false;
    kept.forget();
    feedback.forget();
    root.querySelector(".x-search").removeAttribute("data-browsing");
    part("scope").hidden = part("fresh").hidden = true;
    chosen.clear();
    document.title = "XMR";
    delete root.querySelector(".x-search").dataset.searched;
    results.clear();
    XMRTranslation.offer(part("results"), []);
    part("start").hidden = false;
    begin.start();
  }

  function layout(name, run = true) {
    view = name;
    for (const button of root.querySelectorAll('[data-do="layout"]'))
      button.setAttribute("aria-pressed", button.dataset.layout === name);
    if (run) again();
  }

  // ---- start

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    const page = {
      root, part, say, search, again, layout,
      get busy() { return Boolean(last || running || wrong); },
      get last() { return last; },
      /** Cancel the search under way; whether there was one. */
      stop() {
        running?.stop.abort();
        return Boolean(running);
      },
    };
    page.query = query = XMRQuery(root, (what) => {
      if (what === "submit" && query.empty && !shelf.scoped()) {
        toast("info", "There is nothing to look for yet.", "Type some words, or drop in a picture, a sound, a video or a 3D model.");
        query.words.focus();
      }
      if (what !== "terms") search({ remember: true });
      else if (query.empty) clear();
      else again();
    });
    page.choices = choices = XMRChoices(page);
    page.results = results = XMRResults(page);
    begin = XMRBegin(page);
    page.shelf = shelf = XMRKeepShelf(page);
    page.chosen = chosen = XMRSelect(page);
    page.feedback = feedback = XMRFeedback(page);
    kept = XMRKept(page);
    page.trail = trail = XMRTrail(page, {
      recall: ({ query: stated, view: laid = "grid" }) => {
        layout(laid, false);
        kept.recall(stated, false);
        search();
      },
      clear: () => {
        query.set([]);
        choices.set({ libraries: XMR.library.chosen });
        clear();
      },
    });
    XMRItems(page);
    XMRDocuments(root, { detail: (place) => XMRDetail.open(place, XMR.fileActions), changed: again });
    XMRExport(page);

    on(root, "click", '[data-do="layout"]', (_, button) => layout(button.dataset.layout));
    on(root, "click", '[data-do="more"]', more);
    on(root, "click", '[data-do="stop"]', page.stop);
    on(root, "click", '[data-do="retry"]', () => search());

    let restored = false;
    const known = () => {
      choices.libraries();
      fresh();
      if (!page.busy) begin.start();
      if (restored) return;
      restored = true;
      kept.restore();
    };
    listen("libraries-chosen", known);
    if (XMR.library.loaded) known();
    let counted = 0;
    listen("jobs", (now) => {
      // what a run has committed can be found at once
      if (!now.some((job) => job.active) || Date.now() - counted < 4000) return;
      counted = Date.now();
      XMR.library.refresh().catch(() => {});
    });
    listen("open-collection", ({ library, name }) => {
      XMR.go("search");
      shelf.open(library, name);
    });
    on(root, "click", '[data-do="fresh"]', () => search());
    listen("search-for", ({ terms, to }) => {
      if (to) choices.set({ ...choices.stated(), to });
      if (XMR.current !== "search") trail.arriving();
      query.set(terms);
      XMR.go("search");
      search({ remember: true });
    });
    listen("search-in", ({ library }) => {
      if (library) XMR.library.choose([library]);
      XMR.go("search");
      query.words.focus();
      if (last) again();
    });
  }

  return {
    init,
    show: () => {
      if (wrong) again(); // what was wrong may have been put right on the Library page
      else if (XMR.library.loaded && !last && !running) begin.start();
      // on a telephone the keyboard would cover half of the page
      if (matchMedia("(hover: hover)").matches) query.words.focus({ preventScroll: true });
    },
    hide: () => XMRPlayer.stop(),
  };
})());
