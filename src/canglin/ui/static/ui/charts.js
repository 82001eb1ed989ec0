// Draws the charts that ui/charts.py describes, in the page's own colours. ECharts is loaded by the first page that has
// one. Tooltips are drawn on the canvas ("richText"): HTML ones carry style attributes, which the content policy refuses.
let loading;
const drawn = new Map();

function load() {
  loading ??= new Promise((done, failed) => {
    const script = document.createElement("script");
    script.src = new URL("../vendor/echarts.min.js", import.meta.url);
    script.onload = done;
    script.onerror = failed;
    document.head.append(script);
  });
  return loading;
}

const token = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

function palette() {
  return {
    series: [1, 2, 3, 4, 5, 6, 7, 8].map((each) => token(`--chart-${each}`)),
    text: token("--ink-2"), strong: token("--ink"), line: token("--line"), faint: token("--line-2"), paper: token("--paper"), warn: token("--bad"),
    font: token("--font"),
  };
}

function written(digits) {
  const form = new Intl.NumberFormat("zh-CN", { minimumFractionDigits: digits, maximumFractionDigits: digits });
  return (value) => (value === null || value === undefined || value === "-" ? "—" : form.format(value));
}

// Axes count in 万 and 亿, as readers do.
function short(value) {
  const size = Math.abs(value);
  const plain = (number) => String(+number.toFixed(2));
  if (!document.documentElement.lang.startsWith("zh")) return new Intl.NumberFormat("en", { notation: "compact" }).format(value);
  if (size >= 1e8) return `${plain(value / 1e8)}亿`;
  if (size >= 1e4) return `${plain(value / 1e4)}万`;
  return plain(value);
}

function merged(base, over) {
  const out = { ...base };
  for (const [key, value] of Object.entries(over ?? {})) {
    const both = [out[key], value].every((each) => each && typeof each === "object" && !Array.isArray(each));
    out[key] = both ? merged(out[key], value) : value;
  }
  return out;
}

export function optionOf(spec, colors) {
  const figure = written(spec.digits);
  const withUnit = (value) => (spec.unit ? `${figure(value)} ${spec.unit}` : figure(value));
  const base = {
    color: colors.series,
    textStyle: { fontFamily: colors.font, color: colors.text, fontSize: 12 },
    animationDuration: 200,
    grid: { left: 4, right: spec.kind === "horizontal" ? 28 : 12, top: spec.kind === "horizontal" && spec.series.length < 2 ? 4 : 36, bottom: 4, containLabel: true },
    tooltip: {
      renderMode: "richText", trigger: spec.kind === "donut" ? "item" : "axis", confine: true, valueFormatter: withUnit,
      backgroundColor: colors.paper, borderColor: colors.line, padding: [8, 10],
      textStyle: { color: colors.strong, fontSize: 12 },
      axisPointer: { type: spec.kind === "line" || spec.kind === "area" ? "line" : "shadow", lineStyle: { color: colors.text } },
    },
    legend: spec.series.length > 1 || spec.kind === "donut"
      ? { top: 4, left: spec.kind === "horizontal" ? 0 : 56, itemWidth: 12, itemHeight: 8, itemGap: 16, icon: "rect", textStyle: { color: colors.text }, type: "scroll" } : undefined,
  };
  if (spec.kind === "donut") {
    const values = spec.series[0]?.data ?? [];
    const whole = values.reduce((sum, value) => sum + (value ?? 0), 0);
    const shares = new Map(spec.categories.map((name, at) => [name, whole ? (100 * (values[at] ?? 0)) / whole : 0]));
    return merged({
      ...base,
      legend: { ...base.legend, orient: "vertical", left: "58%", top: "middle", formatter: (name) => `${name}  ${shares.get(name).toFixed(1)}%` },
      series: [{
        type: "pie", radius: ["46%", "68%"], center: ["28%", "50%"], label: { show: false }, itemStyle: { borderColor: colors.paper, borderWidth: 2 },
        data: spec.categories.map((name, at) => ({ name, value: values[at] })),
      }],
    }, spec.option);
  }
  const flat = spec.kind === "horizontal";
  const names = {
    type: "category", data: spec.categories, inverse: flat, axisTick: { show: false }, axisLine: { lineStyle: { color: colors.line } },
    axisLabel: { color: colors.text, hideOverlap: true },
  };
  const figures = {
    type: "value", name: spec.unit, nameTextStyle: { color: colors.text, align: "right", padding: [0, 8, 0, 0] }, nameGap: 16,
    axisLabel: { color: colors.text, formatter: short }, splitLine: { lineStyle: { color: colors.faint } },
  };
  if (flat) figures.name = "";
  const line = spec.kind === "line" || spec.kind === "area";
  return merged({
    ...base,
    xAxis: flat ? figures : names,
    yAxis: flat ? names : figures,
    series: spec.series.map((each, at) => ({
      name: each.name, data: each.data, type: line ? "line" : "bar",
      stack: spec.kind === "stacked" || spec.kind === "area" ? "all" : undefined,
      areaStyle: spec.kind === "area" ? { opacity: 0.18 } : undefined,
      showSymbol: spec.categories.length <= 31, symbolSize: 5, lineStyle: { width: 2 }, barMaxWidth: 28,
      markLine: at === 0 && spec.marks.length ? {
        silent: true, symbol: "none", lineStyle: { color: colors.warn, type: "dashed" },
        label: { color: colors.warn, formatter: "{b}", position: "insideEndTop" },
        data: spec.marks.map((mark) => ({ name: `${mark.name} ${figure(mark.value)}`, [flat ? "xAxis" : "yAxis"]: mark.value })),
      } : undefined,
    })),
  }, spec.option);
}

export async function drawCharts(where) {
  for (const [figure, chart] of drawn) {
    if (!figure.isConnected) { chart.dispose(); drawn.delete(figure); }
  }
  const figures = [...where.querySelectorAll("[data-chart]")].filter((each) => !drawn.has(each));
  if (!figures.length) return;
  await load();
  const colors = palette();
  for (const figure of figures) {
    const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    const canvas = figure.querySelector(".chart-canvas");
    const chart = echarts.init(canvas, null, { renderer: "canvas" });
    chart.setOption(optionOf(spec, colors));
    drawn.set(figure, chart);
    new ResizeObserver(() => chart.resize()).observe(canvas);
  }
}

document.addEventListener("canglin:theme", () => {
  const colors = palette();
  for (const [figure, chart] of drawn) {
    const spec = JSON.parse(document.getElementById(figure.dataset.chart).textContent);
    chart.setOption(optionOf(spec, colors), true);
  }
});
