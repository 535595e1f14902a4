// A button beside a field that is only read: one press copies it. Without this script the field is there to be selected.
(() => {
  "use strict";
  for (const button of document.querySelectorAll("[data-copy]")) button.hidden = false;

  document.addEventListener("click", async (event) => {
    const button = event.target.closest?.("[data-copy]");
    if (!button) return;
    const text = document.getElementById(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(text.value);
    } catch {
      // No leave for the clipboard, or no https: what is selected is copied with one key.
      text.focus();
      text.select();
      if (!document.execCommand("copy")) return;
      button.focus();
    }
    button.parentElement.querySelector("[role=status]").textContent = button.dataset.done;
  });
})();
