// What every page needs. Each module listens on the document, so content that arrives later works without set-up.
import "./menus.js";
import "./dialogs.js";
import "./rows.js";
import { toast } from "./toasts.js";
import { drawCharts } from "./charts.js";
import { dressSelects } from "./selects.js";

const root = document.documentElement;
const keep = (key, value) => { try { localStorage.setItem(key, value); } catch { /* private window: not remembered */ } };

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-theme-switch]")) {
    root.dataset.bsTheme = root.dataset.bsTheme === "dark" ? "light" : "dark";
    keep("canglin-theme", root.dataset.bsTheme);
    document.dispatchEvent(new CustomEvent("canglin:theme"));
  }
  if (event.target.closest("[data-density-switch]")) {
    root.dataset.density = root.dataset.density === "compact" ? "normal" : "compact";
    keep("canglin-density", root.dataset.density);
  }
});

const dress = (where) => { drawCharts(where); dressSelects(where); };
dress(document);
document.addEventListener("htmx:after:swap", () => dress(document));

// A request that failed says so; the page stays as it was.
document.addEventListener("htmx:error", () => toast(root.lang.startsWith("zh") ? "没有连上服务器，请稍后重试。" : "The server could not be reached. Please try again.", "error"));
document.addEventListener("htmx:response:error", (event) => {
  const status = event.detail?.ctx?.response?.status;
  toast(root.lang.startsWith("zh") ? `服务器没有完成请求(${status ?? "?"})。` : `The server did not complete the request (${status ?? "?"}).`, "error");
});
