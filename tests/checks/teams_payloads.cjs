// Holds the Teams payloads that the tests left behind to Microsoft's own renderer of cards.
//
//     npm install adaptivecards jsdom markdown-it
//     cargo test --test it deliver::contract::samples
//     NODE_PATH=node_modules node tests/checks/teams_payloads.cjs target/tmp/teams
//
// Cards are parsed, validated and rendered to a page, with markdown as in Teams; every text of a card
// must be on it, and nothing else may have become of a hostile name. It knows no charts: it must show what
// stands there for clients like it; the charts are judged by teams_charts.py.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { JSDOM } = require("jsdom");

const page = new JSDOM("<!doctype html><body></body>");
for (const name of ["window", "document", "HTMLElement", "Node"]) {
  globalThis[name] = name === "window" ? page.window : page.window[name];
}
const cards = require("adaptivecards/dist/adaptivecards.js");
const markdown = require("markdown-it")();
cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
  result.outputHtml = markdown.render(text);
  result.didProcess = true;
};

// What the renderer makes, and what markdown makes of bold and of links.
const TAGS = new Set(["DIV", "P", "STRONG", "A", "TABLE", "TBODY", "TR", "TD", "OL", "LI"]);

function textsOf(element) {
  const own = element.type === "TextBlock" ? [element.text] : [];
  const facts = (element.facts ?? []).flatMap((fact) => [fact.title, fact.value]);
  const instead = isChart(element) ? textsOf(element.fallback) : [];
  return [...own, ...facts, ...instead, ...(element.items ?? []).flatMap(textsOf)];
}

function isChart(element) {
  return element.type.startsWith("Chart.");
}

function chartsOf(element) {
  return [...(isChart(element) ? [element] : []), ...(element.items ?? []).flatMap(chartsOf)];
}

function check(file) {
  const text = fs.readFileSync(file, "utf8");
  assert.ok(Buffer.byteLength(text) <= 20_000, "too large");
  const payload = JSON.parse(text);
  assert.equal(payload.type, "message");
  assert.equal(payload.attachments.length, 1);
  const [attachment] = payload.attachments;
  assert.equal(attachment.contentType, "application/vnd.microsoft.card.adaptive");
  const written = attachment.content;
  assert.equal(written.version, "1.4");

  const context = new cards.SerializationContext(new cards.Version(1, 4));
  const card = new cards.AdaptiveCard();
  card.parse(written, context);
  const events = Array.from({ length: context.eventCount }, (_, nth) => context.getEventAt(nth).message);
  const remarks = written.body
    .flatMap(chartsOf)
    .map((it) => `Unknown element type "${it.type}". Fallback will be used if present.`);
  assert.deepEqual(events, remarks, "the renderer takes it without other remarks");
  assert.deepEqual(card.validateProperties().validationEvents, []);
  const rendered = card.render();
  assert.ok(rendered, "it renders");

  const shown = rendered.textContent;
  const texts = written.body.flatMap(textsOf);
  assert.ok(texts.length > 0, "an empty card");
  const folder = page.window.document.createElement("div");
  for (const one of texts) {
    assert.ok(one.trim().length > 0, "an empty text");
    folder.innerHTML = markdown.render(one);
    assert.ok(shown.includes(folder.textContent.trim()), `not shown: ${one}`);
  }
  for (const element of rendered.querySelectorAll("*")) {
    assert.ok(TAGS.has(element.tagName), `a ${element.tagName} in ${element.outerHTML}`);
  }
  const links = [...rendered.querySelectorAll("a")].map((it) => it.href);
  for (const link of links) assert.match(link, /^https:\/\/www\.meetup\.com\//);
  return `${texts.length} texts, ${links.length} links`;
}

const folder = process.argv[2];
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
assert.ok(files.length > 0, "no payloads; run the tests first");
for (const name of files) console.log(`${name}: ${check(path.join(folder, name))}`);
