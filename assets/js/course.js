// The query as points of the map that move: asks the server where it falls, and leads its points
// from where they are to where they belong.
"use strict";

window.XMRCourse = (stage) => {
  const { call, fail } = XMR;
  const { CODES, UNIT } = XMRAtlas;
  const MOVE = 900; // ms
  const RINGS = 12; // of the nearest items
  let asked = null; // the server's answer, with the keys of its terms
  let marks = new Map(); // name → place now
  let from = new Map();
  let to = new Map();
  let start = 0;
  let running = null;

  /** Ask where the query falls; `query` is the page's. */
  async function ask(query) {
    running?.abort();
    const { terms, keys } = query;
    if (!stage.chart || !terms.some((one) => one.weight > 0)) {
      forget();
      if (terms.length) stage.say("Add something; what is only subtracted has no place.");
      return;
    }
    const mine = (running = new AbortController());
    const form = stage.part("ask");
    const slow = setTimeout(() => form.classList.add("x-map-busy"), 250);
    try {
      const told = await call("map.ask", { library: stage.library, terms }, { signal: mine.signal });
      if (running !== mine || !stage.chart) return;
      if (told.generation !== stage.chart.generation) return void stage.load(stage.library);
      asked = { ...told, keys };
      aim();
      stage.gap.rank();
      stage.say(`${asked.names.join(", ")}: nearest is ${best()[0]?.title ?? "nothing"}.`);
    } catch (error) {
      if (error.name !== "AbortError") fail(error);
    } finally {
      clearTimeout(slow);
      if (running === mine) form.classList.remove("x-map-busy");
    }
  }

  function forget() {
    asked = null;
    [marks, from, to] = [new Map(), new Map(), new Map()];
    stage.gap.rank();
    stage.retouch();
  }

  const best = () => asked[stage.choice.centred ? "after" : "before"].hits;

  /** Let the points go to where they belong now. */
  function aim() {
    if (!asked) return;
    const side = stage.side();
    const placed = (list) => (list[stage.choice.layout] ?? list.pca)[side].map(([x, y]) => [x / UNIT, y / UNIT]);
    const last = [...marks.keys()].filter((key) => key.startsWith("sum")).pop();
    [from, to, start] = [new Map(), new Map(), performance.now()];
    const set = (key, place, begin = place) => {
      to.set(key, place);
      from.set(key, marks.get(key) ?? begin);
    };
    placed(asked.terms).forEach((place, i) => set(`term ${asked.keys[i]}`, place));
    // a sum that is new comes out of the one that was the query
    placed(asked.path).forEach((place, i) => set(`sum ${i}`, place, marks.get(last)));
    stage.retouch();
  }

  /** One frame; whether it goes on. */
  function draw(sketch, still) {
    if (!asked || !to.size) return false;
    const t = stage.span(start, MOVE);
    marks = new Map([...to].map(([key, [x, y]]) => {
      const [ax, ay] = from.get(key);
      return [key, [ax + stage.ease(t) * (x - ax), ay + stage.ease(t) * (y - ay)]];
    }));
    const { css } = XMRGlass;
    const { paints } = stage.legend;
    if (t === 1 && still)
      for (const { id } of best().slice(0, RINGS)) {
        const i = stage.chart.ids.indexOf(id);
        if (i >= 0) sketch.ring(stage.place(i), stage.dot() / 2, css(paints.ink), 1.5);
      }
    sketch.query({
      terms: asked.names.map((name, i) => ({
        name, medium: asked.media[i], minus: asked.weights[i] < 0, place: marks.get(`term ${asked.keys[i]}`),
        colour: css(paints.medium[CODES.indexOf(asked.media[i])]), step: asked.order.indexOf(i),
      })),
      path: asked.order.map((_, i) => marks.get(`sum ${i}`)),
    });
    return t < 1;
  }

  return {
    ask, aim, draw, forget,
    get asked() { return asked; },
    /** Where the query's points are now, by name. */
    get marks() { return marks; },
  };
};
