"use strict";
/* Handing out work: drag tasks by their handle to a person, or tick them and choose. Without this script the form does
   the same. What the server answers is put in place by live.js. */
(() => {
  const EDGE = 60;      // pixels from the edge of the window where it begins to scroll
  const SCROLL = 14;    // pixels a frame
  const STILL = 5;      // pixels that a finger may tremble
  const form = () => document.getElementById("hand-form");
  const say = document.getElementById("say");
  const chosen = () => Array.from(document.querySelectorAll(".hand-task input:checked"));

  const tell = (words) => {
    const box = document.getElementById("hand-told");
    const line = document.createElement("p");
    line.className = "told is-refused";
    line.setAttribute("role", "alert");
    line.textContent = words;
    box.replaceChildren(line);
  };

  let sending = false;
  const send = async (address, fields) => {
    if (sending) return;
    sending = true;
    try {
      const answer = await fetch(address, { method: "POST", body: fields, headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) { location.reload(); return; }
      const html = await answer.text();
      document.dispatchEvent(new CustomEvent("vardnara:place", { detail: html }));
      for (const box of chosen()) box.checked = false;
      count();
      dress(document);
      const told = document.getElementById("hand-told");
      (told.querySelector(".is-asked button") ?? told.querySelector("#hand-undo"))?.focus({ preventScroll: true });
      if (say) say.textContent = told.textContent.trim().replace(/\s+/g, " ");
      told.scrollIntoView({ block: "nearest" });
    } catch {
      tell(form().dataset.unsent);
    } finally {
      sending = false;
    }
  };

  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form[data-move]")) return;
    event.preventDefault();
    const fields = new FormData(event.target, event.submitter);
    send(event.target.action, fields);
  });

  const count = () => {
    const badge = document.querySelector("#hand-bar .n-chosen");
    const n = chosen().length;
    if (badge) { badge.hidden = n === 0; badge.textContent = String(n); }
  };
  document.addEventListener("change", (event) => { if (event.target.matches(".hand-task input")) count(); });

  /* ---- dragging ---- */
  const dress = (where) => {
    for (const task of where.querySelectorAll(".hand-task:not(:has(.grip))")) {
      const grip = document.createElement("span");
      grip.className = "grip";
      grip.title = form().dataset.grip;
      grip.setAttribute("aria-hidden", "true");
      task.prepend(grip);
    }
    document.querySelector(".drag-too")?.removeAttribute("hidden");
  };

  let drag = null;
  const zoneAt = (x, y) => document.elementFromPoint(x, y)?.closest("[data-drop]") ?? null;
  const lift = (event) => {
    const { task } = drag;
    const box = chosen().includes(task.querySelector("input")) ? chosen().map((one) => one.value) : [task.dataset.task];
    drag.values = box;
    drag.ghost = document.createElement("div");
    drag.ghost.className = "drag-ghost";
    drag.ghost.textContent = task.querySelector(".what").textContent.trim() + (box.length > 1 ? ` + ${box.length - 1}` : "");
    document.body.append(drag.ghost);
    document.body.classList.add("is-dragging");
    task.classList.add("is-lifted");
    follow(event);
  };
  const follow = (event) => {
    drag.x = event.clientX;
    drag.y = event.clientY;
    drag.ghost.style.transform = `translate(${event.clientX + 12}px, ${event.clientY + 12}px)`;
    const zone = zoneAt(event.clientX, event.clientY);
    if (zone !== drag.zone) {
      drag.zone?.classList.remove("is-over");
      zone?.classList.add("is-over");
      drag.zone = zone;
    }
    if (!drag.frame) drag.frame = requestAnimationFrame(scroll);
  };
  const scroll = () => {
    if (!drag?.ghost) return;
    drag.frame = 0;
    const step = drag.y < EDGE ? -SCROLL : drag.y > innerHeight - EDGE ? SCROLL : 0;
    if (!step) return;
    scrollBy(0, step);
    drag.frame = requestAnimationFrame(scroll);
  };
  const end = (drop) => {
    if (!drag) return;
    const { ghost, task, zone, values, frame } = drag;
    drag = null;
    if (!ghost) return;
    cancelAnimationFrame(frame);
    ghost.remove();
    zone?.classList.remove("is-over");
    task.classList.remove("is-lifted");
    document.body.classList.remove("is-dragging");
    if (!drop || !zone || values.every((value) => value.endsWith(`:${zone.dataset.drop}`))) return;
    const fields = new FormData(form());
    fields.delete("task");
    fields.set("owner", zone.dataset.drop);
    for (const value of values) fields.append("task", value);
    send(form().action, fields);
  };

  document.addEventListener("pointerdown", (event) => {
    const grip = event.target.closest(".grip");
    if (!grip || event.button) return;
    event.preventDefault();
    drag = { task: grip.closest(".hand-task"), x: event.clientX, y: event.clientY, zone: null, id: event.pointerId };
    grip.setPointerCapture(event.pointerId);
  });
  document.addEventListener("pointermove", (event) => {
    if (!drag || drag.id !== event.pointerId) return;
    if (drag.ghost) follow(event);
    else if (Math.hypot(event.clientX - drag.x, event.clientY - drag.y) > STILL) lift(event);
  });
  document.addEventListener("pointerup", (event) => { if (drag?.id === event.pointerId) end(true); });
  document.addEventListener("pointercancel", () => end(false));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") end(false); });
  document.addEventListener("vardnara:placed", () => { dress(document); count(); });
  dress(document);
})();
