// The Library page: the shelf, one library's sheet, its run, and the dialogs that change it.
(() => {
  "use strict";
  const { call, esc, icon, on, fail } = XMR;

  let root = null;
  let current = ""; // the library that is shown
  let shelved = 0; // when the shelf was last asked for
  let dismissed = 0; // a run of an earlier server that this tab has put away
  let watcher = null;
  let say = () => {};
  let told = () => {};

  const SHELF = 4000; // ms between two looks at the shelf during a run
  // what has to wait while a run goes on
  const IDLE = ["update", "add", "move", "remove", "retry", "retry-all", "rename", "delete", "profile"]
    .map((name) => `[data-do="${name}"]`)
    .join(", ");
  const $ = (selector) => root.querySelector(selector);
  const sheet = () => $(".x-lib-sheet");
  const panel = () => $(".x-run");

  // ---- the shelf and the sheet

  const addressed = () => {
    const [page, ...rest] = location.hash.slice(1).split("/");
    try {
      return page === "library" ? decodeURIComponent(rest.join("/")) : "";
    } catch {
      return "";
    }
  };

  async function shelf() {
    shelved = Date.now();
    const list = $(".x-shelf-list");
    const answer = await call("library-shelf", { current });
    const had = list.contains(document.activeElement) && document.activeElement.dataset.library;
    const at = list.scrollLeft;
    list.innerHTML = answer.html;
    list.removeAttribute("aria-busy");
    root.querySelector(".x-lib").toggleAttribute("data-none", !answer.names.length);
    list.scrollLeft = at;
    reveal(cardOf(current));
    if (had) cardOf(had)?.focus();
    return answer;
  }

  const cardOf = (name) =>
    [...root.querySelectorAll(".x-lib-card")].find((card) => card.dataset.library === name);

  /** On narrow screens the shelf is a row: bring a card into it. */
  function reveal(card) {
    if (!card) return;
    const list = $(".x-shelf-list");
    const [inner, outer] = [card.getBoundingClientRect(), list.getBoundingClientRect()];
    if (inner.left < outer.left || inner.right > outer.right) list.scrollLeft += inner.left - outer.left - 14;
  }

  /** Show a library; with `focus`, its name takes the focus, as after a choice. */
  async function open(name, { focus = false } = {}) {
    current = name;
    for (const card of root.querySelectorAll(".x-lib-card"))
      if (card.dataset.library === name) card.setAttribute("aria-current", "true");
      else card.removeAttribute("aria-current");
    reveal(cardOf(name));
    sheet().setAttribute("aria-busy", "true");
    let answer;
    try {
      answer = await call("library", { name });
    } catch (error) {
      sheet().removeAttribute("aria-busy");
      fail(error);
      return;
    }
    if (current !== name) return;
    const where = marked();
    const again = folds(name);
    sheet().innerHTML = answer.html;
    again();
    sheet().removeAttribute("aria-busy");
    sheet().dataset.profile = answer.profile ?? "";
    run(answer.run);
    if (focus) $(".x-lib-sheet h2")?.focus();
    else restore(where);
    watcher.watch(name, answer.run);
  }

  /** What is unfolded, half written or scrolled in the sheet of a library; call the result to have it again. */
  function folds(name) {
    if (sheet().querySelector(".x-sheet")?.dataset.library !== name) return () => {};
    const find = () => [...sheet().querySelectorAll("details")];
    const opened = find().map((fold) => fold.open);
    const field = sheet().querySelector("textarea");
    const written = field && field.value !== field.defaultValue ? field.value : null;
    const depth = sheet().querySelector(".x-fails")?.scrollTop ?? 0;
    return () => {
      find().forEach((fold, i) => (fold.open = Boolean(opened[i])));
      const now = sheet().querySelector("textarea");
      if (now && written !== null) now.value = written;
      const list = sheet().querySelector(".x-fails");
      if (list) list.scrollTop = depth;
    };
  }

  /** Where the focus is in the sheet, so that a new one does not lose it. */
  function marked() {
    const here = document.activeElement;
    if (panel()?.contains(here)) return { run: true };
    if (!sheet().contains(here) || !here.dataset.do) return null;
    const fold = here.closest("li")?.dataset.failure;
    return { do: here.dataset.do, failure: fold, root: here.dataset.root };
  }

  function restore(where) {
    if (!where) return;
    if (where.run) {
      panel()?.querySelector("h3").focus();
      return;
    }
    const same = [...sheet().querySelectorAll(`[data-do="${where.do}"]`)].find(
      (one) => one.dataset.root === where.root && one.closest("li")?.dataset.failure === where.failure,
    );
    (same ?? $(".x-lib-sheet h2"))?.focus();
  }

  /** Show a run; `null` where there is none. */
  function run(state) {
    if (!panel()) return;
    const shown = state && state.state === "unfinished" && dismissed ? null : state;
    XMR.runPanel.fill(panel(), shown);
    const busy = Boolean(state?.active) || state?.state === "elsewhere";
    for (const button of sheet().querySelectorAll(IDLE)) button.disabled = busy;
    told(state);
  }

  function seen(library, answer) {
    if (library !== current) return;
    run(answer.run);
    for (const [m, n] of Object.entries(answer.counts ?? {})) {
      const tile = sheet().querySelector(`.x-stat[data-m="${m}"]`);
      if (!tile) continue;
      tile.querySelector("b").textContent = n.toLocaleString("en");
      const word = tile.querySelector("[data-one]");
      word.textContent = n === 1 ? word.dataset.one : word.dataset.many;
    }
    const goes = answer.run?.active || answer.run?.state === "elsewhere";
    if (!goes) open(library);
    if (!goes || Date.now() - shelved > SHELF) shelf().catch(fail);
  }

  /** Start something on the server that answers with a run, and show it; closes its dialog first. */
  async function begin(action, payload, box) {
    const answer = await call(action, payload);
    box?.close();
    dismissed = 0;
    const name = answer.name ?? answer.library ?? payload.library;
    XMR.emit("jobs-changed");
    if (name !== current || !panel()) {
      await shelf();
      await visit(name);
    } else {
      run(answer.run);
      watcher.watch(name, answer.run);
      panel().querySelector("h3").focus();
      shelf().catch(fail);
    }
    return answer;
  }

  /** Go to a library's own address. */
  async function visit(name) {
    const hash = `#library/${encodeURIComponent(name)}`;
    if (location.hash !== hash) history.pushState(null, "", hash);
    await open(name, { focus: true });
  }

  /** Everything anew; `wished` is shown if it is there, else the first library, else the beginning. */
  async function all(wished) {
    const { names, start } = await shelf();
    const name = [wished, start, names[0]].find((one) => one && names.includes(one)) ?? "";
    await open(name);
  }

  // ---- dialogs

  /** A dialog with a form; `submit` may reject with {message, hint}, which is shown in it. */
  function ask({ title, body, action, bad = false, wide = false, submit }) {
    const box = XMR.dialog(
      `<form method="dialog"><div class="x-dialog-head"><h2 id="x-asked">${esc(title)}</h2>
       <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body x-ask-body">${body}<div class="x-ask-problem" role="alert"></div></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
       <button class="x-btn ${bad ? "x-btn-bad" : "x-btn-main"}" type="submit">${esc(action)}</button></div></form>`,
    );
    if (!wide) box.classList.add("x-dialog-small");
    const form = box.querySelector("form");
    form.addEventListener("submit", async (event) => {
      event.preventDefault();
      await busy(form.querySelector('[type="submit"]'), async () => {
        problem(box, null);
        try {
          const after = await submit(new FormData(form), box);
          box.close();
          await after?.();
        } catch (error) {
          problem(box, error);
        }
      });
    });
    return box;
  }

  function problem(box, error) {
    const place = box.querySelector(".x-ask-problem");
    place.innerHTML = error ? XMR.runPanel.note("bad", error.message, error.hint) : "";
    if (error) place.scrollIntoView({ block: "nearest" });
  }

  async function busy(button, work) {
    // not disabled: that would take the focus from it
    if (button.getAttribute("aria-busy")) return;
    button.setAttribute("aria-busy", "true");
    try {
      await work();
    } finally {
      button.removeAttribute("aria-busy");
    }
  }

  const patterns = (value = "") => `<details class="x-left-out"${value ? " open" : ""}>
    <summary>${icon("filter")}<span>Leave files out by a pattern</span></summary>
    <label class="x-field">One pattern a line, as in a .gitignore. Hidden and system folders are left out in any case.
    <textarea name="ignore" rows="3" spellcheck="false" placeholder="*.tmp&#10;drafts/">${esc(value)}</textarea></label></details>`;

  /**
   * Folder → (name and profile →) a look before it starts.
   * @param {{library?: string, ignore?: string}} options without a library: a new one
   */
  function wizard({ library = "", ignore = "" } = {}) {
    const fresh = !library;
    const steps = fresh ? ["Folder", "Name and profile", "Look and start"] : ["Folder", "Look and start"];
    const name = `<label class="x-field">Name<input type="text" name="name" maxlength="64" autocomplete="off"
      spellcheck="false" required></label><h3>Profile</h3><p class="x-quiet">What reads your media and compares
      them. It can be changed later.</p><div data-part="profiles"></div>`;
    const look = `<p class="x-look-folder">${icon("folder")}<span class="x-mono" data-part="folder"></span></p>
      <div class="x-estimate" data-part="estimate"></div>${patterns(ignore)}`;
    const panels = fresh ? ['<div data-part="picker"></div>', name, look] : ['<div data-part="picker"></div>', look];
    let estimate = null;
    const box = XMR.dialog(
      `<form method="dialog" novalidate><div class="x-dialog-head"><h2 id="x-wizard">${fresh ? "New library" : `Add a folder to ${esc(library)}`}</h2>
       <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body"><ol class="x-steps">${steps.map((one) => `<li>${one}</li>`).join("")}</ol>
       ${panels.map((html, i) => `<div class="x-step" data-step="${i}" hidden>${html}</div>`).join("")}
       <div class="x-ask-problem" role="alert"></div></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="back">Back</button>
       <button class="x-btn x-btn-main" type="submit"></button></div></form>`,
      { onclose: () => estimate?.stop() },
    );
    box.classList.add("x-dialog-middle");
    const form = box.querySelector("form");
    const part = (key) => box.querySelector(`[data-part="${key}"]`);
    const picker = XMR.picker(part("picker"));
    const profiles = fresh ? XMR.profiles(part("profiles")) : null;
    const last = steps.length - 1;
    let step = 0;
    let folder = "";

    function show(to) {
      step = to;
      for (const one of box.querySelectorAll(".x-step")) one.hidden = Number(one.dataset.step) !== step;
      box.querySelectorAll(".x-steps li").forEach((one, i) => {
        if (i === step) one.setAttribute("aria-current", "step");
        else one.removeAttribute("aria-current");
        one.toggleAttribute("data-done", i < step);
      });
      box.querySelector('[data-do="back"]').hidden = step === 0;
      form.querySelector('[type="submit"]').textContent =
        step === 0 ? "Use this folder" : step < last ? "Next" : "Start indexing";
      problem(box, null);
      estimate?.stop();
      estimate = null;
      if (step === last) weigh();
      box.scrollTop = 0;
    }

    function weigh() {
      estimate?.stop();
      part("folder").textContent = folder;
      estimate = XMR.estimate(part("estimate"), { library, folders: [folder], ignore: form.ignore.value });
    }

    async function forward() {
      if (step === 0) {
        folder = await picker.chosen();
        if (folder === null) return;
        if (fresh && !form.name.value)
          form.name.value = proposed(folder, [...root.querySelectorAll(".x-lib-card")].map((c) => c.dataset.library));
        show(1);
        if (fresh) form.elements.name.select();
        form.elements[fresh ? "name" : "ignore"]?.focus?.();
        return;
      }
      if (step < last) {
        await call("library-check", { name: form.elements.name.value, profile: profiles.chosen() });
        show(step + 1);
        form.querySelector('[type="submit"]').focus();
        return;
      }
      const what = { folder, folders: [folder], ignore: form.ignore.value };
      if (fresh)
        await begin("library-create", { ...what, name: form.elements.name.value, profile: profiles.chosen() }, box);
      else {
        await begin("run-start", { ...what, library }, box);
        await open(library);
      }
      XMR.emit("libraries-changed");
    }

    form.addEventListener("submit", (event) => {
      event.preventDefault();
      busy(form.querySelector('[type="submit"]'), () => forward().catch((error) => problem(box, error)));
    });
    on(box, "click", '[data-do="back"]', () => show(step - 1));
    on(box, "change", '[name="ignore"]', weigh);
    show(0);
    box.querySelector('[name="path"]').focus();
  }

  /** A name for a library of a folder: the folder's own, made one that can be used. */
  function proposed(folder, taken) {
    const own = folder.split(/[\\/]/).filter(Boolean).pop() ?? "";
    const base = own.replace(/[^\p{L}\p{N}_ .-]+/gu, " ").replace(/^[^\p{L}\p{N}_]+|[. ]+$/gu, "").slice(0, 60) || "library";
    let name = base;
    for (let i = 2; taken.includes(name); i += 1) name = `${base} ${i}`;
    return name;
  }

  const does = {
    new: () => wizard(),
    add: () => wizard({ library: current, ignore: sheet().querySelector('[name="ignore"]')?.value }),
    choose: (_, card) => visit(card.dataset.library),
    demo: () => begin("demo-build", { library: "demo" }),
    update: () => begin("run-start", { library: current }),
    pause: () => steer("run-pause"),
    resume: () => steer("run-resume"),
    cancel: () => steer("run-cancel"),
    again: () => begin("run-again", { library: current }),
    dismiss: async () => {
      dismissed = 1;
      await call("run-dismiss", { library: current });
      run(null);
      $(".x-lib-sheet h2")?.focus();
    },
    "search-in": () => {
      XMR.emit("search-in", { library: current });
      XMR.go("search");
    },
    accept: async () => {
      const sure = await XMR.confirm({
        title: "Accept the loss?",
        text: "The files that are not there any more will be marked as missing, and not be found by searches. If they come back, the next run finds them again.",
        action: "Accept the loss",
        bad: true,
      });
      if (sure) await begin("run-start", { library: current, accept_loss: true });
    },
    retry: (_, button) => begin("run-retry", { library: current, ids: [Number(button.dataset.failure)] }),
    "retry-all": () => begin("run-retry", { library: current }),
    "more-failures": async (_, button) => {
      const row = button.closest("li");
      const { html } = await call("library-failures", { library: current, offset: Number(row.dataset.offset) });
      const list = row.parentElement;
      const at = list.children.length - 1;
      row.remove();
      list.insertAdjacentHTML("beforeend", html);
      list.children[at]?.querySelector("button")?.focus();
    },
    rename: () => {
      const library = current;
      const box = ask({
        title: `Rename ${library}`,
        body: `<label class="x-field">Name<input type="text" name="name" value="${esc(library)}" maxlength="64"
          autocomplete="off" spellcheck="false"></label>`,
        action: "Rename",
        submit: async (form) => {
          const { name } = await call("library-rename", { library, name: form.get("name") });
          return async () => {
            await shelf();
            await visit(name);
            XMR.emit("libraries-changed");
          };
        },
      });
      box.querySelector("input").select();
    },
    delete: () => {
      const library = current;
      const box = ask({
        title: `Delete ${library}?`,
        body: `<p>The library goes: its catalogue, vectors and small pictures. <strong>Your own files are not touched.</strong></p>
          <label class="x-field"><span>Type <b>${esc(library)}</b> to delete it</span><input type="text" name="typed" autocomplete="off" spellcheck="false"></label>`,
        action: "Delete the library",
        bad: true,
        submit: async (form) => {
          await call("library-delete", { library, typed: form.get("typed") });
          return async () => {
            say(`${library} is deleted.`);
            current = "";
            history.replaceState(null, "", "#library");
            await all("");
            XMR.emit("libraries-changed");
            $(".x-lib-sheet h2")?.focus();
          };
        },
      });
      box.querySelector("input").focus();
    },
    profile: () => {
      const library = current;
      let profiles = null;
      const box = ask({
        title: `Profile of ${library}`,
        body: `<p class="x-quiet">Media are compared in the space of a profile. Another one takes over once all media
          are carried into it; until then this library stays as it is.</p><div data-part="profiles"></div>`,
        action: "Change the profile",
        wide: true,
        submit: async (_, asked) => {
          await begin("run-profile", { library, profile: profiles.chosen() }, asked);
        },
      });
      box.classList.add("x-dialog-middle");
      profiles = XMR.profiles(box.querySelector('[data-part="profiles"]'), { used: sheet().dataset.profile });
    },
    move: (_, button) => {
      const library = current;
      const folder = Number(button.dataset.root);
      let picker = null;
      const box = ask({
        title: "Where is the folder now?",
        body: `<p>It was <span class="x-mono">${esc(button.dataset.path)}</span>. What is known of its files is kept.</p>
          <div data-part="picker"></div>`,
        action: "It is here now",
        wide: true,
        submit: async (_, asked) => {
          const chosen = await picker.chosen();
          if (chosen === null) throw XMR.failure("That folder cannot be opened.", "Choose another one.");
          await begin("root-move", { library, root: folder, folder: chosen }, asked);
          await open(library);
        },
      });
      box.classList.add("x-dialog-middle");
      picker = XMR.picker(box.querySelector('[data-part="picker"]'));
    },
    remove: async (_, button) => {
      const library = current;
      const sure = await XMR.confirm({
        title: "Take this folder out of the library?",
        text: `${button.dataset.path} and what is known of it leave the library. The files themselves are not touched.`,
        action: "Take it out",
        bad: true,
      });
      if (!sure) return;
      await call("root-remove", { library, root: Number(button.dataset.root) });
      await open(library, { focus: true });
      await shelf();
      XMR.emit("libraries-changed");
    },
    salvage: () => begin("library-salvage", { library: current }),
  };

  async function steer(action) {
    const answer = await call(action, { library: current });
    run(answer.run);
    watcher.watch(current, answer.run);
    XMR.emit("jobs-changed");
  }

  // ---- the page

  XMR.page("library", {
    init(element) {
      root = element;
      const live = $("[data-live]");
      say = (text) => (live.textContent = text);
      told = XMR.runPanel.teller((text) => say(text));
      watcher = XMR.watchRun(seen);
      on(root, "click", "[data-do]", async (event, target) => {
        const act = does[target.dataset.do];
        if (!act) return;
        target.closest("details.x-pop")?.removeAttribute("open");
        // a second click while the server thinks does nothing
        await busy(target, async () => act(event, target)).catch(fail);
      });
      on(root, "submit", '[data-form="ignore"]', async (event, form) => {
        event.preventDefault();
        try {
          await call("library-ignore", { library: current, ignore: form.ignore.value });
          XMR.toast("info", "The patterns are kept.", "They are used from the next run on.");
          await open(current);
        } catch (error) {
          fail(error);
        }
      });
      window.addEventListener("hashchange", () => {
        const name = addressed();
        if (XMR.current === "library" && name && name !== current) open(name, { focus: true }).catch(fail);
      });
      // of other pages and tabs; what this page did itself it shows itself
      XMR.listen("job-ended", () => XMR.current === "library" && shelf().catch(fail));
      XMR.listen("back", () => {
        if (XMR.current === "library" && !document.querySelector("dialog[open]")) all(current).catch(fail);
      });
    },
    async show() {
      try {
        await all(addressed() || current);
      } catch (error) {
        fail(error);
      }
    },
    hide() {
      watcher.stop();
    },
  });
})();
