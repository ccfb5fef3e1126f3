// A page that shows a payload as its service would: Teams by Microsoft's own renderer of cards, Slack
// and Discord by a small likeness of ours, as are the bars that Teams draws and Discord is sent.
//
//     node page.cjs slack payload.json >page.html
const fs = require("node:fs");

const [kind, file] = process.argv.slice(2);
const kept = JSON.parse(fs.readFileSync(file, "utf8"));
// Where a picture goes with it, its figures stand beside it.
const payload = kept.message ?? kept;

const html = (text) => text.replace(/[&<>"]/g, (c) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[c]);

// Slack's markup; what it escapes is escaped in HTML, too.
function mrkdwn(text) {
  return text
    .replace(/<([^|>]+)\|([^>]+)>/g, '<a href="$1">$2</a>')
    .replace(/\*([^*\n]+)\*/g, "<b>$1</b>")
    .replace(/`([^`\n]+)`/g, "<code>$1</code>")
    .replace(/(^|\n)_([^\n]+)_/g, "$1<i>$2</i>")
    .replace(/\n/g, "<br>");
}

// Discord's markdown, as far as we write it.
function markdown(text) {
  const kept = [];
  const keep = (made) => `\u0000${kept.push(made) - 1}\u0000`;
  return html(text)
    .replace(/\\([^0-9A-Za-z\s&]|&[a-z]+;)/g, (_, sign) => keep(sign))
    .replace(/`([^`]+)`/g, "<code>$1</code>")
    .replace(/\[([^\]]+)\]\(([^)]+)\)/g, (_, shown, url) => `<a href="${url}">${shown}</a>`)
    .replace(/\*\*([^*]+)\*\*/g, "<b>$1</b>")
    .replace(/\*([^*]+)\*/g, "<i>$1</i>")
    .replace(/\n/g, "<br>")
    .replace(/\u0000(\d+)\u0000/g, (_, nth) => kept[nth]);
}

// Bars of [label, number], the last one lighter.
function bars(title, pairs) {
  const most = Math.max(1, ...pairs.map(([, y]) => y));
  const wide = 560 / pairs.length;
  const drawn = pairs.map(([label, y], nth) => {
    const high = (110 * y) / most;
    const middle = nth * wide + wide / 2;
    return `<rect x="${nth * wide + 2}" y="${150 - high}" width="${wide - 4}" height="${high}" fill="${nth === pairs.length - 1 ? "#8fccf0" : "#0072b2"}"/>
      <text x="${middle}" y="${146 - high}">${y}</text><text x="${middle}" y="164">${html(label[0])}</text>`;
  });
  return `<svg viewBox="0 0 560 172" width="560" style="background: #fff; border-radius: 4px; display: block; margin-top: 8px"
    font-family="sans-serif" font-size="10.5" text-anchor="middle" fill="#1a1a1a"><text x="8" y="18" font-size="13"
    text-anchor="start">${html(title)}</text>${drawn.join("")}</svg>`;
}

// The months that are kept of a picture, as bars.
function months({ name, calendar }) {
  const held = new Map(calendar.held);
  const first = Math.max(calendar.first ?? 0, calendar.this - 23);
  const all = Array.from({ length: calendar.this - first + 1 }, (_, nth) => first + nth);
  const pairs = all.map((month) => ["JFMAMJJASOND"[month % 12], held.get(month) ?? 0]);
  return bars(`Groups that met, month by month · ${name.text}`, pairs);
}

const page = (style, body) => `<!doctype html><meta charset="utf-8"><style>
* { box-sizing: border-box } body { margin: 0; padding: 20px 24px; width: 800px; display: flex; gap: 12px }
a { text-decoration: none } .who { flex: none; width: 40px; height: 40px; border-radius: 8px; background: #e0533d;
color: #fff; font: 700 22px/40px Lato, sans-serif; text-align: center } .what { flex: 1; min-width: 0 }
.name { font-weight: 700 } .app { font-size: 11px; padding: 1px 5px; border-radius: 3px; margin: 0 6px; vertical-align: 1px }
${style}</style><div class="who">g</div><div class="what">${body}</div>`;

function slack() {
  const blocks = payload.blocks.map((block) => {
    if (block.type === "header") return `<h1>${html(block.text.text)}</h1>`;
    if (block.type === "context") return `<div class="context">${block.elements.map((it) => mrkdwn(it.text)).join("<br>")}</div>`;
    if (block.fields) return `<div class="fields">${block.fields.map((it) => `<div>${mrkdwn(it.text)}</div>`).join("")}</div>`;
    return `<p>${mrkdwn(block.text.text)}</p>`;
  });
  return page(
    `body { background: #fff; color: #1d1c1d; font: 15px/1.46 Lato, sans-serif } a { color: #1264a3 }
    h1 { font-size: 18px; margin: 6px 0 } p { margin: 8px 0 } .app { background: #e8e8e8; color: #616061; font-weight: 700 }
    .fields { display: grid; grid-template-columns: 1fr 1fr; gap: 8px 16px; margin: 8px 0; max-width: 600px }
    .context { color: #616061; font-size: 13px; margin-top: 10px } .time { color: #616061; font-size: 12px }`,
    `<span class="name">gatherd</span><span class="app">APP</span><span class="time">8:00 AM</span>${blocks.join("")}`,
  );
}

