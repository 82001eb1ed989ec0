// A button with data-confirm opens its dialog instead of submitting; the dialog's own button submits. Without a script
// the form is simply sent, and the server's own checks hold.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-confirm]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.confirm)?.showModal();
  }
  if (event.target.closest("[data-close-dialog]")) event.target.closest("dialog")?.close();
  const copy = event.target.closest("[data-copy]");
  if (copy) {
    navigator.clipboard?.writeText(copy.dataset.copy).then(() => {
      copy.classList.add("is-done");
      copy.title = copy.dataset.copied;
      setTimeout(() => copy.classList.remove("is-done"), 1500);
    });
  }
});
