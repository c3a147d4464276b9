// How densely the points are drawn while they move: less so where frames come late and that helps,
// and sharp again as soon as they rest.
"use strict";

window.XMRPace = (rest) => {
  const LATE = 34; // ms from one frame to the next from which on it is tried: below thirty a second
  const ENOUGH = 6; // frames that are looked at together
  const PAUSE = 200; // ms without a frame after which nothing moves any more
  const SHARES = [1, 0.7, 0.5]; // of the screen's pixels along a side
  let step = 0; // of the shares
  let most = SHARES.length - 1; // as far as it has helped
  let before = 0; // ms a frame, one step back
  let gaps = [];
  let last = 0;
  let timer = 0;

  function judge() {
    const usual = gaps.sort((a, b) => a - b)[ENOUGH >> 1];
    gaps = [];
    if (step > 0 && before && usual > 0.85 * before) {
      step -= 1; // it was not the pixels
      most = step;
      before = 0;
    } else if (usual > LATE && step < most) {
      step += 1;
      before = usual;
    } else before = 0;
  }

  return {
    /** A frame is about to be drawn; how densely. `now` in ms. */
    share(now) {
      const gap = now - last;
      last = now;
      clearTimeout(timer);
      if (gap > PAUSE) {
        gaps = [];
        return 1; // the first one, or a single one
      }
      if (gaps.push(gap) === ENOUGH) judge();
      if (step) timer = setTimeout(rest, PAUSE);
      return SHARES[step];
    },
  };
};
