"use strict";
/* The worker's phone without contact. What is done is put into the phone's own database first, with the time, and shown
   at once; then it is sent, in order, each command with a number of its own, until it was answered. The phone keeps the
   work that it was shown last. docs/offline.md tells the whole story. */
(() => {
  const main = document.getElementById("main");
  if (!window.indexedDB) return; // the page's forms are sent as they are
  const BATCH = 200;            // as many as the server takes at once
  const ANSWER_MS = 20000;
  const SHOW_MS = 600;          // without an answer for so long, the phone shows its own picture
  const RETRY_MS = [2000, 5000, 10000, 30000];
  const KEEP_EVERY_MS = 15000;
  const NAME = "vardnara-phone";
  const DEEDS = { ta: "claim", starta: "start", pausa: "pause", fortsatt: "resume", "skjut-upp": "delay", lamna: "hand_back", klar: "finish" };
  const AFTER = { claim: "claimed", start: "started", pause: "paused", resume: "started", delay: "delayed" };

  /* ---- the phone's own database ---- */
  const asked = (request) => new Promise((yes, no) => {
    request.onsuccess = () => yes(request.result);
    request.onerror = () => no(request.error);
  });
  const ended = (transaction) => new Promise((yes, no) => {
    transaction.oncomplete = () => yes();
    transaction.onabort = transaction.onerror = () => no(transaction.error);
  });
  const opening = new Promise((yes, no) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      const fresh = request.result;
      fresh.createObjectStore("queue", { keyPath: "seq", autoIncrement: true }); // numbers never come back
      fresh.createObjectStore("told", { keyPath: "seq" });
      const device = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
      fresh.createObjectStore("meta").put(device, "device"); // born with the numbers: lost together, never apart
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close();
      yes(request.result);
    };
    request.onerror = () => no(request.error);
  });
  opening.catch(() => {});
  const store = async (name, mode = "readonly") => (await opening).transaction(name, mode).objectStore(name);
  const meta = async (key) => asked((await store("meta")).get(key));

  /* Whoever leaves leaves nothing to read: the work and the page go, what is not sent yet stays for who did it. */
  const seal = async () => {
    try {
      await caches.delete(NAME);
      const keep = await store("meta", "readwrite");
      for (const name of Object.keys(localStorage)) if (name.startsWith("ticks ")) localStorage.removeItem(name);
      keep.delete("kept");
      await ended(keep.transaction);
    } catch { /* there was nothing */ }
  };
  if ("nobody" in document.body.dataset) seal();
  if (!document.body.dataset.stream) return; // nobody's page, or what is shown instead of one without contact
  document.addEventListener("submit", (event) => {
    if (event.target.getAttribute("action")?.startsWith("/logga-ut/")) seal();
  }, true);
  const user = Number(main?.dataset.user);
  if (!user) return;
  navigator.storage?.persist?.().catch(() => {});

  /* ---- the picture: what was kept, and what was done since ---- */
  const copy = (kept) => structuredClone(kept);
  const fold = (kept, commands) => {
    const own = kept.own, open = kept.open;
    for (const command of commands) {
      const id = command.found ? `f${command.found}` : command.task;
      const from = own.find((task) => task.id === id) ?? open.find((task) => task.id === id);
      if (command.deed === "found") {
        const made = { ...command.shows, id: `f${command.seq}`, state: command.start ? "started" : "open", own: command.start, started: command.at, why: "", reason: "" };
        (command.start ? own : open).unshift(made);
        if (!command.start) kept.n_open += 1;
        continue;
      }
      if (!from) continue;
      if (open.includes(from) && ["claim", "start"].includes(command.deed)) {
        open.splice(open.indexOf(from), 1);
        own.push(from);
        kept.n_open = Math.max(0, kept.n_open - 1);
      }
      from.reason = command.label ?? "";
      if (command.deed === "finish") { if (own.includes(from)) own.splice(own.indexOf(from), 1); continue; }
      if (command.deed === "hand_back") {
        if (own.includes(from)) own.splice(own.indexOf(from), 1);
        from.state = "open";
        open.push(from);
        kept.n_open += 1;
        continue;
      }
      from.state = AFTER[command.deed];
      if (command.deed === "start") from.started ??= command.at;
    }
    const order = ["started", "claimed", "paused", "delayed"];
    own.sort((a, b) => order.indexOf(a.state) - order.indexOf(b.state));
    return kept;
  };

  const template = (id) => document.getElementById(id).content.cloneNode(true);
  const slot = (piece, name) => piece.querySelector(`[data-slot=${name}]`);
  const clock = (at) => new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" }).format(new Date(at));
  const about = (piece, task) => { for (const form of piece.querySelectorAll("form[action]")) form.dataset.task = String(task.id); };

  const line = (task) => {
    const piece = template(`t-line-${task.state}`);
    slot(piece, "kind").textContent = task.kind;
    slot(piece, "where").textContent = [task.ward, task.place].filter((words, n, all) => words && all.indexOf(words) === n).join(" · ");
    if (task.state === "open") slot(piece, "under").textContent = task.why;
    else if (task.reason) slot(piece, "under").textContent += `: ${task.reason.toLowerCase()}`;
    const contagion = slot(piece, "contagion");
    contagion.hidden = !task.is_contagion;
    contagion.querySelector("span").textContent = task.contagion;
    about(piece, task);
    return piece;
  };
  const lists = (picture, current) => {
    const piece = template("t-lists");
    const aside = picture.own.filter((task) => task !== current);
    const asideAt = slot(piece, "aside");
    asideAt.hidden = !aside.length;
    asideAt.querySelector("b").textContent = String(aside.length);
    asideAt.querySelector("ul").append(...aside.map(line));
    const openAt = slot(piece, "open");
    openAt.open = document.querySelector("#open-work")?.open ?? false;
    openAt.querySelector("b").textContent = String(picture.n_open);
    openAt.querySelector("ul").append(...picture.open.map(line));
    return piece;
  };
  const card = (task) => {
    const holder = document.createElement("div");
    if (task.card) { holder.innerHTML = task.card; return holder; } // as the server wrote it
    holder.append(template("t-card"));
    for (const name of ["kind", "place", "ward", "note"]) {
      const at = slot(holder, name);
      if (task[name]) at.textContent = task[name]; else at.remove();
    }
    return holder;
  };

  const put = (...pieces) => { // a new part, so that what the server writes next is put in its place
    const work = document.createElement("div");
    work.id = "work";
    work.dataset.part = work.dataset.calm = "";
    work.append(...pieces);
    document.getElementById("work").replaceWith(work);
    ticks();
    work.querySelector("[data-focus]")?.focus({ preventScroll: true });
  };
  const show = async (saved) => {
    const kept = await meta("kept");
    if (kept?.user !== user) { put(template("t-nothing-kept")); return; }
    const picture = fold(copy(kept), await waiting());
    const task = picture.own[0] ?? picture.open[0];
    const piece = template(task ? `t-job-${task.state}` : "t-none");
    if (task) {
      slot(piece, "card").replaceWith(card(task));
      slot(piece, "since").textContent = task.state === "started" && task.started ? ` ${clock(task.started)}` : task.reason ? `: ${task.reason.toLowerCase()}` : "";
      about(piece, task);
    }
    slot(piece, "lists").replaceWith(lists(picture, task));
    put(...(saved ? [template("t-saved")] : []), piece);
  };

  /* ---- the queue ---- */
  const waiting = async () => (await asked((await store("queue")).getAll())).filter((command) => command.user === user);
  const count = async () => {
    const n = (await waiting()).length;
    if (n) main.dataset.unsent = String(n); else delete main.dataset.unsent;
    document.dispatchEvent(new Event("vardnara:unsent"));
    return n;
  };
  const cookie = (name) => document.cookie.split("; ").find((part) => part.startsWith(`${name}=`))?.slice(name.length + 1) ?? "";

  let sending = null;
  let failures = 0;
  let retry = 0;
  const again = () => {
    clearTimeout(retry);
    retry = setTimeout(() => send().catch(() => {}), RETRY_MS[Math.min(failures, RETRY_MS.length) - 1] ?? RETRY_MS[0]);
  };
  const send = () => {
    sending ??= sendAll().finally(() => { sending = null; });
    return sending;
  };
  /* True when everything was answered; the page is then as the server shows it. */
  const sendAll = async () => {
    const device = await meta("device");
    for (;;) {
      const commands = (await waiting()).slice(0, BATCH);
      if (!commands.length) { await count(); return true; }
      let answer;
      try {
        answer = await fetch(main.dataset.send, {
          method: "POST",
          headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
          body: JSON.stringify({
            user, device, sent_at: new Date().toISOString(), page: true,
            commands: commands.map(({ user: _, label: __, shows: ___, ...command }) => command),
          }),
          redirect: "manual",
          signal: AbortSignal.timeout(ANSWER_MS),
        });
        if (answer.status >= 500) throw new Error(String(answer.status));
      } catch {
        failures += 1;
        again();
        document.dispatchEvent(new Event("vardnara:lost"));
        return false;
      }
      const out = answer.type === "opaqueredirect" || !answer.ok;
      document.getElementById("sign-in-again").hidden = !out;
      if (out) { failures += 1; again(); return false; }
      failures = 0;
      const { answers, page } = await answer.json();
      await settle(commands, answers);
      const left = await count();
      if (!left && page && !finding()) document.dispatchEvent(new CustomEvent("vardnara:place", { detail: page }));
      if (!left) { keep(true); return true; }
    }
  };

  /* What was answered leaves the queue and enters the kept picture, in one transaction. */
  const settle = async (commands, answers) => {
    const kept = await meta("kept");
    const transaction = (await opening).transaction(["queue", "told", "meta"], "readwrite");
    const carried = new Set(answers.filter((answer) => ["done", "repeated"].includes(answer.outcome)).map((answer) => answer.seq));
    const bySeq = new Map(commands.map((command) => [command.seq, command]));
    for (const answer of answers) {
      const command = bySeq.get(answer.seq);
      if (!command) continue;
      transaction.objectStore("queue").delete(command.seq);
      if (["conflict", "refused"].includes(answer.outcome)) {
        transaction.objectStore("told").put({ seq: command.seq, user, text: answer.text, about: command.about ?? "", at: command.at, code: answer.code, task: answer.task });
      }
    }
    if (kept?.user === user) transaction.objectStore("meta").put(fold(kept, commands.filter((command) => carried.has(command.seq))), "kept");
    await ended(transaction);
    await tell();
  };

  /* Conflicts stay until they were read; of one task the last says it all. */
  const tell = async () => {
    const rows = (await asked((await store("told")).getAll())).filter((row) => row.user === user);
    const last = new Map();
    for (const row of rows) { const key = `${row.task ?? `s${row.seq}`} ${row.code}`; last.set(key, [...(last.get(key) ?? []), row]); }
    const at = document.getElementById("told");
    at.replaceChildren(...Array.from(last.values(), (same) => {
      const row = same.at(-1);
      const piece = template("t-told").firstElementChild;
      slot(piece, "what").textContent = [row.about, clock(row.at)].filter(Boolean).join(" · ");
      slot(piece, "text").textContent = row.text;
      piece.querySelector("button").addEventListener("click", async () => {
        const told = await store("told", "readwrite");
        for (const { seq } of same) told.delete(seq);
        await ended(told.transaction);
        await tell();
        (at.querySelector("button") ?? main).focus();
      });
      return piece;
    }));
    at.hidden = !last.size;
  };

  const did = async (command) => {
    if (command.deed === "finish") localStorage.removeItem(ticksOf(command.task));
    const queue = await store("queue", "readwrite");
    queue.add({ ...command, user, at: new Date().toISOString() });
    await ended(queue.transaction);
    await count();
    const own = setTimeout(() => { show(true).catch(() => {}); }, SHOW_MS);
    if (!await send()) { clearTimeout(own); await show(true); }
    clearTimeout(own);
  };

  /* ---- pressing ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const path = new URL(form.action, location.href).pathname.match(/^\/arbete\/(\d+)\/([a-z-]+)\/$/);
    if (form.id === "found-here") { event.preventDefault(); report(form, event.submitter); return; }
    if (!path || !DEEDS[path[2]]) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    form.closest("[popover]")?.hidePopover?.();
    const id = form.dataset.task ?? path[1];
    const command = { deed: DEEDS[path[2]], ...(id.startsWith("f") ? { found: Number(id.slice(1)) } : { task: Number(id) }) };
    if (command.deed === "finish" && list()) {
      const points = Array.from(list().querySelectorAll("input[name=point]"));
      command.ticked = points.filter((point) => point.checked).map((point) => Number(point.value));
      const left = points.filter((point) => !point.checked);
      const signs = list().hasAttribute("data-signature");
      if (signs) command.signed = true;
      if (left.length || signs) { command.about = document.querySelector("#work .where")?.textContent.trim() ?? ""; sure(left, signs, command); return; }
    }
    if (event.submitter?.name === "reason") {
      command.reason = event.submitter.value;
      command.label = event.submitter.textContent.trim();
    }
    const here = form.closest("li") ?? document.getElementById("work");
    command.about = here.querySelector(".where")?.textContent.trim() ?? "";
    did(command).catch(() => { document.getElementById("unsent").hidden = false; });
  }, true);

  /* ---- the checklist: ticks are kept on the phone until the task is finished ---- */
  const list = () => document.querySelector("#work .job .checklist");
  const ticksOf = (id) => `ticks ${user} ${id}`;
  const ticks = () => {
    const id = list()?.dataset.task;
    if (!id) return;
    try {
      const kept = JSON.parse(localStorage.getItem(ticksOf(id)) ?? "[]");
      for (const point of list().querySelectorAll("input[name=point]")) point.checked = kept.includes(point.value);
    } catch { /* nothing was ticked */ }
  };
  document.addEventListener("change", (event) => {
    if (!event.target.matches(".checklist input[name=point]")) return;
    const ticked = Array.from(list().querySelectorAll("input[name=point]:checked"), (point) => point.value);
    try { localStorage.setItem(ticksOf(list().dataset.task), JSON.stringify(ticked)); } catch { /* until the page is left */ }
  });
  document.addEventListener("vardnara:placed", ticks);
  const sure = (left, signs, command) => { // asks once; what is not ticked is kept as not done
    document.getElementById("sure")?.remove();
    const sheet = template("t-sure").firstElementChild;
    slot(sheet, "head").textContent = left.length ? main.dataset.left : main.dataset.sign;
    slot(sheet, "left").replaceChildren(...left.map((point) => {
      const row = document.createElement("li");
      row.textContent = point.closest("label").textContent.trim();
      return row;
    }));
    slot(sheet, "yes").textContent = signs ? main.dataset.signs : main.dataset.doneAnyway;
    const away = () => sheet.remove();
    sheet.querySelector("[data-no]").addEventListener("click", away);
    sheet.querySelector("[data-sure]").addEventListener("click", () => { away(); finish(command); });
    sheet.addEventListener("keydown", (event) => { if (event.key === "Escape") away(); });
    main.append(sheet);
    sheet.showPopover();
    slot(sheet, "head").focus();
  };
  const finish = (command) => did(command).catch(() => { document.getElementById("unsent").hidden = false; });

  /* ---- found job without contact ---- */
  const finding = () => Boolean(document.getElementById("found-here"));
  const find = async () => {
    const kept = await meta("kept");
    if (kept?.user !== user) return;
    const piece = template("t-found");
    const [ward, bed] = ["ward", "bed"].map((name) => piece.querySelector(`select[name=${name}]`));
    ward.append(new Option("–", ""), ...kept.wards.map((row, n) => new Option(row.name, String(n))));
    ward.addEventListener("change", () => {
      bed.replaceChildren(new Option("–", ""), ...(kept.wards[Number(ward.value)]?.beds ?? []).map((row) => new Option(row.place, String(row.id))));
    });
    piece.querySelector("[data-back]").addEventListener("click", () => { show(false); });
    put(piece);
  };
  const report = async (form, button) => {
    const ward = form.elements.ward, bed = form.elements.bed;
    const kind = button.value;
    const shows = {
      kind: kind === "spill" ? main.dataset.spill : main.dataset.foundBed, place: bed.selectedOptions[0].textContent,
      ward: ward.selectedOptions[0].textContent, note: form.elements.note.value, contagion: "", is_contagion: false,
    };
    form.id = "";
    await did({ deed: "found", bed: Number(bed.value), kind, note: form.elements.note.value, start: form.elements.start.checked, shows, about: shows.place })
      .catch(() => { document.getElementById("unsent").hidden = false; });
  };
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    if (!link || new URL(link.href).pathname !== main.dataset.foundAt) return;
    if (document.getElementById("contact")?.dataset.state !== "lost" && navigator.onLine) return;
    event.preventDefault();
    find();
  });

  /* ---- keeping ---- */
  let keptAt = 0;
  let keeping = 0;
  const keep = (now) => {
    clearTimeout(keeping);
    keeping = setTimeout(async () => {
      keptAt = Date.now();
      try {
        if ((await waiting()).length) return; // kept again when it was sent
        const answer = await fetch(main.dataset.kept, { redirect: "manual" });
        if (!answer.ok) return;
        const kept = await answer.json();
        const keepIn = await store("meta", "readwrite");
        keepIn.put(kept, "kept");
        await ended(keepIn.transaction);
        document.body.dataset.keptAt = kept.at;
      } catch { /* the last one stays */ }
    }, now ? 0 : Math.max(0, keptAt + KEEP_EVERY_MS - Date.now()));
  };
  document.addEventListener("vardnara:placed", () => keep(false));
  const keepShell = async () => {
    if (!window.caches) return;
    const answer = await fetch(main.dataset.shellAt, { redirect: "manual" });
    if (answer.ok) await (await caches.open(NAME)).put("/arbete/skal/", answer);
  };

  const back = async () => {
    const all = await send();
    if (all && main.hasAttribute("data-shell") && !finding()) location.replace(main.dataset.workAt);
  };
  document.addEventListener("vardnara:contact", () => { back().catch(() => {}); });
  addEventListener("online", () => { back().catch(() => {}); });

  (async () => {
    ticks();
    await tell();
    const unsent = await count();
    if (main.hasAttribute("data-shell")) {
      if (location.pathname === main.dataset.foundAt) await find(); else await show(false);
      document.dispatchEvent(new Event("vardnara:lost"));
    } else {
      if (unsent) { await show(false); await send(); } else keep(true);
      keepShell().catch(() => {});
    }
  })().catch(() => {});
})();
