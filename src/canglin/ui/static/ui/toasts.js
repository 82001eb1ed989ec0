// Messages in the corner. The server sends them as Django messages, or with a request as HX-Trigger: {"toast": {...}}.
const box = document.getElementById("toasts");

export function toast(text, tone = "info") {
  if (!box) return;
  const note = document.createElement("div");
  note.className = `toast-note is-${tone}`;
  const words = document.createElement("span");
  words.textContent = text;
  const close = document.createElement("button");
  close.className = "toast-close";
  close.type = "button";
  close.textContent = "×";
  close.dataset.closeToast = "";
  close.setAttribute("aria-label", box.dataset.closeLabel);
  note.append(words, close);
  box.append(note);
  leave(note);
}

// Good news leaves by itself; what went wrong stays until it is closed.
function leave(note) {
  if (!note.matches(".is-error, .is-warning")) setTimeout(() => note.remove(), 6000);
}

box?.querySelectorAll(".toast-note").forEach(leave);
document.addEventListener("click", (event) => event.target.closest("[data-close-toast]")?.closest(".toast-note")?.remove());
document.addEventListener("toast", (event) => toast(event.detail?.text ?? "", event.detail?.tone));
