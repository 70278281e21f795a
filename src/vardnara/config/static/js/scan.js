"use strict";
/* Scanning trays. A hand scanner types into the field and presses Enter; where the browser reads codes, so does the
   camera. An answer that stops a tray is also heard and felt. Without contact nothing is said to be done: what the
   server has not answered has not happened as far as this page knows, and it says so as loudly. */
(() => {
  const ANSWER_MS = 8000;
  const LOOK_MS = 150;
  const offline = document.getElementById("scan-offline");
  let busy = false;

  const here = () => document.getElementById("scan");
  const first = () => here()?.querySelector("[data-first]");

  /* sound begins only after a touch or a key, which is the browser's rule: the first scan is one */
  let audio;
  const sound = (notes) => {
    try {
      audio ??= new AudioContext();
      if (audio.state === "suspended") audio.resume();
      let when = audio.currentTime;
      for (const [hertz, seconds] of notes) {
        const tone = audio.createOscillator(), gain = audio.createGain();
        tone.type = "square";
        tone.frequency.value = hertz;
        gain.gain.value = 0.25;
        tone.connect(gain).connect(audio.destination);
        tone.start(when);
        tone.stop(when + seconds);
        when += seconds + 0.06;
      }
    } catch { /* a device without sound shows it all the same */ }
  };
  const shake = (lengths) => { if (navigator.userActivation?.hasBeenActive) navigator.vibrate?.(lengths); }; // refused before a first tap
  const alarm = () => {
    sound([[220, 0.35], [220, 0.35], [220, 0.6]]);
    shake([400, 120, 400, 120, 700]);
  };
  const fine = () => { sound([[880, 0.09]]); shake(60); };

  const behind = (on) => { for (const one of document.querySelectorAll("body > header, #scan > :not(.scan-stop), #main > h1")) one.inert = on; };
  const attend = () => {
    const loud = here()?.querySelector("#scan-stop");
    behind(Boolean(loud));
    if (loud) { alarm(); loud.querySelector("[data-again]").focus(); return; }
    if (here()?.querySelector(".scan-done")) fine();
    first()?.focus();
  };
  const lost = () => {
    offline.hidden = false;
    behind(true);
    alarm();
    offline.querySelector("[data-again]").focus();
  };
  offline?.querySelector("[data-again]").addEventListener("click", () => {
    offline.hidden = true;
    behind(false);
    const field = first();
    field?.focus();
    field?.select?.();
  });

  document.addEventListener("submit", async (event) => {
    const form = event.target.closest("form.scan-form");
    if (!form) return;
    event.preventDefault();
    if (busy) return;
    busy = true;
    form.setAttribute("aria-busy", "true");
    try {
      const answer = await fetch(form.action, {
        method: "POST", body: new FormData(form), redirect: "manual", headers: { "HX-Request": "true" }, signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (answer.type === "opaqueredirect" || answer.status === 403) { location.reload(); return; }
      if (!answer.ok) throw new Error(String(answer.status));
      const holder = document.createElement("template");
      holder.innerHTML = await answer.text();
      const fresh = holder.content.querySelector("#scan");
      if (!fresh) throw new Error("no answer");
      stop();
      here().replaceWith(fresh);
      ready();
      attend();
    } catch {
      form.removeAttribute("aria-busy");
      lost();
    } finally {
      busy = false;
    }
  });

  /* whoever has seen it goes on where they were, without asking the server for the page again */
  document.addEventListener("keydown", (event) => {
    const loud = here()?.querySelector("#scan-stop");
    if (!loud || event.key !== "Escape") return;
    loud.querySelector("[data-again]").click();
  });

  /* ---- the camera, where the browser can read codes itself ---- */
  let stream, looking = 0;
  const stop = () => {
    clearInterval(looking);
    stream?.getTracks().forEach((track) => track.stop());
    stream = undefined;
  };
  const look = async () => {
    const video = document.getElementById("scan-video");
    const field = first();
    if (!(field instanceof HTMLInputElement)) return;
    try {
      const detector = new BarcodeDetector({ formats: ["qr_code", "code_128"] });
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
      video.srcObject = stream;
      video.hidden = false;
      await video.play();
      looking = setInterval(async () => {
        const found = await detector.detect(video).catch(() => []);
        if (!found.length || busy || !field.isConnected) return;
        field.value = found[0].rawValue;
        field.form.requestSubmit();
      }, LOOK_MS);
    } catch {
      stop();
      video.hidden = true;
      field.focus();
    }
  };
  const ready = () => {
    if (!("BarcodeDetector" in window) || !navigator.mediaDevices) return;
    for (const button of here().querySelectorAll("[data-camera]")) {
      button.hidden = false;
      button.addEventListener("click", look);
    }
  };

  ready();
  attend();
})();
