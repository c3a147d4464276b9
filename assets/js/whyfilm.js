// A video on the Why page: the player, a timeline with the heat of its frames and of its sound, and the
// key frames, of which one is large with the heat of its cells.
"use strict";

window.XMRWhyFilm = (stage, media, { point, take, problem }) => {
  const { esc, make, on } = XMR;
  const box = make(
    `<div class="x-why-film"><video controls playsinline preload="metadata"></video>
     <div class="x-why-lanes" hidden><div class="x-why-lane" data-lane="seen"><span>Seen</span><canvas width="600" height="1"></canvas></div>
     <div class="x-why-lane" data-lane="heard" hidden><span>Heard</span><canvas width="600" height="1"></canvas></div>
     <div class="x-why-now" hidden></div></div><div class="x-why-frame" hidden><img alt=""></div>
     <ul class="x-why-frames" aria-label="Key frames"></ul></div>`,
  );
  const [player, lanes, frame, list, now] = ["video", ".x-why-lanes", ".x-why-frame", ".x-why-frames", ".x-why-now"]
    .map((selector) => box.querySelector(selector));
  player.setAttribute("aria-label", media.title);
  if (media.thumb) player.poster = media.thumb;
  player.addEventListener("error", () => {
    player.hidden = true; // such as a gif
    problem("This browser cannot play the file; its key frames can still be looked at.");
  });
  player.src = media.src;
  stage.replaceChildren(box);
  let side = null, pictures = null, lattice = null, shares = null;
  let area = XMRLattice.WHOLE;
  let frames = 0, rows = 1, columns = 1, at = 0, seconds = 1;
  let marked = { boxes: [], sounds: [] };
  const cells = () => rows * columns;
  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;

  const follow = () => {
    if (!box.isConnected) return;
    now.hidden = player.currentTime === 0;
    now.style.setProperty("--at", Math.min(1, player.currentTime / seconds));
    if (!player.paused) requestAnimationFrame(follow);
  };
  for (const event of ["play", "seeked", "timeupdate"]) player.addEventListener(event, follow);

  function parts(told, given) {
    [side, pictures] = [told, given];
    [frames, rows, columns] = side.grid;
    seconds = pictures?.seconds || 1;
    lanes.hidden = false;
    const sounds = side.count - frames * cells();
    lanes.querySelector('[data-lane="heard"]').hidden = sounds === 0;
    list.innerHTML = (pictures?.frames ?? []).map((picture, i) =>
      `<li><button type="button" data-do="frame" data-frame="${i}" aria-pressed="false" aria-label="Frame at ${clock(pictures.shots[i][0])}">
       <img src="${esc(picture)}" alt=""><canvas width="48" height="48"></canvas><span>${clock(pictures.shots[i][0])}</span></button></li>`).join("");
    list.hidden = (pictures?.frames.length ?? 0) < 2;
    frame.hidden = !pictures?.frames.length;
    if (!pictures?.frames.length) return;
    area = XMRLattice.area(side.boxes, 3, cells());
    lattice?.remove();
    lattice = XMRLattice(frame, {
      rows, columns, area,
      label: `Heat over a frame of ${media.title}. Arrow keys go from part to part, Enter takes one away.`,
      point: (cell) => point(cell && at * cells() + cell.row * columns + cell.column),
      take: (region) => take(boxed(at, region)),
    });
    choose(0);
  }

  const boxed = (i, { top, left, bottom, right }) => {
    const [low, high] = pictures.shots[i];
    return { boxes: [[[low, top, left], [high, bottom, right]]], label: `a region at ${clock(low)}` };
  };

  function choose(i) {
    at = i;
    frame.querySelector("img").src = pictures.frames[i];
    frame.querySelector("img").alt = `Key frame at ${clock(pictures.shots[i][0])}`;
    for (const button of list.querySelectorAll("button")) button.setAttribute("aria-pressed", Number(button.dataset.frame) === i);
    draw();
    marks(marked);
  }

  /** A lattice of one frame's cells. */
  const of = (i) => shares.subarray(i * cells(), (i + 1) * cells());

  function draw() {
    if (!shares || !side) return;
    if (lattice) lattice.heat(of(at));
    for (const button of list.querySelectorAll("button")) {
      const canvas = button.querySelector("canvas");
      XMRHeat.paint(canvas, of(Number(button.dataset.frame)), rows, columns);
      Object.assign(canvas.style, { inset: "auto", top: `${100 * area.top}%`, left: `${100 * area.left}%`,
        height: `${100 * (area.bottom - area.top)}%`, width: `${100 * (area.right - area.left)}%` });
    }
    lane("seen", 0, frames, cells());
    lane("heard", frames * cells(), side.count - frames * cells(), 1);
  }

  /** Heat over time: of each moment the hottest part. */
  function lane(name, first, count, size) {
    const values = new Float32Array(600);
    for (let k = 0; k < count; k++) {
      let most = 0;
      for (let c = 0; c < size; c++) most = Math.max(most, shares[first + k * size + c]);
      const corner = 6 * (first + k * size); // (seconds, y, x), low and high
      const low = Math.floor((600 * side.boxes[corner]) / seconds);
      const high = Math.max(low + 1, Math.ceil((600 * side.boxes[corner + 3]) / seconds));
      for (let i = Math.max(0, low); i < Math.min(600, high); i++) values[i] = Math.max(values[i], most);
    }
    XMRHeat.cells(lanes.querySelector(`[data-lane="${name}"] canvas`), values, 1, 600);
  }

  on(list, "click", '[data-do="frame"]', (_, button) => {
    const i = Number(button.dataset.frame);
    choose(i);
    player.currentTime = pictures.shots[i][0];
  });
  on(list, "keydown", '[data-do="frame"]', (event, button) => {
    if (event.key !== "Delete") return;
    event.preventDefault();
    take(boxed(Number(button.dataset.frame), { top: 0, left: 0, bottom: 1, right: 1 }));
  });

  // a press on the timeline goes there, a drag takes the span away
  let drag = null;
  const share = (event, canvas) => {
    const { left, width } = canvas.getBoundingClientRect();
    return Math.max(0, Math.min(1, (event.clientX - left) / width));
  };
  on(lanes, "pointerdown", "canvas", (event, canvas) => {
    if (event.button) return;
    drag = { canvas, from: share(event, canvas) };
    if (event.pointerType !== "touch") canvas.setPointerCapture(event.pointerId);
  });
  on(lanes, "pointermove", "canvas", (event, canvas) => {
    if (drag || !side) return;
    const time = share(event, canvas) * seconds;
    const heard = canvas.parentElement.dataset.lane === "heard";
    const first = heard ? frames * cells() : 0, size = heard ? 1 : cells();
    const count = heard ? side.count - first : frames;
    for (let k = 0; k < count; k++) {
      const corner = 6 * (first + k * size);
      if (time >= side.boxes[corner] && time <= side.boxes[corner + 3]) {
        if (!heard && k !== at) choose(k);
        point(heard ? first + k : hottest(k));
        return;
      }
    }
  });
  on(lanes, "pointerout", "canvas", () => drag || point(null));
  on(lanes, "pointerup", "canvas", (event, canvas) => {
    if (!drag) return;
    const [low, high] = [drag.from, share(event, canvas)].sort((a, b) => a - b).map((s) => s * seconds);
    const heard = canvas.parentElement.dataset.lane === "heard";
    drag = null;
    if (high - low < seconds * 0.01) {
      player.currentTime = low;
      follow();
      return;
    }
    const label = `${heard ? "sound " : ""}${clock(low)}–${clock(high)}`;
    take(heard ? { boxes: [], sounds: [[low, high]], label } : { boxes: [[[low, 0, 0], [high, 1, 1]]], sounds: [], label });
  });
  lanes.addEventListener("pointercancel", () => (drag = null));

  function hottest(k) {
    let best = k * cells();
    for (let c = 0; c < cells(); c++) if (shares && shares[k * cells() + c] > shares[best]) best = k * cells() + c;
    return best;
  }

  function marks(taken) {
    marked = taken;
    lattice?.marks(taken.boxes.filter(([[low], [high]]) => {
      const [start, end] = pictures.shots[at];
      return low < end && high > start;
    }).map(([[, top, left], [, bottom, right]]) => ({ top, left, bottom, right })));
  }

  return {
    parts, marks,
    shares: (values) => XMRHeat.shares(values, XMRHeat.kinds(side)),
    heat(values) {
      shares = values;
      draw();
    },
    light(part) {
      if (part === null || part >= frames * cells()) return lattice?.light(null);
      const i = Math.floor(part / cells()), cell = part % cells();
      if (i !== at) choose(i);
      return lattice?.light({ row: Math.floor(cell / columns), column: cell % columns });
    },
    box(part) {
      const [low, top, left, high, bottom, right] = side.boxes.subarray(6 * part, 6 * part + 6);
      if (part >= frames * cells()) return { boxes: [], sounds: [[low, high]], label: side.labels[part] };
      return { boxes: [[[low, top, left], [high, bottom, right]]], label: `a region at ${side.labels[part]}` };
    },
    stop: () => player.pause(),
    print(context, x, y, width, strength) {
      const image = frame.querySelector("img");
      const height = (width * image.naturalHeight) / (image.naturalWidth || 1);
      context.drawImage(image, x, y, width, height);
      context.globalAlpha = strength;
      if (lattice) XMRLattice.print(context, lattice.canvas, area, x, y, width, height);
      context.globalAlpha = 1;
      context.imageSmoothingEnabled = false;
      const drawn = [...lanes.querySelectorAll(".x-why-lane:not([hidden]) canvas")];
      drawn.forEach((canvas, i) => context.drawImage(canvas, x, y + height + 8 + 16 * i, width, 12));
      context.imageSmoothingEnabled = true;
      return height + 4 + 16 * drawn.length;
    },
  };
};
