// Holds the Discord payloads that the tests left behind to Discord's own kit.
//
//     npm install @discordjs/builders
//     cargo test --test it deliver::contract::samples
//     NODE_PATH=node_modules node tests/checks/discord_payloads.cjs target/tmp/discord
//
// What is sent with a picture, `cargo test --test it deliver::pictures` leaves in target/tmp/discord-pictured.
//
// The kit's setters check each part; what it does not know (an empty value of a field, all embeds
// together) is checked here.
const assert = require("node:assert/strict");
const fs = require("node:fs");
const path = require("node:path");
const { EmbedBuilder, embedLength } = require("@discordjs/builders");

const SETTERS = {
  title: (builder, it) => builder.setTitle(it),
  description: (builder, it) => builder.setDescription(it),
  color: (builder, it) => builder.setColor(it),
  fields: (builder, it) => builder.setFields(it),
  footer: (builder, it) => builder.setFooter(it),
  timestamp: (builder, it) => builder.setTimestamp(new Date(it)),
  image: (builder, it) => builder.setImage(it.url),
};

function check(file) {
  const payload = JSON.parse(fs.readFileSync(file, "utf8"));
  assert.deepEqual(payload.allowed_mentions, { parse: [] }, "mentions are off");
  const embeds = payload.embeds ?? [];
  assert.ok(embeds.length <= 10);
  assert.ok(embeds.length > 0 || payload.content.trim().length > 0, "an empty message");
  let total = 0;
  for (const embed of embeds) {
    const builder = new EmbedBuilder();
    for (const [key, value] of Object.entries(embed)) {
      assert.ok(key in SETTERS, `the kit has no ${key}`);
      SETTERS[key](builder, value);
    }
    for (const field of embed.fields ?? []) assert.ok(field.value.trim().length > 0, "an empty value");
    const understood = builder.toJSON();
    understood.timestamp &&= new Date(understood.timestamp).getTime();
    const written = { ...embed };
    written.timestamp &&= new Date(written.timestamp).getTime();
    assert.deepEqual(JSON.parse(JSON.stringify(understood)), JSON.parse(JSON.stringify(written)));
    total += embedLength(understood);
  }
  assert.ok(total <= 6000, `${total} of 6000`);
  const files = (payload.attachments ?? []).map((it) => {
    assert.deepEqual(Object.keys(it).sort(), ["description", "filename", "id"]);
    assert.ok(it.description.length > 0 && it.description.length <= 1024, "what a picture says");
    return `attachment://${it.filename}`;
  });
  const shown = embeds.flatMap((it) => (it.image ? [it.image.url] : []));
  assert.deepEqual(shown, files, "what is sent is shown");
  return `${embeds.length} embeds, ${total} characters`;
}

const folder = process.argv[2];
const files = fs.readdirSync(folder).filter((name) => name.endsWith(".json")).sort();
assert.ok(files.length > 0, "no payloads; run the tests first");
for (const name of files) console.log(`${name}: ${check(path.join(folder, name))}`);
