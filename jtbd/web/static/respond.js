// Sends each answer as it is given, keeps what could not be sent, moves on. No page needs it:
// Next sends the whole page, whatever happens here.
"use strict";
(() => {
  const MONTH = 30 * 24 * 3600 * 1000;

  const at = document.querySelector("[data-response]");
  const prefix = `jtbd.${at.dataset.response}.`;
  const unsent = new Map(); // by a page's path: values by a field's name
  const seen = new Map(); // by a page's path: when it was last saved, as these answers were given

  // Unsent answers outlive the page where the browser allows it.

  function keep(path, fields) {
    const isEmpty = Object.keys(fields).length === 0;
    if (isEmpty) unsent.delete(path);
    else unsent.set(path, fields);
    try {
      if (isEmpty) localStorage.removeItem(prefix + path);
      else localStorage.setItem(prefix + path, JSON.stringify({ since: Date.now(), seen: seen.get(path), fields }));
    } catch { /* storage is off or full: kept while the page is open */ }
  }

  function recall() {
    try {
      for (const key of Object.keys(localStorage).filter((one) => one.startsWith("jtbd."))) {
        const { since, seen: at, fields } = JSON.parse(localStorage.getItem(key));
        if (Date.now() - since > MONTH) localStorage.removeItem(key);
        else if (key.startsWith(prefix)) {
          unsent.set(key.slice(prefix.length), fields);
          seen.set(key.slice(prefix.length), at);
        }
      }
    } catch { /* as if there were none */ }
  }

  function forget(path, sent) {
    const changed = Object.entries(unsent.get(path)).filter(([name, values]) => String(sent[name]) !== String(values));
    keep(path, Object.fromEntries(changed));
  }

  recall();
  if (at.tagName !== "FORM") { // the thanks: all is in, or too late
    for (const path of [...unsent.keys()]) keep(path, {});
    return;
  }
  const form = at;
  const here = location.pathname;
  const status = form.querySelector("[role=status]");
  const timeLeft = document.getElementById("time-left");

  // Sending: one request at a time, later and later while nothing gets through.

  let timer = 0;
  let failures = 0;
  let isSending = false;
  let isStopped = false;

  function say(state) {
    status.className = `status ${state}`;
    const text = status.dataset[state] ?? status.textContent; // busy has none: nothing is read out needlessly
    if (status.textContent !== text) status.textContent = text;
  }

  async function send() {
    clearTimeout(timer);
    if (isSending || isStopped || unsent.size === 0) return;
    const [path, sent] = unsent.entries().next().value;
    const { csrf_token: token, code: mine } = form.elements;
    const body = new URLSearchParams({ csrf_token: token.value, code: mine.value, seen: seen.get(path) ?? "" });
    for (const [name, values] of Object.entries(sent)) {
      for (const value of values.length ? values : [""]) body.append(name, value);
    }
    isSending = true;
    if (failures === 0) say("busy");
    let code = 0;
    try {
      const signal = AbortSignal.timeout?.(15000);
      code = (await fetch(`${path}/answers`, { method: "POST", body, keepalive: true, signal })).status;
    } catch { /* no connection, or given up: tried again */ }
    isSending = false;
    if (!isStopped) answered(code, path, sent);
  }

  function answered(code, path, sent) {
    if (code === 204 || [404, 409, 413, 422].includes(code)) { // taken, or never to be: Next says why
      failures = 0;
      forget(path, sent);
      if (unsent.size) send();
      else say(code === 204 || code === 409 ? "saved" : "refused"); // 409: newer ones are stored
    } else if (code === 400) { // the page was open for too long: Next brings it back with its answers
      isStopped = true;
      say("refused");
    } else {
      failures += 1;
      say("waiting");
      timer = setTimeout(send, Math.min(60000, 1000 * 2 ** failures));
    }
  }

  const isOpen = (scale) => !scale.querySelector(":checked");
  const outsideOf = (card) => card.querySelector(".outside input");
  const openIn = (card) => (outsideOf(card)?.checked ? [] : [...card.querySelectorAll(".scale")].filter(isOpen));
  const isDone = (card) => openIn(card).length === 0;
  const cards = [...form.querySelectorAll(".outcome")];
  const done = new WeakSet();

  function restore(fields) {
    for (const input of form.elements) {
      const values = fields[input.name];
      if (!values) continue;
      if (/radio|checkbox/.test(input.type)) input.checked = values.includes(input.value);
      else input.value = values[0] ?? "";
    }
  }

  function showTime() {
    if (!cards.length) return;
    const words = JSON.parse(timeLeft.dataset.words);
    const { after, pace } = timeLeft.dataset;
    const minutes = Math.round((Number(after) + cards.flatMap(openIn).length * pace) / 60);
    timeLeft.textContent = words[Math.min(words.length, Math.max(1, minutes)) - 1];
  }

  // The page moves only under a finger or a mouse: a keyboard's focus is already where it should be.
  let isByPointer = false;
  form.addEventListener("pointerdown", () => { isByPointer = true; });
  form.addEventListener("keydown", () => { isByPointer = false; });

  function moveOn(card) {
    if (!isDone(card) || done.has(card)) return;
    done.add(card);
    if (!isByPointer) return;
    const after = cards.slice(cards.indexOf(card) + 1).find((one) => !isDone(one)) ?? form.querySelector(".buttons");
    const { top, bottom } = after.getBoundingClientRect();
    if (top >= 0 && bottom <= innerHeight) return;
    const behavior = matchMedia("(prefers-reduced-motion: reduce)").matches ? "auto" : "smooth";
    after.scrollIntoView({ behavior, block: "start" });
  }

  function note({ name }) {
    if (!unsent.has(here)) seen.set(here, form.dataset.seen);
    keep(here, { ...unsent.get(here), [name]: new FormData(form).getAll(name) });
  }

  // A line is rated or does not apply: the last choice takes back the other.
  function takeBack(card, target) {
    const outside = outsideOf(card);
    if (!outside?.checked) return;
    const others = target === outside ? card.querySelectorAll(".scale :checked") : [outside];
    for (const other of others) {
      other.checked = false;
      note(other);
    }
  }

  form.addEventListener("change", ({ target }) => {
    if (!target.name) return;
    note(target);
    const card = target.closest(".outcome");
    if (card) takeBack(card, target);
    showTime();
    if (card) moveOn(card);
    send();
  });
  form.addEventListener("submit", () => { isStopped = true; }); // the page itself brings everything now
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) isStopped = false;
    send();
  });
  window.addEventListener("online", send);
  document.addEventListener("visibilitychange", send);

  // Saved since, here or on another device: that is newer.
  if (unsent.has(here) && seen.get(here) !== form.dataset.seen) keep(here, {});
  restore(unsent.get(here) ?? {});
  cards.filter(isDone).forEach((card) => done.add(card));
  showTime();
})();
