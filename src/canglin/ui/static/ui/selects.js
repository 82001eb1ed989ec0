// Long choices become searchable. Tom Select is loaded by the first page that has one.
let loading;

function load() {
  loading ??= new Promise((done, failed) => {
    const style = document.createElement("link");
    style.rel = "stylesheet";
    style.href = new URL("../vendor/tom-select.min.css", import.meta.url);
    document.head.prepend(style);
    const script = document.createElement("script");
    script.src = new URL("../vendor/tom-select.min.js", import.meta.url);
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

export async function dressSelects(where) {
  const selects = [...where.querySelectorAll("select[data-search-select]")].filter((each) => !each.tomselect);
  if (!selects.length) return;
  await load();
  for (const select of selects) {
    if (select.tomselect) continue;
    new TomSelect(select, {
      plugins: select.multiple ? ["remove_button"] : [],
      maxOptions: 500,
      placeholder: document.documentElement.lang.startsWith("zh") ? "全部" : "All",
      render: { no_results: () => Object.assign(document.createElement("div"), { className: "no-results", textContent: "—" }) },
    });
  }
}
