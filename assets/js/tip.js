// The point under the pointer or the keys: a ring around it, a tip that tells what it is, and its
// sheet. Both lie over the drawing, which stays as it is while somebody looks from point to point.
"use strict";

window.XMRTip = (stage) => {
  const { esc, icon } = XMR;
  const { NAMES } = XMRAtlas;
  const [box, ring, over] = ["tip", "ring", "over"].map((name) => stage.part(name));
  let keyed = false; // the point was reached by the keys

  /** Show which item a point is; none for −1. */
  async function point(i, by_keys = false) {
    if (i === stage.at && by_keys === keyed) return;
    stage.at = i;
    keyed = by_keys;
    over.style.cursor = i >= 0 ? "pointer" : "";
    ring.toggleAttribute("data-keyed", keyed);
    stage.retouch();
    const one = i < 0 ? null : await stage.finder.item(i);
    if (stage.at !== i) return;
    tell(one);
    if (one && by_keys) stage.say(`${one.title}, ${NAMES[one.modality].toLowerCase()}`);
  }

  function tell(one) {
    box.hidden = !one;
    if (!one) return;
    box.innerHTML = `${one.thumb ? `<img src="${esc(one.thumb)}" alt="">` : ""}<b>${esc(one.title)}</b>
      <span data-m="${esc(one.modality)}">${icon(one.modality)}${esc(one.where)}</span>`;
    const image = box.querySelector("img");
    if (image) image.onerror = () => image.remove();
    follow(true);
  }

  /** Be where the point is now; `still`: the points do not move. The style sheet keeps the tip in view. */
  function follow(still) {
    const { at, chart, size } = stage;
    ring.hidden = at < 0 || !still || !chart;
    if (at < 0) box.hidden = true;
    if (ring.hidden) return;
    const [x, y] = stage.roam.screen(stage.place(at));
    ring.style.translate = `${x}px ${y}px`;
    ring.style.setProperty("--wide", `${stage.dot() + 7}px`);
    if (box.hidden) return;
    const px = { x, y, w: size.width, h: size.height, gap: stage.reach() + 8 };
    for (const [name, value] of Object.entries(px)) box.style.setProperty(`--${name}`, `${value}px`);
    box.toggleAttribute("data-below", y < size.height / 2);
  }

  return { point, follow };
};
