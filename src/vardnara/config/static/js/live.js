"use strict";
/* Live pages. One stream says which ids changed; the page asks once for what it shows of them and puts the new parts
   in place. Of a page that many read alike the stream brings the parts themselves. Nothing else moves. The state of the
   connection is always shown as it is. */
(() => {
  const COALESCE_MS = 20;     // in a stream of changes, those that come together are fetched together
  const SLOW_MS = 100;        // a fetch that takes longer is answered by a busy server: rest as long before the next
  const REST_MS = 1000;       // at most
  const CALM_MS = 200;        // after so long without any, a change is fetched at once
  const SILENCE_MS = 30000;   // three missed beats: contact is lost
  const IDS_LIMIT = 300;      // more ids than this and the page asks for everything
  const SENDING_MS = 10000; // a deed that takes longer no longer holds back what is new
  const GLOW_MS = 2400;       // as long as the glow in the stylesheet
  const DIM_MS = 600;
  const GLOWS_LIMIT = 6;      // so many glow at once; more are marked without motion
  const SAY_MS = 1500;        // spoken changes are gathered this long

  const body = document.body;
  const main = document.getElementById("main");
  const contact = document.getElementById("contact");
  const say = document.getElementById("say");
  const partsUrl = main?.dataset.parts;
  const isPushed = main?.hasAttribute("data-pushed") ?? false;
  const device = (() => {
    try {
      let name = localStorage.getItem("device");
      if (!name) {
        name = Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, "0")).join("");
        localStorage.setItem("device", name);
      }
      return name;
    } catch { return ""; }
  })();

  /* ---- what is on the page, as the server wrote it ---- */
  const written = new WeakMap();
  const sourceOf = (element) => element.outerHTML.replace(/(name="csrfmiddlewaretoken" value=")[^"]*/g, "$1");
  const remember = (element) => written.set(element, sourceOf(element));
  document.querySelectorAll("[data-part]").forEach((part) => {
    remember(part);
    if (part.hasAttribute("data-keyed")) for (const child of part.children) if (child.id) remember(child);
  });

  /* What just came into the page glows once. Every frame of it is painted anew, so in a flood the marks stand still,
     and those that have stood long enough go out together. */
  const glowing = new Map();
  let dimming = 0;
  const dim = () => {
    const now = performance.now();
    for (const [element, ends] of glowing) {
      if (ends > now) break;
      element.classList.remove("glow", "still");
      glowing.delete(element);
    }
    dimming = glowing.size ? setTimeout(dim, DIM_MS) : 0;
  };
  const glow = (element) => {
    element.classList.add("glow");
    if (glowing.size >= GLOWS_LIMIT) element.classList.add("still");
    glowing.set(element, performance.now() + GLOW_MS);
    if (!dimming) dimming = setTimeout(dim, GLOW_MS);
  };

  const spoken = [];
  let speaking = 0;
  const speak = (element) => {
    const words = element.dataset.say;
    if (!words || !say) return;
    spoken.push(words);
    clearTimeout(speaking);
    speaking = setTimeout(() => {
      say.textContent = spoken.splice(0).slice(-4).join(". ");
    }, SAY_MS);
  };

  /* What the reader was just told stays until the reader does something else. */
  const keepNotes = (old, fresh) => {
    const told = old.querySelector(".notes");
    if (told && !fresh.querySelector(".notes")) fresh.prepend(told);
  };

  const replace = (old, fresh, quiet) => {
    const raw = sourceOf(fresh);
    if (written.get(old) === raw) return old;
    for (const opened of old.querySelectorAll("details[open][id]")) fresh.querySelector(`#${opened.id}`)?.setAttribute("open", "");
    keepNotes(old, fresh);
    const held = old.contains(document.activeElement) ? document.activeElement : null;
    const focusId = held?.id;
    old.replaceWith(fresh);
    written.set(fresh, raw);
    window.htmx?.process(fresh);
    if (held) (document.getElementById(focusId) ?? fresh.querySelector("a,button") ?? fresh).focus?.({ preventScroll: true });
    if (!quiet && !fresh.hasAttribute("data-calm")) { glow(fresh); speak(fresh); }
    return fresh;
  };

  /* A keyed part is mended child by child, so that only what changed is touched. Every child of it has an id. */
  const mend = (old, fresh, quiet) => {
    const raw = sourceOf(fresh);
    if (written.get(old) === raw) return;
    const had = new Map(Array.from(old.children).filter((child) => child.id).map((child) => [child.id, child]));
    let spot = old.firstElementChild;
    for (const child of Array.from(fresh.children)) {
      const known = child.id ? had.get(child.id) : null;
      if (known) {
        had.delete(child.id);
        if (spot === known) spot = spot.nextElementSibling;
        else old.insertBefore(known, spot);
        replace(known, child, quiet);
      } else {
        old.insertBefore(child, spot);
        remember(child);
        window.htmx?.process(child);
        if (!quiet && child.id) { glow(child); speak(child); }
      }
    }
    for (const gone of had.values()) gone.remove();
    written.set(old, raw);
  };

  const place = (html, quiet) => {
    const holder = document.createElement("template");
    holder.innerHTML = html;
    for (const fresh of Array.from(holder.content.querySelectorAll("[data-part]"))) {
      const old = fresh.id && document.getElementById(fresh.id);
      if (!old) continue; // a place that this page has not drawn: it comes with the next visit
      if (fresh.hasAttribute("data-keyed")) mend(old, fresh, quiet);
      else replace(old, fresh, quiet);
    }
    watchDue();
    document.dispatchEvent(new Event("vardnara:placed"));
  };
  document.addEventListener("vardnara:place", (event) => place(event.detail, true));

  /* ---- what changed, and fetching it ---- */
  const pending = { beds: new Set(), wards: new Set(), tasks: new Set(), inbox: false, matters: false, everything: false };
  let timer = 0;
  let fetching = false;
  let askedAt = 0;

  const note = (change) => {
    for (const name of ["beds", "wards", "tasks"]) for (const id of change[name] ?? []) pending[name].add(id);
    if (change.inbox) pending.inbox = true;
    if (change.matters) pending.matters = true;
    if (change.refresh) pending.everything = true;
    if (!timer && !fetching) timer = setTimeout(ask, performance.now() - askedAt > CALM_MS ? 0 : COALESCE_MS);
  };

  /* While a deed is on its way its form must stay: the answer, with its words to the reader, comes into its place. */
  let sentAt = 0;
  const sending = () => sentAt > 0 && performance.now() - sentAt < SENDING_MS;
  document.addEventListener("htmx:before:request", () => { sentAt = performance.now(); });
  for (const end of ["htmx:after:swap", "htmx:finally:request", "htmx:error"]) document.addEventListener(end, () => { sentAt = 0; });

  const hears = (main?.dataset.hears ?? "").split(" ");
  const ask = async () => {
    timer = 0;
    askedAt = performance.now();
    const wanted = pending.everything || hears.some((name) => pending[name] === true || pending[name]?.size > 0);
    const query = new URLSearchParams(location.search);
    const n = pending.beds.size + pending.tasks.size + pending.wards.size;
    const all = pending.everything || n > IDS_LIMIT;
    if (all) query.set("alla", "1");
    else for (const name of ["beds", "wards", "tasks"]) if (pending[name].size) query.set(name, Array.from(pending[name]).join(","));
    const quiet = pending.everything;
    for (const name of ["beds", "wards", "tasks"]) pending[name].clear();
    pending.inbox = pending.matters = pending.everything = false;
    if (!wanted || !partsUrl) return;
    const choosing = document.querySelector("[popover]:popover-open"); // wait until they have
    if (choosing || sending() || main.dataset.unsent) { // what is not sent yet is not in the server's picture
      pending.everything = true;
      timer = setTimeout(ask, choosing || main.dataset.unsent ? 1000 : 100);
      return;
    }
    fetching = true;
    try {
      const answer = await fetch(`${partsUrl}?${query}`, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (answer.type === "opaqueredirect" || answer.status === 403) { location.reload(); return; }
      const html = answer.ok ? await answer.text() : "";
      if (answer.ok && (sending() || main.dataset.unsent)) pending.everything = true; // older than what the deed's answer will show
      else if (answer.ok) { place(html, quiet); refreshPanel(); }
      else throw new Error(String(answer.status));
    } catch {
      pending.everything = true;
      lost();
      timer = setTimeout(ask, 2000);
    } finally {
      fetching = false;
      const more = pending.everything || pending.inbox || pending.matters || pending.beds.size || pending.wards.size || pending.tasks.size;
      const tookMs = performance.now() - askedAt;
      if (more && !timer) timer = setTimeout(ask, tookMs > SLOW_MS ? Math.min(tookMs, REST_MS) : COALESCE_MS);
    }
  };

  /* Parts that the stream brings wait, in their order, while the reader is choosing or a deed is on its way. */
  const brought = [];
  let bringing = 0;
  const bring = () => {
    bringing = 0;
    if (document.querySelector("[popover]:popover-open") || sending()) { bringing = setTimeout(bring, 100); return; }
    for (const { html, quiet } of brought.splice(0)) place(html, quiet);
    refreshPanel();
  };

  /* Work that runs past its time while nothing else happens is asked for at that moment. */
  let skewMs = 0;
  let dueTimer = 0;
  const watchDue = () => {
    if (isPushed) return; // the server sees to it
    clearTimeout(dueTimer);
    const now = Date.now() + skewMs;
    const next = Array.from(document.querySelectorAll("[data-due]"), (element) => Date.parse(element.dataset.due))
      .filter((due) => due > now).sort((a, b) => a - b)[0];
    if (next) dueTimer = setTimeout(() => { note({ refresh: true }); }, Math.min(next - now + 500, 3600000));
  };

  /* ---- the state of the connection ---- */
  const HEARD_EVERY_MS = 5000;
  const remembered = (() => { try { return Number(localStorage.getItem("heard_at")); } catch { return 0; } })();
  let heardAt = main?.hasAttribute("data-shell") && remembered ? remembered : Date.now();
  let notedAt = 0;
  let isLost = false;
  const clock = (at) => new Intl.DateTimeFormat("sv-SE", { hour: "2-digit", minute: "2-digit", timeZone: "Europe/Stockholm" }).format(at);
  const showContact = () => {
    if (!contact) return;
    const unsent = Number(main?.dataset.unsent ?? 0) + Number(main?.dataset.unsentReports ?? 0);
    const words = [isLost ? contact.dataset.lost.replace("{at}", clock(heardAt)) : contact.dataset.live];
    if (unsent) words.push(contact.dataset.tosend.replace("{n}", String(unsent)));
    contact.dataset.state = isLost ? "lost" : "live";
    contact.querySelector("span").textContent = words.join(" · ");
    contact.querySelector("use").setAttribute("href", isLost ? contact.dataset.iconLost : contact.dataset.iconLive);
  };
  document.addEventListener("vardnara:unsent", showContact);
  const heard = () => {
    heardAt = Date.now();
    if (heardAt - notedAt > HEARD_EVERY_MS) {
      notedAt = heardAt;
      try { localStorage.setItem("heard_at", String(heardAt)); } catch { /* a shell will not know since when */ }
    }
    if (!contact || (!isLost && contact.dataset.state === "live")) return; // writing the same would paint it again
    isLost = false;
    showContact();
    document.dispatchEvent(new Event("vardnara:contact"));
  };
  const lost = () => {
    if (!contact || isLost) return;
    isLost = true;
    showContact();
  };
  document.addEventListener("vardnara:lost", lost);

  let source = null;
  const open = () => {
    source?.close();
    source = new EventSource(isPushed ? `${body.dataset.stream}?delar=${encodeURIComponent(partsUrl + location.search)}` : body.dataset.stream);
    source.addEventListener("parts", (event) => {
      heard();
      brought.push(JSON.parse(event.data));
      if (!bringing) bring();
    });
    source.addEventListener("change", (event) => {
      const change = JSON.parse(event.data);
      heard();
      note(change);
    });
    source.addEventListener("beat", (event) => {
      const beat = JSON.parse(event.data);
      skewMs = Date.parse(beat.now) - Date.now();
      if (beat.listening) heard(); else lost();
      if (hears.includes("beat")) note({ refresh: true });
    });
    source.addEventListener("error", () => {
      lost();
      if (source.readyState === EventSource.CLOSED) setTimeout(open, 2000 + Math.random() * 1000);
    });
  };
  if (body.dataset.stream) {
    open();
    setInterval(() => { if (Date.now() - heardAt > SILENCE_MS) { lost(); open(); heardAt = Date.now(); } }, 5000);
    addEventListener("offline", lost);
    addEventListener("online", open);
    addEventListener("pagehide", () => source?.close());
    addEventListener("pageshow", (event) => { if (event.persisted) open(); });
    watchDue();
  }

  /* ---- the side panel: a tile or a row opens there, and is a page of its own without this script ---- */
  const panel = document.getElementById("panel");
  const panelBody = document.getElementById("panel-body");
  let panelUrl = "";
  const showPanel = async (url) => {
    const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual" });
    if (!answer.ok) { location.href = url; return; }
    panelUrl = url;
    panelBody.innerHTML = await answer.text();
    window.htmx?.process(panelBody);
    if (!panel.open) panel.showModal();
    panelBody.querySelector("h2")?.focus();
  };
  const panelInUse = () => panelBody.querySelector("details[open], :popover-open, [data-private]")
    || (panelBody.contains(document.activeElement) && document.activeElement.matches("input,select,textarea"));
  const refreshPanel = async () => {
    if (!panel?.open || !panelUrl || panelInUse()) return;
    const url = panelUrl;
    try {
      const answer = await fetch(url, { headers: { "HX-Request": "true" }, redirect: "manual" });
      if (!answer.ok) return;
      const html = await answer.text();
      if (panelUrl !== url || panelInUse() || sending()) return; // somebody did something meanwhile
      const holder = document.createElement("template");
      holder.innerHTML = html;
      const strip = (text) => text.replace(/csrfmiddlewaretoken" value="[^"]*"/g, "");
      if (strip(holder.innerHTML) !== strip(panelBody.dataset.raw ?? "")) {
        const id = document.activeElement?.id;
        const told = panelBody.querySelector(".notes");
        panelBody.innerHTML = html;
        if (told && !panelBody.querySelector(".notes")) panelBody.firstElementChild?.prepend(told);
        window.htmx?.process(panelBody);
        if (id) document.getElementById(id)?.focus();
      }
      panelBody.dataset.raw = holder.innerHTML;
    } catch { lost(); }
  };
  if (panel) {
    document.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-panel]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      showPanel(link.href).catch(() => { lost(); });
    });
    panel.addEventListener("click", (event) => {
      if (event.target === panel || event.target.closest("[data-close]")) panel.close();
    });
    panel.addEventListener("close", () => { panelUrl = ""; panelBody.replaceChildren(); });
  }

  /* ---- commands: each happens once, however often it is sent ---- */
  document.addEventListener("submit", (event) => {
    const form = event.target;
    const field = form.querySelector("input[name=device]");
    if (!field || !device) return;
    field.value = device;
    const number = form.querySelector("input[name=device_seq]");
    if (number.value) return; // the same form sent again is the same command
    try {
      const next = Number(localStorage.getItem("device_seq") ?? "0") + 1;
      localStorage.setItem("device_seq", String(next));
      number.value = String(next);
    } catch { field.value = ""; }
  }, true);

  document.addEventListener("htmx:after:swap", () => {
    document.querySelectorAll("[data-part]").forEach((part) => { if (!written.has(part)) remember(part); });
    if (document.activeElement === document.body) document.querySelector("[data-focus]")?.focus({ preventScroll: true });
    watchDue();
  });
  document.addEventListener("htmx:error", () => {
    lost();
    const words = document.getElementById("unsent");
    if (words) words.hidden = false;
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-submits]")) event.target.form.requestSubmit();
    const chooses = event.target.closest("[data-chooses]")?.dataset.chooses; // one of these ticked chooses that
    if (chooses && event.target.checked) document.getElementById(chooses).checked = true;
  });
  document.querySelector("[data-print]")?.addEventListener("click", () => print());
  addEventListener("beforeprint", () => {  // paper says when it was printed, not when the page was opened
    for (const time of document.querySelectorAll("time[data-printed]")) {
      const now = new Date();
      time.dateTime = now.toISOString();
      time.textContent = new Intl.DateTimeFormat("sv-SE", { dateStyle: "short", timeStyle: "short" }).format(now);
    }
  });

  if ("serviceWorker" in navigator && isSecureContext) navigator.serviceWorker.register("/sw.js").catch(() => {});
})();
