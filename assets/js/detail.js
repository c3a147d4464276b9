// The dialog of one item: plays from the moment, turns the model, opens the text at the passage.
"use strict";

window.XMRDetail = (() => {
  const { call, dialog, fail, on } = XMR;
  let shown = null;

  /** Open an item; `actions` handles what its buttons ask for, by their data-do. */
  async function open({ library, id, no, list }, actions) {
    XMRPlayer.stop();
    let told;
    try {
      told = await call("item.detail", { library, id, no });
    } catch (error) {
      fail(error);
      return;
    }
    shown?.close();
    const stop = new AbortController();
    const box = dialog(told.html, {
      onclose: () => {
        stop.abort();
        for (const media of box.querySelectorAll("audio, video")) {
          media.pause();
          media.removeAttribute("src");
          media.load();
        }
        if (shown === box) shown = null;
      },
    });
    shown = box;
    const inside = box.querySelector(".x-detail");
    media(box, inside);
    const canvas = box.querySelector(".x-stage > canvas");
    if (canvas) XMRViewer.open(canvas, stop.signal).catch(fail);
    picture(box);
    XMRKeep.fill(box.querySelector(".x-keeps"), { library, id });
    XMRTranslation.fill(box, inside);
    XMRMoments.field(box, inside);
    XMRWords.fill(box, inside);
    // without a query there is nothing to explain
    if (!actions.why) box.querySelector('[data-do="why"]')?.remove();
    box.querySelector(".x-reading [data-found]")?.scrollIntoView({ block: "center" });
    found(box.querySelector(".x-parts"));
    on(box, "click", "[data-do]", (_, button) => {
      const what = button.dataset.do;
      if (["close", "seek", "passage", "region"].includes(what)) return;
      if (["why", "similar", "like", "unlike", "connections"].includes(what)) box.close();
      actions[what]?.(inside);
    });
    // the next and the last result, without going back to the list
    box.addEventListener("keydown", (event) => {
      const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
      if (!way || event.target.closest("audio, video, input, canvas, .x-turn, .x-reading")) return;
      const next = list?.()[way < 0 ? "before" : "after"](library, id);
      if (next) open({ ...next, list }, actions);
    });
  }

  /** Bring the part that matched into its list, and move nothing around that. */
  function found(parts) {
    const part = parts?.querySelector("[data-found]");
    if (part) parts.scrollTop += part.getBoundingClientRect().top - parts.getBoundingClientRect().top - parts.clientHeight / 2;
  }

  function media(box, inside) {
    const player = box.querySelector(".x-stage audio, .x-stage video");
    if (!player) return;
    const start = Number(player.dataset.start) || 0;
    player.addEventListener("loadedmetadata", () => {
      if (start && Math.abs(player.currentTime - start) > 0.3 && start < player.duration)
        player.currentTime = start;
    }, { once: true });
    player.addEventListener("error", () => {
      const note = XMR.make(
        `<div class="x-note" data-kind="warn">${XMR.icon("warn")}<div><strong>The browser cannot play this file.</strong>
         <p>Show it in its folder and open it with your own player.</p></div></div>`);
      player.replaceWith(note);
    });
    const wave = box.querySelector(".x-wave");
    if (wave) follow(player, wave);
    on(box, "click", '[data-do="seek"]', (_, button) => {
      player.currentTime = Number(button.dataset.at);
      player.play().catch(() => {});
      for (const other of inside.querySelectorAll('[data-do="seek"]')) other.removeAttribute("aria-current");
      button.setAttribute("aria-current", "true");
    });
  }

  /** The line on a waveform goes along with its sound; a click on the waveform goes there. */
  function follow(player, wave) {
    const line = wave.querySelector(".x-head-line");
    const draw = () => {
      if (!wave.isConnected) return;
      line.style.width = `${(100 * player.currentTime) / (player.duration || 1)}%`;
      line.toggleAttribute("data-on", player.currentTime > 0);
      if (!player.paused) requestAnimationFrame(draw);
    };
    for (const event of ["play", "seeked", "timeupdate", "loadedmetadata"]) player.addEventListener(event, draw);
    wave.addEventListener("click", (event) => {
      const area = wave.getBoundingClientRect();
      player.currentTime = ((event.clientX - area.left) / area.width) * (player.duration || 0);
      player.play().catch(() => {});
    });
  }

  /** Pictures: a click, or Enter, shows them in full size; what cannot be shown has its thumbnail. */
  function picture(box) {
    const image = box.querySelector(".x-stage > img[data-thumb]");
    if (!image) return;
    const stage = image.parentElement;
    image.addEventListener("error", () => {
      if (image.src !== new URL(image.dataset.thumb, location).href) image.src = image.dataset.thumb;
    });
    Object.assign(image, { tabIndex: 0 });
    image.setAttribute("role", "button");
    image.title = "Zoom";
    const toggle = (event) => {
      const area = image.getBoundingClientRect();
      const x = (event.clientX ?? area.x + area.width / 2) - area.x;
      const y = (event.clientY ?? area.y + area.height / 2) - area.y;
      const on = stage.toggleAttribute("data-zoom");
      image.setAttribute("aria-pressed", on);
      if (!on) return;
      const grown = image.getBoundingClientRect();
      stage.scrollTo((x / area.width) * grown.width - stage.clientWidth / 2,
        (y / area.height) * grown.height - stage.clientHeight / 2);
    };
    image.addEventListener("click", toggle);
    image.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      toggle(event);
    });
  }

  return { open, get shown() { return shown; } };
})();
