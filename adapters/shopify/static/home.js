// The embedded home in the Shopify admin. No cookie reaches us there: every call carries a fresh session token of App
// Bridge, and a 401 with Shopify's retry header makes App Bridge's own `fetch` ask once more.
"use strict";

(() => {
  const ROOT = "/p/shopify";
  const bridge = window.shopify;
  const failed = document.getElementById("failed");
  const here = () => document.querySelector("main[data-act]");

  async function ask(path, fields) {
    const token = await bridge.idToken();
    return fetch(path, {
      method: "POST",
      headers: {
        Authorization: `Bearer ${token}`,
        "Content-Type": "application/json",
        Accept: "application/json, text/html;q=0.9",
      },
      body: JSON.stringify(fields),
      credentials: "omit",
    });
  }

  async function tellFailure(answer) {
    let words = "";
    try {
      words = answer ? (await answer.json()).message : "";
    } catch {
      // Not JSON: then the page's own words do.
    }
    failed.textContent = typeof words === "string" && words ? words : failed.dataset.words;
    failed.hidden = false;
  }

  function forgetFailure() {
    failed.hidden = true;
    failed.textContent = "";
  }

  // How to find the control again that was used, once the page's main part is another.
  function describe(control) {
    if (!control) return null;
    if (control.id) return { selector: `#${CSS.escape(control.id)}` };
    const section = control.closest("section[id]");
    const kind = control.tagName.toLowerCase();
    const name = control.name ? `[name="${CSS.escape(control.name)}"]` : "";
    return { selector: `${section ? `#${CSS.escape(section.id)} ` : ""}form[data-form] ${kind}${name}` };
  }

  function place(html, focused) {
    const found = new DOMParser().parseFromString(html, "text/html").querySelector("main[data-act]");
    if (!found) return false;
    const main = document.importNode(found, true);
    here().replaceWith(main);
    const target = (focused && main.querySelector(focused.selector)) || main;
    target.focus({ preventScroll: true });
    // What is only inserted together with its words is not read out; said once more, it is.
    const said = main.querySelector("[role=status]");
    if (said && said.textContent.trim()) {
      const words = said.textContent;
      said.textContent = "";
      window.setTimeout(() => {
        said.textContent = words;
      }, 50);
    }
    return true;
  }

  async function send(form, button) {
    const fields = Object.fromEntries(
      [...new FormData(form, button)].filter(([, value]) => typeof value === "string"),
    );
    const focused = describe(document.activeElement);
    const buttons = [...form.querySelectorAll("button")].filter((one) => !one.disabled);
    for (const one of buttons) one.disabled = true;
    forgetFailure();
    let done = false;
    try {
      const query = new URLSearchParams(location.search).get("locale");
      const path = here().dataset.act + (query ? `?locale=${encodeURIComponent(query)}` : "");
      const answer = await ask(path, fields);
      done = answer.ok && place(await answer.text(), focused);
      if (!done) await tellFailure(answer.ok ? null : answer);
    } catch {
      await tellFailure(null);
    } finally {
      if (!done) for (const one of buttons) one.disabled = false;
    }
  }

  async function openDesk(button) {
    button.disabled = true;
    forgetFailure();
    try {
      const answer = await ask(`${ROOT}/desk`, {});
      if (!answer.ok) {
        await tellFailure(answer);
        return;
      }
      const { token } = await answer.json();
      const form = document.createElement("form");
      form.method = "post";
      form.action = "/desk/arrive";
      form.target = "_blank";
      form.rel = "noopener";
      form.hidden = true;
      const field = document.createElement("input");
      field.type = "hidden";
      field.name = "token";
      field.value = token;
      form.append(field);
      document.body.append(form);
      form.submit();
      form.remove();
    } catch {
      await tellFailure(null);
    } finally {
      button.disabled = false;
    }
  }

  async function copy(button) {
    const text = document.getElementById(button.dataset.copy);
    const status = button.parentElement.querySelector("[role=status]");
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // A frame without leave for the clipboard: select it, so that one key copies it.
      text.focus();
      text.select();
      if (!document.execCommand("copy")) return;
      button.focus();
    }
    if (status) status.textContent = button.dataset.done;
  }

  async function report() {
    try {
      const list = bridge?.app?.extensions;
      const extensions = typeof list === "function" ? await list.call(bridge.app) : null;
      await ask(`${ROOT}/extensions`, Array.isArray(extensions) ? { extensions } : {});
    } catch {
      // The checklist then says what was known before.
    }
  }

  document.addEventListener("submit", (event) => {
    const form = event.target.closest("form[data-form]");
    if (!form) return;
    event.preventDefault();
    send(form, event.submitter);
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-desk], button[data-copy]");
    if (!button) return;
    if (button.dataset.copy) copy(button);
    else openDesk(button);
  });
  report();
})();
