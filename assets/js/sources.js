// What a query can be made of on the spot: a sound from the microphone, a picture from the camera.
"use strict";

/** Listen to the buttons of a root; `take(blob, name)` gets what was recorded. */
window.XMRSources = (root, take) => {
  const { dialog, icon, on, toast } = XMR;

  // ---- microphone

  let recorder = null;
  const mic = root.querySelector('[data-do="mic"]');

  function idle() {
    recorder = null;
    mic.innerHTML = icon("mic");
    mic.title = "Record a sound";
    mic.setAttribute("aria-label", "Record a sound");
    mic.removeAttribute("data-live");
  }

  on(root, "click", '[data-do="mic"]', async () => {
    if (recorder) {
      recorder.stop();
      return;
    }
    if (!navigator.mediaDevices?.getUserMedia || !window.MediaRecorder) {
      toast("bad", "This browser cannot record here.", "Drop in a sound file instead.");
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    } catch (error) {
      toast("bad", denied(error, "microphone"), "Allow it in the address bar, or drop in a sound file.");
      return;
    }
    const kinds = ["audio/webm;codecs=opus", "audio/ogg;codecs=opus", "audio/mp4"];
    const mimeType = kinds.find((kind) => MediaRecorder.isTypeSupported(kind));
    recorder = new MediaRecorder(stream, mimeType ? { mimeType } : {});
    const pieces = [];
    const started = Date.now();
    const tick = setInterval(() => {
      const seconds = Math.floor((Date.now() - started) / 1000);
      mic.title = `Recording, ${seconds} s. Click to stop.`;
      mic.dataset.live = `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
      if (seconds >= 120) recorder?.stop();
    }, 250);
    mic.innerHTML = icon("stop");
    mic.dataset.live = "0:00";
    mic.setAttribute("aria-label", "Stop recording");
    recorder.ondataavailable = (event) => event.data.size && pieces.push(event.data);
    recorder.onstop = async () => {
      clearInterval(tick);
      for (const track of stream.getTracks()) track.stop();
      const type = (recorder.mimeType || "audio/webm").split(";")[0];
      idle();
      const blob = new Blob(pieces, { type });
      const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      if (!blob.size) toast("bad", "Nothing was recorded.", "Look whether the microphone is on.");
      else take(blob, `Recorded at ${time}.${type.split("/")[1]}`);
    };
    recorder.start(500);
  });

  const denied = (error, what) =>
    error.name === "NotFoundError" ? `There is no ${what}.` : `The browser does not give XMR the ${what}.`;

  // ---- camera

  on(root, "click", '[data-do="camera"]', async () => {
    if (!navigator.mediaDevices?.getUserMedia) {
      toast("bad", "This browser has no camera here.", "Drop in a picture instead.");
      return;
    }
    let stream;
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { width: { ideal: 1280 } } });
    } catch (error) {
      toast("bad", denied(error, "camera"), "Allow it in the address bar, or drop in a picture.");
      return;
    }
    const shot = dialog(
      `<div class="x-dialog-head"><h2 id="x-camera-title">Take a picture</h2>
        <button class="x-tool" type="button" data-do="close" aria-label="Close">${icon("close")}</button></div>
       <div class="x-dialog-body x-camera"><video autoplay muted playsinline aria-label="What the camera sees"></video></div>
       <div class="x-dialog-foot"><button class="x-btn x-btn-main" type="button" data-do="snap">
        ${icon("camera")}Take it</button></div>`,
      { onclose: () => stream.getTracks().forEach((track) => track.stop()) },
    );
    shot.classList.add("x-dialog-small");
    const video = shot.querySelector("video");
    video.srcObject = stream;
    shot.querySelector('[data-do="snap"]').focus();
    on(shot, "click", '[data-do="snap"]', () => {
      const canvas = document.createElement("canvas");
      canvas.width = video.videoWidth;
      canvas.height = video.videoHeight;
      if (!canvas.width) return;
      canvas.getContext("2d").drawImage(video, 0, 0);
      const time = new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" });
      canvas.toBlob((blob) => take(blob, `Taken at ${time}.jpg`), "image/jpeg", 0.92);
      shot.close();
    });
  });
};
