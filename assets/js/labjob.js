// What a run of the lab is doing: the data are read, methods are fitted one after the other.
"use strict";

window.XMRLabJob = (stage) => {
  const { esc } = XMR;
  const READING = {
    wait: "Waiting until another run has ended …",
    model: "Fetching the model that reads media",
    media: "Reading the data",
  };

  /** The share of the method that is fitted now. */
  function inside() {
    const { step, steps } = stage.told;
    return steps ? Math.min(step / steps, 1) : 0;
  }

  /** What is read, how far, and how long it will take: the first time media are encoded. */
  function reading({ stage: what, share, left }) {
    if (what === "wait") return READING.wait;
    if (share === 1 && what === "media") return "Making views of the features …";
    if (share === null) return `${READING[what]} …`;
    const first = what === "media" ? '<span class="x-lab-note">Media are encoded once; what is done stays, even if you cancel.</span>' : "";
    return `${READING[what]}: <b class="x-num">${Math.round(100 * share)}%</b>${left ? `, about ${esc(left)} left` : ""}${first}`;
  }

  /** The method that is fitted; re-rankers take media apart first, which is minutes the first time. */
  function fitting({ now, curve, step, steps }, done, total) {
    const apart = stage.families[now] === "interaction" && !curve.length && steps;
    return `${esc(stage.titles[now])} <span class="x-quiet">${done + 1} of ${total}</span>`
      + (apart ? `<span class="x-lab-note">Media are taken apart, once: ${step.toLocaleString("en")} of ${steps.toLocaleString("en")}.</span>` : "");
  }

  /** @param done methods that are fitted, or have failed */
  function draw(done) {
    const { told, part, root } = stage;
    const { active, state, message, hint } = told.job ?? {};
    part("job").hidden = !active && state !== "failed" && state !== "cancelled";
    const total = told.methods.length;
    const share = told.reading ? told.reading.share ?? 0 : total ? (done + inside()) / total : 0;
    const bar = root.querySelector(".x-lab-bar");
    bar.hidden = !active;
    bar.firstElementChild.style.width = `${(100 * share).toFixed(1)}%`;
    bar.setAttribute("aria-valuenow", Math.round(100 * share));
    bar.setAttribute("aria-label", told.reading ? "Reading" : "Fitting");
    root.querySelector('[data-do="stop"]').hidden = !active || stage.ending === told.token;
    part("doing").innerHTML = state === "failed" ? `<strong>${esc(message)}</strong> ${esc(hint)}`
      : active && stage.ending === told.token ? "Cancelling …"
      : state === "cancelled" ? told.reading ? "Cancelled before the data were read." : `Cancelled: ${done} of ${total} methods were fitted.`
        : told.reading ? reading(told.reading)
          : told.now ? fitting(told, done, total) : "Beginning …";
    part("learning").innerHTML = active && told.curve.length > 2
      ? XMRChart.lines([{ name: told.now, at: told.methods.indexOf(told.now), points: told.curve }],
        { x: "step", y: "objective", label: `Objective of ${stage.titles[told.now]}` }) : "";
  }

  return { draw };
};
