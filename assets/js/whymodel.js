// A 3D model on the Why page: painted with its heat and turnable, above the views that it was seen in.
"use strict";

window.XMRWhyModel = (stage, media, { point, take, strength }) => {
  const { esc, fail, make, on } = XMR;
  const box = make(
    `<div class="x-why-model"><div class="x-why-turn"></div><ul class="x-why-frames" aria-label="Views"></ul></div>`,
  );
  const [place, list] = [".x-why-turn", ".x-why-frames"].map((selector) => box.querySelector(selector));
  stage.replaceChildren(box);
  if (media.thumb) place.innerHTML = `<img src="${esc(media.thumb)}" alt="">`;
  const FAINT = 0.3; // of the paint where there is no heat
  const FEW = 25; // of 255: a part that is less of any face does not show the model
  let side = null, model = null, shares = null, shown = null, warmth = null, seen = null, stop = null;
  let views = 0, rows = 1, columns = 1;
  const cells = () => rows * columns;

  async function parts(told, pictures) {
    side = told;
    [views, rows, columns] = side.grid;
    list.innerHTML = pictures.views.map((picture, i) =>
      `<li><button type="button" data-do="look" data-view="${i}" aria-pressed="false" aria-label="Take away what is seen in view ${i + 1}"
       title="Take away what is seen here"><img src="${esc(picture)}" alt=""><canvas width="48" height="48"></canvas><span>${i + 1}</span></button></li>`).join("");
    const { unpack } = XMRHeat;
    const given = pictures.model;
    model = {
      faces: given.faces, most: given.most, glb: unpack(given.glb, Uint8Array).buffer,
      parts: unpack(given.parts, Int16Array), shares: unpack(given.shares, Uint8Array), grey: unpack(given.grey, Uint8Array),
    };
    seen = new Uint8Array(told.count);
    model.parts.forEach((part, i) => part >= 0 && model.shares[i] > FEW && (seen[part] = 1));
    stop?.abort();
    stop = new AbortController();
    const canvas = make('<canvas tabindex="0" role="img"></canvas>');
    canvas.setAttribute("aria-label", `3D view of ${media.title}, painted with its heat. Arrow keys turn it, plus and minus zoom.`);
    canvas.dataset.sprite = media.sprite ?? "";
    place.replaceChildren(canvas);
    try {
      shown = (await XMRViewer.open(canvas, stop.signal, model.glb)) ?? null;
    } catch (error) {
      fail(error);
    }
    draw();
  }

  /** The heat of each face: of the parts that show it, by how much they do. */
  function faces() {
    const { most } = model;
    const out = new Float32Array(model.faces);
    for (let f = 0; f < model.faces; f++) {
      let sum = 0;
      for (let k = f * most; k < (f + 1) * most && model.parts[k] >= 0; k++) sum += model.shares[k] * shares[model.parts[k]];
      out[f] = sum / 255;
    }
    return out;
  }

  function draw() {
    if (!shares || !model) return;
    for (const button of list.querySelectorAll("button")) {
      const i = Number(button.dataset.view);
      const canvas = button.querySelector("canvas");
      XMRHeat.paint(canvas, shares.subarray(i * cells(), (i + 1) * cells()), rows, columns);
    }
    warmth = faces();
    paint();
  }

  /** Heat on the faces, as strongly as it is shown now. */
  function paint() {
    if (!shown || !warmth) return;
    const [heat, opacity] = [warmth, strength()];
    const top = heat.reduce((most, value) => Math.max(most, value), 1e-6);
    const colours = new Uint8Array(model.faces * 3);
    for (let f = 0; f < model.faces; f++) {
      const share = Math.min(1, heat[f] / top);
      const cover = opacity * (FAINT + (1 - FAINT) * share);
      const at = 3 * Math.round(255 * share);
      for (let c = 0; c < 3; c++) colours[3 * f + c] = (1 - cover) * model.grey[f] + cover * XMRHeat.COLOURS[at + c];
    }
    shown.paint(colours);
    place.dataset.painted = "";
  }

  /** Shares of the colour scale; parts that show none of the model have none, and do not set the scale. */
  function scaled(values) {
    if (!seen?.some(Boolean)) return XMRHeat.shares(values);
    const inside = XMRHeat.shares(values.filter((_, i) => seen[i]));
    let k = 0;
    return values.map((_, i) => (seen[i] ? inside[k++] : 0));
  }

  const viewOf = (button) => Number(button.dataset.view);
  const whole = (view) => ({ boxes: [[[view, 0, 0], [view + 1, 1, 1]]], label: `view ${view + 1}`, toggle: true });
  on(list, "click", '[data-do="look"]', (_, button) => take(whole(viewOf(button))));
  for (const type of ["pointerover", "focusin"])
    on(list, type, '[data-do="look"]', (_, button) => {
      if (!shares) return;
      let best = viewOf(button) * cells();
      for (let c = 0; c < cells(); c++) if (shares[viewOf(button) * cells() + c] > shares[best]) best = viewOf(button) * cells() + c;
      point(best);
    });
  for (const type of ["pointerout", "focusout"]) on(list, type, '[data-do="look"]', () => point(null));

  return {
    parts,
    shares: scaled,
    heat(values) {
      shares = values;
      draw();
    },
    fade: paint,
    light(part) {
      const view = part === null ? -1 : Math.floor(part / cells());
      for (const button of list.querySelectorAll("button")) button.toggleAttribute("data-lit", viewOf(button) === view);
    },
    box: (part) => whole(Math.floor(part / cells())),
    marks(taken) {
      const away = new Set(taken.boxes.map(([[view]]) => view));
      for (const button of list.querySelectorAll("button")) {
        button.toggleAttribute("data-gone", away.has(viewOf(button)));
        button.setAttribute("aria-pressed", away.has(viewOf(button)));
      }
    },
    stop: () => {},
    close: () => stop?.abort(),
    print(context, x, y, width) {
      const canvas = place.querySelector("canvas") ?? place.querySelector("img");
      if (!canvas) return 0;
      const height = Math.min(width, (width * (canvas.height || 1)) / (canvas.width || 1));
      context.drawImage(canvas, x, y, width, height);
      return height;
    },
  };
};
