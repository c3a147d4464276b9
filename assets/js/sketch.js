// What lies over the points of the map: names of topics, the middles of media, rings around items,
// and the query with the path of its arithmetic.
"use strict";

window.XMRSketch = (canvas) => {
  const pen = canvas.getContext("2d");
  const CODES = ["text", "image", "audio", "video", "mesh"];
  let view = null;
  let bare = false; // nothing is drawn on it
  let pills = []; // where words lie already

  const at = ([x, y]) => [(x - view.x) * view.zoom + view.width / 2, view.height / 2 - (y - view.y) * view.zoom];
  const cut = (text, most) => (text.length > most ? `${text.slice(0, most - 1)}…` : text);

  function begin(now) {
    view = now;
    pen.setTransform(view.dense, 0, 0, view.dense, 0, 0);
    if (!bare) pen.clearRect(0, 0, view.width, view.height);
    [bare, pills] = [true, []];
    pen.lineJoin = pen.lineCap = "round";
    pen.setLineDash([]);
  }

  /** All is drawn. An empty canvas need not be laid over the points, which takes time with each frame. */
  function end() {
    canvas.toggleAttribute("data-bare", bare);
  }

  /** Words on a breath of the ground, so that they can be read over points. */
  function words(text, x, y, wide) {
    pen.beginPath();
    pen.roundRect(x - wide, y - 10, 2 * wide, 20, 6);
    pen.globalAlpha = 0.82;
    pen.fillStyle = view.ground;
    pen.fill();
    pen.globalAlpha = 1;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillStyle = view.ink;
    pen.fillText(text, x, y + 0.5);
  }

  /**
   * Words on a small sheet of their own, which lies over everything: so far above a place or below it
   * as leaves it clear of the others. Of what is out of view nothing is said.
   */
  function pill(text, [x, place], beside, colour, weight = 600) {
    if (x < 0 || place < 0 || x > view.width || place > view.height) return;
    pen.font = `${weight} 12.5px ${view.font}`;
    const wide = pen.measureText(text).width + 14;
    const left = Math.max(4, Math.min(view.width - wide - 4, x - wide / 2));
    const free = (y) => !pills.some((other) => Math.abs(other.y - y) < 24 && left < other.right + 3 && left + wide > other.left - 3);
    const row = beside < 0 ? -24 : 24;
    const y = [beside, -beside, beside + row, -beside - row]
      .map((far) => place + far).find(free) ?? place + beside;
    pills.push({ left, right: left + wide, y });
    pen.beginPath();
    pen.roundRect(left, y - 11, wide, 22, 7);
    pen.fillStyle = view.ground;
    pen.fill();
    pen.lineWidth = 1;
    pen.strokeStyle = colour;
    pen.stroke();
    pen.fillStyle = colour;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    pen.fillText(text, left + wide / 2, y + 0.5);
  }

  /** Names in their places, the first ones first; what would lie over another one is left out. */
  function names(list) {
    const taken = [];
    for (const { place, text } of list) {
      const [x, y] = at(place);
      pen.font = `600 12.5px ${view.font}`;
      const label = view.width < 500 ? cut(text.split(" · ").slice(0, 2).join(" · "), 22) : cut(text, 34);
      const wide = pen.measureText(label).width / 2 + 6;
      const [px, py] = [Math.max(wide, Math.min(view.width - wide, x)), y];
      if (y < 12 || y > view.height - 12 || x < -wide || x > view.width + wide) continue;
      if (taken.some((other) => Math.abs(other.x - px) < other.wide + wide && Math.abs(other.y - py) < 22)) continue;
      taken.push({ x: px, y: py, wide });
      words(label, px, py, wide);
    }
  }

  /** A ring around a place. */
  function ring(place, radius, colour, width = 2) {
    const [x, y] = at(place);
    pen.beginPath();
    pen.arc(x, y, radius + 1.5, 0, 2 * Math.PI);
    pen.strokeStyle = view.ground;
    pen.lineWidth = width + 2.5;
    pen.stroke();
    pen.strokeStyle = colour;
    pen.lineWidth = width;
    pen.stroke();
  }

  function mark(place, medium, radius, colour, hollow) {
    const [x, y] = at(place);
    pen.save();
    pen.translate(x, y);
    XMRGlass.shape(pen, CODES.indexOf(medium), radius);
    pen.lineWidth = 5;
    pen.strokeStyle = view.ground;
    pen.stroke();
    pen.fillStyle = hollow ? view.ground : colour;
    pen.fill();
    pen.lineWidth = 2;
    pen.strokeStyle = hollow ? colour : view.ink;
    pen.setLineDash(hollow ? [3, 3] : []);
    pen.stroke();
    pen.restore();
  }

  function line(from, to, colour, { dash = [], width = 2, arrow = false } = {}) {
    const [ax, ay] = at(from);
    let [bx, by] = at(to);
    const far = Math.hypot(bx - ax, by - ay);
    if (far < 2) return;
    for (const [wide, paint] of [[width + 3, view.ground], [width, colour]]) {
      pen.beginPath();
      pen.moveTo(ax, ay);
      pen.lineTo(bx, by);
      pen.lineWidth = wide;
      pen.strokeStyle = paint;
      pen.setLineDash(paint === colour ? dash : []);
      pen.stroke();
    }
    pen.setLineDash([]);
    if (!arrow || far < 26) return;
    const turn = Math.atan2(by - ay, bx - ax);
    [bx, by] = [bx - 10 * Math.cos(turn), by - 10 * Math.sin(turn)];
    pen.beginPath();
    for (const side of [2.6, -2.6]) {
      pen.moveTo(bx, by);
      pen.lineTo(bx + 9 * Math.cos(turn + side), by + 9 * Math.sin(turn + side));
    }
    pen.lineWidth = width;
    pen.stroke();
  }

  /** The middles of media, with the distances between them; `media` names the rows of those. */
  function middles(list, media, between) {
    for (const [i, one] of list.entries())
      for (const other of list.slice(i + 1)) {
        line(one.place, other.place, view.quiet, { dash: [2, 5], width: 1.5 });
        const [ax, ay] = at(one.place), [bx, by] = at(other.place);
        const far = between[media.indexOf(one.medium)][media.indexOf(other.medium)];
        if (Math.hypot(ax - bx, ay - by) > 60) pill(far.toFixed(2), [(ax + bx) / 2, (ay + by) / 2], 0, view.ink);
      }
    for (const { place, medium, colour } of list) mark(place, medium, 11, colour, false);
  }

  /** An item's picture around its place, with a rim of its colour. */
  function picture(place, image, colour) {
    const [x, y] = at(place);
    const wide = Math.min(84, view.width / 6);
    const tall = Math.min(wide, (wide * image.naturalHeight) / image.naturalWidth);
    pen.save();
    pen.beginPath();
    pen.roundRect(x - wide / 2, y - tall / 2, wide, tall, 8);
    pen.fillStyle = "#fff"; // thumbnails of sounds and models have no ground of their own
    pen.fill();
    pen.lineWidth = 5;
    pen.strokeStyle = colour;
    pen.stroke();
    pen.clip();
    pen.drawImage(image, x - wide / 2, y - tall / 2, wide, tall);
    pen.restore();
  }

  /** The query: its terms, the path from one sum to the next, and where it ends. */
  function query({ terms, path }) {
    for (const term of terms) {
      const step = path[term.step];
      if (path.length > 1) line(term.place, step, term.minus ? view.bad : term.colour, { dash: [3, 5], width: 1.5 });
    }
    for (let i = 1; i < path.length; i++) line(path[i - 1], path[i], view.ink, { width: 2.5, arrow: true });
    for (const term of terms) {
      mark(term.place, term.medium, 8, term.minus ? view.bad : term.colour, term.minus);
      if (path.length < 2) continue;
      pill(`${term.minus ? "− " : "+ "}${cut(term.name, 26)}`, at(term.place), -24, term.minus ? view.bad : view.ink);
    }
    const last = path[path.length - 1];
    const [x, y] = at(last);
    ring(last, 12, view.ink, 2.5);
    pen.beginPath();
    pen.arc(x, y, 4.5, 0, 2 * Math.PI);
    pen.fillStyle = view.ink;
    pen.fill();
    pill(path.length > 1 ? "query" : cut(terms[0].name, 30), [x, y], 30, view.ink, 700);
  }

  const drawn = (work) => (...given) => {
    bare = false;
    work(...given);
  };

  return {
    begin, end, names: drawn(names), ring: drawn(ring), middles: drawn(middles), picture: drawn(picture), query: drawn(query),
  };
};
