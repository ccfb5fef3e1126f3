// What all checks in a browser share: the demo, the browser, who judges a page, and the faults that were found.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
const { chromium } = require("playwright-core");

const axe = fs.readFileSync(require.resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
const faults = [];

/// Remembers that something is not so.
function check(what, isSo, more = "") {
    if (!isSo) faults.push(`${what} ${more}`.trim());
}

/// Says what is not so, and ends accordingly.
function told() {
    const all = [...new Set(faults)];
    console.log(`${all.length} faults`);
    for (const fault of all.slice(0, 40)) console.error(`- ${fault}`);
    process.exitCode = all.length === 0 ? 0 : 1;
}

/// Starts gatherd; its process, and where its pages are, which stands behind `before` in what it says.
async function started(gatherd, asked, before) {
    const child = spawn(gatherd, asked, { stdio: ["ignore", "pipe", "pipe"] });
    let said = "";
    const site = await new Promise((found, failed) => {
        const heard = (part) => {
            said += part;
            const at = said.split(before)[1]?.match(/^(http:\/\/[^\s]+)\//);
            if (at) found(at[1]);
        };
        child.stdout.on("data", heard);
        child.stderr.on("data", heard);
        child.on("exit", (code) => failed(new Error(`${asked[0]} ended with ${code}:\n${said}`)));
        setTimeout(() => failed(new Error(`no pages after two minutes:\n${said}`)), 120_000).unref();
    });
    return { child, site };
}

/// Starts the demo.
function demo(gatherd, place) {
    fs.mkdirSync(place, { recursive: true });
    return started(gatherd, ["demo", "--groups", "24", "--database", path.join(place, "demo.db")], "open ");
}

/// Ends it.
async function ended(child) {
    child.removeAllListeners("exit");
    child.kill("SIGTERM");
    await new Promise((over) => child.once("exit", over));
}

/// A browser that asks nobody for anything of its own.
function launched(executablePath) {
    const args = [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];
    return chromium.launch({ executablePath, args });
}

/// Judges the page as it stands, forms behind their buttons as well.
async function judge(page, name) {
    await page.evaluate(() => document.querySelectorAll("details").forEach((it) => (it.open = true)));
    await page.evaluate(axe);
    const { violations } = await page.evaluate((rules) => axe.run({ runOnly: rules }), RULES);
    for (const it of violations) {
        const where = it.nodes.slice(0, 2).map((node) => node.html.slice(0, 160)).join(" | ");
        check(`${name}: ${it.id}, ${it.nodes.length} times:`, false, where);
    }
}

/// Judges pages one after the other.
async function judged(context, site, pages, name) {
    const page = await context.newPage();
    for (const at of pages) {
        await page.goto(site + at);
        await judge(page, `${name} ${at}`);
    }
    await page.close();
}

module.exports = { check, demo, ended, judge, judged, launched, started, told };
