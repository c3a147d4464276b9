// A drawing as a query: a small pad with pens, a brush that fills, and undo; its picture is handed over as any.
"use strict";

/** Listen to the button of a root; `take(blob, name)` gets what was drawn. */
window.XMRSketchPad = (root, take) => {
  const { dialog, icon, on } = XMR;
  const [WIDE, HIGH] = [640, 480];
  const COLOURS = { black: "#161616", grey: "#8b8f92", white: "#ffffff", brown: "#7a4a24", red: "#d6302a", orange: "#ee8a1d",
    yellow: "#f6cf31", green: "#3f9a43", "dark green": "#1f5a33", "light blue": "#8cc6ee", blue: "#2a5fc4", violet: "#7d4bb0", pink: "#ec8fb4", skin: "#e8b98f" };
  const SIZES = { fine: 4, middle: 12, broad: 34 };
  const UNDOS = 30;

  const face = (colour) => `<i style="background:${colour}"></i>`;
  const tool = (name, label, drawing) => `<button class="x-btn" type="button" data-pad="${name}" title="${label}">${drawing}${label}</button>`;

  function open() {
    const swatches = Object.entries(COLOURS).map(([name, value], i) =>
      `<button type="button" class="x-pad-colour" data-colour="${value}" aria-pressed="${i === 0}" aria-label="${name}" title="${name}">${face(value)}</button>`).join("");
    const sizes = Object.entries(SIZES).map(([name, size], i) =>
      `<button type="button" class="x-pad-size" data-size="${size}" aria-pressed="${i === 1}" aria-label="${name} pen" title="${name}"><i style="width:${Math.min(22, size / 1.5 + 2)}px"></i></button>`).join("");
    const box = dialog(
      `<div class="x-dialog-head"><h2 id="x-pad-title">Draw what you look for</h2>
        <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body x-pad"><canvas width="${WIDE}" height="${HIGH}" role="img" aria-label="Your drawing"></canvas>
        <div class="x-pad-row" role="group" aria-label="Colours">${swatches}</div>
        <div class="x-pad-row"><span class="x-pad-sizes" role="group" aria-label="Pens">${sizes}</span>
         <span class="x-seg" role="group" aria-label="What the pointer does"><button type="button" data-mode="pen" aria-pressed="true">Pen</button><button type="button" data-mode="fill" aria-pressed="false">Fill</button><button type="button" data-mode="erase" aria-pressed="false">Erase</button></span>
         ${tool("ground", "Background", "")}${tool("undo", "Undo", icon("undo"))}${tool("clear", "Clear", icon("bin"))}</div>
        <p class="x-quiet">Patches of colour find more than lines: fill what you have outlined, and give it a background.</p></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
        <button class="x-btn x-btn-main" type="button" data-pad="done" disabled>${icon("search")}Search with it</button></div>`);
    box.classList.add("x-dialog-pad");
    const canvas = box.querySelector("canvas");
    const context = canvas.getContext("2d", { willReadFrequently: true });
    const past = [];
    let colour = COLOURS.black;
    let size = SIZES.middle;
    let mode = "pen";
    let from = null;
    let drawn = false;
    context.lineCap = context.lineJoin = "round";
    context.fillStyle = COLOURS.white;
    context.fillRect(0, 0, WIDE, HIGH);

    const ready = () => (box.querySelector('[data-pad="done"]').disabled = !drawn);
    function remember() {
      past.push({ pixels: context.getImageData(0, 0, WIDE, HIGH), drawn });
      if (past.length > UNDOS) past.shift();
      drawn = true;
      ready();
    }
    function press(name, value) {
      for (const one of box.querySelectorAll(`[data-${name}]`)) one.setAttribute("aria-pressed", one.dataset[name] === String(value));
    }
    const at = (event) => {
      const area = canvas.getBoundingClientRect();
      return [((event.clientX - area.left) * WIDE) / area.width, ((event.clientY - area.top) * HIGH) / area.height];
    };

    function line(to) {
      context.strokeStyle = mode === "erase" ? COLOURS.white : colour;
      context.lineWidth = mode === "erase" ? Math.max(20, size) : size;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
      from = to;
    }

    canvas.addEventListener("pointerdown", (event) => {
      if (event.button > 0) return;
      event.preventDefault();
      remember();
      from = at(event);
      if (mode === "fill") {
        flood(context, from.map(Math.floor), colour);
        from = null;
      } else {
        canvas.setPointerCapture(event.pointerId);
        line([from[0] + 0.01, from[1]]); // a dot, where nothing moves
      }
    });
    canvas.addEventListener("pointermove", (event) => {
      if (!from) return;
      for (const one of event.getCoalescedEvents?.() ?? [event]) line(at(one));
    });
    for (const end of ["pointerup", "pointercancel"]) canvas.addEventListener(end, () => (from = null));

    function undo() {
      const before = past.pop();
      if (!before) return;
      context.putImageData(before.pixels, 0, 0);
      drawn = before.drawn;
      ready();
    }
    const does = {
      undo,
      ground() {
        remember();
        // what is still the colour of the corners is the background
        flood(context, [0, 0], colour);
        for (const corner of [[WIDE - 1, 0], [0, HIGH - 1], [WIDE - 1, HIGH - 1]]) flood(context, corner, colour, COLOURS.white);
      },
      clear() {
        remember();
        context.fillStyle = COLOURS.white;
        context.fillRect(0, 0, WIDE, HIGH);
        drawn = false;
        ready();
      },
      done() {
        const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
        canvas.toBlob((blob) => take(blob, `Drawn at ${time}.png`), "image/png");
        box.close();
      },
    };
    on(box, "click", "[data-pad]", (_, button) => does[button.dataset.pad]());
    on(box, "click", "[data-colour]", (_, button) => {
      colour = button.dataset.colour;
      if (mode === "erase") press("mode", (mode = "pen"));
      press("colour", colour);
    });
    on(box, "click", "[data-size]", (_, button) => press("size", (size = Number(button.dataset.size))));
    on(box, "click", "[data-mode]", (_, button) => press("mode", (mode = button.dataset.mode)));
    box.addEventListener("keydown", (event) => {
      if ((event.ctrlKey || event.metaKey) && event.key === "z") {
        event.preventDefault();
        undo();
      }
    });
  }

  /** Fill the patch around a point; `only` where the point has that colour. */
  function flood(context, [x, y], colour, only) {
    const image = context.getImageData(0, 0, WIDE, HIGH);
    const pixels = new Uint32Array(image.data.buffer);
    const packed = (hex) => {
      const [r, g, b] = [1, 3, 5].map((i) => parseInt(hex.slice(i, i + 2), 16));
      return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
    };
    const old = pixels[y * WIDE + x];
    const fresh = packed(colour);
    if (old === fresh || (only && old !== packed(only))) return;
    // the soft rim of a stroke is nearer to what is filled than to the stroke
    const part = (value, shift) => (value >>> shift) & 255;
    const near = (value) => value !== fresh && [0, 8, 16].every((shift) => Math.abs(part(value, shift) - part(old, shift)) < 96);
    const stack = [y * WIDE + x];
    while (stack.length) {
      const at = stack.pop();
      if (!near(pixels[at])) continue;
      pixels[at] = fresh;
      const column = at % WIDE;
      if (column > 0) stack.push(at - 1);
      if (column < WIDE - 1) stack.push(at + 1);
      if (at >= WIDE) stack.push(at - WIDE);
      if (at < WIDE * (HIGH - 1)) stack.push(at + WIDE);
    }
    context.putImageData(image, 0, 0);
  }

  on(root, "click", '[data-do="draw"]', open);
};
