// Moving about on the map: the view, by pointer, fingers, wheel and keys.
"use strict";

window.XMRRoam = (stage) => {
  const { over } = stage;
  const GLIDE = 420; // ms
  const DRAG = 4; // pixels until a press is a drag
  const view = { x: 0, y: 0, zoom: 300 }; // the place in the middle, and pixels a unit
  let home = { ...view };
  let glide = null;

  const size = () => stage.size;
  const places = XMRPlaces(stage);
  const moved = () => {
    stage.draw();
    stage.looked();
  };

  /** Where a place is on the screen. */
  const screen = ([x, y]) => [(x - view.x) * view.zoom + size().width / 2, size().height / 2 - (y - view.y) * view.zoom];

  /** The view in which everything is; `now` brings it there. */
  function frame(now) {
    const spots = stage.places();
    const count = spots.length / 2;
    const edge = (axis) => {
      const list = Float32Array.from({ length: count }, (_, i) => spots[2 * i + axis]).sort();
      const cut = Math.floor(count / 500); // strays are found by zooming out
      return [list[cut], list[count - 1 - cut]];
    };
    const [[left, right], [low, high]] = [edge(0), edge(1)];
    const { width, height } = size();
    const beside = width > 700 ? stage.part("legend").offsetWidth : 0;
    const zoom = Math.min((width - beside - 100) / Math.max(right - left, 0.02), (height - 110) / Math.max(high - low, 0.02), 4000);
    home.zoom = count === 1 ? 300 : Math.max(zoom, 10);
    home.x = (left + right) / 2 - beside / 2 / home.zoom;
    home.y = (low + high) / 2;
    if (now) fly(home);
  }

  const at_home = () => {
    const { zoom } = glide?.to ?? view;
    return Math.abs(zoom / home.zoom - 1) < 0.02;
  };

  function fly(to) {
    glide = { from: { ...view }, to: { ...to }, start: performance.now() };
    moved();
  }

  /** One frame of a flight; whether it goes on. */
  function step() {
    if (!glide) return false;
    const t = stage.ease(stage.span(glide.start, GLIDE));
    for (const name of ["x", "y"]) view[name] = glide.from[name] + t * (glide.to[name] - glide.from[name]);
    view.zoom = glide.from.zoom * (glide.to.zoom / glide.from.zoom) ** t;
    if (t < 1) return true;
    glide = null;
    stage.looked(); // only now is what will be in view in view
    return false;
  }

  /** Zoom by a factor around a place on the screen. */
  function zoom(factor, [px, py] = [size().width / 2, size().height / 2], soft = false) {
    const base = glide?.to ?? view;
    const next = Math.max(home.zoom / 4, Math.min(home.zoom * 400, base.zoom * factor));
    const to = {
      x: base.x + (px - size().width / 2) * (1 / base.zoom - 1 / next),
      y: base.y + (size().height / 2 - py) * (1 / base.zoom - 1 / next),
      zoom: next,
    };
    if (soft) return fly(to);
    glide = null;
    Object.assign(view, to);
    moved();
  }

  function shift(dx, dy) {
    glide = null;
    view.x -= dx / view.zoom;
    view.y += dy / view.zoom;
    moved();
  }

  /** The point under a place on the screen. */
  function pick([px, py]) {
    if (!stage.chart) return -1;
    const x = view.x + (px - size().width / 2) / view.zoom, y = view.y - (py - size().height / 2) / view.zoom;
    return places.nearest(x, y, stage.reach() / view.zoom);
  }

  // ---- the pointer and the keys

  let area = null; // of the canvas in the window; measured once for many moves of the pointer
  for (const type of ["scroll", "resize"])
    addEventListener(type, () => (area = null), { capture: true, passive: true });
  for (const type of ["pointerenter", "pointerdown", "pointerup"])
    over.addEventListener(type, () => (area = null), { capture: true });

  function spot(event) {
    area ??= over.getBoundingClientRect();
    return [event.clientX - area.x, event.clientY - area.y];
  }

  const fingers = new Map();
  let dragged = 0;
  let pinch = null; // how far two fingers are apart, and their middle

  over.addEventListener("pointerdown", (event) => {
    if (event.button) return;
    stage.touched = true;
    if (event.isTrusted) over.setPointerCapture(event.pointerId);
    fingers.set(event.pointerId, spot(event));
    dragged = 0;
  });
  over.addEventListener("pointermove", (event) => {
    const now = spot(event);
    const before = fingers.get(event.pointerId);
    if (!before) return stage.point(pick(now));
    fingers.set(event.pointerId, now);
    if (fingers.size === 2) {
      const [[ax, ay], [bx, by]] = fingers.values();
      const [far, x, y] = [Math.max(1, Math.hypot(ax - bx, ay - by)), (ax + bx) / 2, (ay + by) / 2];
      if (pinch) {
        shift(x - pinch.x, y - pinch.y);
        zoom(far / pinch.far, [x, y]);
      }
      pinch = { far, x, y };
      dragged = Infinity;
      return;
    }
    dragged += Math.abs(now[0] - before[0]) + Math.abs(now[1] - before[1]);
    if (dragged <= DRAG) return;
    stage.point(-1);
    over.dataset.dragged = "";
    shift(now[0] - before[0], now[1] - before[1]);
  });
  const up = (event) => {
    const held = fingers.delete(event.pointerId);
    pinch = null;
    delete over.dataset.dragged;
    if (!held || event.type === "pointercancel" || dragged > DRAG || fingers.size) return;
    const found = pick(spot(event));
    // a first tap of a finger shows what it is, a second one opens it
    if (found >= 0 && (event.pointerType === "mouse" || stage.at === found)) stage.open(found);
    else stage.point(found);
  };
  over.addEventListener("pointerup", up);
  over.addEventListener("pointercancel", up);
  over.addEventListener("pointerleave", (event) => event.pointerType === "mouse" && stage.point(-1));
  over.addEventListener("wheel", (event) => {
    event.preventDefault();
    stage.touched = true;
    zoom(Math.exp(-event.deltaY * (event.deltaMode === 1 ? 30 : 1) * 0.0016), spot(event));
  }, { passive: false });
  over.addEventListener("dblclick", (event) => pick(spot(event)) < 0 && zoom(2, spot(event), true));
  over.addEventListener("blur", () => stage.point(-1));
  over.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !stage.chart) return;
    stage.touched = true;
    const way = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] }[event.key];
    const { at } = stage;
    if (way && event.shiftKey) shift(-60 * way[0], 60 * way[1]);
    else if (way) {
      const next = at < 0 ? places.nearest(view.x, view.y) : places.beyond(at, way, 0.5 / view.zoom);
      if (next >= 0) arrive(next);
    } else if (event.key === "PageDown" || event.key === "PageUp") {
      const next = places.along(at, event.key === "PageDown" ? 1 : -1);
      if (next >= 0) arrive(next);
    } else if (event.key === "Enter" && at >= 0) stage.open(at);
    else if (event.key === "+" || event.key === "=") zoom(1.5, undefined, true);
    else if (event.key === "-") zoom(1 / 1.5, undefined, true);
    else if (event.key === "0") fly(home);
    else if (event.key === "Escape" && at >= 0) stage.point(-1);
    else return;
    event.preventDefault();
  });

  /** Go to a point by the keys, and bring it into view. */
  function arrive(i) {
    const [x, y] = screen(stage.place(i));
    const { width, height } = size();
    if (x < 40 || y < 40 || x > width - 40 || y > height - 40) {
      glide = null;
      [view.x, view.y] = stage.place(i);
      moved();
    }
    stage.point(i, true);
  }

  return {
    view, frame, fly, step, zoom, screen, at_home,
    /** The points in view; null if there are more than `most`. */
    visible: (most) => places.within(view.x, view.y, size().width / 2 / view.zoom, size().height / 2 / view.zoom, most),
    get home() { return home; },
    /** The view is on its way to another one. */
    get flying() { return Boolean(glide); },
    /** Show everything at once, without a flight. */
    settle() {
      glide = null;
      Object.assign(view, home);
    },
  };
};
