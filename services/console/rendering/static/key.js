// Asks for a security key, and sends its answer with the form around the button.
"use strict";
const form = document.querySelector("form[data-key]");
form.querySelector("button").addEventListener("click", async () => {
  const problem = form.querySelector("[role=alert]");
  problem.textContent = "";
  try {
    const read = { create: "parseCreationOptionsFromJSON", get: "parseRequestOptionsFromJSON" }[form.dataset.key];
    const publicKey = PublicKeyCredential[read](JSON.parse(form.dataset.options));
    form.elements.answer.value = JSON.stringify(await navigator.credentials[form.dataset.key]({ publicKey }));
    form.requestSubmit();
  } catch (error) {
    problem.textContent = form.dataset[error.name === "InvalidStateError" ? "known" : "none"];
  }
});
