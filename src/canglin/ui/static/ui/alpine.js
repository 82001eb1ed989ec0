// Small state for pages, under the CSP build of Alpine: markup names these, it holds no code.
document.addEventListener("alpine:init", () => {
  // <div x-data="sections('first')"> <button x-on:click="show('second')"> <div x-show="is('second')">
  Alpine.data("sections", (first) => ({
    current: first,
    show(name) { this.current = name; },
    is(name) { return this.current === name; },
  }));
  // <div x-data="disclosure"> <button x-on:click="toggle" x-bind:aria-expanded="open"> <div x-show="open">
  Alpine.data("disclosure", (open = false) => ({
    open,
    toggle() { this.open = !this.open; },
    close() { this.open = false; },
  }));
});
