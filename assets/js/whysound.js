// A sound on the Why page: its log-mel map with heat in time and pitch, and a player that is followed.
"use strict";

window.XMRWhySound = (stage, media, { point, take, problem }) => {
  const { make } = XMR;
  const box = make(
    `<div class="x-why-sound"><div class="x-why-mel"><img alt="Log-mel map: time from left to right, pitch from low to high">
     <div class="x-why-now" hidden></div></div><div class="x-why-line"><canvas width="600" height="1"></canvas></div>
     <audio controls preload="metadata"></audio></div>`,
  );
  const [image, now, line, player] = ["img", ".x-why-now", ".x-why-line canvas", "audio"].map((s) => box.querySelector(s));
  if (media.thumb) image.src = media.thumb;
  player.src = media.src;
  player.setAttribute("aria-label", media.title);
  player.addEventListener("error", () => problem("This browser cannot play the file; its map can still be looked at."));
  stage.replaceChildren(box);
  let lattice = null;
  let side = null;
  let seconds = 1;
  let steps = 1, bands = 1;

  const follow = () => {
    if (!box.isConnected) return;
    now.hidden = player.currentTime === 0;
    now.style.left = `${(100 * player.currentTime) / (player.duration || seconds)}%`;
    if (!player.paused) requestAnimationFrame(follow);
  };
  for (const event of ["play", "seeked", "timeupdate"]) player.addEventListener(event, follow);
  const seek = (x) => {
    player.currentTime = x * (player.duration || seconds);
    follow();
  };

  /** The step at a share of the time: spans need not be of one length. */
  function stepAt(share) {
    const time = share * seconds;
    for (let s = 0; s < steps; s++) if (time < side.boxes[4 * s * bands + 2]) return s;
    return steps - 1;
  }
  const partAt = (cell) => Math.min(steps - 1, cell.column) * bands + (bands - 1 - cell.row);

  function parts(told, pictures) {
    side = told;
    [steps, bands] = side.grid;
    if (pictures?.mel) {
      image.src = pictures.mel;
      seconds = pictures.seconds || 1;
    }
    lattice?.remove();
    lattice = XMRLattice(box.querySelector(".x-why-mel"), {
      rows: bands, columns: steps, wide: Math.max(200, Math.min(1000, steps * 3)), tall: 96,
      label: `Heat over ${media.title}, time from left to right. Arrow keys go from part to part, Enter takes one away, the space bar plays.`,
      point: (cell) => point(cell && partAt(cell)),
      take: (area) => take(boxed(area)),
      press: seek,
    });
    lattice.layer.addEventListener("keydown", (event) => {
      if (event.key !== " ") return;
      event.preventDefault();
      if (player.paused) player.play().catch(() => {});
      else player.pause();
    });
  }

  const clock = (s) => `${Math.floor(s / 60)}:${String(Math.floor(s % 60)).padStart(2, "0")}`;
  const BANDS = 96;
  const boxed = ({ top, left, bottom, right }) => ({
    boxes: [[[left * seconds, (1 - bottom) * BANDS], [right * seconds, (1 - top) * BANDS]]],
    label: `${clock(left * seconds)}–${clock(right * seconds)}`,
  });

  return {
    parts,
    heat(shares) {
      if (!lattice) return;
      // the map has low bands below, the parts have them first
      const grid = new Float32Array(steps * bands);
      for (let s = 0; s < steps; s++)
        for (let b = 0; b < bands; b++) grid[(bands - 1 - b) * steps + s] = shares[s * bands + b];
      lattice.heat(grid);
      const over = Float32Array.from({ length: 600 }, (_, i) => {
        const s = stepAt((i + 0.5) / 600);
        let most = 0;
        for (let b = 0; b < bands; b++) most = Math.max(most, shares[s * bands + b]);
        return most;
      });
      XMRHeat.cells(line, over, 1, 600);
    },
    light: (part) => lattice?.light(part === null ? null : { row: bands - 1 - (part % bands), column: Math.floor(part / bands) }),
    box(part) {
      const [low, band, high, top] = side.boxes.subarray(4 * part, 4 * part + 4);
      return { boxes: [[[low, band], [high, top]]], label: side.labels[part] };
    },
    marks: (taken) => lattice?.marks(taken.boxes.map(([[low, band], [high, top]]) => ({
      left: low / seconds, right: high / seconds, top: 1 - top / BANDS, bottom: 1 - band / BANDS }))),
    stop: () => player.pause(),
    print(context, x, y, width, strength) {
      const height = width * 0.4;
      context.drawImage(image, x, y, width, height);
      context.globalAlpha = strength;
      if (lattice) context.drawImage(lattice.canvas, x, y, width, height);
      context.globalAlpha = 1;
      context.imageSmoothingEnabled = false;
      context.drawImage(line, x, y + height + 8, width, 12);
      context.imageSmoothingEnabled = true;
      return height + 20;
    },
  };
};
