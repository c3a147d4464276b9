// The query and the hit on the Why page, each in the view of its medium: what they show is set here.
"use strict";

/** @param {{part: Function, point: Function, take: Function}} page
 *    `point(side, part)` and `take(side, piece)` are told what somebody does in a view */
window.XMRWhySides = (root, { part, point, take }) => {
  const { call, esc, icon } = XMR;
  const SIDES = ["query", "hit"];
  const VIEWS = { text: XMRWhyWords, image: XMRWhyPicture, audio: XMRWhySound, video: XMRWhyFilm, mesh: XMRWhyModel };
  const NAMES = { text: "Text", image: "Picture", audio: "Sound", video: "Video", mesh: "3D model" };
  const DRAWN = new Set(["audio", "video", "mesh"]); // the server makes pictures of these
  let views = {}, media = {};
  let strength = 0.7; // of the heat, 0…1
  let asked = 0; // the frame in which models are painted again

  const each = (act) => SIDES.forEach((side) => views[side] && act(side, views[side]));

  /** Both media as they are, before anything is known of their parts. */
  function show(pair) {
    close();
    media = { query: pair.terms[pair.term], hit: pair.hit };
    for (const side of SIDES) {
      const one = media[side];
      part(`${side}-head`).innerHTML =
        `<span class="x-badge" data-m="${esc(one.modality)}">${icon(one.modality)}${NAMES[one.modality]}</span><b title="${esc(one.title)}">${esc(one.title)}</b>`;
      const stage = part(`${side}-stage`);
      stage.dataset.m = one.modality;
      stage.removeAttribute("data-lit");
      read(side, "");
      views[side] = VIEWS[one.modality](stage, one, {
        point: (at) => point(side, at),
        take: (piece) => take(side, piece),
        problem: (text) => read(side, text),
        strength: () => strength,
      });
    }
  }

  /** Their parts, and pictures of what has to be drawn; `now` tells whether this pair is still looked at. */
  const parts = (explained, payload, now) => Promise.all(SIDES.map(async (side) => {
    const view = views[side];
    const given = DRAWN.has(explained[side].modality) ? await call("why.pictures", { ...payload, side }) : null;
    if (now()) await view.parts(explained[side], given);
  }));

  const read = (side, text) => (part(`${side}-read`).textContent = text);

  /** How strongly heat is shown; what is no canvas over something has to be painted again. */
  function fade(value) {
    strength = value;
    root.style.setProperty("--x-strength", value);
    asked ||= requestAnimationFrame(() => {
      asked = 0;
      each((_, view) => view.fade?.());
    });
  }

  const stop = () => each((_, view) => view.stop?.());

  function close() {
    stop();
    each((_, view) => view.close?.());
    views = {};
  }

  return {
    show, parts, read, fade, stop, close,
    get strength() { return strength; },
    /** Heat of a side's parts; a view may know which of them are no part of what is shown. */
    heat: (side, values) => views[side].heat((views[side].shares ?? XMRHeat.shares)(values)),
    light: (side, at) => views[side].light(at),
    marks: (side, taken) => views[side].marks(taken),
    box: (side, at) => views[side].box(at),
    /** Whether a side shows what goes with a part of the other. */
    lit: (side, on) => part(`${side}-stage`).toggleAttribute("data-lit", on),
    /** A side on another canvas: its name, and `print(context, x, y, width)`, which tells how high it became. */
    printed: (side) => ({ name: media[side].title, print: (...where) => views[side].print(...where, strength) }),
  };
};

XMRWhySides.BOTH = ["query", "hit"];
