// Draws the map: the points, and what lies over them. Each is drawn when it has changed, and frame
// by frame only while something moves.
"use strict";

window.XMRScene = (stage) => {
  const MOVE = 900; // ms of a move of all points
  const { CODES } = XMRAtlas;
  const { css } = XMRGlass;
  const { part } = stage;
  const [points, over] = [part("points"), part("over")];
  const glass = XMRGlass.open(points);
  const sketch = XMRSketch(over);
  const pace = XMRPace(() => draw());
  let move = null; // of the points: {from, to, start}
  let awaited = 0; // the frame
  let stale = false; // the points are not as they were drawn

  glass.onlost = draw;

  /** Draw everything again. */
  function draw() {
    stale = true;
    retouch();
  }

  /** Draw again what lies over the points. */
  function retouch() {
    if (!awaited && XMR.current === "map") awaited = requestAnimationFrame(frame);
  }

  function frame(now) {
    awaited = 0;
    if (stage.size.width < 2) return;
    const flying = stage.roam.step();
    const moved = move ? stage.span(move.start, MOVE) : 1;
    if (stale || flying || moved < 1) lay(now, moved);
    stale = false;
    const moving = cover(moved === 1);
    stage.tip.follow(moved === 1);
    if (moved < 1 || flying) draw();
    else if (moving) retouch();
    part("view").toggleAttribute("data-moving", moved < 1 || flying || moving);
  }

  function fit(canvas, dense) {
    const [width, height] = [stage.size.width, stage.size.height].map((side) => Math.max(1, Math.round(side * dense)));
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
  }

  function lay(now, moved) {
    const { legend, roam, size } = stage;
    const dense = size.dense * pace.share(now);
    fit(points, dense);
    glass.draw({
      ...size, ...roam.view, dense, moved: stage.ease(moved), size: dot(), palette: legend.palette(), ground: legend.paints.ground,
    });
  }

  /** How large a point is, in pixels. */
  function dot() {
    const { chart, roam, size } = stage;
    const shown = chart?.count ?? 0;
    const base = shown <= 60 ? 17 : shown <= 400 ? 13.5 : shown <= 2500 ? 9 : shown <= 8000 ? 6 : 4.6;
    const narrow = size.width < 500 ? 0.8 : 1;
    return Math.min(26, narrow * base * Math.max(0.8, Math.min(3, (roam.view.zoom / roam.home.zoom) ** 0.4)));
  }

  /** What lies over the points; whether it moves. `still`: the points do not. */
  function cover(still) {
    const { chart, choice, course, finder, gap, legend, ringed, roam, size } = stage;
    const { paints } = legend;
    const [ink, ground, bad, quiet] = ["ink", "ground", "bad", "quiet"].map((name) => css(paints[name]));
    sketch.begin({ ...size, ...roam.view, ink, ground, bad, quiet, font: "XMR Sans, system-ui, sans-serif" });
    if (!chart) return sketch.end();
    const lying = (colour) => XMRAtlas.middles(chart, colour, choice.layout, stage.side());
    if (still)
      for (const [i, image] of finder.pictures) sketch.picture(stage.place(i), image, css(legend.tint(stage.groups[i])));
    if (still && gap.drawn) {
      const list = lying("medium").map(({ group, place }) => ({ place, medium: CODES[group], colour: css(paints.medium[group]) }));
      sketch.middles(list, chart.gap.media, chart.gap[stage.side()].between);
    }
    if (still && choice.colour === "cluster")
      sketch.names(lying("cluster").filter(({ group }) => !stage.off.has(group))
        .map(({ group, place }) => ({ place, text: XMRAtlas.title(chart, "cluster", group) })));
    if (still) ringed.draw(sketch, ink);
    const moving = course.draw(sketch, still);
    sketch.end();
    return moving;
  }

  /** The places of all points as they are on the screen now. */
  function current() {
    const t = move ? stage.ease(stage.span(move.start, MOVE)) : 1;
    return t === 1 ? stage.places() : move.to.map((value, i) => move.from[i] + t * (value - move.from[i]));
  }

  return {
    draw, retouch, dot, current,
    /** Let the points go from somewhere to where they belong. */
    go(from) {
      move = { from, to: stage.places(), start: performance.now() };
      glass.move(move.from, move.to);
      draw();
    },
    /** Take other groups, which give the points' colours. */
    group() {
      glass.groups(stage.groups, stage.chart.media);
      draw();
    },
    /** Nothing is there. */
    empty() {
      move = null;
      glass.move(new Float32Array(), new Float32Array());
      draw();
    },
    /** The view has another size: a canvas whose size changes is empty, so it is drawn at once. */
    resized() {
      fit(over, stage.size.dense);
      cancelAnimationFrame(awaited);
      stale = true;
      frame(performance.now());
    },
  };
};
