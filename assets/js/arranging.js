// Laying the map out by neighbours: the job on the server, begun, watched and cancelled.
"use strict";

window.XMRArranging = (stage, done) => {
  const { call, fail, on, toast } = XMR;
  const LOOK = 600; // ms
  const { root, part } = stage;
  const button = root.querySelector('[data-do="layout"][data-value="umap"]');
  let wanted = false; // somebody waits to see it
  let timer = 0;

  function tell(text, stoppable = false) {
    part("job").hidden = false;
    part("job-text").textContent = text;
    root.querySelector('.x-map-job [data-do="stop"]').hidden = !stoppable;
  }

  /** Begin, or join who has begun; `show` for somebody who waits to see it. */
  async function start(show = false) {
    wanted ||= show;
    tell("Bringing neighbours together");
    try {
      follow((await call("map.arrange", { library: stage.library })).job);
    } catch (error) {
      follow(null);
      fail(error);
    }
  }

  /** Look at the job until it ends. */
  function follow(job) {
    clearTimeout(timer);
    if (!job?.active) {
      part("job").hidden = true;
      button.removeAttribute("aria-busy");
      if (job?.state === "failed" && wanted) toast("bad", job.message, job.hint);
      wanted = false;
      return;
    }
    const { library } = stage;
    button.setAttribute("aria-busy", "true");
    tell(`Bringing neighbours together${job.share === null ? "" : ` · ${Math.floor(100 * job.share)} %`}`, true);
    timer = setTimeout(async () => {
      let now = job;
      try {
        ({ job: now } = await call("map.job", { library }));
      } catch {
        /* asked again in a moment */
      }
      if (stage.library !== library) return;
      if (now?.state === "done") await done(wanted || !stage.touched); // told until it is seen
      else follow(now);
    }, LOOK);
  }

  on(root, "click", '.x-map-job [data-do="stop"]', async () => {
    wanted = false;
    try {
      follow((await call("map.cancel", { library: stage.library })).job);
    } catch (error) {
      fail(error);
    }
  });

  return { tell, start, follow };
};
