document.documentElement.classList.add("has-script");
document.querySelector("[data-print]")?.addEventListener("click", () => print());
