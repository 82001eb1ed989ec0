// Checks, in the reader's own browser, that a log entry is in the log's tree (RFC 6962 with SHA-256; docs/algorithms/tree.md).
const LEAF = 0, NODE = 1;

// Web Crypto exists only on https and localhost; offices also reach the platform over http, so SHA-256 (FIPS 180-4) stands here too.
export async function sha256(bytes) {
  if (globalThis.crypto?.subtle) return new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return plainSha256(bytes);
}

const primes = [];
for (let n = 2; primes.length < 64; n += 1) if (primes.every((p) => n % p)) primes.push(n);
const fraction = (x) => ((x - Math.floor(x)) * 2 ** 32) >>> 0;
const K = primes.map((p) => fraction(Math.cbrt(p)));
const START = primes.slice(0, 8).map((p) => fraction(Math.sqrt(p)));

export function plainSha256(bytes) {
  const blocks = new Uint8Array(((bytes.length + 72) >> 6) << 6);
  blocks.set(bytes);
  blocks[bytes.length] = 0x80;
  const view = new DataView(blocks.buffer);
  view.setUint32(blocks.length - 8, Math.floor(bytes.length / 2 ** 29));
  view.setUint32(blocks.length - 4, (bytes.length << 3) >>> 0);
  const turn = (x, n) => (x >>> n) | (x << (32 - n));
  const hash = [...START], w = new Uint32Array(64);
  for (let at = 0; at < blocks.length; at += 64) {
    for (let i = 0; i < 64; i += 1) {
      if (i < 16) { w[i] = view.getUint32(at + 4 * i); continue; }
      const x = w[i - 15], y = w[i - 2];
      w[i] = w[i - 16] + (turn(x, 7) ^ turn(x, 18) ^ (x >>> 3)) + w[i - 7] + (turn(y, 17) ^ turn(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = hash;
    for (let i = 0; i < 64; i += 1) {
      const one = (h + (turn(e, 6) ^ turn(e, 11) ^ turn(e, 25)) + ((e & f) ^ (~e & g)) + K[i] + w[i]) | 0;
      const two = ((turn(a, 2) ^ turn(a, 13) ^ turn(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((part, i) => { hash[i] = (hash[i] + part) | 0; });
  }
  const out = new DataView(new ArrayBuffer(32));
  hash.forEach((part, i) => out.setUint32(4 * i, part >>> 0));
  return new Uint8Array(out.buffer);
}

const joined = (first, ...parts) => {
  const whole = new Uint8Array(1 + parts.reduce((sum, part) => sum + part.length, 0));
  whole[0] = first;
  let at = 1;
  for (const part of parts) { whole.set(part, at); at += part.length; }
  return whole;
};
const bytesOf = (base64) => Uint8Array.from(atob(base64), (mark) => mark.charCodeAt(0));
const hex = (bytes) => [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// The root that the path leads to (RFC 9162, 2.1.3.2); throws when the path does not fit the place.
export async function rootOf(leafHash, index, size, path) {
  let node = BigInt(index), last = BigInt(size) - 1n, root = leafHash;
  if (node < 0n || node > last) throw new Error("叶序号不在树内");
  for (const sibling of path) {
    if (last === 0n) throw new Error("证明路径过长");
    if (node & 1n || node === last) {
      root = await sha256(joined(NODE, sibling, root));
      while (!(node & 1n) && node) { node >>= 1n; last >>= 1n; }
    } else {
      root = await sha256(joined(NODE, root, sibling));
    }
    node >>= 1n; last >>= 1n;
  }
  if (last) throw new Error("证明路径过短");
  return root;
}

// What is wrong with a proof, in words; empty when it holds. `about` is what the page says the entry is.
export async function check(proof, about) {
  const leaf = new TextEncoder().encode(proof.leaf);
  const leafHash = await sha256(joined(LEAF, leaf));
  let root;
  try {
    root = await rootOf(leafHash, proof.index, proof.size, proof.path.map(bytesOf));
  } catch (error) {
    return { wrong: error.message, computed: "" };
  }
  const said = JSON.parse(proof.leaf);
  let wrong = "";
  if (hex(root) !== hex(bytesOf(proof.root))) wrong = "算得的树根与服务器所给不同";
  else if (hex(leafHash) !== hex(bytesOf(proof.leaf_hash))) wrong = "叶哈希与内容不符";
  else if (proof.number !== about.number || proof.index !== about.number - 1) wrong = "证明不是这条日志的";
  else if (said.table !== about.table || said.key !== about.key || said.operation !== about.operation) wrong = "日志内容与本页不符";
  return { wrong, computed: hex(root), leafHash: hex(leafHash) };
}

async function verify(section) {
  const result = section.querySelector("[data-result]"), button = section.querySelector("[data-verify]");
  const show = (name, text) => { section.querySelector(`[data-show="${name}"]`).textContent = text; };
  const say = (text, tone) => { result.textContent = text; result.className = `proof-result${tone ? ` is-${tone}` : ""}`; };
  button.disabled = true;
  say("正在取证明并计算…", "");
  try {
    const answer = await fetch(section.dataset.proof, { headers: { Accept: "application/json" }, cache: "no-store" });
    if (!answer.ok) throw new Error(`服务器没有给出证明（${answer.status}）`);
    const text = await answer.text(), proof = JSON.parse(text);
    const { table, key, operation } = section.dataset;
    const { wrong, computed, leafHash } = await check(proof, { number: Number(section.dataset.number), table, key, operation });
    show("index", proof.index.toLocaleString("en"));
    show("size", proof.size.toLocaleString("en"));
    show("root", hex(bytesOf(proof.root)));
    show("computed", computed || "—");
    show("leaf_hash", leafHash ?? "—");
    show("steps", String(proof.path.length));
    section.querySelector("[data-path]").replaceChildren(...proof.path.map((step) => {
      const line = document.createElement("li"), code = document.createElement("code");
      code.textContent = hex(bytesOf(step));
      line.append(code);
      return line;
    }));
    section.querySelector(".copy-proof").dataset.copy = text;
    section.querySelector("[data-detail]").hidden = false;
    say(wrong ? `不符：${wrong}` : `已验证：本条在 ${proof.size.toLocaleString("en")} 条日志的树中，未被改动`, wrong ? "bad" : "good");
  } catch (error) {
    say(`没有验证：${error.message}`, "bad");
  } finally {
    button.disabled = false;
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-verify]");
  if (button) verify(button.closest("[data-proof]"));
  if (event.target.closest("[data-print-page]")) print();
});
