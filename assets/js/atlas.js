// A chart as the server tells it, unpacked; and where the middles of its groups are.
"use strict";

window.XMRAtlas = (() => {
  const CODES = ["text", "image", "audio", "video", "mesh"];
  const NAMES = { text: "Texts", image: "Pictures", audio: "Sounds", video: "Videos", mesh: "3D models" };
  const UNIT = 10000; // of the whole numbers that points travel as
  const SAMPLE = 60; // items of a group that are looked at for its thickest place
  const AGAINST = 400;

  const bytes = (text) => Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));

  function unpack(told) {
    const layouts = {};
    for (const [name, sides] of Object.entries(told.layouts))
      layouts[name] = Object.fromEntries(Object.entries(sides).map(([side, text]) =>
        [side, Float32Array.from(new Int16Array(bytes(text).buffer), (value) => value / UNIT)]));
    return {
      ...told, layouts, ids: new Int32Array(bytes(told.ids).buffer), media: bytes(told.media),
      folders: bytes(told.folders), clusters: bytes(told.clusters), middles: new Map(),
    };
  }

  /** What colours a choice gives the items of a chart: a group each. */
  const column = (chart, colour) =>
    ({ medium: chart.media, folder: chart.folders, cluster: chart.clusters })[colour];

  function members(codes) {
    const rows = new Map();
    for (let i = 0; i < codes.length; i++) {
      if (!rows.has(codes[i])) rows.set(codes[i], []);
      rows.get(codes[i]).push(i);
    }
    return rows;
  }

  const thinned = (list, most) => {
    const step = Math.max(1, list.length / most);
    return Array.from({ length: Math.min(list.length, most) }, (_, i) => list[Math.floor(i * step)]);
  };

  /** The mean of some points. */
  function mean(rows, spots) {
    let [x, y] = [0, 0];
    for (const i of rows) [x, y] = [x + spots[2 * i], y + spots[2 * i + 1]];
    return [x / rows.length, y / rows.length];
  }

  /** Where a group lies most thickly: the member with the most others around it. */
  function thickest(rows, spots) {
    const others = thinned(rows, AGAINST);
    let [best, most] = [rows[0], -1];
    for (const i of thinned(rows, SAMPLE)) {
      let around = 0;
      for (const j of others)
        around += Math.exp(-((spots[2 * i] - spots[2 * j]) ** 2 + (spots[2 * i + 1] - spots[2 * j + 1]) ** 2) / 0.03);
      if (around > most) [best, most] = [i, around];
    }
    return [spots[2 * best], spots[2 * best + 1]];
  }

  /**
   * The middles of groups, the largest first.
   * @param {object} chart
   * @param {string} colour which groups: "medium", "folder" or "cluster"
   * @param {string} layout @param {string} side of the points
   * @returns {{group: number, count: number, place: number[]}[]}
   */
  function middles(chart, colour, layout, side) {
    const key = `${colour} ${layout} ${side}`; // they are drawn with every frame
    if (!chart.middles.has(key)) {
      const spots = chart.layouts[layout][side];
      const middle = colour === "medium" ? mean : thickest;
      chart.middles.set(key, [...members(column(chart, colour))]
        .map(([group, rows]) => ({ group, count: rows.length, place: middle(rows, spots) }))
        .sort((a, b) => b.count - a.count));
    }
    return chart.middles.get(key);
  }

  /** What a group is called. */
  function title(chart, colour, group) {
    if (colour === "medium") return NAMES[CODES[group]];
    return (colour === "folder" ? chart.folder_names[group] : chart.cluster_names[group]) || `Topic ${group + 1}`;
  }

  return { CODES, NAMES, UNIT, unpack, column, members, middles, title };
})();
