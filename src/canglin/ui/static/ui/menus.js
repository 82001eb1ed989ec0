// Menus are <details>: they open without a script. The script closes them: elsewhere clicked, Escape, another opened.
const open = () => document.querySelectorAll("details.menu[open]");

document.addEventListener("click", (event) => {
  for (const menu of open()) if (!menu.contains(event.target)) menu.open = false;
  const side = document.getElementById("side");
  const toggle = document.querySelector("[data-open-side]");
  if (!side || !toggle) return;
  const showing = event.target.closest("[data-open-side]") ? !side.classList.contains("is-open")
    : side.classList.contains("is-open") && !event.target.closest("[data-close-side]") && side.contains(event.target);
  side.classList.toggle("is-open", showing);
  toggle.setAttribute("aria-expanded", String(showing));
  if (showing && event.target.closest("[data-open-side]")) side.querySelector("a.side-link")?.focus();
});

document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  for (const menu of open()) { menu.open = false; menu.querySelector("summary")?.focus(); }
  const side = document.querySelector(".side.is-open");
  if (side) { side.classList.remove("is-open"); document.querySelector("[data-open-side]")?.setAttribute("aria-expanded", "false"); document.querySelector("[data-open-side]")?.focus(); }
});
