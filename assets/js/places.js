// Which point is where: the one under the pointer, the next one in a direction, those in view. The
// points lie in a grid, so that of many only those near by are looked at.
"use strict";

window.XMRPlaces = (stage) => {
  const CELL = 4; // points a cell, about
  let grid = null;

  const hidden = (i) => stage.off.has(stage.groups[i]);

  /** The grid over where the points are now. */
  function cells() {
    const spots = stage.places();
    if (grid?.spots === spots) return grid;
    const count = spots.length / 2;
    let [left, low, right, high] = [Infinity, Infinity, -Infinity, -Infinity];
    for (let i = 0; i < count; i++) {
      [left, right] = [Math.min(left, spots[2 * i]), Math.max(right, spots[2 * i])];
      [low, high] = [Math.min(low, spots[2 * i + 1]), Math.max(high, spots[2 * i + 1])];
    }
    const side = Math.max(1, Math.ceil(Math.sqrt(count / CELL)));
    const bound = (share) => Math.max(0, Math.min(side - 1, Math.floor(share * side)));
    const column = (x) => bound((x - left) / (right - left || 1));
    const row = (y) => bound((y - low) / (high - low || 1));
    const ends = new Int32Array(side * side + 1); // of each cell's points in the list
    for (let i = 0; i < count; i++) ends[row(spots[2 * i + 1]) * side + column(spots[2 * i]) + 1]++;
    for (let cell = 0; cell < side * side; cell++) ends[cell + 1] += ends[cell];
    const next = ends.slice();
    const list = new Int32Array(count);
    for (let i = 0; i < count; i++) list[next[row(spots[2 * i + 1]) * side + column(spots[2 * i])]++] = i;
    grid = { spots, side, column, row, ends, list };
    return grid;
  }

  /** The points, hidden ones left out, whose cells reach into a rectangle around a place. */
  function* around(x, y, w, h) {
    const { side, column, row, ends, list } = cells();
    const [first, last] = [column(x - w), column(x + w)];
    for (let r = row(y - h); r <= row(y + h); r++)
      for (let at = ends[r * side + first]; at < ends[r * side + last + 1]; at++) if (!hidden(list[at])) yield list[at];
  }

  /** The point nearest to a place, no farther than so much; −1 if there is none. */
  function nearest(x, y, far = Infinity) {
    const { spots } = cells();
    let [best, least] = [-1, far * far];
    for (const i of around(x, y, far, far)) {
      const away = (spots[2 * i] - x) ** 2 + (spots[2 * i + 1] - y) ** 2;
      // of several in one place the last one, which is drawn over the others
      if (away < least || (away === least && i > best)) [best, least] = [i, away];
    }
    return best;
  }

  /** The nearest point in a direction; −1 if there is none. `least` is how far a step goes at least. */
  function beyond(from, [wx, wy], least) {
    const { spots } = cells();
    let [best, far] = [-1, Infinity];
    for (let i = 0; 2 * i < spots.length; i++) {
      if (i === from || hidden(i)) continue;
      const dx = spots[2 * i] - spots[2 * from], dy = spots[2 * i + 1] - spots[2 * from + 1];
      const along = dx * wx + dy * wy;
      const across = Math.abs(dx * wy) + Math.abs(dy * wx);
      if (along < least || across > 2 * along) continue;
      if (along + 2 * across < far) [best, far] = [i, along + 2 * across];
    }
    return best;
  }

  /** The next point in the order of media and items, or the last one, around; no point is missed. */
  function along(from, way) {
    const { count } = stage.chart;
    for (let step = 1; step <= count; step++) {
      const i = (from + way * step + (from < 0 && way < 0 ? 1 : 0) + 2 * count) % count;
      if (!hidden(i)) return i;
    }
    return -1;
  }

  /** The points within so much of a place; null if there are more than `most`. */
  function within(x, y, w, h, most) {
    const { spots } = cells();
    const found = [];
    for (const i of around(x, y, w, h)) {
      if (Math.abs(spots[2 * i] - x) > w || Math.abs(spots[2 * i + 1] - y) > h) continue;
      if (found.length === most) return null;
      found.push(i);
    }
    return found.sort((a, b) => a - b);
  }

  return { nearest, beyond, along, within };
};
