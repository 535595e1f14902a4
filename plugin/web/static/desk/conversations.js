// Conversations, where plain pages and htmx are not enough: keep what is begun, stay where one was, act by keyboard,
// say who is typing and who else is here. The rest works without this file.
(() => {
  "use strict";
  const find = (selector) => document.querySelector(selector);
  const live = find("#live");

  // The newest message stays in sight of whoever was there, also when something opens below; whoever scrolled up, or
  // came to a message that was found, stays where they are, and what has the focus is not scrolled away.
  let followsEnd = !/^#m-\d+$/.test(location.hash) || !find(location.hash);

  function isNearEnd(box) {
    return box.scrollHeight - box.scrollTop - box.clientHeight < 80;
  }

  function showEnd() {
    const box = find(".messages");
    const one = document.activeElement;
    if (box && box !== one && box.contains(one)) one.scrollIntoView({ block: "nearest" });
    else if (box && followsEnd) box.scrollTop = box.scrollHeight;
  }

  function noteScroll({ target }) {
    if (target.matches?.(".messages")) followsEnd = isNearEnd(target);
  }
  document.addEventListener("scroll", noteScroll, { capture: true, passive: true });
  if (find(".messages")) new ResizeObserver(showEnd).observe(find(".messages"));

  // Typing, both ways. What is typed stays here; the server tells the shopper that somebody is, and no more often
  // than every other second.
  let toldAt = 0;
  document.addEventListener("input", (event) => {
    const form = event.target.closest?.("form.reply[data-typing]");
    if (!form || !event.target.value.trim() || Date.now() - toldAt < 3000) return;
    toldAt = Date.now();
    fetch(form.dataset.typing, { method: "POST" }).catch(() => {});
  });

  let quiet = 0;
  function showTyping({ detail }) {
    const line = find("#typing");
    if (!line || !detail?.data || JSON.parse(detail.data).conversation !== line.dataset.conversation) return;
    line.textContent = line.dataset.words;
    clearTimeout(quiet);
    quiet = setTimeout(hideTyping, 6000);
  }

  function hideTyping() {
    const line = find("#typing");
    if (line) line.textContent = "";
  }

  // Who else is at this conversation. The page says every ten seconds, while somebody sees it, that it is open.
  function look() {
    const line = find("#company");
    if (line && !document.hidden) window.htmx.trigger(line, "look");
  }
  setInterval(look, 10000);
  document.addEventListener("visibilitychange", look);

  function showCompany({ detail }) {
    const line = find("#company");
    if (line && detail?.data && JSON.parse(detail.data).conversation === line.dataset.talk) look();
  }

  // The shopper walks on: what stands beside the talk is asked for again.
  function showPage({ detail }) {
    const line = find("#typing");
    if (line && detail?.data && JSON.parse(detail.data).conversation === line.dataset.conversation) {
      window.htmx.trigger(find("#about"), "walked");
    }
  }

  live.addEventListener("typing", showTyping);
  live.addEventListener("page", showPage);
  live.addEventListener("company", showCompany);
  live.addEventListener("thread", hideTyping);

  // What is begun stays in this tab until it is sent: over the next conversation, an order that is looked up, a
  // session that ended, a phone that puts the tab away. Signing out forgets it.
  function keep(field, words) {
    try {
      if (words.trim()) sessionStorage.setItem(field.dataset.draft, words);
      else sessionStorage.removeItem(field.dataset.draft);
    } catch {
      // Where nothing may be kept, what is begun lives as long as the page.
    }
  }

  function bringBack(field) {
    try {
      field.value ||= sessionStorage.getItem(field.dataset.draft) ?? "";
    } catch {
      return;
    }
    openAround(field);
  }

  function openAround(field) {
    if (field.value) field.closest("details")?.setAttribute("open", "");
  }

  const listDrafts = (within) => [...within.querySelectorAll("[data-draft]")];
  document.addEventListener("input", ({ target }) => target.dataset?.draft && keep(target, readRest(target)));
  for (const trouble of ["htmx:response:error", "htmx:error"]) {
    document.addEventListener(trouble, ({ target }) => {
      listDrafts(target).forEach((one) => onWay.delete(one.dataset.draft));
      listDrafts(document).forEach((one) => keep(one, one.value));
    });
  }

  // What is written behind words that are on their way is begun anew. The form that comes back is empty, so it is put
  // there. `onWay`: the place of a draft → what was sent of it, and the field in which one went on.
  const onWay = new Map();
  document.addEventListener("submit", ({ target }) => listDrafts(target).forEach(noteOnWay), true);

  function noteOnWay(field) {
    onWay.set(field.dataset.draft, { sent: field.value, field });
    keep(field, "");
  }

  function readRest({ dataset, value }) {
    const sent = onWay.get(dataset.draft)?.sent;
    return sent && value.startsWith(sent) ? value.slice(sent.length).trimStart() : value;
  }

  function bringRest(field) {
    const way = onWay.get(field.dataset.draft);
    if (!way || way.field === field) return;
    if (field.value) {
      way.field = field; // A ready answer came into it meanwhile.
      return;
    }
    field.value = readRest(way.field);
    onWay.delete(field.dataset.draft);
    keep(field, field.value);
    openAround(field);
    if (field.value && document.activeElement === document.body) field.focus();
  }

  // A ready answer comes behind what somebody has begun to write, and in place of one that they left as it was.
  let begun = "";
  let placed = { value: "", begun: "" };
  document.addEventListener("click", (event) => {
    const field = find("#text");
    if (!field || !event.target.closest?.(".macro-choice")) return;
    begun = field.value && field.value === placed.value ? placed.begun : field.value.trim();
  });

  function placeMacro() {
    const field = find("#text");
    if (!field || !find("#reply input[name=macro]") || field.dataset.seen) return;
    field.dataset.seen = "1";
    if (begun) field.value = `${begun}\n\n${field.value}`;
    placed = { value: field.value, begun };
    begun = "";
    keep(field, field.value);
    field.focus();
  }

  // Whoever acts by keyboard goes on near where they were, not at the beginning of the page, when what they acted on
  // goes away.
  const GOALS = [
    ["#picker, #macro-picker, #reply", "#text"],
    ["#note-box", "#note-box summary"],
    ["#assign-box", "#assign-box summary"],
    [".talk-actions", "#talk-title"],
  ];
  let goal = "";
  function noteGoal({ target }) {
    goal = GOALS.find(([within]) => target.closest?.(within))?.[1] ?? "";
  }
  document.addEventListener("focusin", noteGoal);
  // In a row that scrolls browsers leave what is half seen where it is, also when it gets the focus.
  document.addEventListener("focusin", ({ target }) => {
    if (target.matches?.(".talk-acts :focus-visible")) target.scrollIntoView({ block: "nearest", inline: "nearest" });
  });
  document.addEventListener("pointerdown", noteGoal);

  function isOpen(selector) {
    const box = find(selector);
    return !!box && !box.hidden;
  }

  function goOn() {
    if (document.activeElement !== document.body || !goal) return;
    if (goal === "#text" && (isOpen("#picker") || isOpen("#macro-picker"))) return;
    find(goal)?.focus();
  }

  document.addEventListener("htmx:after:swap", () => {
    showKeys();
    listDrafts(document).forEach(bringRest);
    placeMacro();
    showTopic();
    showEnd();
    goOn();
  });

  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    const box = event.target.closest?.("#picker, #macro-picker");
    if (box) find(`#${box.id}-close`)?.click();
  });

  document.addEventListener("keydown", (event) => {
    const form = event.target.closest?.("form.reply");
    if (form && event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
      event.preventDefault();
      form.querySelector("button").click(); // Which does nothing while an answer is on its way.
    }
  });

  // Keys of one letter: never while typing, never with another key, and one switch turns them off (WCAG 2.1.4).
  const press = (one) => one.click();
  const focusOn = (one) => one.focus();
  const KEYS = {
    r: ["#text", focusOn],
    m: [".to-macros", press],
    n: ["#note-box summary", openNote],
    t: ["#act-take", press],
    e: ["#act-resolve", press],
    "/": ["#search-q", focusOn],
    "?": ["#keys summary", toggle],
  };

  function toggle(summary) {
    summary.click();
    summary.focus();
  }

  function openNote(summary) {
    summary.parentElement.open = true;
    find("#note-text").focus();
  }

  function goTo(step) {
    const links = [...document.querySelectorAll(".talks .talk-link")];
    const at = links.findIndex((one) => one.getAttribute("aria-current") === "true");
    const next = links[at < 0 ? 0 : at + step];
    next?.click();
    return !!next;
  }

  // Whoever chose a topic here sees also what was chosen after them: a list that was used heeds its marks no more.
  // What is chosen and not yet asked for stays.
  let chooses = false;
  document.addEventListener("change", ({ target }) => (chooses ||= target.id === "topic-choice"));
  document.addEventListener("htmx:config:request", ({ target }) => (chooses &&= target.id !== "topic"));

  function showTopic() {
    const choice = find("#topic-choice");
    if (choice && !chooses) choice.value = choice.querySelector("[selected]")?.value ?? "";
  }

  function setTopic(place) {
    const choice = find("#topic-choice");
    if (!choice?.options[place]) return false;
    choice.selectedIndex = place;
    choice.dispatchEvent(new Event("change", { bubbles: true }));
    find("#told").textContent = `${choice.labels[0].textContent}: ${choice.options[place].textContent}`;
    return true;
  }

  function actOn(key) {
    if (/^[1-5]$/.test(key)) return setTopic(Number(key));
    if (key === "j" || key === "k") return goTo(key === "j" ? 1 : -1);
    const [selector, act] = Object.hasOwn(KEYS, key) ? KEYS[key] : [];
    const one = selector && find(selector);
    if (one) act(one);
    return !!one;
  }

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || event.repeat) return;
    if (event.target.closest?.("input, textarea, select, [contenteditable]") || !areKeysOn()) return;
    if (actOn(event.key)) event.preventDefault();
  });

  const KEYS_OFF = "desk keys off";
  function areKeysOn() {
    try {
      return !localStorage.getItem(KEYS_OFF);
    } catch {
      return true;
    }
  }

  function showKeys() {
    const on = areKeysOn();
    find("#keys").hidden = false;
    find("#keys-switch").setAttribute("aria-pressed", String(on));
    for (const [key, [selector]] of Object.entries(KEYS)) {
      if (on) find(selector)?.setAttribute("aria-keyshortcuts", key);
      else find(selector)?.removeAttribute("aria-keyshortcuts");
    }
  }

  find("#keys-switch").addEventListener("click", () => {
    try {
      if (areKeysOn()) localStorage.setItem(KEYS_OFF, "1");
      else localStorage.removeItem(KEYS_OFF);
    } catch {
      // Where nothing may be kept, the keys stay on.
    }
    showKeys();
  });

  showKeys();
  listDrafts(document).forEach(bringBack);
  find("#filters [aria-current]")?.scrollIntoView({ block: "nearest", inline: "center" });
  showEnd();
})();