function discord() {
  const embeds = payload.embeds.map((embed, nth) => {
    const fields = (embed.fields ?? []).map((it) => `<div><b>${markdown(it.name)}</b><br>${markdown(it.value)}</div>`);
    const color = `#${embed.color.toString(16).padStart(6, "0")}`;
    return `<div class="embed" style="border-color: ${color}">${embed.title ? `<h1>${markdown(embed.title)}</h1>` : ""}
      ${embed.description ? `<p>${markdown(embed.description)}</p>` : ""}
      ${nth === 0 && kept.picture ? months(kept.picture) : ""}
      ${fields.length ? `<div class="fields">${fields.join("")}</div>` : ""}
      ${embed.footer ? `<div class="footer">${html(embed.footer.text).replace(/\n/g, "<br>")} • Today at 8:00 AM</div>` : ""}</div>`;
  });
  return page(
    `body { background: #313338; color: #dbdee1; font: 14px/1.375 "Noto Sans", Inter, Lato, sans-serif } a { color: #00a8fc }
    .who { border-radius: 50% } .name { color: #f2f3f5; font-size: 16px } .app { background: #5865f2; color: #fff; font-weight: 600 }
    .embed { background: #2b2d31; border-left: 4px solid; border-radius: 4px; padding: 12px 16px; margin: 4px 0; max-width: 640px }
    h1 { font-size: 16px; color: #f2f3f5; margin: 0 0 8px } p { margin: 0 } .time { color: #949ba4; font-size: 12px }
    .fields { display: grid; grid-template-columns: repeat(3, 1fr); gap: 8px; margin-top: 10px } .fields b { color: #f2f3f5 }
    .footer { font-size: 12px; margin-top: 10px; color: #dbdee1 }`,
    `<span class="name">gatherd</span><span class="app">APP</span><span class="time">Today at 8:00 AM</span>${embeds.join("")}`,
  );
}

function teams() {
  const { JSDOM } = require("jsdom");
  const dom = new JSDOM("<!doctype html><body></body>");
  Object.assign(globalThis, { window: dom.window, document: dom.window.document });
  for (const name of ["HTMLElement", "Node"]) globalThis[name] = dom.window[name];
  const cards = require("adaptivecards/dist/adaptivecards.js");
  const writer = require("markdown-it")();
  cards.AdaptiveCard.onProcessMarkdown = (text, result) => {
    result.outputHtml = writer.render(text);
    result.didProcess = true;
  };
  class Bars extends cards.CardElement {
    getJsonTypeName() {
      return "Chart.VerticalBar";
    }
    internalParse(source, context) {
      super.internalParse(source, context);
      this.source = source;
    }
    internalRender() {
      const box = dom.window.document.createElement("div");
      box.innerHTML = bars(this.source.title, this.source.data.map(({ x, y }) => [x, y]));
      return box;
    }
  }
  cards.GlobalRegistry.elements.register("Chart.VerticalBar", Bars);
  const card = new cards.AdaptiveCard();
  const shade = (normal, subtle) => ({ default: normal, subtle });
  card.hostConfig = new cards.HostConfig({
    fontFamily: "Segoe UI, Inter, Lato, sans-serif",
    fontSizes: { small: 12, default: 14, medium: 14, large: 18, extraLarge: 24 },
    fontWeights: { lighter: 200, default: 400, bolder: 600 },
    spacing: { small: 8, default: 12, medium: 16, large: 20, extraLarge: 24, padding: 16 },
    separator: { lineThickness: 1, lineColor: "#e0e0e0" },
    supportsInteractivity: true,
    containerStyles: {
      default: {
        backgroundColor: "#ffffff",
        foregroundColors: {
          default: shade("#242424", "#616161"),
          accent: shade("#6264a7", "#8b8cc7"),
          good: shade("#0f7b3f", "#237b4b"),
          warning: shade("#a35200", "#835c00"),
          attention: shade("#c4314b", "#c4314b"),
        },
      },
    },
    factSet: { title: { weight: "Bolder", maxWidth: 200 }, value: {}, spacing: 16 },
  });
  card.parse(payload.attachments[0].content);
  const rendered = card.render().outerHTML;
  return page(
    `body { background: #f5f5f5; font: 14px/1.43 "Segoe UI", Inter, Lato, sans-serif; color: #242424 } a { color: #5b5fc7 }
    .who { border-radius: 50%; background: #5b5fc7 } .card { background: #fff; border: 1px solid #e0e0e0; border-radius: 6px;
    padding: 4px; margin-top: 6px } .app { background: #e8ebfa; color: #4f52b2 } p { margin: 0 } .time { color: #616161; font-size: 12px }`,
    `<span class="name">Workflows</span><span class="app">App</span><span class="time">8:00 AM</span><div class="card">${rendered}</div>`,
  );
}

process.stdout.write({ slack, discord, teams }[kind]());
