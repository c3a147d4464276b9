// The Lab page: data and methods are chosen, fitted and compared.
"use strict";

XMR.page("lab", (() => {
  const { call, esc, fail, note, on } = XMR;
  const LOOK = 500; // ms between two looks at a run
  const KEEP = "xmr-lab";
  let root, part, timer, sorted = "", way = "", offered = null, sizes = "";

  /** What the page's parts share. */
  const stage = {
    told: null, // what the server says of the run
    titles: {}, // of methods, by name
    words: {}, // of media
    medium: (m) => stage.words[m]?.[0] ?? m,
    mediums: (m) => (stage.words[m]?.[1] ?? m).toLowerCase().replace("3d", "3D"),
    fit: (data, methods) => {
      part("data").value = data;
      for (const box of root.querySelectorAll(".x-lab-method input")) box.checked = methods.includes(box.value);
      return fit(data, methods);
    },
    count: (by) => {
      way = by;
      if (stage.told) draw();
    },
    wait: (where) => {
      if (!stage.part(where).firstElementChild)
        stage.part(where).innerHTML = '<p class="x-row x-quiet"><span class="x-spin"></span>Measuring …</p>';
    },
    trouble: (where, error) => (stage.part(where).innerHTML = note("bad", error.message, error.hint)),
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
    part("data").innerHTML = offered.data.map((d) =>
      `<option value="${esc(d.name)}">${esc(d.title)}${d.there ? "" : " (files missing)"}</option>`).join("");
    for (const family of root.querySelectorAll(".x-lab-family")) {
      const own = offered.methods.filter((m) => m.family === family.dataset.family);
      family.hidden = !own.length;
      family.querySelector("[data-part]").innerHTML = own.map((m) =>
        `<label class="x-lab-method" title="${esc(m.paper)}"><input type="checkbox" value="${esc(m.name)}"${m.chosen ? " checked" : ""}><span>${esc(m.title)}</span></label>`).join("");
    }
    stage.lesson.offer(offered.lessons);
    where();
    const token = kept();
    if (token) look(token, true);
  }

  function kept() {
    return sessionStorage.getItem(KEEP);
  }

  function where() {
    const chosen = offered?.data.find((d) => d.name === part("data").value);
    part("where").textContent = chosen?.where ?? "";
    root.querySelector('[data-do="fit"]').disabled = !chosen?.there;
  }

  function choose(which) {
    for (const box of root.querySelectorAll(".x-lab-method input"))
      box.checked = which === "all" || (which === "few" && offered.methods.find((m) => m.name === box.value).chosen);
  }

  const chosen = () => [...root.querySelectorAll(".x-lab-method input:checked")].map((box) => box.value);

  // ---- a run

  async function fit(data = part("data").value, methods = chosen()) {
    const button = root.querySelector('[data-do="fit"]');
    button.disabled = true;
    try {
      const seed = Math.max(0, Math.trunc(Number(part("seed").value)) || 0);
      follow(await call("lab.run", { data, methods, seed }));
      sessionStorage.setItem(KEEP, stage.told.token);
    } catch (error) {
      fail(error);
    } finally {
      where();
    }
  }

  async function look(token, quietly = false) {
    try {
      follow(await call("lab.job", { token }));
    } catch (error) {
      sessionStorage.removeItem(KEEP);
      if (!quietly) fail(error);
    }
  }

  function follow(told) {
    clearTimeout(timer);
    const ended = stage.told?.token === told.token && stage.told.job?.active && !told.job?.active;
    stage.told = told;
    draw();
    if (told.job?.active) timer = setTimeout(() => look(told.token), LOOK);
    else stage.lesson.ready();
    if (ended) part("said").textContent = `${Object.keys(told.fits).length} methods are fitted.`;
  }

  function draw() {
    const { told } = stage;
    const done = Object.keys(told.fits).length + Object.keys(told.problems).length;
    const { active, state, message, hint } = told.job ?? {};
    part("job").hidden = !active && state !== "failed" && state !== "cancelled";
    const share = told.methods.length ? (done + inside()) / told.methods.length : 0;
    const bar = root.querySelector(".x-lab-bar");
    bar.hidden = !active;
    bar.firstElementChild.style.width = `${(100 * share).toFixed(1)}%`;
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    root.querySelector('[data-do="stop"]').hidden = !active;
    part("doing").innerHTML = state === "failed" ? `<strong>${esc(message)}</strong> ${esc(hint)}`
      : state === "cancelled" ? `Cancelled: ${done} of ${told.methods.length} methods were fitted.`
        : told.now ? `${esc(stage.titles[told.now])} <span class="x-quiet">${done + 1} of ${told.methods.length}</span>` : "Reading the data …";
    part("learning").innerHTML = active && told.curve.length > 1
      ? XMRChart.lines([{ name: told.now, at: told.methods.indexOf(told.now), points: told.curve }],
        { x: "step", y: "objective", label: `Objective of ${stage.titles[told.now]}` }) : "";
    part("empty").hidden = done > 0 || active;
    part("table").hidden = !done;
    if (done) part("table-body").innerHTML = XMRLabTable.draw(told, counted(), stage.titles, stage.medium, sorted);
    curves();
    const fitted = Object.keys(told.fits);
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

  /** What counts as found: as the visitor chose, where the data can be counted so. */
  function counted() {
    const { ways } = stage.told;
    const now = ways.includes(way) ? way : ways[0];
    part("ways").hidden = ways.length < 2;
    for (const button of part("ways").children) button.setAttribute("aria-pressed", button.dataset.value === now);
    return now;
  }

  /** The share of the method that is fitted now. */
  function inside() {
    const { curve, steps } = stage.told;
    return steps && curve.length ? Math.min(curve.at(-1)[0] / steps, 1) : 0;
  }

  function curves() {
    const { told } = stage;
    const names = told.methods.filter((name) => told.fits[name]);
    const at = (name) => told.methods.indexOf(name);
    const arrows = names.length ? Object.keys(told.fits[names[0]].by[told.ways[0]].curves) : [];
    const learned = names.filter((name) => told.fits[name].curve.length > 1);
    part("curves").hidden = !arrows.length && !learned.length;
    if (part("curves").hidden) return;
    const few = names.length <= 3; // more bands than that hide each other
    const charts = arrows.map((arrow) => {
      const lines = names.map((name) => {
        const { recall, precision, low, high } = told.fits[name].by[told.ways[0]].curves[arrow];
        return { name: stage.titles[name], at: at(name), points: recall.map((r, i) => [r, precision[i]]),
          band: few ? recall.map((r, i) => [r, low[i], high[i]]) : null };
      });
      const title = arrow.split("→").map(stage.medium).join(" → ");
      return `<figure>${XMRChart.lines(lines, { x: "recall", y: "precision", label: `Precision and recall, ${title}`, yfrom: 0 })}<figcaption>${esc(title)}: precision at each recall</figcaption></figure>`;
    });
    // Objectives have no unit in common: each falls from its own start to its own end
    const falling = learned.map((name) => {
      const { curve } = told.fits[name];
      const values = curve.map(([, v]) => v);
      const [low, high] = [Math.min(...values), Math.max(...values)];
      const last = curve.at(-1)[0] || 1;
      return { name: stage.titles[name], at: at(name), points: curve.map(([s, v]) => [s / last, high > low ? (v - low) / (high - low) : 0]) };
    });
    if (falling.length)
      charts.push(`<figure>${XMRChart.lines(falling, { x: "share of the steps", y: "objective, own scale", label: "Training curves", yfrom: 0, yto: 1 })}<figcaption>How each learned</figcaption></figure>`);
    part("curves-body").innerHTML = `<div class="x-lab-pair">${charts.join("")}</div>${XMRChart.legend(names.map((name) => [stage.titles[name], at(name)]))}`;
  }

  /** Keep a space as a profile that libraries can use. */
  function keep(button) {
    const { method } = button.dataset;
    XMR.ask({
      title: `Use ${stage.titles[method]}`,
      body: `<p>The space is kept as a profile of its own. Any library can then be brought into it on the Library page, and Search, Why and Map use it.</p>
        <label class="x-field"><span>Name</span><input type="text" name="name" maxlength="60" required value="${esc(method)} ${esc(stage.told.data)}"></label>`,
      action: "Keep",
      submit: async (form) => {
        const { profile } = await call("lab.keep", { token: stage.told.token, method, name: form.get("name") });
        return () => XMR.toast("good", `Kept as the profile ${profile}.`, "Choose it for a library on the Library page: Change profile.");
      },
    });
  }

  function init(given) {
    root = given;
    part = stage.part = (name) => root.querySelector(`[data-part="${name}"]`);
    stage.root = root;
    Object.assign(stage, { plane: XMRLabPlane(stage), columns: XMRLabColumns(stage), bits: XMRLabBits(stage), lesson: XMRLesson(stage) });
    const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
    for (const which of ["all", "few", "none"]) press(which, () => choose(which));
    press("fit", () => fit());
    press("way", (button) => {
      way = button.dataset.value;
      sorted = "";
      draw();
    });
    press("stop", async () => {
      try {
        follow(await call("lab.cancel", { token: stage.told.token }));
      } catch (error) {
        fail(error);
      }
    });
    press("sort", (button) => {
      sorted = sorted === button.dataset.value ? "" : button.dataset.value;
      draw();
    });
    press("keep", keep);
    part("data").addEventListener("change", where);
  }

  return {
    init,
    show() {
      if (!offered) open();
      else stage.columns.shifts();
    },
  };
})());
