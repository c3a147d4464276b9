// A text on the Why page: its words shaded by their heat; each can be pointed at and taken away.
"use strict";

window.XMRWhyWords = (stage, media, { point, take }) => {
  const { make, on } = XMR;
  const LONG = 60; // characters of a line that was broken for its length
  const box = make('<div class="x-why-words"></div>');
  box.textContent = flowing(media.text || media.title);
  box.toggleAttribute("data-few", box.textContent.length < 120);
  stage.replaceChildren(box);
  let words = []; // a span a part
  let boxes = null;
  let shares = null;
  let at = 0; // the word that the Tab key comes to

  /** Lines that were broken at some width flow on, each character in its place: a long one goes on in the next. */
  function flowing(text) {
    return text.replace(/\n(?=\p{Ll})/gu, (end, at) => (at - text.lastIndexOf("\n", at - 1) > LONG ? " " : end));
  }

  function parts(side) {
    boxes = side.boxes;
    const cut = XMR.cutter(flowing(side.text));
    const pieces = [];
    let from = 0;
    words = side.labels.map((label, i) => {
      const low = Math.max(from, boxes[2 * i]), high = Math.max(low, boxes[2 * i + 1]);
      pieces.push(cut(from, low));
      const word = document.createElement("span");
      word.className = "x-word";
      word.textContent = cut(low, high);
      word.dataset.part = i;
      word.tabIndex = i ? -1 : 0;
      word.setAttribute("role", "button");
      word.setAttribute("aria-pressed", "false");
      word.title = "Take it away";
      pieces.push(word);
      from = high;
      return word;
    });
    pieces.push(cut(from));
    box.replaceChildren(...pieces);
    const share = Math.floor(100 * side.read);
    if (side.read < 0.99)
      box.prepend(make(`<p class="x-why-unread">Of this long text the profile reads ${share} %, at even distances. What is pale is not read.</p>`));
    box.toggleAttribute("data-unread", side.read < 0.99);
  }

  const partOf = (word) => Number(word.dataset.part);
  const gone = (word) =>
    take({ boxes: [[[boxes[2 * partOf(word)]], [boxes[2 * partOf(word) + 1]]]], label: word.textContent, toggle: true });
  on(box, "pointerover", ".x-word", (_, word) => point(partOf(word)));
  on(box, "pointerout", ".x-word", () => point(null));
  on(box, "focusin", ".x-word", (_, word) => {
    words[at].tabIndex = -1;
    at = partOf(word);
    word.tabIndex = 0;
    if (word.matches(":focus-visible")) point(at);
  });
  on(box, "focusout", ".x-word", () => point(null));
  on(box, "click", ".x-word", (_, word) => String(getSelection()) || gone(word));
  on(box, "keydown", ".x-word", (event, word) => {
    const way = { ArrowLeft: -1, ArrowUp: -1, ArrowRight: 1, ArrowDown: 1 }[event.key];
    if (event.key === "Enter" || event.key === " ") gone(word);
    else if (way) words[partOf(word) + way]?.focus();
    else return;
    event.preventDefault();
  });

  function draw() {
    words.forEach((word, i) => word.style.setProperty("--share", `${(100 * (shares?.[i] ?? 0)).toFixed(1)}%`));
  }

  return {
    parts,
    heat(values) {
      shares = values;
      draw();
    },
    light: (part) => words.forEach((word, i) => word.toggleAttribute("data-lit", i === part)),
    box: (part) => ({ boxes: [[[boxes[2 * part]], [boxes[2 * part + 1]]]], label: words[part].textContent }),
    marks(taken) {
      const starts = new Set(taken.boxes.map(([[low]]) => low));
      words.forEach((word, i) => {
        const away = starts.has(boxes[2 * i]);
        word.toggleAttribute("data-gone", away);
        word.setAttribute("aria-pressed", away);
      });
    },
    /** Draw it on another canvas; the height that it takes. */
    print(context, x, y, width, strength) {
      const style = getComputedStyle(box);
      context.font = "20px Georgia, serif";
      context.textBaseline = "top";
      const line = 32;
      let [left, top] = [x, y];
      const most = y + 40 * line;
      const told = [...box.childNodes].filter((run) => run.className !== "x-why-unread");
      const runs = words.length ? told : [document.createTextNode(box.textContent)];
      for (const run of runs) {
        const share = run.dataset ? strength * (shares?.[run.dataset.part] ?? 0) : 0;
        for (const piece of run.textContent.match(/\n|[^\S\n]+|[^\s]+/g) ?? []) {
          const size = piece === "\n" ? 0 : context.measureText(piece).width;
          if (piece === "\n" || left + size > x + width) [left, top] = [x, top + line];
          if (top > most) {
            context.fillStyle = style.color;
            context.fillText("… and more", x, top);
            return top + line - y;
          }
          if (piece === "\n") continue;
          if (share > 0.01) {
            context.globalAlpha = share;
            context.fillStyle = style.getPropertyValue("--x-heat");
            context.fillRect(left - 1, top - 4, size + 2, line - 4);
            context.globalAlpha = 1;
          }
          context.fillStyle = style.color;
          context.fillText(piece, left, top);
          left += size;
        }
      }
      return top + line - y;
    },
  };
};
