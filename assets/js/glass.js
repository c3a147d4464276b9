// Draws many points at once: by the graphics card (WebGL 2), or by the processor where there is none.
// A point has a place to come from and one to go to, a group that gives its colour, and a medium that
// gives its shape. What is uploaded stays; with each frame only the view is told.
"use strict";

window.XMRGlass = (() => {
  const GROUPS = 16; // colours that one drawing can have
  const PLAYED = /swiftshader|llvmpipe|softpipe|software|basic render/i;
  const VERTEX = `#version 300 es
    in vec2 from; in vec2 to; in float group; in float medium;
    uniform vec2 middle; uniform vec2 reach; uniform float moved; uniform float size;
    uniform vec4 palette[${GROUPS}];
    flat out vec4 tint; flat out int shape;
    void main() {
      tint = palette[int(group)];
      shape = int(medium);
      vec2 place = (mix(from, to, moved) - middle) * reach;
      gl_Position = vec4(tint.a > 0.0 ? place : vec2(9.0), 0.0, 1.0);
      gl_PointSize = size;
    }`;
  // 0 text: a sheet; 1 image: a disc; 2 audio: a diamond; 3 video: a triangle; 4 mesh: a hexagon.
  // Each is about as large to the eye as the others.
  const FRAGMENT = `#version 300 es
    precision highp float;
    flat in vec4 tint; flat in int shape;
    uniform float size; uniform vec3 ground;
    out vec4 paint;
    void main() {
      vec2 p = gl_PointCoord * 2.0 - 1.0;
      vec2 a = abs(p);
      float far = shape == 1 ? length(p)
        : shape == 0 ? max(a.x, a.y) * 1.16
        : shape == 2 ? (a.x + a.y) * 0.9
        : shape == 3 ? max(-p.x * 1.45, 0.62 * p.x + 1.07 * a.y) + 0.06
        : max(a.y * 0.9, a.x * 0.866 * 1.06 + a.y * 0.5);
      float pixel = 2.0 / size;
      float whole = 1.0 - smoothstep(1.0 - pixel, 1.0, far);
      if (whole <= 0.0) discard;
      // small points are all colour, larger ones have a rim that keeps them apart
      float rim = size > 9.0 ? 1.6 * pixel : 0.0;
      float inner = 1.0 - smoothstep(1.0 - pixel - rim, 1.0 - rim, far);
      vec3 colour = mix(ground, tint.rgb, rim > 0.0 ? inner : 1.0);
      paint = vec4(colour * whole, whole) * tint.a;
    }`;

  /** Whether there is a graphics card. A processor that plays one is slower than our own stamps. */
  function card() {
    const gl = document.createElement("canvas").getContext("webgl2"); // a canvas is for good what it was first
    if (!gl) return false;
    const told = gl.getExtension("WEBGL_debug_renderer_info");
    const name = gl.getParameter(told ? told.UNMASKED_RENDERER_WEBGL : gl.RENDERER);
    gl.getExtension("WEBGL_lose_context")?.loseContext();
    return !PLAYED.test(name);
  }

  function webgl(canvas) {
    const gl = canvas.getContext("webgl2", {
      alpha: false, antialias: false, depth: false, powerPreference: "high-performance",
    });
    if (!gl) return null;
    let program, places, buffers, count = 0, kept = {};

    function compile() {
      program = gl.createProgram();
      for (const [type, source] of [[gl.VERTEX_SHADER, VERTEX], [gl.FRAGMENT_SHADER, FRAGMENT]]) {
        const shader = gl.createShader(type);
        gl.shaderSource(shader, source);
        gl.compileShader(shader);
        gl.attachShader(program, shader);
      }
      ["from", "to", "group", "medium"].forEach((name, at) => gl.bindAttribLocation(program, at, name));
      gl.linkProgram(program);
      if (!gl.getProgramParameter(program, gl.LINK_STATUS) && !gl.isContextLost())
        throw new Error(gl.getProgramInfoLog(program));
      places = Object.fromEntries(["middle", "reach", "moved", "size", "palette", "ground"].map((name) =>
        [name, gl.getUniformLocation(program, name)]));
      buffers = ["from", "to", "group", "medium"].map(() => gl.createBuffer());
      gl.enable(gl.BLEND);
      gl.blendFunc(gl.ONE, gl.ONE_MINUS_SRC_ALPHA);
    }

    function fill(at, data, wide) {
      gl.bindBuffer(gl.ARRAY_BUFFER, buffers[at]);
      gl.bufferData(gl.ARRAY_BUFFER, data, gl.STATIC_DRAW);
      gl.enableVertexAttribArray(at);
      const type = data instanceof Float32Array ? gl.FLOAT : gl.UNSIGNED_BYTE;
      gl.vertexAttribPointer(at, wide, type, false, 0, 0);
    }

    compile();
    const glass = {
      move(from, to) {
        kept = { ...kept, from, to };
        count = to.length / 2;
        fill(0, from, 2);
        fill(1, to, 2);
      },
      groups(group, medium) {
        kept = { ...kept, group, medium };
        fill(2, group, 1);
        fill(3, medium, 1);
      },
      draw({ width, height, dense, x, y, zoom, moved, size, palette, ground }) {
        gl.viewport(0, 0, canvas.width, canvas.height);
        gl.clearColor(...ground, 1);
        gl.clear(gl.COLOR_BUFFER_BIT);
        if (!count) return;
        gl.useProgram(program);
        gl.uniform2f(places.middle, x, y);
        gl.uniform2f(places.reach, (2 * zoom) / width, (2 * zoom) / height);
        gl.uniform1f(places.moved, moved);
        gl.uniform1f(places.size, size * dense);
        gl.uniform3fv(places.ground, ground);
        const colours = new Float32Array(4 * GROUPS);
        palette.forEach((colour, at) => colours.set(colour, 4 * at));
        gl.uniform4fv(places.palette, colours);
        gl.drawArrays(gl.POINTS, 0, count);
      },
      onlost: null,
    };
    canvas.addEventListener("webglcontextlost", (event) => event.preventDefault());
    canvas.addEventListener("webglcontextrestored", () => {
      compile();
      if (kept.to) glass.move(kept.from, kept.to);
      if (kept.group) glass.groups(kept.group, kept.medium);
      glass.onlost?.();
    });
    return glass;
  }

  const css = ([r, g, b, a = 1]) => `rgb(${255 * r} ${255 * g} ${255 * b} / ${a})`;

  /** The outline of a medium's shape around the origin, as a path of a 2-D context. */
  function shape(pen, medium, r) {
    pen.beginPath();
    if (medium === 1) pen.arc(0, 0, r, 0, 2 * Math.PI);
    else if (medium === 0) pen.rect(-0.86 * r, -0.86 * r, 1.72 * r, 1.72 * r);
    else {
      const corners = {
        2: [[0, -1.1], [1.1, 0], [0, 1.1], [-1.1, 0]],
        3: [[-0.65, -0.95], [0.95, 0], [-0.65, 0.95]],
        4: [[-0.98, 0], [-0.5, -0.95], [0.5, -0.95], [0.98, 0], [0.5, 0.95], [-0.5, 0.95]],
      }[medium];
      for (const [x, y] of corners) pen.lineTo(x * r, y * r);
      pen.closePath();
    }
  }

  return { open: (canvas) => (card() && webgl(canvas)) || XMRStamps(canvas), shape, css };
})();
