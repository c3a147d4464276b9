// Likes and dislikes: thumbs on cards, the bar above the results, steps back, named concepts.
"use strict";

window.XMRFeedback = (page) => {
  const { call, dialog, esc, fail, icon, on, toast } = XMR;
  const { part, query, root } = page;
  const plural = (count, one) => `${count} ${one}${count === 1 ? "" : "s"}`;
  let marks = new Map(); // key of a card → {library, id, liked}
  let applied = new Map(); // those that the results on the screen were refined by
  let steps = []; // earlier ones, the latest last
  let about = ""; // the query that was marked
  let ranks = null; // place by key, before the step that is under way

  const subject = (terms) => JSON.stringify(terms.map(({ weight, src, ...term }) => [Math.sign(weight), term]));
  const same = (one, other) =>
    one.size === other.size && [...one].every(([key, mark]) => other.get(key)?.liked === mark.liked);
  const cards = () => [...part("results").querySelectorAll(".x-card[data-id]:not(.x-doc)")];

  /** The marks as the server takes them; those of another query are dropped. */
  function stated(terms) {
    if (marks.size || applied.size || steps.length) {
      if (subject(terms) !== about) forget();
    }
    const side = (liked) =>
      [...applied.values()].filter((m) => m.liked === liked).map(({ library, id }) => ({ library, id }));
    return applied.size ? { marks: { liked: side(true), disliked: side(false) } } : {};
  }

  /** Take the marks of a kept query. */
  function set(kept) {
    forget();
    for (const [name, liked] of [["liked", true], ["disliked", false]])
      for (const { library, id } of kept.marks?.[name] ?? []) marks.set(`${id} ${library}`, { library, id, liked });
    applied = new Map(marks);
    about = subject(kept.terms ?? []);
  }

  function forget() {
    marks = new Map();
    applied = new Map();
    steps = [];
    ranks = null;
    draw();
  }

  function mark(card, liked) {
    if (!page.last) return;
    const terms = page.last.payload.query.terms;
    if (!marks.size && !applied.size) about = subject(terms);
    const { key } = card.dataset;
    if (marks.get(key)?.liked === liked) marks.delete(key);
    else marks.set(key, { library: card.dataset.library, id: Number(card.dataset.id), liked });
    draw();
    page.say(told());
  }

  function told() {
    const likes = [...marks.values()].filter((m) => m.liked).length;
    return `${likes} liked, ${marks.size - likes} disliked`;
  }

  function draw() {
    const bar = part("marks");
    bar.hidden = !marks.size && !applied.size && !steps.length;
    part("marks-count").textContent = told();
    const button = (name) => bar.querySelector(`[data-do="${name}"]`);
    button("refine").disabled = same(marks, applied);
    button("marks-undo").disabled = !steps.length && same(marks, applied);
    button("marks-save").disabled = !marks.size;
    for (const card of cards()) {
      const now = marks.get(card.dataset.key);
      card.toggleAttribute("data-good", now?.liked === true);
      card.toggleAttribute("data-bad", now?.liked === false);
      card.querySelector('[data-do="good"]')?.setAttribute("aria-pressed", now?.liked === true);
      card.querySelector('[data-do="bad"]')?.setAttribute("aria-pressed", now?.liked === false);
    }
  }

  function go() {
    ranks = new Map(cards().map((card, place) => [card.dataset.key, place]));
    return page.search();
  }

  function refine() {
    if (same(marks, applied)) return;
    steps.push(applied);
    applied = new Map(marks);
    go();
  }

  /** First marks that were not searched with go, then the latest step. */
  function undo() {
    if (!same(marks, applied)) marks = new Map(applied);
    else if (steps.length) {
      applied = steps.pop();
      marks = new Map(applied);
      go();
    }
    draw();
  }

  function clear() {
    const searched = applied.size > 0;
    forget();
    if (searched) go();
  }

  /** After results came: what they were refined by, and how the cards moved. */
  function show(answer) {
    draw();
    part("marks-told").textContent = answer.refined ? words(answer.refined) : "";
    const before = ranks;
    ranks = null;
    for (const old of part("results").querySelectorAll(".x-moved")) old.remove();
    if (!before) return;
    cards().forEach((card, place) => {
      const was = before.get(card.dataset.key);
      const by = was === undefined ? null : was - place;
      if (by === 0) return;
      const [text, said] = by === null ? ["new", "new here"] : by > 0 ? [`▲${by}`, `rose by ${by}`] : [`▼${-by}`, `fell by ${-by}`];
      card.querySelector(".x-strength")?.lastElementChild.insertAdjacentHTML("beforebegin",
        `<span class="x-moved" data-way="${by === null ? "new" : by > 0 ? "up" : "down"}" title="${said}"><span aria-hidden="true">${text}</span><span class="x-sr">${said}</span></span>`);
    });
    if (answer.refined) page.say(`Refined: ${words(answer.refined)}`);
  }

  function words({ toward, away, share }) {
    const quoted = (list) => list.slice(0, 3).map((word) => `“${word}”`).join(", ");
    const moved = [toward.length && `towards ${quoted(toward)}`, away.length && `away from ${quoted(away)}`].filter(Boolean);
    return (moved.length ? `The query moved ${moved.join(", ")}. ` : "") +
      (share > 0 ? `${Math.round(100 * share)} % of each score is how much nearer an item is to what you liked than to what you disliked.`
        : "From five of each on, likeness to them counts beside the query.");
  }

  // ---- named concepts

  function save() {
    const { last } = page;
    if (!last) return;
    const stated = (liked) => [...marks.values()].filter((m) => m.liked === liked).map(({ library, id }) => ({ library, id }));
    const box = dialog(
      `<form><div class="x-dialog-head"><h2 id="x-concept-title">Save as a concept</h2>
        <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body"><p class="x-quiet">A concept is a query with what you liked and disliked of its answers. You find it under Searches, and can add it to other queries or subtract it.</p>
       <label class="x-field">Name<input type="text" name="name" maxlength="100" required value="${esc(last.answer.label.slice(0, 100))}"></label>
       <p class="x-quiet" role="alert" data-part="taken"></p></div>
       <div class="x-dialog-foot"><button class="x-btn" type="button" data-do="close">Cancel</button>
       <button class="x-btn x-btn-main" type="submit">Save</button></div></form>`);
    box.classList.add("x-dialog-small");
    const field = box.querySelector("input");
    field.select();
    let taken = "";
    box.querySelector("form").addEventListener("submit", async (event) => {
      event.preventDefault();
      try {
        const asked = { ...last.payload.query, marks: { liked: stated(true), disliked: stated(false) } };
        const name = field.value.trim();
        const answer = await call("concepts.save", { name, query: asked, replace: taken === name });
        if (answer.taken) {
          taken = name;
          box.querySelector('[data-part="taken"]').textContent = `${answer.taken} Press Replace to put this one in its place, or choose another name.`;
          box.querySelector('[type="submit"]').textContent = "Replace";
          return;
        }
        box.close();
        toast("info", `${answer.name} is saved.`, answer.left.length ? `Left out: ${answer.left.join(", ")}.` : "You find it under Searches.");
      } catch (error) {
        fail(error);
      }
    });
  }

  /** Fill a place with the concepts of the libraries that are searched. */
  async function list(place) {
    const { concepts } = await call("concepts", { libraries: XMR.library.chosen });
    if (!concepts.length) {
      place.replaceChildren();
      return;
    }
    const entry = (one) => {
      const made = [`${one.likes} liked, ${one.dislikes} disliked`, one.gone.length && `${plural(one.gone.length, "item")} gone`].filter(Boolean).join(" · ");
      return `<li><button type="button" data-concept="use" title="Add ${esc(one.name)} to the query (${esc(made)})">${icon("good")}<span>${esc(one.name)}</span></button>
        <button class="x-tool" type="button" data-concept="forget" aria-label="Forget the concept ${esc(one.name)}" title="Forget">${icon("close")}</button></li>`;
    };
    place.innerHTML = `<h3>Concepts</h3><ul class="x-saved-list">${concepts.map(entry).join("")}</ul>`;
    place.querySelectorAll("li").forEach((node, index) => {
      const one = concepts[index];
      node.querySelector('[data-concept="use"]').onclick = () => {
        part("searches").open = false;
        query.add({ kind: "concept", library: one.library, title: one.name, modality: "text", weight: 1 }, true);
        page.search({ remember: true });
      };
      node.querySelector('[data-concept="forget"]').onclick = async () => {
        try {
          await call("concepts.forget", { library: one.library, name: one.name });
          await list(place);
        } catch (error) {
          fail(error);
        }
      };
    });
  }

  on(root, "click", '[data-do="refine"]', refine);
  on(root, "click", '[data-do="marks-undo"]', undo);
  on(root, "click", '[data-do="marks-clear"]', clear);
  on(root, "click", '[data-do="marks-save"]', save);

  return { stated, set, show, draw, list, forget, good: (card) => mark(card, true), bad: (card) => mark(card, false) };
};
