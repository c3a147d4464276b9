// The graph around an item on a canvas: springs between what is linked, everything else pushed apart.
"use strict";

/**
 * @param {HTMLCanvasElement} canvas
 * @param {{tip: Element, open: (id: number) => void, centre: (id: number) => void, why: (id: number) => string}} page
 */
window.XMRNodes = (canvas, page) => {
  const { calm, esc } = XMR;
  const STEPS = 260; // of the springs, until all is at rest
  const LENGTH = { refers: 90, stem: 90, joined: 80, duplicate: 80, near: 130, folder: 170 };
  /** How each kind of link is drawn: dashes, width, and whether in the strong ink. */
  const STYLE = {
    refers: { dash: [10, 4], width: 2.2, ink: true }, stem: { dash: [], width: 3, ink: true },
    joined: { dash: [2, 3], width: 3.4, ink: true }, duplicate: { dash: [14, 3, 2, 3], width: 2.4, ink: true },
    near: { dash: [], width: 1.6, ink: false }, folder: { dash: [1, 5], width: 1.6, ink: false },
  };
  const pictures = new Map();
  let nodes = [];
  let links = [];
  let off = new Set(); // kinds that the legend leaves out
  let [at, left, size] = [-1, 0, { width: 1, height: 1, dense: 1 }];

  const colour = (name) => getComputedStyle(canvas).getPropertyValue(name).trim();
  const radius = (node) => (node.steps === 0 ? 34 : node.steps === 1 ? 24 : 17);
  /** As it is drawn: where all of it is small, nodes are smaller too, and none hides another. */
  const drawn = (node, zoom = frame()) => radius(node) * Math.min(1, Math.max(0.45, 1.05 * zoom));

  function show(told) {
    const before = new Map(nodes.map((node) => [node.id, node]));
    nodes = told.items.map((item, i) => {
      const old = before.get(item.id);
      const [far, turn] = [130 * item.steps, i * 2.39996]; // the golden angle: nobody sits on another
      return { ...item, x: old?.x ?? far * Math.cos(turn), y: old?.y ?? far * Math.sin(turn), vx: 0, vy: 0 };
    });
    const place = new Map(nodes.map((node, i) => [node.id, i]));
    links = told.links.map((link) => ({ ...link, a: place.get(link.item), b: place.get(link.other) }));
    for (const { thumb } of nodes) picture(thumb);
    at = -1;
    page.tip.hidden = true;
    settle();
  }

  function picture(source) {
    if (!source || pictures.has(source)) return;
    const image = new Image();
    image.onload = draw;
    image.src = source;
    pictures.set(source, image);
  }

  /** Let the springs come to rest, before the eyes of whoever likes movement. */
  function settle() {
    left = STEPS;
    if (calm()) {
      while (left > 0) step();
      draw();
    } else requestAnimationFrame(run);
  }

  function run() {
    for (let i = 0; i < 4 && left > 0; i++) step();
    draw();
    if (left > 0 && canvas.isConnected) requestAnimationFrame(run);
  }

  function step() {
    const heat = left-- / STEPS;
    for (let i = 0; i < nodes.length; i++)
      for (let j = i + 1; j < nodes.length; j++) {
        const [one, other] = [nodes[i], nodes[j]];
        const [dx, dy] = [one.x - other.x || 0.1, one.y - other.y || 0.1];
        const far = Math.max(dx * dx + dy * dy, 100);
        const apart = radius(one) + radius(other) + 14; // nobody lies on another
        const force = 9000 / far + (far < apart * apart ? 0.5 * (apart - Math.sqrt(far)) : 0);
        const [fx, fy] = [(dx * force) / Math.sqrt(far), (dy * force) / Math.sqrt(far)];
        one.vx += fx; one.vy += fy; other.vx -= fx; other.vy -= fy;
      }
    for (const { a, b, kind, weight } of links) {
      if (off.has(kind)) continue;
      const [one, other] = [nodes[a], nodes[b]];
      const [dx, dy] = [other.x - one.x, other.y - one.y];
      const far = Math.hypot(dx, dy) || 1;
      const force = (0.03 + 0.05 * weight) * (kind === "folder" ? 0.15 : 1) * (far - LENGTH[kind]);
      const [fx, fy] = [(dx / far) * force, (dy / far) * force];
      one.vx += fx; one.vy += fy; other.vx -= fx; other.vy -= fy;
    }
    for (const node of nodes) {
      if (node.steps === 0) {
        Object.assign(node, { x: 0, y: 0, vx: 0, vy: 0 });
        continue;
      }
      const speed = Math.hypot(node.vx, node.vy);
      const most = 2 + 22 * heat;
      const scale = speed > most ? most / speed : 1;
      node.x += node.vx * scale; node.y += node.vy * scale;
      node.vx *= 0.55; node.vy *= 0.55;
    }
  }

  /** The scale and the shift that bring all of it into view. */
  function frame() {
    const [w, h] = [size.width / 2 - 44, size.height / 2 - 44];
    let zoom = 1.25;
    for (const node of nodes)
      zoom = Math.min(zoom, w / Math.max(1, Math.abs(node.x)), h / Math.max(1, Math.abs(node.y)));
    return Math.max(0.15, zoom);
  }

  function spot(node, zoom = frame()) {
    return [size.width / 2 + node.x * zoom, size.height / 2 + node.y * zoom];
  }

  function draw() {
    const pen = canvas.getContext("2d");
    const { width, height, dense } = size;
    pen.setTransform(dense, 0, 0, dense, 0, 0);
    pen.clearRect(0, 0, width, height);
    const zoom = frame();
    const near = at < 0 ? null : new Set(links.filter((l) => l.a === at || l.b === at).flatMap((l) => [l.a, l.b]));
    const [ink, faint] = [colour("--x-ink-2"), colour("--x-line-2")];
    for (const { a, b, kind, weight } of links) {
      if (off.has(kind)) continue;
      const style = STYLE[kind];
      pen.setLineDash(style.dash);
      pen.lineWidth = style.width * (kind === "near" ? 0.6 + 2.4 * weight : 1);
      pen.strokeStyle = style.ink || kind === "near" ? ink : faint;
      const quiet = at < 0 ? (kind === "folder" ? 0.55 : kind === "near" ? 0.5 : 0.85) : 0.12;
      pen.globalAlpha = at >= 0 && (a === at || b === at) ? 1 : quiet;
      pen.beginPath();
      pen.moveTo(...spot(nodes[a], zoom));
      pen.lineTo(...spot(nodes[b], zoom));
      pen.stroke();
    }
    pen.setLineDash([]);
    for (let i = nodes.length - 1; i >= 0; i--) {
      pen.globalAlpha = near && i !== at && !near.has(i) ? 0.3 : 1;
      dot(pen, nodes[i], zoom, i === at);
    }
    pen.globalAlpha = 1;
  }

  function dot(pen, node, zoom, pointed) {
    const [x, y] = spot(node, zoom);
    const wide = drawn(node, zoom) + (pointed ? 4 : 0);
    const medium = colour(`--x-${node.modality}`);
    const image = pictures.get(node.thumb);
    pen.save();
    pen.beginPath();
    pen.arc(x, y, wide, 0, 2 * Math.PI);
    pen.fillStyle = image?.naturalWidth ? "#fff" : colour(`--x-${node.modality}-well`);
    pen.fill();
    if (image?.naturalWidth) {
      pen.clip();
      const scale = Math.max((2 * wide) / image.naturalWidth, (2 * wide) / image.naturalHeight);
      const [w, h] = [image.naturalWidth * scale, image.naturalHeight * scale];
      pen.drawImage(image, x - w / 2, y - h / 2, w, h);
    }
    pen.restore();
    if (!image?.naturalWidth) {
      pen.fillStyle = medium;
      pen.font = `600 ${wide * 0.8}px ${getComputedStyle(canvas).fontFamily}`;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      pen.fillText([...node.title][0]?.toUpperCase() ?? "", x, y);
    }
    pen.beginPath();
    pen.arc(x, y, wide, 0, 2 * Math.PI);
    pen.lineWidth = node.steps === 0 ? 4 : 2.5;
    pen.strokeStyle = medium;
    pen.stroke();
  }

  /** The node under a place of the canvas, −1 for none. */
  function under(x, y) {
    const zoom = frame();
    let best = -1;
    let least = Infinity;
    nodes.forEach((node, i) => {
      const [px, py] = spot(node, zoom);
      const far = Math.hypot(px - x, py - y) - drawn(node, zoom);
      if (far < Math.min(8, least)) [best, least] = [i, far];
    });
    return best;
  }

  function point(i) {
    if (i === at) return;
    at = i;
    draw();
    const { tip } = page;
    canvas.style.cursor = i < 0 ? "" : "pointer";
    tip.hidden = i < 0;
    if (i < 0) return;
    const node = nodes[i];
    const [x, y] = spot(node);
    tip.style.setProperty("--m", colour(`--x-${node.modality}`));
    tip.innerHTML = `<b>${esc(node.title)}</b><span>${XMR.icon(node.modality)}${esc(page.why(node.id))}</span>`;
    tip.toggleAttribute("data-below", y < size.height / 3);
    for (const [name, value] of Object.entries({ x, y, w: size.width, h: size.height, gap: drawn(node) + 8 }))
      tip.style.setProperty(`--${name}`, `${value}px`);
  }

  function resized() {
    const { clientWidth: width, clientHeight: height } = canvas.parentElement;
    if (!width) return;
    size = { width, height, dense: Math.min(2, devicePixelRatio || 1) };
    canvas.width = width * size.dense;
    canvas.height = height * size.dense;
    draw();
  }

  const place = (event) => under(event.offsetX, event.offsetY);
  canvas.addEventListener("pointermove", (event) => event.pointerType === "mouse" && point(place(event)));
  canvas.addEventListener("pointerleave", () => point(-1));
  canvas.addEventListener("click", (event) => {
    const i = place(event);
    if (i < 0) return point(-1);
    if (nodes[i].steps === 0) page.open(nodes[i].id);
    else page.centre(nodes[i].id);
  });
  new ResizeObserver(resized).observe(canvas.parentElement);

  /** A line of the legend. */
  function sample(kind) {
    const { dash, width } = STYLE[kind];
    return `<svg viewBox="0 0 34 8" aria-hidden="true"><path d="M1 4h32" stroke="currentColor" stroke-width="${width}"
      stroke-dasharray="${dash.join(" ")}" opacity="${STYLE[kind].ink ? 1 : 0.7}"/></svg>`;
  }

  return {
    show, draw, sample,
    point: (id) => point(nodes.findIndex((node) => node.id === id)),
    without(kinds) {
      off = kinds;
      settle();
    },
  };
};
