// The Lab page: data and methods are chosen, fitted and compared.
"use strict";

XMR.page("lab", (() => {
  const { call, esc, fail, note, on } = XMR;
  const LOOK = 500; // ms between two looks at a run
  const KEEP = "xmr-lab";
  const FEW = 200; // pairs to learn a space from
  const shown = new Map(); // what is in each part of the page
  const TRIES = 5; // looks at a run that may fail, one after the other: a server can be busy
  let root, part, timer, sorted = "", way = "", offered = null, sizes = "", begun = 0, missed = 0;

  /** What the page's parts share. */
  const stage = {
    told: null, // what the server says of the run
    ending: "", // token of the run that is to end: a step that is under way is gone through
    titles: {}, // of methods, by name
    families: {},
    words: {}, // of media
    medium: (m) => stage.words[m]?.[0] ?? m,
    mediums: (m) => (stage.words[m]?.[1] ?? m).toLowerCase().replace("3d", "3D"),
    /** Methods that have made a space, in the order they were chosen. */
    spaces: () => stage.told.methods.filter((name) => stage.told.fits[name]?.dim),
    /** Fit methods for a lesson; whether that has begun. */
    fit: (data, methods) => {
      stage.data.choose(data);
      stage.data.tick(methods);
      part("seed").value = 0; // what lessons say is so under it
      return fit({ data, media: [], methods });
    },
    count: (by) => {
      way = by;
      if (stage.told) draw();
    },
    /** Whether what is shown are just these methods, of this data, under the seed of the lessons. */
    shows: (data, methods) => {
      const { told } = stage;
      if (told?.data !== data || told.seed) return false;
      const there = Object.keys(told.fits);
      return there.length === methods.length && methods.every((name) => told.fits[name]);
    },
    /** Fill a part of the page, unless it shows just that; focus and scrolling stay where they are. */
    put: (where, html) => {
      const box = stage.part(where);
      if (shown.get(where) === html) return;
      shown.set(where, html);
      const held = box.contains(document.activeElement) ? document.activeElement.dataset : null;
      const moved = box.querySelector(".x-lab-scroll")?.scrollLeft;
      box.innerHTML = html;
      if (moved) box.querySelector(".x-lab-scroll")?.scrollTo({ left: moved });
      if (held) [...box.querySelectorAll("[data-do]")].find((node) => ["do", "value", "method"].every((key) => node.dataset[key] === held[key]))?.focus({ preventScroll: true });
    },
    wait: (where) => {
      if (!stage.part(where).firstElementChild)
        stage.put(where, '<p class="x-row x-quiet"><span class="x-spin"></span>Measuring …</p>');
    },
    /** Fill in the pictures of test things that a part of the page holds. */
    pictures: async (box, token) => {
      const empty = [...box.querySelectorAll("[data-picture]:not([src])")];
      if (!empty.length) return;
      try {
        const { pictures } = await call("lab.pictures", { token, rows: [...new Set(empty.map((img) => Number(img.dataset.picture)))] });
        for (const img of empty) {
          const address = pictures[img.dataset.picture];
          if (address) img.src = address;
          else img.remove();
        }
      } catch (error) {
        for (const img of empty) img.remove(); // the words beside them say enough
      }
    },
    trouble: (where, error) => stage.put(where, note("bad", error.message, error.hint)),
  };

  // ---- what can be chosen

  async function open() {
    try {
      offered = await call("lab.open");
    } catch (error) {
      return fail(error);
    }
    stage.words = offered.words;
    stage.titles = Object.fromEntries(offered.methods.map((m) => [m.name, m.title]));
    stage.families = Object.fromEntries(offered.methods.map((m) => [m.name, m.family]));
    stage.data.offer(offered);
    stage.lesson.offer(offered.lessons);
    const token = sessionStorage.getItem(KEEP);
    if (token) await look(token);
    stage.lesson.resume();
  }

  /** Libraries have come or gone. */
  async function again() {
    if (!offered) return;
    try {
      offered = await call("lab.open");
      stage.data.offer(offered);
    } catch (error) {
      fail(error);
    }
  }

  // ---- a run

  /** Begin a run; whether it has begun. The one before it ends: nobody would see what comes of it. */
  async function fit(wanted = stage.data.chosen()) {
    const mine = (begun += 1);
    clearTimeout(timer);
    const button = root.querySelector('[data-do="fit"]');
    button.disabled = true;
    try {
      const seed = Math.max(0, Math.trunc(Number(part("seed").value)) || 0);
      part("seed").value = seed;
      const told = await call("lab.run", { ...wanted, seed });
      const old = mine === begun ? stage.told : told; // where another was begun meanwhile, that one stays
      if (old?.job?.active) call("lab.cancel", { token: old.token }).catch(() => {});
      if (mine !== begun) return true;
      missed = 0;
      sessionStorage.setItem(KEEP, told.token);
      follow(told);
      bring();
      return true;
    } catch (error) {
      fail(error);
      if (stage.told?.job?.active) look(stage.told.token);
      return false;
    } finally {
      stage.data.allow();
    }
  }

  /** On narrow pages what comes of a run is below all methods: go there. */
  function bring() {
    if (part("lesson").hidden && part("out").getBoundingClientRect().top > innerHeight / 2)
      part("out").scrollIntoView({ behavior: XMR.calm() ? "auto" : "smooth", block: "start" });
  }

  async function look(token) {
    const mine = begun;
    let told;
    try {
      told = await call("lab.job", { token });
    } catch (error) {
      if (mine !== begun || !stage.told) return; // after a reload the run may be gone: all begins anew
      if ((missed += 1) < TRIES) return void (timer = setTimeout(() => look(token), 4 * LOOK));
      follow({ ...stage.told, job: null });
      return fail(error);
    }
    if (mine !== begun) return; // of a run that is over
    missed = 0;
    if (!stage.told) {
      stage.data.choose(told.data);
      stage.data.tick(told.methods);
      part("seed").value = told.seed;
    }
    follow(told);
  }

  function follow(told) {
    clearTimeout(timer);
    const ended = stage.told?.token === told.token && stage.told.job?.active && !told.job?.active;
    stage.told = told;
    draw();
    if (told.job?.active) timer = setTimeout(() => look(told.token), LOOK);
    else stage.lesson.ended();
    const fitted = Object.keys(told.fits).length;
    if (ended) part("said").textContent = fitted === 1 ? "One method is fitted." : `${fitted} methods are fitted.`;
  }

  function draw() {
    const { told } = stage;
    const done = Object.keys(told.fits).length + Object.keys(told.problems).length;
    const { active } = told.job ?? {};
    stage.job.draw(done);
    part("empty").hidden = done > 0 || active;
    const ranked = told.methods.some((name) => told.fits[name]?.by || told.problems[name]);
    part("table").hidden = !ranked;
    part("left-out").textContent = leftOut(told);
    if (ranked) stage.put("table-body", XMRLabTable.draw(told, counted(), stage.titles, stage, sorted));
    stage.curves.draw();
    stage.speech.draw(active);
    const fitted = stage.spaces();
    const mark = `${told.token} ${fitted.join()}`;
    if (fitted.length && (!active || mark !== sizes)) {
      sizes = mark;
      stage.columns.show();
      if (!active) {
        stage.plane.show();
        stage.bits.show();
      }
    }
    for (const name of ["planes", "columns", "bits"]) if (!fitted.length) part(name).hidden = true;
  }

  /** Which files could not be read. */
  function leftOut({ failures, failed }) {
    if (!failed) return "";
    const names = failures.map(([file, reason]) => `${file} (${reason})`).join(", ");
    return `${failed === 1 ? "One file was" : `${failed.toLocaleString("en")} files were`} left out: ${names}${failed > failures.length ? " …" : ""}`;
  }

  /** What counts as found: as the visitor chose, where the data can be counted so. */
  function counted() {
    const { ways } = stage.told;
    const now = ways.includes(way) ? way : ways[0];
    part("ways").hidden = ways.length < 2;
    for (const button of part("ways").children) button.setAttribute("aria-pressed", button.dataset.value === now);
    return now;
  }

  /** Keep a space as a profile, and bring a library into it if that is wanted. */
  function keep(button) {
    const { method } = button.dataset;
    const own = stage.told.data.startsWith("library:") ? stage.told.data.slice(8) : "";
    const few = stage.told.pairs < FEW;
    const libraries = stage.data.libraries();
    const option = (name) => `<option value="${esc(name)}"${name === own && !few ? " selected" : ""}>${esc(name)}</option>`;
    XMR.ask({
      title: `Use ${stage.titles[method]}`,
      body: `<p>The space is kept as a profile of its own. A library that is brought into it is searched, explained and mapped in this space; its old profile can be chosen again at any time.</p>
        ${few ? note("warn", `It was learned from ${stage.told.pairs} pairs only.`, "A library will most likely be searched far better in the profile that it has.") : ""}
        <label class="x-field"><span>Name</span><input type="text" name="name" maxlength="60" required value="${esc(`${method} ${own || stage.told.data}`)}"></label>
        ${libraries.length ? `<label class="x-field"><span>Bring a library into it now</span><select name="library"><option value="">None yet</option>${libraries.map(option).join("")}</select></label>` : ""}`,
      action: "Keep",
      submit: async (form) => {
        const { profile } = await call("lab.keep", { token: stage.told.token, method, name: form.get("name") });
        const library = form.get("library");
        if (!library) return () => XMR.toast("info", `Kept as the profile ${profile}.`, "Choose it for a library on the Library page: Change profile.");
        await call("run-profile", { library, profile });
        return () => {
          XMR.emit("jobs-changed");
          XMR.toast("info", `Kept as the profile ${profile}.`, `${library} is being brought into it; the Library page shows how far it is.`);
        };
      },
    });
  }

  function init(given) {
    root = given;
    part = stage.part = (name) => root.querySelector(`[data-part="${name}"]`);
    stage.root = root;
    Object.assign(stage, { data: XMRLabData(stage), job: XMRLabJob(stage), curves: XMRLabCurves(stage), plane: XMRLabPlane(stage), columns: XMRLabColumns(stage), bits: XMRLabBits(stage), speech: XMRLabSpeech(stage), lesson: XMRLesson(stage) });
    const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
    for (const which of ["all", "few", "none"]) press(which, () => stage.data.tick(which));
    press("fit", () => fit());
    press("way", (button) => {
      way = button.dataset.value;
      sorted = "";
      draw();
    });
    press("stop", async () => {
      try {
        const mine = begun;
        stage.ending = stage.told.token;
        draw();
        const told = await call("lab.cancel", { token: stage.told.token });
        if (mine === begun) follow(told);
      } catch (error) {
        fail(error);
      }
    });
    press("sort", (button) => {
      sorted = sorted === button.dataset.value ? "" : button.dataset.value;
      draw();
    });
    press("keep", keep);
    if (matchMedia("(max-width: 900px)").matches) part("methods").open = false;
    XMR.listen("libraries-changed", again);
  }

  return {
    init,
    show() {
      if (!offered) open();
      else stage.columns.shifts();
    },
  };
})());
