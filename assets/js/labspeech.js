// What translators say of things of the test split: how good that is, and some of it to read.
"use strict";

window.XMRLabSpeech = (stage) => {
  const { call, esc } = XMR;
  const MEASURES = {
    captions: { "cider-d": "CIDEr-D", "bleu-4": "BLEU-4", "recall@1": "R@1", "recall@10": "R@10", median_rank: "Median rank" },
    words: { "map/known": "mAP, words learned", "map/new": "mAP, words never shown" },
  };
  const SAYS = {
    captions: "CIDEr-D and BLEU-4 count how far a sentence agrees with those of people. R@k and median rank: where a thing is found when it is asked for by what was said of it.",
    words: "mAP of all words, the likeliest first, against those that people use. Some words were kept from the method.",
  };
  let drawn = "";

  const spoken = () => stage.told.methods.filter((name) => stage.told.fits[name]?.said);

  function draw(active) {
    const names = spoken();
    stage.part("speech").hidden = !names.length;
    if (!names.length) return;
    stage.put("speech-body", `<div class="x-lab-speech">${["captions", "words"].map((kind) => table(kind, names)).join("")}</div>`);
    const key = `${stage.told.token} ${names.join()}`;
    if (active || key === drawn) return;
    drawn = key;
    examples(names);
  }

  /** One kind's measures, baselines first. */
  function table(kind, names) {
    const own = names.filter((name) => stage.told.fits[name].said.kind === kind);
    if (!own.length) return "";
    const rows = [...stage.told.fits[own[0]].beside, ...own.map((name) => stage.told.fits[name].said)];
    const measures = Object.keys(MEASURES[kind]).filter((measure) => rows.some((row) => row.measured[measure]));
    const cell = (row, measure) => {
      const told = row.measured[measure];
      if (!told) return '<td class="x-num x-quiet">–</td>';
      const digits = measure === "median_rank" ? 1 : 3;
      return `<td class="x-num">${told[0].toFixed(digits)}<small>±${((told[2] - told[1]) / 2).toFixed(digits)}</small></td>`;
    };
    const { things, known, new: late } = rows.at(-1);
    const words = kind === "words" ? ` ${known} words were learned, ${late} never shown.` : "";
    return `<div class="x-lab-scroll" tabindex="0" role="group" aria-label="Table of what is said: ${kind}"><table class="x-lab-table"><thead><tr><th scope="col">${kind === "words" ? "Words" : "Sentences"}</th>`
      + `${measures.map((measure) => `<th scope="col">${MEASURES[kind][measure]}</th>`).join("")}</tr></thead><tbody>`
      + `${rows.map((row) => `<tr${row.baseline ? ' class="x-lab-beside"' : ""}><th scope="row">${esc(row.title)}</th>${measures.map((measure) => cell(row, measure)).join("")}</tr>`).join("")}</tbody></table></div>`
      + `<p class="x-quiet">Of ${things.toLocaleString("en")} things never seen.${words} ${SAYS[kind]}</p>`;
  }

  async function examples(names) {
    const { token } = stage.told;
    stage.wait("examples-body");
    try {
      const told = await call("lab.said", { token });
      if (!drawn.startsWith(token)) return;
      stage.put("examples-body", `<h4>Some of them</h4><div class="x-lab-examples">${told.examples.map((one) => example(one, names, told.medium)).join("")}</div>`);
      stage.pictures(stage.part("examples-body"), token);
    } catch (error) {
      drawn = "";
      stage.trouble("examples-body", error);
    }
  }

  /** One thing: its picture, the sentence said and where it came from, the words, what people say. */
  function example({ row, name, says, references }, names, medium) {
    const head = medium === "image" ? `<img data-picture="${row}" alt="" width="160" height="120">` : `<p class="x-lab-thing">${esc(name)}</p>`;
    const said = names.filter((method) => says[method]).map((method) => {
      const { kind } = stage.told.fits[method].said;
      const [first] = says[method];
      if (kind === "words")
        return `<dt>${esc(stage.titles[method])}</dt><dd>${says[method].map((saying) => `<span class="x-lab-word" title="${esc(sources(saying))}">${esc(saying.text)}</span>`).join(" ")}</dd>`;
      return `<dt>${esc(stage.titles[method])}</dt><dd><b>${esc(first.text)}</b><details><summary>from ${first.sources.length} captions that agree</summary><ul>${first.sources.map((source) =>
        `<li><span class="x-num">${Math.round(100 * source.share)}%</span> ${esc(source.text)}</li>`).join("")}</ul></details></dd>`;
    }).join("");
    const people = `<dt>People say</dt><dd>${esc(references[0])}${references.length > 1 ? `<details><summary>and ${references.length - 1} more</summary><ul>${references.slice(1).map((text) => `<li>${esc(text)}</li>`).join("")}</ul></details>` : ""}</dd>`;
    return `<article class="x-lab-example">${head}<dl>${said}${people}</dl></article>`;
  }

  const sources = ({ sources: some }) => (some.length ? `because of ${some.map((source) => source.text).join(", ")}` : "");

  return { draw };
};
