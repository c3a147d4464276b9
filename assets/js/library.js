// The Library page: leads its shelf, the sheet of one library, and the runs.
(() => {
  "use strict";
  const { call, emit, fail, listen, on } = XMR;
  const SHELF = 4000; // ms between two looks at the shelf during a run
  const HEED = 2000; // ms between two looks at a library whose folders are watched

  let watcher = null;
  let heeded = ""; // what was known of the library when its folders were looked after last
  let drawn = ""; // how far the watched run was when its library's sheet was drawn last

  const addressed = () => {
    const [name, ...rest] = location.hash.slice(1).split("/");
    try {
      return name === "library" ? decodeURIComponent(rest.join("/")) : "";
    } catch {
      return "";
    }
  };

  const page = {
    current: "", // the library that is shown
    shelf: null,
    sheet: null,
    say: () => {},

    /** Show a library; with `focus`, its name takes the focus, as after a choice. */
    async open(name, { focus = false } = {}) {
      page.current = name;
      page.shelf.mark();
      const answer = await page.sheet.show(name, focus);
      if (answer) watcher.watch(name, answer.run);
    },

    /** Go to a library's own address. */
    async visit(name) {
      const hash = `#library/${encodeURIComponent(name)}`;
      if (location.hash !== hash) history.pushState(null, "", hash);
      await page.open(name, { focus: true });
    },

    /** Everything anew; `wished` is shown if it is there, else the first library, else the beginning. */
    async all(wished) {
      const before = page.current;
      const { names, start } = await page.shelf.load();
      if (page.current !== before) return; // another one was chosen meanwhile
      await page.open([wished, start, names[0]].find((one) => one && names.includes(one)) ?? "");
    },

    /** Start something on the server that answers with a run, and show it; closes its dialog first. */
    async begin(action, payload, box) {
      const answer = await call(action, payload);
      box?.close();
      page.sheet.begin();
      emit("jobs-changed");
      await begun(answer.name ?? answer.library ?? payload.library).catch(fail);
    },
  };

  /** Show a library on which something was started. */
  async function begun(name) {
    if (name === page.current && page.sheet.ready) {
      await page.open(name);
      page.sheet.toRun();
      await page.shelf.load();
    } else {
      await page.shelf.load();
      await page.visit(name);
    }
    emit("libraries-changed");
  }

  /** The watched run goes on, or has ended. */
  function seen(library, answer) {
    if (library !== page.current) return;
    page.sheet.run(answer.run);
    page.sheet.counts(answer.counts ?? {});
    const goes = answer.run?.active || answer.run?.state === "elsewhere";
    const old = !goes || page.shelf.age > SHELF;
    // a run registers its folders, finds its first items and fails at files while it goes on
    const far = `${library}/${answer.run?.stage}/${Object.keys(answer.counts ?? {}).length > 0}`;
    if (!goes || far !== drawn || (old && !page.sheet.unfolded)) page.open(library).catch(fail);
    drawn = far;
    if (old) page.shelf.load().catch(fail);
  }

  /** A library whose folders are watched begins runs by itself: show the one that has begun or ended. */
  async function heed(root) {
    const library = page.current;
    if (XMR.current !== "library" || document.hidden || !root.querySelector('[data-do="watch"][aria-checked="true"]')) return;
    const { run, counts } = await call("run", { library });
    if (library !== page.current) return;
    const known = `${library}/${run?.state}/${JSON.stringify(counts)}`;
    const news = heeded !== known && heeded.startsWith(`${library}/`);
    heeded = known;
    if (news && run?.active) watcher.watch(library, run);
    else if (news) {
      await page.open(library);
      await page.shelf.load();
    }
  }

  async function steer(action) {
    const library = page.current;
    const answer = await call(action, { library });
    emit("jobs-changed");
    if (library !== page.current) return;
    page.sheet.run(answer.run);
    watcher.watch(library, answer.run);
  }

  const wizard = (library) =>
    XMR.wizard({ library, ignore: library && page.sheet.ignore, taken: page.shelf.names, begin: page.begin });

  const does = {
    ...XMR.alterations(page),
    new: () => wizard(""),
    add: () => wizard(page.current),
    choose: (_, card) => page.visit(card.dataset.library),
    demo: () => page.begin("demo-build", {}),
    async watch(_, button) {
      const on = button.getAttribute("aria-checked") !== "true";
      await call("library-watch", { library: page.current, on });
      await page.open(page.current);
    },
    salvage: () => page.begin("library-salvage", { library: page.current }),
    update: () => page.begin("run-start", { library: page.current }),
    again: () => page.begin("run-again", { library: page.current }),
    pause: () => steer("run-pause"),
    resume: () => steer("run-resume"),
    cancel: () => steer("run-cancel"),
    async accept() {
      const sure = await XMR.confirm({
        title: "Accept the loss?",
        text: "The files that are not there any more will be marked as missing, and not be found by searches. If they come back, the next run finds them again.",
        action: "Accept the loss",
        bad: true,
      });
      if (sure) await page.begin("run-start", { library: page.current, accept_loss: true });
    },
    retry: (_, button) => page.begin("run-retry", { library: page.current, ids: [Number(button.dataset.failure)] }),
    "retry-all": () => page.begin("run-retry", { library: page.current }),
    "more-failures": (_, button) => page.sheet.more(page.current, button.closest("li")),
    async dismiss() {
      await call("run-dismiss", { library: page.current });
      page.sheet.dismiss();
    },
    duplicates: () => XMR.duplicates(page.current),
    "show-duplicates": () => XMR.duplicates(page.current),
    words: () => XMRWords.look(page.current),
    "search-in"() {
      emit("search-in", { library: page.current });
      XMR.go("search");
    },
  };

  async function keepPatterns(form) {
    await call("library-ignore", { library: page.current, ignore: form.ignore.value });
    XMR.toast("info", "The patterns are kept.", "They are used from the next run on.");
    await page.open(page.current);
  }

  XMR.page("library", {
    init(root) {
      const live = root.querySelector("[data-live]");
      page.say = (text) => (live.textContent = text);
      page.shelf = XMR.shelf(root, () => page.current);
      page.sheet = XMR.sheet(root, page.say);
      watcher = XMR.watchRun(seen);
      setInterval(() => heed(root).catch(() => {}), HEED); // the server may be away
      on(root, "click", "[data-do]", async (event, target) => {
        const act = does[target.dataset.do];
        if (!act) return;
        target.closest("details.x-pop")?.removeAttribute("open");
        await XMR.busy(target, async () => act(event, target)).catch(fail);
      });
      on(root, "submit", '[data-form="ignore"]', (event, form) => {
        event.preventDefault();
        keepPatterns(form).catch(fail);
      });
      window.addEventListener("hashchange", () => {
        const name = addressed();
        if (XMR.current === "library" && name && name !== page.current) page.open(name, { focus: true }).catch(fail);
      });
      // of other pages and tabs; what this page did itself it shows itself
      listen("job-ended", () => XMR.current === "library" && page.shelf.load().catch(fail));
      listen("back", () => {
        if (XMR.current === "library" && !document.querySelector("dialog[open]")) page.all(page.current).catch(fail);
      });
    },
    show: () => page.all(addressed() || page.current).catch(fail),
    hide: () => watcher.stop(),
  });
})();
