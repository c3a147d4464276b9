// A small viewer of 3D models: plain WebGL 2 for the GLB that the server makes of any mesh (one
// primitive with positions, colours and indices). Turns by drag or arrows, zooms by wheel, pinch
// or + and −; draws only when something changed. Without WebGL it shows the twelve views instead.
"use strict";

window.XMRViewer = (() => {
  const VERTEX = `#version 300 es
    in vec3 place; in vec3 normal; in vec3 colour;
    uniform mat4 view; uniform mat4 lens;
    out vec3 facing; out vec3 tint; out vec3 spot;
    void main() {
      vec4 seen = view * vec4(place, 1.0);
      spot = seen.xyz; facing = mat3(view) * normal; tint = colour;
      gl_Position = lens * seen;
    }`;
  // A key light over the left shoulder, a weak one from the right, the sky, and a soft highlight;
  // faces seen from behind are lit too, for many meshes have holes or turned faces.
  const FRAGMENT = `#version 300 es
    precision highp float;
    in vec3 facing; in vec3 tint; in vec3 spot; out vec4 paint;
    void main() {
      vec3 n = normalize(facing), eye = normalize(-spot);
      if (dot(n, eye) < 0.0) n = -n;
      vec3 key = normalize(vec3(-0.45, 0.75, 0.7)), fill = normalize(vec3(0.8, 0.15, 0.35));
      float light = 0.36 + 0.14 * n.y + 0.52 * max(dot(n, key), 0.0) + 0.16 * max(dot(n, fill), 0.0);
      float shine = 0.10 * pow(max(dot(n, normalize(key + eye)), 0.0), 32.0);
      vec3 linear = pow(tint, vec3(2.2)) * light * 1.15 + shine;
      paint = vec4(pow(min(linear, 1.0), vec3(1.0 / 2.2)), 1.0);
    }`;
  const CREASE = Math.cos((40 * Math.PI) / 180); // faces that meet at less are one smooth surface

  // ---- the file

  async function file(address, signal) {
    const answer = await fetch(address, { signal });
    if (!answer.ok) throw new Error(await answer.text());
    return answer.arrayBuffer();
  }

  function parse(buffer) {
    const head = new DataView(buffer);
    if (head.byteLength < 28 || head.getUint32(0, true) !== 0x46546c67) throw new Error("not a GLB");
    const length = head.getUint32(12, true);
    const json = JSON.parse(new TextDecoder().decode(new Uint8Array(buffer, 20, length)));
    const base = 20 + length + 8;
    const { attributes, indices } = json.meshes[0].primitives[0];
    const read = (index, Type, wide) => {
      const accessor = json.accessors[index];
      const view = json.bufferViews[accessor.bufferView];
      const at = base + (view.byteOffset ?? 0) + (accessor.byteOffset ?? 0);
      return new Type(buffer, at, accessor.count * wide);
    };
    const { min, max } = json.accessors[attributes.POSITION];
    return {
      places: read(attributes.POSITION, Float32Array, 3),
      colours: read(attributes.COLOR_0, Uint8Array, 4),
      indices: read(indices, Uint32Array, 1),
      min, max,
    };
  }

  /** A normal a vertex: of all faces around its place that meet at less than the crease. */
  function normals({ places, indices, min, max }) {
    const faces = indices.length / 3;
    const flat = new Float32Array(faces * 3); // weighted by area
    for (let f = 0; f < faces; f++) {
      const [a, b, c] = [indices[3 * f] * 3, indices[3 * f + 1] * 3, indices[3 * f + 2] * 3];
      const ux = places[b] - places[a], uy = places[b + 1] - places[a + 1], uz = places[b + 2] - places[a + 2];
      const vx = places[c] - places[a], vy = places[c + 1] - places[a + 1], vz = places[c + 2] - places[a + 2];
      flat[3 * f] = uy * vz - uz * vy;
      flat[3 * f + 1] = uz * vx - ux * vz;
      flat[3 * f + 2] = ux * vy - uy * vx;
    }
    const out = new Float32Array(places.length);
    if (indices.length !== places.length / 3) {
      // a large mesh shares its vertices: one normal each
      for (let i = 0; i < indices.length; i++)
        for (let k = 0; k < 3; k++) out[3 * indices[i] + k] += flat[3 * ((i / 3) | 0) + k];
      return out;
    }
    const grid = 1e5 / Math.max(max[0] - min[0], max[1] - min[1], max[2] - min[2], 1e-9);
    const around = new Map(); // a place → the corners there
    const keys = new Array(indices.length);
    for (let i = 0; i < indices.length; i++) {
      const at = indices[i] * 3;
      const key = [0, 1, 2].map((k) => Math.round((places[at + k] - min[k]) * grid)).join();
      keys[i] = key;
      if (around.has(key)) around.get(key).push(i);
      else around.set(key, [i]);
    }
    const size = new Float32Array(faces);
    for (let f = 0; f < faces; f++)
      size[f] = Math.hypot(flat[3 * f], flat[3 * f + 1], flat[3 * f + 2]) || 1e-20;
    for (let i = 0; i < indices.length; i++) {
      const f = (i / 3) | 0, at = indices[i] * 3;
      for (const j of around.get(keys[i])) {
        const g = (j / 3) | 0;
        const dot = flat[3 * f] * flat[3 * g] + flat[3 * f + 1] * flat[3 * g + 1] + flat[3 * f + 2] * flat[3 * g + 2];
        if (dot >= CREASE * size[f] * size[g])
          for (let k = 0; k < 3; k++) out[at + k] += flat[3 * g + k];
      }
    }
    return out;
  }

  // ---- matrices, column by column

  function lens(aspect, near, far) {
    const f = 1 / Math.tan(Math.PI / 10); // 36°, or wider for tall canvases
    const x = aspect >= 1 ? f / aspect : f, y = aspect >= 1 ? f : f * aspect;
    return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, (far + near) / (near - far), -1, 0, 0, (2 * far * near) / (near - far), 0];
  }

  function viewing(azimuth, elevation, distance, centre, pan) {
    const ca = Math.cos(azimuth), sa = Math.sin(azimuth), ce = Math.cos(elevation), se = Math.sin(elevation);
    // rows: right, up, back
    const r = [ca, 0, -sa], u = [-sa * se, ce, -ca * se], b = [sa * ce, se, ca * ce];
    const dot = (v) => v[0] * centre[0] + v[1] * centre[1] + v[2] * centre[2];
    return [r[0], u[0], b[0], 0, r[1], u[1], b[1], 0, r[2], u[2], b[2], 0,
      pan[0] - dot(r), pan[1] - dot(u), -distance - dot(b), 1];
  }

  // ---- drawing

  function program(gl) {
    const made = gl.createProgram();
    for (const [kind, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
      const shader = gl.createShader(kind);
      gl.shaderSource(shader, source);
      gl.compileShader(shader);
      if (!gl.getShaderParameter(shader, gl.COMPILE_STATUS)) throw new Error(gl.getShaderInfoLog(shader));
      gl.attachShader(made, shader);
    }
    gl.linkProgram(made);
    if (!gl.getProgramParameter(made, gl.LINK_STATUS)) throw new Error(gl.getProgramInfoLog(made));
    return made;
  }

  function fill(gl, made, model) {
    const put = (name, data, wide, type, normal) => {
      const buffer = gl.createBuffer();
      gl.bindBuffer(gl.ARRAY_BUFFER, buffer);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      const at = gl.getAttribLocation(made, name);
      gl.enableVertexAttribArray(at);
      gl.vertexAttribPointer(at, Math.min(wide, 3), type, normal, name === "colour" ? 4 : 0, 0);
      return buffer;
    };
    put("place", model.places, 3, gl.FLOAT, false);
    put("normal", normals(model), 3, gl.FLOAT, false);
    const tint = put("colour", model.colours, 4, gl.UNSIGNED_BYTE, true);
    gl.bindBuffer(gl.ELEMENT_ARRAY_BUFFER, gl.createBuffer());
    gl.bufferData(gl.ELEMENT_ARRAY_BUFFER, model.indices, gl.STATIC_DRAW);
    return tint;
  }

  /** The views as a strip instead: no WebGL, or no model to be had. */
  function fallback(canvas, why) {
    const strip = document.createElement("div");
    strip.className = "x-turn x-turn-large";
    Object.assign(strip.dataset, { sprite: canvas.dataset.sprite, view: 0 });
    strip.tabIndex = 0;
    strip.setAttribute("role", "slider");
    strip.setAttribute("aria-label", canvas.getAttribute("aria-label"));
    strip.setAttribute("aria-valuemin", 1);
    strip.setAttribute("aria-valuemax", 12);
    strip.append(document.createElement("i"));
    canvas.hidden = true;
    canvas.after(strip);
    XMRPlayer.ready(strip.parentElement);
    const hint = strip.parentElement.querySelector(".x-stage-hint");
    if (hint) hint.textContent = `${why} These are its views; drag to turn.`;
  }

  /**
   * Show a model until the signal is given: `data`, or what lies at the canvas's data-model.
   * @returns {Promise<?{paint: (colours: Uint8Array) => void}>} gives each face another colour (red,
   *   green, blue); null where no model is shown
   */
  async function open(canvas, signal, data = null) {
    const gl = canvas.getContext("webgl2", { antialias: true, alpha: true, preserveDrawingBuffer: true });
    if (!gl) {
      fallback(canvas, "This browser has no WebGL.");
      return null;
    }
    canvas.dataset.state = "loading";
    let model;
    try {
      model = parse(data ?? (await file(canvas.dataset.model, signal)));
    } catch (error) {
      if (error.name !== "AbortError") fallback(canvas, "The model cannot be read.");
      return null;
    }
    if (!canvas.isConnected) return null;
    const made = program(gl);
    gl.useProgram(made);
    const tint = fill(gl, made, model);
    const [lensAt, viewAt] = ["lens", "view"].map((name) => gl.getUniformLocation(made, name));
    const centre = [0, 1, 2].map((k) => (model.min[k] + model.max[k]) / 2);
    const radius = Math.hypot(...[0, 1, 2].map((k) => (model.max[k] - model.min[k]) / 2)) || 1;
    const HOME = { azimuth: Math.PI / 6, elevation: Math.PI / 9, zoom: 1, pan: [0, 0] };
    let at = structuredClone(HOME);
    let asked = 0;
    let gone = false;

    function draw() {
      asked = 0;
      if (gone) return;
      const scale = Math.min(2, devicePixelRatio || 1);
      const [width, height] = [canvas.clientWidth * scale, canvas.clientHeight * scale].map(Math.round);
      if (!width || !height) return;
      if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
      const distance = (3.45 * radius) / at.zoom;
      gl.viewport(0, 0, width, height);
      gl.clearColor(0, 0, 0, 0);
      gl.clear(gl.COLOR_BUFFER_BIT | gl.DEPTH_BUFFER_BIT);
      gl.enable(gl.DEPTH_TEST);
      gl.uniformMatrix4fv(lensAt, false, lens(width / height, Math.max(distance - 2 * radius, radius / 200), distance + 2 * radius));
      gl.uniformMatrix4fv(viewAt, false, viewing(at.azimuth, at.elevation, distance, centre, at.pan));
      gl.drawElements(gl.TRIANGLES, model.indices.length, gl.UNSIGNED_INT, 0);
      canvas.dataset.state = "shown";
      canvas.dataset.pose = [at.azimuth, at.elevation, at.zoom].map((v) => v.toFixed(3)).join();
    }
    const redraw = () => (asked ||= requestAnimationFrame(draw));

    function turn(x, y) {
      at.azimuth -= x;
      at.elevation = Math.max(-1.5, Math.min(1.5, at.elevation + y));
      redraw();
    }
    function zoom(by) {
      at.zoom = Math.max(0.4, Math.min(12, at.zoom * by));
      redraw();
    }

    const fingers = new Map();
    canvas.addEventListener("pointerdown", (event) => {
      canvas.setPointerCapture(event.pointerId);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    canvas.addEventListener("pointermove", (event) => {
      const last = fingers.get(event.pointerId);
      if (!last) return;
      const [x, y] = [event.clientX - last[0], event.clientY - last[1]];
      if (fingers.size === 2) {
        const other = [...fingers].find(([id]) => id !== event.pointerId)[1];
        const span = (p) => Math.hypot(p[0] - other[0], p[1] - other[1]) || 1;
        zoom(span([event.clientX, event.clientY]) / span(last));
      } else if (event.shiftKey || event.buttons === 2) {
        const unit = (2.2 * radius) / at.zoom / canvas.clientHeight;
        at.pan = [at.pan[0] + x * unit, at.pan[1] - y * unit];
        redraw();
      } else turn(x * 0.01, y * 0.01);
      fingers.set(event.pointerId, [event.clientX, event.clientY]);
    });
    for (const end of ["pointerup", "pointercancel"])
      canvas.addEventListener(end, (event) => fingers.delete(event.pointerId));
    canvas.addEventListener("contextmenu", (event) => event.preventDefault());
    canvas.addEventListener("wheel", (event) => {
      event.preventDefault();
      zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0015)));
    }, { passive: false });
    canvas.addEventListener("keydown", (event) => {
      const step = event.shiftKey ? 0.5 : 0.15;
      const moves = {
        ArrowLeft: () => turn(step, 0), ArrowRight: () => turn(-step, 0),
        ArrowUp: () => turn(0, step), ArrowDown: () => turn(0, -step),
        "+": () => zoom(1.15), "=": () => zoom(1.15), "-": () => zoom(1 / 1.15),
        0: () => { at = structuredClone(HOME); redraw(); },
      };
      if (!moves[event.key]) return;
      event.preventDefault();
      event.stopPropagation();
      moves[event.key]();
    });
    canvas.addEventListener("dblclick", () => { at = structuredClone(HOME); redraw(); });
    const watch = new ResizeObserver(redraw);
    watch.observe(canvas);
    signal?.addEventListener("abort", () => {
      gone = true;
      watch.disconnect();
      gl.getExtension("WEBGL_lose_context")?.loseContext();
    });
    redraw();
    return {
      paint(colours) {
        const corners = new Uint8Array(model.indices.length * 4).fill(255);
        const shared = model.indices.length !== model.places.length / 3; // then the last face of a vertex wins
        for (let i = 0; i < model.indices.length; i++) {
          const from = 3 * ((i / 3) | 0), to = 4 * (shared ? model.indices[i] : i);
          for (let k = 0; k < 3; k++) corners[to + k] = colours[from + k];
        }
        gl.bindBuffer(gl.ARRAY_BUFFER, tint);
        gl.bufferData(gl.ARRAY_BUFFER, corners.subarray(0, (model.places.length / 3) * 4), gl.STATIC_DRAW);
        redraw();
      },
    };
  }

  return { open, parse, normals };
})();
