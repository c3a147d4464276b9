// What the points of the map are: asked of the server when somebody looks, and shown as pictures once
// few are in view.
"use strict";

window.XMRFinder = (stage) => {
  const { call } = XMR;
  const PICTURES = 28; // points in view from which on they are shown as pictures
  const CLOSE = 2.2; // times nearer than the view of everything
  let known = new Map(); // id → what is shown of an item
  let images = new Map(); // id → its picture
  let near = []; // points that are shown as pictures
  let later = 0;

  async function learn(ids) {
    const wanted = ids.filter((id) => !known.has(id));
    if (!wanted.length) return;
    const mine = known;
    const { items } = await call("map.items", { library: stage.library, ids: wanted });
    for (const item of items) mine.set(item.id, item);
  }

  /** A point's item; null where it is gone, or the server does not answer. */
  async function item(i) {
    const id = stage.chart.ids[i];
    try {
      await learn([id]);
    } catch {
      return null; // the next one may be told
    }
    return known.get(id) ?? null;
  }

  /** The view has changed: see whether few enough points are in it to be shown as pictures. */
  function look() {
    clearTimeout(later);
    near = [];
    const mine = (later = setTimeout(async () => {
      const { chart, roam } = stage;
      if (!chart || roam.flying) return; // where the flight leads is looked at when it is there
      if (chart.count > PICTURES && roam.view.zoom < CLOSE * roam.home.zoom) return;
      const inside = roam.visible(PICTURES);
      if (!inside) return;
      try {
        await learn(inside.map((i) => chart.ids[i]));
      } catch {
        return; // points they stay
      }
      if (stage.chart !== chart || later !== mine) return; // the view has changed again meanwhile
      near = inside;
      stage.retouch();
    }, 160));
  }

  function picture(id) {
    const { thumb } = known.get(id) ?? {};
    if (!thumb) return null;
    if (!images.has(id)) {
      const image = new Image();
      image.onload = stage.retouch;
      image.src = thumb;
      images.set(id, image);
    }
    const image = images.get(id);
    return image.complete && image.naturalWidth ? image : null;
  }

  return {
    item, look,
    /** The pictures in view that are here: [point, image]. */
    get pictures() {
      return near.map((i) => [i, picture(stage.chart.ids[i])]).filter(([, image]) => image);
    },
    forget() {
      [known, images, near] = [new Map(), new Map(), []];
    },
  };
};
