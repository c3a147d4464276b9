// What if it were not there? Pieces that are taken away, and what the match becomes without them.
"use strict";

window.XMRWhatIf = (root, { part, stated, say, marks, lit }) => {
  const { call, esc, on } = XMR;
  let taken = []; // [{side, boxes, sounds, label}]
  let number = 0;

  const same = (a, b) => a.side === b.side && JSON.stringify(a.boxes) === JSON.stringify(b.boxes);
  const of = (side) => {
    const mine = taken.filter((one) => one.side === side);
    return { boxes: mine.flatMap((one) => one.boxes), sounds: mine.flatMap((one) => one.sounds ?? []) };
  };

  function buttons() {
    root.querySelector('[data-do="put-back"]').hidden = !taken.length;
    part("what-hint").hidden = taken.length > 0;
  }

  /** Take something away; what toggles is put back if it is gone already. */
  function take(side, piece) {
    const one = { side, ...piece };
    const there = taken.findIndex((other) => same(one, other));
    if (piece.toggle && there >= 0) taken.splice(there, 1);
    else taken.push(one);
    changed();
  }

  async function changed() {
    buttons();
    for (const side of ["query", "hit"]) marks(side, of(side));
    const mine = ++number;
    const place = part("change");
    if (!taken.length) {
      place.innerHTML = "";
      return;
    }
    place.setAttribute("aria-busy", "true");
    const without = {};
    for (const side of ["query", "hit"]) if (taken.some((one) => one.side === side)) without[side] = of(side);
    try {
      const told = await call("why.occlude", { ...stated(), without });
      if (mine === number) show(told);
    } catch (error) {
      if (mine === number) place.innerHTML = XMR.note("info", error.message, error.hint);
    } finally {
      if (mine === number) place.removeAttribute("aria-busy");
    }
  }

  function show({ score, score_after: after, rank, rank_after: then, among }) {
    const way = after < score - 0.0005 ? "down" : after > score + 0.0005 ? "up" : "same";
    const names = [...new Set(taken.map((one) => one.label))].slice(0, 6).join(", ");
    const by = Math.abs(after - score).toFixed(3);
    const text = way === "same" ? "changes nothing" : `score ${way} by ${by}`;
    part("change").innerHTML =
      `<p>Without <b>${esc(names)}</b>: ${text}.</p><dl data-way="${way}"><dt>Raw cosine</dt>
       <dd class="x-num">${score.toFixed(3)} <span aria-label="becomes">→</span> <b>${after.toFixed(3)}</b></dd><dt>Rank</dt>
       <dd class="x-num">${rank} <span aria-label="becomes">→</span> <b>${then}</b> <small>of ${among}</small></dd></dl>`;
    say(`Without ${names}: ${text}, rank ${rank} becomes ${then} of ${among}.`);
  }

  on(root, "click", '[data-do="put-back"]', () => {
    taken = [];
    changed();
    root.querySelector('[data-do="take"]').focus();
  });
  on(root, "click", '[data-do="take"]', () => {
    const one = lit();
    if (one) take(one.side, one.piece);
    else XMR.toast("info", "Nothing is lit.", "Point at a word or a region first.");
  });

  return {
    take,
    clear() {
      taken = [];
      number++;
      part("change").innerHTML = "";
      part("change").removeAttribute("aria-busy");
      buttons();
    },
    marks: () => ["query", "hit"].forEach((side) => marks(side, of(side))),
  };
};
