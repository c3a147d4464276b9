// The Map page: draws a library's chart and leads the page's parts.
"use strict";

XMR.page("map", (() => {
  const { call, esc, fail, listen, on } = XMR;
  const FEW = 5; // items below which nothing is arranged by its neighbours
  let root, part, query, job;
  let loading = null;

  /** What the page's parts share; each of them is here by its name. */
  const stage = {
    chart: null, // as the server told it, unpacked
    library: "", // its name
    choice: { layout: "pca", colour: "medium", centred: false },
    size: { width: 1, height: 1, dense: 1 },
    off: new Set(), // groups that the legend leaves out
    at: -1, // the point under the pointer or the keys
    touched: false, // the user has begun to look around
    side: () => (stage.choice.centred ? "centred" : "raw"),
    places: () => stage.chart.layouts[stage.choice.layout][stage.side()],
    place: (i) => [stage.places()[2 * i], stage.places()[2 * i + 1]],
    get groups() { return XMRAtlas.column(stage.chart, stage.choice.colour); },
    ease: (t) => (t < 0.5 ? 4 * t ** 3 : 1 - (-2 * t + 2) ** 3 / 2),
    span: (start, length) => (XMR.calm() ? 1 : Math.min(1, (performance.now() - start) / length)),
    say: (text) => (part("said").textContent = text),
    looked: () => stage.finder.look(),
    reach: () => (stage.finder.pictures.length ? 30 : stage.dot() / 2 + 5),
    changed: () => {
      stage.point(-1);
      stage.draw();
      stage.finder.look();
    },
    draw: () => stage.scene.draw(),
    retouch: () => stage.scene.retouch(),
    dot: () => stage.scene.dot(),
    point: (i, by_keys) => stage.tip.point(i, by_keys),
    open: (i) => show(stage.chart.ids[i]),
    load,
  };

  // ---- the chart

  async function load(name) {
    const mine = (loading = {});
    const other = name !== stage.library;
    stage.library = name;
    if (other && stage.chart) take(null, true); // not the one under the name of the other
    part("view").setAttribute("aria-busy", "true");
    const slow = setTimeout(() => job.tell("Laying the library out …"), 400);
    try {
      const told = await call("map.chart", { library: name });
      if (loading !== mine) return;
      take(told.count ? XMRAtlas.unpack(told) : null, other);
      if (!told.count)
        none(told.total ? "Nothing can be drawn yet." : `${name} is empty.`,
          'Add a folder on the <a href="#library">Library page</a>; what is found there is drawn here.');
      job.follow(told.job);
      if (told.count && !told.arranged && !told.job) job.start();
    } catch (error) {
      if (loading !== mine) return;
      take(null, true);
      job.follow(null);
      none(error.message, esc(error.hint ?? ""));
    } finally {
      clearTimeout(slow);
      if (loading === mine) part("view").removeAttribute("aria-busy");
    }
  }

  function none(title, text) {
    part("none").innerHTML = `<div class="x-empty"><h3>${esc(title)}</h3><p>${text}</p></div>`;
    part("none").hidden = false;
  }

  function take(chart, other) {
    const { course, finder, gap, legend, ringed, roam, scene } = stage;
    const before = stage.chart && !other && stage.chart.count === chart?.count ? scene.current() : null;
    stage.chart = chart;
    part("none").hidden = Boolean(chart);
    finder.forget();
    ringed.forget();
    stage.point(-1);
    if (other) {
      stage.off.clear();
      course.forget();
    }
    gap.show();
    count();
    if (!chart?.layouts[stage.choice.layout]) stage.choice.layout = "pca";
    buttons();
    legend.draw();
    if (!chart) return scene.empty();
    scene.group();
    scene.go(before ?? stage.places());
    roam.frame(false);
    if (other) roam.settle();
    finder.look();
    course.ask(query);
    ringed.list();
  }

  function count() {
    const { count: shown, total } = stage.chart ?? {};
    const say = (number) => number.toLocaleString("en");
    part("count").textContent = !stage.chart ? ""
      : shown < total ? `${say(shown)} of ${say(total)} items, evenly chosen`
        : `${say(shown)} ${shown === 1 ? "item" : "items"}`;
  }

  /** Another layout, or the other side of it. */
  function rearrange(change) {
    const { course, finder, gap, roam, scene } = stage;
    const [from, whole] = [scene.current(), roam.at_home()];
    Object.assign(stage.choice, change);
    stage.point(-1);
    buttons();
    scene.go(from);
    roam.frame(whole);
    course.aim();
    gap.show();
    gap.rank();
    finder.look();
    keep();
  }

  // ---- items

  /** An item's sheet. */
  function show(id) {
    const term = (node, weight) => ({
      kind: "item", library: node.dataset.library, id: Number(node.dataset.id), title: node.dataset.title,
      modality: node.dataset.m, src: node.dataset.src, weight,
    });
    const { library } = stage;
    const why = () => XMR.why(library, id, { terms: query.terms, libraries: [library] });
    XMRDetail.open({ library, id, no: 0 }, {
      ...XMR.fileActions, ...(stage.course.asked && { why }),
      similar: (node) => query.set([term(node, 1)]),
      like: (node) => query.add(term(node, 0.5)),
      unlike: (node) => query.add(term(node, -0.5)),
    });
  }

  /** A hit of the rankings under the pointer: its point, and its place in the other list. */
  function hit(id) {
    for (const other of root.querySelectorAll(".x-rank button")) other.toggleAttribute("data-same", Number(other.dataset.id) === id);
    stage.at = stage.chart?.ids.indexOf(id) ?? -1;
    stage.retouch();
  }

  // ---- the page

  function buttons() {
    const { choice, chart } = stage;
    for (const name of ["layout", "colour"])
      for (const button of root.querySelectorAll(`[data-do="${name}"]`))
        button.setAttribute("aria-pressed", button.dataset.value === choice[name]);
    root.querySelector('[data-do="centre"]').setAttribute("aria-checked", choice.centred);
    root.querySelector('[data-do="layout"][data-value="umap"]').disabled = !chart || chart.count < FEW;
  }

  function keep() {
    const { library, choice } = stage;
    sessionStorage.setItem("xmr-map", JSON.stringify({ library, colour: choice.colour, centred: choice.centred }));
  }

  function kept() {
    try {
      return JSON.parse(sessionStorage.getItem("xmr-map")) ?? {};
    } catch {
      return {}; // nothing usable was kept
    }
  }

  function libraries() {
    const { all, chosen } = XMR.library;
    const select = part("library");
    const usable = all.filter((one) => !one.error).map((one) => one.name);
    const now = [stage.library, kept().library, ...chosen].find((name) => usable.includes(name)) ?? usable[0] ?? "";
    XMR.redraw(select, usable.map((name) => `<option data-key="${esc(name)}" value="${esc(name)}">${esc(name)}</option>`).join(""));
    select.value = now;
    select.closest("label").hidden = usable.length < 2;
    if (now && now !== stage.library && XMR.current === "map") load(now);
    if (now) return;
    stage.library = "";
    take(null, true);
    none("There is no library yet.",
      'Make one on the <a href="#library">Library page</a>, or build the demo on the <a href="#search">Search page</a>.');
  }

  function acts() {
    const { roam } = stage;
    const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
    press("layout", ({ dataset: { value } }) => {
      stage.touched = true;
      if (!stage.chart || value === stage.choice.layout) return;
      if (stage.chart.layouts[value]) rearrange({ layout: value });
      else job.start(true);
    });
    press("colour", ({ dataset: { value } }) => {
      stage.off = new Set();
      stage.choice.colour = value;
      buttons();
      keep();
      if (!stage.chart) return;
      stage.scene.group();
      stage.legend.draw();
      roam.frame(roam.at_home()); // the legend is as wide as its names
    });
    press("centre", () => {
      stage.touched = true;
      if (stage.chart) rearrange({ centred: !stage.choice.centred });
    });
    press("closer", () => roam.zoom(1.6, undefined, true));
    press("farther", () => roam.zoom(1 / 1.6, undefined, true));
    press("whole", () => roam.fly(roam.home));
    press("hit", (button) => show(Number(button.dataset.id)));
    for (const type of ["pointerover", "focusin"])
      on(root, type, '[data-do="hit"]', (_, button) => hit(Number(button.dataset.id)));
    for (const type of ["pointerout", "focusout"]) on(root, type, '[data-do="hit"]', () => hit(-1));
    part("library").addEventListener("change", (event) => {
      stage.touched = false;
      load(event.target.value).then(keep);
    });
  }

  function resized() {
    const { clientWidth: width, clientHeight: height } = part("view");
    if (!width) return; // the page is not shown
    const { roam, scene } = stage;
    const whole = roam.at_home();
    stage.size = { width, height, dense: Math.min(2, devicePixelRatio || 1) };
    if (stage.chart) {
      roam.frame(false);
      if (whole) roam.settle();
    }
    scene.resized();
  }

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(stage, { root, part, over: part("over") });
    Object.assign(stage.choice, { colour: kept().colour ?? "medium", centred: kept().centred === true });
    Object.assign(stage, {
      legend: XMRLegend(stage), roam: XMRRoam(stage), scene: XMRScene(stage), tip: XMRTip(stage), finder: XMRFinder(stage),
      course: XMRCourse(stage), ringed: XMRRinged(stage), gap: XMRGap(stage),
    });
    query = XMRArithmetic(root, () => stage.course.ask(query));
    job = XMRArranging(stage, async (show) => {
      await load(stage.library);
      if (show && stage.chart?.layouts.umap) rearrange({ layout: "umap" });
      stage.say("Neighbours are ready.");
    });
    acts();
    new ResizeObserver(resized).observe(part("view"));
    listen("theme", () => {
      stage.legend.paint();
      stage.draw();
    });
    listen("libraries-chosen", libraries);
    listen("job-ended", ({ library }) => library === stage.library && XMR.current === "map" && load(library));
    if (XMR.library.loaded) libraries();
  }

  return {
    init,
    async show() {
      if (XMR.library.loaded) libraries();
      query.look();
      stage.draw();
      if (!stage.chart) return;
      try {
        const { generation } = await call("map.job", { library: stage.library });
        if (generation !== stage.chart?.generation) load(stage.library); // a run has changed it meanwhile
      } catch (error) {
        fail(error);
      }
    },
    hide: () => stage.point(-1),
  };
})());
