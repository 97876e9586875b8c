"use strict";
(async () => {
  const SHOWN_MAX = 1000;
  const $ = (id) => document.getElementById(id);
  const make = (tag, text, name) => {
    const node = document.createElement(tag);
    if (text !== undefined) node.textContent = text;
    if (name) node.className = name;
    return node;
  };
  const states = [];
  const report = (state, text) => {
    states.push(state);
    const item = make("li", undefined, state);
    item.append(make("span", { good: "holds", bad: "broken", open: "not checked" }[state], "mark"), make("span", text));
    $("checks").append(item);
  };
  const finish = (state, text) => {
    $("verdict").dataset.state = state;
    $("verdict").textContent = text;
  };

  // The canonical form of RFC 8785: sorted keys, and the language's own numbers and strings.
  const canonical = (value) => {
    if (Array.isArray(value)) return "[" + value.map(canonical).join(",") + "]";
    if (value !== null && typeof value === "object") {
      const keys = Object.keys(value).sort();
      return "{" + keys.map((key) => JSON.stringify(key) + ":" + canonical(value[key])).join(",") + "}";
    }
    return JSON.stringify(value);
  };
  const encode = (text) => new TextEncoder().encode(text);
  const bytesOf = (base64) => Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const hex = (bytes) => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  const join = (...parts) => {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    return whole;
  };
  const sha256 = async (bytes) => new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));

  // What a decision came to, in the words of its entry; an unknown posture gets no color.
  const badge = (posture) => make("span", posture, { ready: "badge good", review: "badge open", critical: "badge bad" }[posture] || "badge");
  const percent = (points) => (points / 100).toFixed(2) + "%";
  const pretty = (bytes) => {
    const text = new TextDecoder().decode(bytes);
    try {
      return JSON.stringify(JSON.parse(text), null, 2);
    } catch {
      return text;
    }
  };

  // A fold that is filled when it is first opened: a bundle may be large.
  const fold = (title, fill) => {
    const more = make("details");
    more.append(make("summary", title));
    more.addEventListener("toggle", () => fill(more), { once: true });
    return more;
  };

  const show = (bundle) => {
    for (const entry of bundle.entries.slice(0, SHOWN_MAX)) {
      const item = make("li");
      const head = make("div", undefined, "head");
      head.append(make("b", "#" + entry.sequence), make("strong", entry.subject), make("span", entry.kind));
      if (typeof entry.detail.posture === "string") head.append(badge(entry.detail.posture));
      if (Number.isInteger(entry.detail.score)) head.append(make("span", "score " + percent(entry.detail.score)));
      if (Number.isInteger(entry.detail.risk)) head.append(make("span", "risk " + percent(entry.detail.risk)));
      const when = make("div", entry.time + (entry.actor ? " by " + entry.actor : ""), "quiet");
      const folds = make("div", undefined, "folds");
      for (const [name, digest] of Object.entries(entry.digests)) {
        folds.append(fold(name, (more) => {
          const blob = bundle.blobs[digest.slice(7)];
          more.append(make("div", digest, "mono quiet"), make("pre", blob === undefined ? "not in this file" : pretty(bytesOf(blob))));
        }));
      }
      folds.append(fold("detail", (more) => more.append(make("pre", JSON.stringify(entry.detail, null, 2)))));
      item.append(head, when, folds);
      $("entries").append(item);
    }
    const left = bundle.entries.length - SHOWN_MAX;
    if (left > 0) $("left-out").textContent = left + " further entries are verified and not shown.";
    const origin = bundle.checkpoints.length ? bundle.checkpoints[bundle.checkpoints.length - 1].split("\n")[0] : "without a checkpoint";
    $("about").textContent = origin + ": " + bundle.entries.length + (bundle.entries.length === 1 ? " entry" : " entries");
  };

  // Roots of complete subtrees, as in RFC 9162 section 2.1.
  const tree = () => {
    const subtrees = [];
    let size = 0;
    const node = (left, right) => sha256(join(Uint8Array.of(1), left, right));
    return {
      push: async (leaf) => {
        for (let rest = size; rest % 2 === 1; rest = (rest - 1) / 2) leaf = await node(subtrees.pop(), leaf);
        subtrees.push(leaf);
        size += 1;
      },
      root: async () => {
        if (size === 0) return sha256(new Uint8Array());
        let root = subtrees[subtrees.length - 1];
        for (let at = subtrees.length - 2; at >= 0; at -= 1) root = await node(subtrees[at], root);
        return root;
      },
    };
  };

  const readCheckpoint = (note) => {
    const end = note.lastIndexOf("\n\n");
    const text = note.slice(0, end + 1);
    const [origin, size, root] = text.split("\n");
    const signatures = note.slice(end + 2).split("\n").filter(Boolean).map((line) => {
      const [, name, encoded] = line.split(" ");
      const bytes = bytesOf(encoded);
      return { name, keyId: hex(bytes.slice(0, 4)), bytes: bytes.slice(4) };
    });
    return { text, origin, size: Number(size), root: hex(bytesOf(root)), signatures };
  };

  const checkEntries = async (bundle, checkpoints) => {
    const growing = tree();
    const roots = new Map();
    const note = async (size) => {
      if (checkpoints.some((at) => at.size === size)) roots.set(size, hex(await growing.root()));
    };
    let previous = "sha256:" + hex(await sha256(new Uint8Array()));
    let broken;
    await note(0);
    for (const [at, entry] of bundle.entries.entries()) {
      if (broken === undefined && (entry.sequence !== at || entry.previous !== previous)) broken = at;
      const leaf = await sha256(join(Uint8Array.of(0), encode(canonical(entry))));
      previous = "sha256:" + hex(leaf);
      await growing.push(leaf);
      await note(at + 1);
    }
    if (broken === undefined) report("good", "All " + bundle.entries.length + " entries link to the one before.");
    else report("bad", "The chain breaks at entry " + broken + ": it, or the entry before it, was changed, removed or moved.");
    for (const at of checkpoints) {
      const holds = roots.get(at.size) === at.root;
      report(holds ? "good" : "bad", "Checkpoint of " + at.origin + " over " + at.size + " entries: the Merkle root " + (holds ? "is that of the entries." : "is not that of the entries."));
    }
    const sealed = checkpoints.length ? checkpoints[checkpoints.length - 1].size : 0;
    if (sealed < bundle.entries.length) report("open", "Entries from " + sealed + " on: no checkpoint covers them.");
    if (!checkpoints.length) report("bad", "There is no checkpoint.");
  };

  const checkBlobs = async (bundle) => {
    const named = new Set();
    for (const entry of bundle.entries) {
      for (const [name, digest] of Object.entries(entry.digests)) {
        named.add(digest);
        if (!(digest.slice(7) in bundle.blobs)) report("bad", "Entry " + entry.sequence + " names " + name + ", which is missing: " + digest);
      }
    }
    const names = Object.keys(bundle.blobs);
    let whole = 0;
    for (const name of names) {
      if (hex(await sha256(bytesOf(bundle.blobs[name]))) === name) whole += 1;
      else report("bad", "Blob " + name + " was changed.");
      if (!named.has("sha256:" + name)) report("open", "No entry names blob " + name + ".");
    }
    report(whole === names.length ? "good" : "bad", whole + " of " + names.length + " blobs have the digest they are kept under.");
  };

  // The public key of RFC 8410 stands in the last 32 bytes of its SPKI form.
  const importKeys = async (bundle) => {
    const keys = [];
    for (const entry of bundle.keyring.keys) {
      const der = bytesOf(entry.public_key_pem.replace(/-----[^-]+-----|\s/g, ""));
      const item = make("li", entry.name + ", " + entry.identity + " (" + entry.kind + ")");
      item.append(make("div", "sha256:" + hex(await sha256(der)), "mono"));
      $("keys").append(item);
      keys.push({ entry, raw: der.slice(-32), key: await crypto.subtle.importKey("spki", der, { name: "Ed25519" }, false, ["verify"]).catch(() => undefined) });
    }
    return keys;
  };

  const checkSignatures = async (keys, checkpoints) => {
    if (keys.some((known) => known.key === undefined)) {
      report("open", "Signatures: this browser does not know Ed25519, so no signature was checked. Use another browser or the command line.");
      return;
    }
    for (const at of checkpoints) {
      for (const signature of at.signatures) {
        let holder;
        for (const known of keys) {
          const id = await sha256(join(encode(signature.name + "\n"), Uint8Array.of(1), known.raw));
          if (hex(id.slice(0, 4)) === signature.keyId && [at.origin, known.entry.name].includes(signature.name)) holder = known;
        }
        const what = "Checkpoint over " + at.size + " entries: ";
        if (!holder) report("open", what + "no key here made the signature of " + signature.name + ".");
        else if (await crypto.subtle.verify({ name: "Ed25519" }, holder.key, signature.bytes, encode(at.text))) report("good", what + "signed with the key " + holder.entry.name + ".");
        else report("bad", what + "the signature of " + signature.name + " is wrong.");
      }
    }
  };

  // Every part of the file is bound by its form and by what the file says of itself.
  const checkForm = async (bundle, text) => {
    const holds = canonical(bundle).replaceAll("<", "\\u003c") === text;
    report(holds ? "good" : "bad", "The file is " + (holds ? "" : "not ") + "in canonical form.");
    const digest = async (value) => "sha256:" + hex(await sha256(encode(canonical(value))));
    const last = bundle.checkpoints.length ? readCheckpoint(bundle.checkpoints[bundle.checkpoints.length - 1]) : {};
    const found = {
      attestations: await Promise.all(bundle.attestations.map(digest)),
      blobs: Object.keys(bundle.blobs).length,
      checkpoints: await Promise.all(bundle.checkpoints.map(digest)),
      entries: bundle.entries.length,
      keyring: await digest(bundle.keyring),
      origin: last.origin,
      root: "sha256:" + last.root,
    };
    const names = [...new Set([...Object.keys(found), ...Object.keys(bundle.claims)])].sort();
    const untrue = names.filter((name) => canonical(found[name]) !== canonical(bundle.claims[name]));
    if (untrue.length) report("bad", "What the file says of itself is not so: " + untrue.join(", ") + ".");
    else report("good", "What the file says of itself (numbers, digests, origin, root) is so.");
  };

  try {
    const text = $("bundle").textContent;
    const bundle = JSON.parse(text);
    show(bundle);
    if (!globalThis.crypto || !crypto.subtle) {
      report("open", "This browser offers no cryptography to pages opened this way: nothing was checked.");
    } else {
      const checkpoints = bundle.checkpoints.map(readCheckpoint);
      await checkForm(bundle, text);
      await checkEntries(bundle, checkpoints);
      await checkBlobs(bundle);
      await checkSignatures(await importKeys(bundle), checkpoints);
      if (bundle.attestations.length) report("open", bundle.attestations.length + " attestations: this page does not check them; the command line does.");
    }
    if (states.includes("bad")) finish("bad", "Refused: something in this file was changed. See the checks.");
    else if (states.includes("open")) finish("open", "Nothing found wrong, but not everything was checked. See the checks.");
    else finish("good", "Consistent: every entry, blob and signature fits. Who signed is for you to find out: compare the key ids below.");
  } catch (error) {
    finish("bad", "Refused: this file cannot be read (" + error.message + ").");
  }
})();
