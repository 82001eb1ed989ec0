// Runs before the page is painted, so that a dark page never flashes white.
(() => {
  const root = document.documentElement;
  const read = (key) => { try { return localStorage.getItem(key); } catch { return null; } };
  const system = matchMedia("(prefers-color-scheme: dark)");
  const apply = () => { root.dataset.bsTheme = read("canglin-theme") ?? (system.matches ? "dark" : "light"); };
  apply();
  system.addEventListener("change", apply);
  root.dataset.density = read("canglin-density") ?? "normal";
  root.classList.add("has-script");
})();
