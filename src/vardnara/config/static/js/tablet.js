"use strict";
/* A tablet that a ward shares: untouched for a while, or left by "change person", it shows nothing more of who was there. */
(() => {
  const { locks, stay, who } = document.body.dataset;
  if (!locks) return;
  const LOCKS_MS = Number(locks) * 1000;
  const STAY_MS = Math.min(30000, LOCKS_MS / 3); // the server is told so often that somebody is there
  let touchedAt = Date.now();
  let toldAt = Date.now();
  let timer = 0;
  const token = () => document.cookie.split("; ").find((part) => part.startsWith("csrftoken="))?.slice(10) ?? "";
  const blank = () => { document.documentElement.hidden = true; document.title = "Vardnara"; };
  const lock = () => {
    blank();
    location.replace(who); // signs out where somebody is signed in
  };
  const watch = () => {
    clearTimeout(timer);
    const left = touchedAt + LOCKS_MS - Date.now();
    if (left <= 0) lock(); else timer = setTimeout(watch, left);
  };
  const touched = () => {
    if (Date.now() > touchedAt + LOCKS_MS) { lock(); return; } // the clock stood still meanwhile
    touchedAt = Date.now();
    if (touchedAt - toldAt < STAY_MS) return;
    toldAt = touchedAt;
    fetch(stay, { method: "POST", headers: { "X-CSRFToken": token() }, redirect: "manual" })
      .then((answer) => { if (answer.type === "opaqueredirect") lock(); }).catch(() => {});
  };
  for (const name of ["pointerdown", "keydown", "wheel", "touchmove"]) addEventListener(name, touched, { capture: true, passive: true });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) watch(); });
  addEventListener("pageshow", (event) => { if (event.persisted) lock(); });
  addEventListener("pagehide", blank);
  watch();
})();
