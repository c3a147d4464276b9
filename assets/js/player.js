// Media inside cards: sounds and videos that play where they were found, models that turn.
"use strict";

window.XMRPlayer = (() => {
  const { on, toast } = XMR;
  const VIEWS = 12;
  let now = null; // {card, media, button, line, frame}

  function stop() {
    if (!now) return;
    const { media, button, line, card, frame } = now;
    now = null;
    cancelAnimationFrame(frame);
    media.pause();
    delete button.dataset.playing;
    button.setAttribute("aria-label", button.dataset.label);
    line?.removeAttribute("data-on");
    if (media.tagName === "VIDEO") media.remove();
    media.removeAttribute("src");
    media.load();
    card.querySelector(".x-face > img")?.removeAttribute("hidden");
  }

  function draw() {
    if (!now?.line) return;
    const { media, line } = now;
    if (media.duration) line.style.width = `${(100 * media.currentTime) / media.duration}%`;
    line.toggleAttribute("data-on", media.currentTime > 0);
    now.frame = requestAnimationFrame(draw);
  }

  function toggle(card) {
    const button = card.querySelector(".x-play");
    if (now?.card === card) {
      if (now.media.paused) now.media.play().catch(() => {});
      else now.media.pause();
      return;
    }
    stop();
    button.dataset.label ??= button.getAttribute("aria-label");
    const media = document.createElement(card.dataset.m === "video" ? "video" : "audio");
    const start = Number(card.dataset.start) || 0;
    now = { card, media, button, line: card.querySelector(".x-head-line"), frame: 0 };
    media.playsInline = true;
    media.preload = "auto";
    media.addEventListener("play", () => {
      button.dataset.playing = "";
      button.setAttribute("aria-label", `Pause ${card.dataset.title}`);
    });
    media.addEventListener("pause", () => {
      delete button.dataset.playing;
      button.setAttribute("aria-label", button.dataset.label);
    });
    media.addEventListener("ended", () => now?.media === media && stop());
    media.addEventListener("error", () => {
      if (now?.media !== media) return;
      stop();
      toast("warn", `The browser cannot play ${card.dataset.title}.`,
        "Choose “Show in its folder” in its menu and open it with your own player.");
    });
    // a fragment is a hint that not all browsers follow
    media.addEventListener("loadedmetadata", () => {
      if (start && Math.abs(media.currentTime - start) > 0.3 && start < media.duration)
        media.currentTime = start;
    }, { once: true });
    if (media.tagName === "VIDEO") {
      media.title = card.dataset.title;
      card.querySelector(".x-face > img").hidden = true;
      card.querySelector(".x-face").prepend(media);
    }
    media.src = start ? `${card.dataset.src}#t=${start}` : card.dataset.src;
    media.play().catch((error) => {
      if (error.name === "NotAllowedError") stop();
    });
    draw();
  }

  // ---- turntables: a strip of twelve views, one shown

  /** The strip's view nearest to a view of the mesh encoder: eight around, four from above. */
  const strip = (view) => Math.round((view < 8 ? view * 45 : (view - 8) * 90 + 45) / 30) % VIEWS;

  function turn(node, to) {
    const view = ((to % VIEWS) + VIEWS) % VIEWS;
    node.dataset.at = view;
    node.querySelector("i").style.backgroundPosition = `${(100 * view) / (VIEWS - 1)}% 0`;
    node.setAttribute("aria-valuenow", view + 1);
    node.setAttribute("aria-valuetext", `${view * 30} degrees`);
  }

  /** Prepare the cards that have just been put into a root. */
  function ready(root) {
    for (const node of root.querySelectorAll(".x-turn:not([data-at])")) {
      node.querySelector("i").style.backgroundImage = `url("${node.dataset.sprite}")`;
      turn(node, strip(Number(node.dataset.view)));
    }
    for (const image of root.querySelectorAll(".x-face > img"))
      image.onerror = () => (image.style.visibility = "hidden");
  }

  let drag = null;
  on(document, "pointermove", ".x-turn", (event, node) => {
    if (drag?.node === node) {
      const width = node.clientWidth || 1;
      drag.moved ||= Math.abs(event.clientX - drag.x) > 4;
      turn(node, drag.from + Math.round(((event.clientX - drag.x) / width) * VIEWS));
    } else if (event.pointerType === "mouse" && !event.buttons) {
      // over the card, the pointer's place is the angle
      const area = node.getBoundingClientRect();
      node.dataset.home ??= node.dataset.at;
      const share = (event.clientX - area.left) / area.width - 0.5;
      turn(node, Number(node.dataset.home) + Math.round(share * VIEWS));
    }
  });
  on(document, "pointerdown", ".x-turn", (event, node) => {
    if (event.button) return;
    drag = { node, x: event.clientX, from: Number(node.dataset.at), moved: false };
    node.setPointerCapture(event.pointerId);
  });
  const drop = () => {
    if (drag?.moved) {
      // the click that follows a drag opens nothing
      const { node } = drag;
      node.dataset.dragged = "";
      setTimeout(() => delete node.dataset.dragged, 50);
    }
    drag = null;
  };
  document.addEventListener("pointerup", drop);
  document.addEventListener("pointercancel", drop);
  on(document, "pointerout", ".x-turn", (event, node) => {
    if (node.contains(event.relatedTarget) || node.dataset.home === undefined) return;
    turn(node, Number(node.dataset.home));
    delete node.dataset.home;
  });
  on(document, "keydown", ".x-turn", (event, node) => {
    const way = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (!way) return;
    event.preventDefault();
    event.stopPropagation();
    turn(node, Number(node.dataset.at) + way);
  }, true);

  on(document, "click", '.x-card [data-do="play"]', (event, button) => {
    event.stopPropagation();
    toggle(button.closest(".x-card"));
  });

  /** Play a card from a place in it, in seconds. */
  function from(card, at) {
    card.dataset.start = at;
    if (now?.card === card) stop();
    toggle(card);
  }

  return { toggle, stop, ready, from };
})();
