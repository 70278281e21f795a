"use strict";
/* Keeps the app's shell and, for a service worker's phone, the worker's page without any work in it; the work itself
   lies in the phone's own database (offline.js). No page with data is ever kept here. */
const SHELL = "vardnara-shell-4";
const PHONE = "vardnara-phone";     // filled by the page of whoever is signed in, emptied when nobody is
const PATIENCE_MS = 6000;           // a network that takes longer is as good as none
const PHONE_PAGES = /^\/(arbete\/(hittat\/)?)?$/;
const KEEP = ["/utan-kontakt/", "/static/css/vardnara.css", "/static/vendor/pico/pico.min.css",
  "/static/vendor/inter/inter-latin-wght-normal.woff2", "/static/vendor/inter/inter-latin-ext-wght-normal.woff2",
  "/static/vendor/lucide/icons.svg", "/static/img/icon.svg", "/static/img/shapes.svg", "/static/js/live.js",
  "/static/js/offline.js", "/static/js/deviation.js", "/static/vendor/htmx/htmx.min.js"];

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(SHELL).then((shell) => shell.addAll(KEEP)).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  event.waitUntil(
    caches.keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL && name !== PHONE).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()));
});

const patiently = (request) => Promise.race([
  fetch(request),
  new Promise((_, no) => { setTimeout(() => no(new Error("slow")), PATIENCE_MS); }),
]);

self.addEventListener("fetch", (event) => {
  const request = event.request;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate" && PHONE_PAGES.test(pathname)) {
    event.respondWith((async () => {
      const kept = await (await caches.open(PHONE)).match("/arbete/skal/");
      try {
        return await (kept ? patiently(request) : fetch(request));
      } catch {
        return kept ?? caches.match("/utan-kontakt/");
      }
    })());
  } else if (request.mode === "navigate") {
    event.respondWith(fetch(request).catch(() => caches.match("/utan-kontakt/")));
  } else if (pathname.startsWith("/static/")) {
    event.respondWith(fetch(request).catch(() => caches.match(request, { ignoreSearch: true })));
  }
});

/* A notification says what the server wrote, and opens the page that it names; only pages of this site. */
self.addEventListener("push", (event) => {
  let told = {};
  try { told = event.data.json(); } catch { /* shown all the same: a browser wants to see something for each push */ }
  event.waitUntil(self.registration.showNotification(String(told.title ?? "Vardnara"), {
    body: String(told.body ?? ""), tag: String(told.tag ?? "vardnara"), renotify: true, icon: "/static/img/icon-192.png",
    data: { url: String(told.url ?? "/") },
  }));
});

self.addEventListener("notificationclick", (event) => {
  event.notification.close();
  const there = new URL(event.notification.data?.url ?? "/", self.location.origin);
  const url = there.origin === self.location.origin ? there.href : self.location.origin;
  event.waitUntil((async () => {
    const open = await self.clients.matchAll({ type: "window" });
    const same = open.find((page) => page.url === url);
    return same ? same.focus() : self.clients.openWindow(url);
  })());
});
