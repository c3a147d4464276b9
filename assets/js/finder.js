// What the points of the map are: asked of the server when somebody looks, shown beside the pointer,
// and as pictures once few are in view.
"use strict";

window.XMRFinder = (stage) => {
  const { call, esc, icon } = XMR;
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

  /** Show what an item is, beside a place on the screen. */
  function tip(one, [x, y]) {
    const box = stage.part("tip");
    box.hidden = !one;
    if (!one) return;
    box.innerHTML = `${one.thumb ? `<img src="${esc(one.thumb)}" alt="">` : ""}<b>${esc(one.title)}</b>
      <span data-m="${esc(one.modality)}">${icon(one.modality)}${esc(one.where)}</span>`;
    const place = () => {
      const { offsetWidth: wide, offsetHeight: tall } = box;
      const { width, height } = stage.size;
      const gap = stage.reach() + 8;
      const left = Math.max(8, Math.min(width - wide - 8, x - wide / 2));
      const above = y - gap - tall;
      box.style.translate = `${left}px ${above > 8 ? above : Math.min(height - tall - 8, y + gap)}px`;
    };
    const image = box.querySelector("img");
    if (image) {
      image.onload = place; // it is larger now
      image.onerror = () => image.remove();
    }
    place();
  }

  /** The view has changed: see whether few enough points are in it to be shown as pictures. */
  function look() {
    clearTimeout(later);
    near = [];
    const mine = (later = setTimeout(async () => {
      const { chart, roam } = stage;
      if (!chart || (chart.count > PICTURES && roam.view.zoom < CLOSE * roam.home.zoom)) return;
      const inside = roam.visible(PICTURES);
      if (!inside) return;
      try {
        await learn(inside.map((i) => chart.ids[i]));
      } catch {
        return; // points they stay
      }
      if (stage.chart !== chart || later !== mine) return; // the view has changed again meanwhile
      near = inside;
      stage.draw();
    }, 160));
  }

  function picture(id) {
    const { thumb } = known.get(id) ?? {};
    if (!thumb) return null;
    if (!images.has(id)) {
      const image = new Image();
      image.onload = stage.draw;
      image.src = thumb;
      images.set(id, image);
    }
    const image = images.get(id);
    return image.complete && image.naturalWidth ? image : null;
  }

  return {
    item, tip, look,
    /** The pictures in view that are here: [point, image]. */
    get pictures() {
      return near.map((i) => [i, picture(stage.chart.ids[i])]).filter(([, image]) => image);
    },
    forget() {
      [known, images, near] = [new Map(), new Map(), []];
    },
  };
};
