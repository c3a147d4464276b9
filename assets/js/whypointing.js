// Pointing on the Why page: at a part of one side, and what of the other goes with it lights up.
"use strict";

/** @param {{part: Function, say: Function, sides: object, explained: () => ?object, marks: () => void}} page */
window.XMRWhyPointing = (root, { say, sides, explained, marks }) => {
  const number = (value) => value.toFixed(3).replace("-", "−");
  const other = (side) => (side === "hit" ? "query" : "hit");
  let lit = null; // {side, part}; `faded` once it is no longer pointed at, `cross` from the alignment

  function hottest(values, first = 0, end = values.length) {
    let best = first;
    for (let i = first; i < end; i++) if (values[i] > values[best]) best = i;
    return best;
  }

  /** The hottest part of each kind, of those that are not all alike. */
  function hottests(side, values) {
    const kinds = XMRHeat.kinds(explained()[side]);
    const telling = kinds.filter(([first, end]) => values.slice(first, end).some((value) => value !== values[first]));
    return (telling.length ? telling : kinds.slice(0, 1)).map(([first, end]) => hottest(values, first, end));
  }

  /** The hottest part of a side, in words. */
  function most(side) {
    const { [side]: one, [`${side}_heat`]: heat } = explained();
    // what has one part has nothing to compare: say so rather than show nothing
    if (one.count === 1) return `One ${one.modality === "text" ? "word" : "part"} alone: all of the match is its own.`;
    const told = (at) => `${one.labels[at]} (${number(heat[at])})`;
    const best = hottests(side, heat);
    const speaking = best.filter((at) => heat[at] > 0);
    return speaking.length ? `Most: ${speaking.map(told).join(", and ")}`
      : `Nothing speaks for the match; least against it: ${best.map(told).join(", and ")}`;
  }

  /** A row of the alignment, spread over the parts of the other side. */
  function row(side, at) {
    const { alignment, [side]: own, [other(side)]: far } = explained();
    const group = own.groups[at];
    return Float32Array.from(far.groups, (g) =>
      alignment.levels[side === "query" ? group * alignment.columns + g : g * alignment.columns + group]);
  }

  /** Nobody points: each side shows its own heat. */
  function rest() {
    lit = null;
    for (const side of XMRWhySides.BOTH) {
      sides.heat(side, explained()[`${side}_heat`]);
      sides.light(side, null);
      sides.lit(side, false);
      sides.read(side, most(side));
    }
    marks();
  }

  /** Somebody points at a part of a side, or at none. */
  function point(side, at) {
    if (!explained()) return;
    if (at === null) {
      if (lit?.side === side) {
        const kept = lit;
        rest();
        lit = { ...kept, faded: true }; // still what the button takes away
      }
      return;
    }
    if (lit?.side === side && lit.part === at && !lit.faded) return;
    const far = other(side);
    if (lit?.side === far && !lit.faded) rest(); // a finger goes from one to the other at once
    const values = row(side, at);
    lit = { side, part: at };
    sides.light(side, at);
    sides.heat(far, values);
    sides.lit(far, true);
    const { [side]: own, [far]: theirs, [`${side}_heat`]: heat } = explained();
    const best = hottests(far, values).map((i) => theirs.labels[i]).join(", and ");
    sides.read(side, `${own.labels[at]} (${number(heat[at])})`);
    sides.read(far, `“${own.labels[at]}” goes most with: ${best}`);
    if (root.querySelector(".x-why-side :focus-visible")) say(`${own.labels[at]}: ${number(heat[at])}, most with ${best}`);
  }

  /** A cell {row, column} of the alignment is pointed at, or none: both of its parts light up. */
  function cross(at) {
    if (!explained()) return;
    if (!at) {
      if (lit?.cross) rest();
      return;
    }
    const { query, hit } = explained();
    const places = { query: query.groups.indexOf(at.row), hit: hit.groups.indexOf(at.column) };
    rest();
    lit = { side: "query", part: places.query, cross: true };
    for (const side of XMRWhySides.BOTH) {
      sides.light(side, places[side]);
      sides.read(side, explained()[side].labels[places[side]]);
    }
  }

  return {
    point, cross, rest, most,
    clear: () => (lit = null),
    get lit() { return lit; },
  };
};
