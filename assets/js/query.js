// The query box: words and chips, and what becomes a chip: files, items of a library.
"use strict";

/**
 * @param {Element} root holds the box
 * @param {(what: string) => void} changed
 * @param {(event: Event) => boolean} mine whether what is dropped or pasted there is for this box
 */
window.XMRQuery = (root, changed, mine = () => XMR.current === "search") => {
  const { upload, esc, icon, on, make, toast, fail } = XMR;
  const $ = (selector) => root.querySelector(selector);
  const box = $(".x-box");
  const words = $(".x-box textarea");
  const chips = $(".x-chips");
  const picker = $(".x-ask input[type=file]");
  const WEIGHTS = [0.25, 0.5, 0.75, 1, 1.5, 2, 3];
  const KINDS = { text: "Text", image: "Picture", audio: "Sound", video: "Video", mesh: "3D model" };
  const WAITING = { audio: "audio", image: "image", video: "video", model: "mesh" };
  let terms = []; // as the server takes them; with `busy` while a file is on its way
  let serial = 0;

  // ---- terms

  const signed = (weight) => (weight < 0 ? "−" : "+");
  const shown = (weight) => `×${Math.abs(weight)}`;
  const nameOf = (term) => term.text ?? term.name ?? term.title;

  function face(term) {
    if (term.busy) return '<span class="x-spin"></span>';
    if (term.kind === "file")
      return `<img src="/query-file/${encodeURIComponent(term.token)}/thumb" alt="">`;
    if (term.kind === "item" && term.src)
      return `<img src="${esc(term.src.replace("?", "/thumb?"))}" alt="">`;
    return icon(term.kind === "collection" ? "keep" : term.modality ?? "text");
  }

  function draw() {
    const all = terms.length > 1
      ? '<li data-key="all"><button class="x-btn x-btn-bare" type="button" data-do="clear-terms" title="Remove all of these; the words above stay">Clear all</button></li>' : "";
    XMR.redraw(chips, terms.map(chip).join("") + all);
    for (const image of chips.querySelectorAll("img"))
      image.onerror = () => image.replaceWith(make(icon(image.closest(".x-chip").dataset.m)));
    light();
  }

  function chip(term) {
    const name = esc(nameOf(term));
    const kind = KINDS[term.modality ?? "text"] ?? "File";
    const minus = term.weight < 0;
    const share = term.share === undefined ? "" : ` ${Math.floor(100 * term.share)} %`;
    return `<li class="x-chip" data-m="${esc(term.modality ?? "text")}" data-key="${term.key}"
      ${minus ? "data-minus" : ""}><span class="x-chip-face">${face(term)}</span>${minus ? '<b class="x-chip-without">without</b>' : ""}
      <span class="x-chip-name" title="${name}">${name}</span>` +
      (term.busy
        ? `<span class="x-chip-weight">${share}</span>`
        : `<button type="button" data-do="sign" aria-pressed="${minus}"
            title="${minus ? "Subtracted; add it instead" : "Added; subtract it instead"}"
            aria-label="Subtract ${name}">${icon(minus ? "minus" : "plus")}</button>
          <button type="button" data-do="weight" title="Weight ${shown(term.weight)}: click for more, Shift and click for less"
            aria-label="Weight of ${name}: ${Math.abs(term.weight)}" class="x-chip-weight">${shown(term.weight)}</button>`) +
      `<button type="button" data-do="remove" aria-label="Remove ${kind.toLowerCase()} ${name}"
        title="Remove">${icon("close")}</button></li>`;
  }

  /** The spectrum under the box: the media that the query is made of. */
  function light() {
    const lit = new Set(terms.filter((t) => !t.busy).map((t) => t.modality ?? "text"));
    if (words.value.trim()) lit.add("text");
    for (const mark of root.querySelectorAll(".x-spectrum i"))
      mark.toggleAttribute("data-on", lit.has(mark.dataset.m));
    box.toggleAttribute("data-filled", lit.size > 0);
  }

  function add(term, quiet = false) {
    const same = terms.find(
      (t) => t.kind === "item" && term.kind === "item" && t.library === term.library && t.id === term.id,
    );
    if (same) same.weight = term.weight;
    else terms.push({ key: ++serial, ...term });
    draw();
    if (!quiet) changed("terms");
  }

  const find = (node) => terms.find((t) => String(t.key) === node.closest(".x-chip").dataset.key);

  on(chips, "click", '[data-do="sign"]', (_, button) => {
    const term = find(button);
    term.weight = -term.weight;
    draw();
    changed("terms");
  });
  on(chips, "click", '[data-do="weight"]', (event, button) => {
    step(find(button), event.shiftKey ? -1 : 1, true);
  });
  on(chips, "keydown", '[data-do="weight"]', (event, button) => {
    const way = { ArrowUp: 1, ArrowDown: -1 }[event.key];
    if (!way) return;
    event.preventDefault();
    step(find(button), way, false);
  });
  on(chips, "click", '[data-do="remove"]', (_, button) => {
    const term = find(button);
    const next = button.closest(".x-chip").nextElementSibling?.dataset.key;
    term.stop?.abort();
    terms = terms.filter((t) => t !== term);
    draw();
    (chips.querySelector(`[data-key="${next}"] [data-do="remove"]`) ?? words).focus();
    changed("terms");
  });

  on(chips, "click", '[data-do="clear-terms"]', () => {
    for (const term of terms) term.stop?.abort();
    terms = [];
    draw();
    words.focus();
    changed("terms");
  });

  function step(term, way, round) {
    const size = Math.abs(term.weight);
    let at = WEIGHTS.findIndex((w) => w >= size);
    if (at < 0) at = WEIGHTS.length - 1;
    at += way;
    if (round) at = (at + WEIGHTS.length) % WEIGHTS.length;
    at = Math.max(0, Math.min(WEIGHTS.length - 1, at));
    term.weight = Math.sign(term.weight || 1) * WEIGHTS[at];
    draw();
    changed("terms");
  }

  const NUMBER = String.raw`[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?`;
  const MINUS = new RegExp(String.raw`(^|\s)[-−](?:"([^"]+)"|(\w+:"[^"]+"|[^\s"-][^\s"]*?))(?:::(${NUMBER}))?(?=[\s"]|$)`, "giu");
  const WEIGHED = new RegExp(String.raw`(^|\s)((?:(?!::)[^])*?[^\s:])::(${NUMBER})(?=\s|$)`, "giu");

  /** What is typed with a sign or a weight becomes chips: -word, -"words that must not be there", a cat::2, -dog::0.5. */
  function split() {
    const taken = [];
    const take = (text, weight, sign) => {
      const size = weight === undefined ? 1 : Number(weight);
      const fits = size !== 0 && Math.abs(size) <= 1000;
      if (fits) taken.push({ kind: "text", text: text.trim(), weight: sign * size });
      else toast("warn", `A term cannot weigh ${weight}.`, "Give a weight of up to 1000, below zero to subtract.");
      return fits;
    };
    const rest = words.value
      .replace(MINUS, (whole, gap, many, one, weight) => (take(many ? `"${many}"` : one, weight, -1) ? gap : whole))
      .replace(WEIGHED, (whole, gap, text, weight) => (take(text, weight, 1) ? gap : whole));
    if (!taken.length) return;
    words.value = rest.replace(/\s+/g, " ").trim();
    for (const term of taken) add(term, true);
  }

  // ---- files

  async function file(blob, name) {
    const stop = new AbortController();
    const kind = WAITING[blob.type.split("/")[0]] ?? "text";
    const term = { key: ++serial, kind: "file", name, modality: kind, weight: 1, busy: true, stop };
    terms.push(term);
    draw();
    try {
      const told = await upload(blob, name, {
        signal: stop.signal,
        progress: (share) => {
          term.share = share;
          const place = chips.querySelector(`[data-key="${term.key}"] .x-chip-weight`);
          if (place) place.textContent = share < 1 ? `${Math.floor(100 * share)} %` : "reading";
        },
      });
      Object.assign(term, told, { busy: false });
      delete term.share;
      draw();
      return term;
    } catch (error) {
      terms = terms.filter((t) => t !== term);
      draw();
      fail(error);
      return null;
    }
  }

  /** Files have arrived, as terms; who meant them instead of what was there says so. */
  function arrived(given) {
    const fresh = given.filter(Boolean);
    if (!fresh.length) return;
    if (words.value.trim() || terms.some((term) => !fresh.includes(term))) {
      const several = fresh.length > 1;
      const alone = () => {
        words.value = "";
        terms = terms.filter((term) => fresh.includes(term));
        draw();
        typed();
        changed("files");
      };
      toast("info", `${several ? "They were" : `${nameOf(fresh[0])} was`} added to the query.`, "",
        { label: `Search with ${several ? "them" : "it"} alone`, does: alone });
    }
    changed("files");
  }

  async function files(list, names = []) {
    const given = [...list];
    if (given.length) arrived(await Promise.all(given.map((one, i) => file(one, (names[i] ?? one.name) || "pasted"))));
  }

  picker.addEventListener("change", () => {
    files(picker.files);
    picker.value = "";
  });
  on(root, "click", '[data-do="files"]', () => picker.click());

  XMRDropping(box, mine, {
    item: (term) => add({ weight: 1, ...term }),
    files,
    words: (text) => {
      words.value = text;
      typed();
      changed("submit");
    },
  });

  // ---- words

  function typed() {
    light();
    words.style.height = "auto";
    words.style.height = `${Math.min(160, words.scrollHeight)}px`;
  }

  words.addEventListener("input", typed);
  words.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      $(".x-ask").requestSubmit();
    } else if (event.key === "Backspace" && !words.value && terms.length) {
      [...chips.querySelectorAll('[data-do="remove"]')].at(-1).focus();
    }
  });
  on(root, "click", '[data-do="subtract"]', () => {
    const text = words.value.trim();
    if (!text) {
      toast("info", "Type what to subtract first.", "Or write a minus before a word: beach -people.");
      words.focus();
      return;
    }
    words.value = "";
    typed();
    add({ kind: "text", text, weight: -1 });
    words.focus();
  });
  $(".x-ask").addEventListener("submit", (event) => {
    event.preventDefault();
    split();
    typed();
    changed("submit");
  });

  const take = async (blob, name) => arrived([await file(blob, name)]);
  XMRSources(root, take);
  XMRSketchPad(root, take);

  return {
    words, add, files,
    /** Files that are still on their way. */
    get busy() { return terms.some((t) => t.busy); },
    get empty() { return !words.value.trim() && !terms.length; },
    /** The terms as the server takes them. */
    get terms() {
      const text = words.value.trim();
      const kept = terms.filter((t) => !t.busy).map(({ key, busy, share, stop, ...term }) => term);
      return text ? [{ kind: "text", text, weight: 1 }, ...kept] : kept;
    },
    /** Take the place of what is there; the first plain words go into the box. */
    set(list) {
      for (const term of terms) term.stop?.abort();
      const first = list.find((t) => t.kind === "text" && t.weight === 1);
      words.value = first?.text ?? "";
      terms = list.filter((t) => t !== first).map((t) => ({ key: ++serial, ...t }));
      draw();
      typed();
    },
    ITEM: XMRDropping.ITEM,
  };
};
