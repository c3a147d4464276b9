// The Map page: draws a library's chart and leads the page's parts.
"use strict";

XMR.page("map", (() => {
  const { call, esc, fail, listen, on } = XMR;
  const { CODES, NAMES } = XMRAtlas;
  const MOVE = 900; // ms of a move of all points
  const FEW = 5; // items below which nothing is arranged by its neighbours
  let root, part, glass, sketch, gap, query, legend, roam, finder, course, job;
  let move = null; // of the points: {from, to, start}
  let keyed = false; // the point was reached by the keys
  let middles = false;
  let drawing = 0;
  let loading = null;

  /** What the page's parts share. */
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
    looked: () => finder.look(),
    reach: () => (finder.pictures.length ? 30 : dot() / 2 + 5),
    changed: () => {
      point(-1);
      draw();
      finder.look();
    },
    asked: () => gap.rank(course.asked, stage.choice.centred, stage.chart?.gap.shares),
    draw, dot, point, open, load,
  };

  // ---- the chart

  async function load(name) {
    const mine = (loading = {});
    const other = name !== stage.library;
    stage.library = name;
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
    const before = stage.chart && !other && stage.chart.count === chart?.count ? current() : null;
    stage.chart = chart;
    part("none").hidden = Boolean(chart);
    finder.forget();
    point(-1);
    if (other) {
      stage.off.clear();
      course.forget();
    }
    gap.show(chart?.gap ?? null, stage.choice.centred, middles);
    count();
    if (!chart?.layouts[stage.choice.layout]) stage.choice.layout = "pca";
    buttons();
    legend.draw();
    if (!chart) {
      glass.move(new Float32Array(), new Float32Array());
      draw();
      return;
    }
    glass.groups(stage.groups, chart.media);
    go(before ?? stage.places());
    roam.frame(false);
    if (other) roam.settle();
    finder.look();
    course.ask(query);
  }

  function count() {
    const { count: shown, total } = stage.chart ?? {};
    const say = (number) => number.toLocaleString("en");
    part("count").textContent = !stage.chart ? ""
      : shown < total ? `${say(shown)} of ${say(total)} items, evenly chosen`
        : `${say(shown)} ${shown === 1 ? "item" : "items"}`;
  }

  /** The places of all points as they are on the screen now. */
  function current() {
    const t = move ? stage.ease(stage.span(move.start, MOVE)) : 1;
    return t === 1 ? stage.places() : move.to.map((value, i) => move.from[i] + t * (value - move.from[i]));
  }

  /** Let the points go from somewhere to where they belong. */
  function go(from) {
    move = { from, to: stage.places(), start: performance.now() };
    glass.move(move.from, move.to);
    draw();
  }

  /** Another layout, or the other side of it. */
  function rearrange(change) {
    const [from, whole] = [current(), roam.at_home()];
    Object.assign(stage.choice, change);
    point(-1);
    buttons();
    go(from);
    roam.frame(whole);
    course.aim();
    gap.show(stage.chart.gap, stage.choice.centred, middles);
    stage.asked();
    finder.look();
    keep();
  }

  // ---- drawing

  function draw() {
    if (!drawing && XMR.current === "map") drawing = requestAnimationFrame(frame);
  }

  function frame() {
    drawing = 0;
    if (stage.size.width < 2) return;
    const flying = roam.step();
    const moved = move ? stage.span(move.start, MOVE) : 1;
    glass.draw({
      ...stage.size, ...roam.view, moved: stage.ease(moved), size: dot(), palette: legend.palette(),
      ground: legend.paints.ground,
    });
    const moving = over(moved === 1);
    if (moved < 1 || flying || moving) draw();
  }

  /** How large a point is, in pixels. */
  function dot() {
    const shown = stage.chart?.count ?? 0;
    const base = shown <= 60 ? 17 : shown <= 400 ? 13.5 : shown <= 2500 ? 9 : shown <= 8000 ? 6 : 4.6;
    const narrow = stage.size.width < 500 ? 0.8 : 1;
    return Math.min(26, narrow * base * Math.max(0.8, Math.min(3, (roam.view.zoom / roam.home.zoom) ** 0.4)));
  }

  /** What lies over the points; whether it moves. `still`: the points do not. */
  function over(still) {
    const { css } = XMRGlass;
    const { chart, choice, size } = stage;
    const { paints } = legend;
    const [ink, ground, bad, quiet] = ["ink", "ground", "bad", "quiet"].map((name) => css(paints[name]));
    sketch.begin({ ...size, ...roam.view, ink, ground, bad, quiet, font: "XMR Sans, system-ui, sans-serif" });
    if (!chart) return false;
    const lying = (colour) => XMRAtlas.middles(chart, colour, choice.layout, stage.side());
    if (still)
      for (const [i, image] of finder.pictures) sketch.picture(stage.place(i), image, css(legend.tint(stage.groups[i])));
    if (still && middles) {
      const list = lying("medium").map(({ group, place }) => ({ place, medium: CODES[group], colour: css(paints.medium[group]) }));
      sketch.middles(list, chart.gap.media, chart.gap[stage.side()].between);
    }
    if (still && choice.colour === "cluster")
      sketch.names(lying("cluster").filter(({ group }) => !stage.off.has(group))
        .map(({ group, place }) => ({ place, text: XMRAtlas.title(chart, "cluster", group) })));
    const moving = course.draw(sketch, still);
    if (stage.at >= 0 && still) sketch.ring(stage.place(stage.at), dot() / 2 + 2, ink, keyed ? 3 : 2);
    return moving;
  }

  // ---- items

  /** Show which item a point is; none for −1. */
  async function point(i, by_keys = false) {
    if (i === stage.at && by_keys === keyed) return;
    stage.at = i;
    keyed = by_keys;
    part("over").style.cursor = i >= 0 ? "pointer" : "";
    draw();
    const one = i < 0 ? null : await finder.item(i);
    if (stage.at !== i) return;
    finder.tip(one, i < 0 ? [0, 0] : roam.screen(stage.place(i)));
    if (one && by_keys) stage.say(`${one.title}, ${NAMES[one.modality].toLowerCase()}`);
  }

  function open(i) {
    show(stage.chart.ids[i]);
  }

  function show(id) {
    const term = (node, weight) => ({
      kind: "item", library: node.dataset.library, id: Number(node.dataset.id), title: node.dataset.title,
      modality: node.dataset.m, src: node.dataset.src, weight,
    });
    const { library } = stage;
    const why = () => XMR.why(library, id, { terms: query.terms, libraries: [library] });
    XMRDetail.open({ library, id, no: 0 }, {
      ...XMR.fileActions, ...(course.asked && { why }),
      similar: (node) => query.set([term(node, 1)]),
      like: (node) => query.add(term(node, 0.5)),
      unlike: (node) => query.add(term(node, -0.5)),
    });
  }

  /** A hit of the rankings under the pointer: its point, and its place in the other list. */
  function hit(id) {
    for (const other of root.querySelectorAll(".x-rank button")) other.toggleAttribute("data-same", Number(other.dataset.id) === id);
    stage.at = stage.chart?.ids.indexOf(id) ?? -1;
    draw();
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
    const press = (name, work) => on(root, "click", `[data-do="${name}"]`, (_, button) => work(button));
    press("layout", ({ dataset: { value } }) => {
      stage.touched = true;
      if (!stage.chart || value === stage.choice.layout) return;
      if (stage.chart.layouts[value]) rearrange({ layout: value });
      else job.start(true);
    });
    press("colour", ({ dataset: { value } }) => {
      Object.assign(stage, { off: new Set() });
      stage.choice.colour = value;
      buttons();
      keep();
      if (!stage.chart) return;
      glass.groups(stage.groups, stage.chart.media);
      legend.draw();
      const whole = roam.at_home();
      roam.frame(whole); // the legend is as wide as its names
      draw();
    });
    press("centre", () => {
      stage.touched = true;
      if (stage.chart) rearrange({ centred: !stage.choice.centred });
    });
    press("closer", () => roam.zoom(1.6, undefined, true));
    press("farther", () => roam.zoom(1 / 1.6, undefined, true));
    press("whole", () => roam.fly(roam.home));
    press("middles", () => {
      middles = !middles;
      gap.show(stage.chart.gap, stage.choice.centred, middles);
      draw();
    });
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
    const dense = Math.min(2, devicePixelRatio || 1);
    const whole = roam.at_home();
    stage.size = { width, height, dense };
    for (const canvas of [part("points"), part("over")])
      Object.assign(canvas, { width: Math.round(width * dense), height: Math.round(height * dense) });
    if (stage.chart) {
      roam.frame(false);
      if (whole) roam.settle();
    }
    cancelAnimationFrame(drawing);
    frame(); // a canvas whose size has changed is empty
  }

  function init(given) {
    root = given;
    part = (name) => root.querySelector(`[data-part="${name}"]`);
    Object.assign(stage, { root, part, over: part("over") });
    Object.assign(stage.choice, { colour: kept().colour ?? "medium", centred: kept().centred === true });
    glass = XMRGlass.open(part("points"));
    glass.onlost = draw;
    sketch = XMRSketch(part("over"));
    stage.legend = legend = XMRLegend(stage);
    stage.roam = roam = XMRRoam(stage);
    finder = XMRFinder(stage);
    course = XMRCourse(stage);
    gap = XMRGap(root);
    query = XMRArithmetic(root, () => course.ask(query));
    job = XMRArranging(stage, async (show) => {
      await load(stage.library);
      if (show && stage.chart?.layouts.umap) rearrange({ layout: "umap" });
      stage.say("Neighbours are ready.");
    });
    acts();
    new ResizeObserver(resized).observe(part("view"));
    listen("theme", () => {
      legend.paint();
      draw();
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
      draw();
      if (!stage.chart) return;
      try {
        const { generation } = await call("map.job", { library: stage.library });
        if (generation !== stage.chart?.generation) load(stage.library); // a run has changed it meanwhile
      } catch (error) {
        fail(error);
      }
    },
    hide: () => point(-1),
  };
})());
