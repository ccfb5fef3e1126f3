// The pages as people meet them: in a real browser, over the demo.
//
//     NODE_PATH=... node pages_in_a_browser.cjs GATHERD [CHROMIUM [HOSTILE]]
//
// In both themes and two widths no page has a fault that axe knows, scrolls sideways, complains in the console or asks
// another host for anything, be it served or opened from disk. Without scripts filters filter and forms keep. The keyboard
// alone leads everywhere, and what is made to print prints. HOSTILE is where the tests left pages on which every name is
// made to deceive.
const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const os = require("node:os");
const path = require("node:path");
const { check, demo, ended, judge, judged, launched, told } = require("./browser.cjs");

const [gatherd, browser = "chromium", hostile] = process.argv.slice(2);

/// Writes the site of the demo's database; the pages of it but for most groups.
function written(place, folder) {
    const asked = ["report", "--config", path.join(place, "gatherd.toml"), "--format", "html", "--names", "--out", folder];
    execFileSync(gatherd, asked, { stdio: ["ignore", "ignore", "inherit"] });
    const first = fs.readdirSync(folder).filter((it) => it.endsWith(".html"));
    const groups = fs.readdirSync(path.join(folder, "groups")).filter((it) => it.endsWith(".html"));
    check("a site is written", first.length > 8 && groups.length === 24, `${first.length} pages, ${groups.length} groups`);
    return [...first.map((it) => `/${it}`), ...groups.slice(0, 3).map((it) => `/groups/${it}`)];
}

async function looked(context, site, pages, name) {
    for (const at of pages) {
        const page = await context.newPage();
        page.on("console", (it) => check(`${name} ${at}: the console says`, false, it.text()));
        page.on("request", (it) => check(`${name} ${at}: asks elsewhere`, it.url().startsWith(`${site}/`), it.url()));
        page.on("pageerror", (it) => check(`${name} ${at}: breaks`, false, String(it)));
        const answer = await page.goto(site + at);
        check(`${name} ${at}: status ${answer.status()}`, answer.status() === 200);
        const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
        check(`${name} ${at}: scrolls sideways by ${wide}`, wide <= 0);
        await page.close();
    }
}

/// Pages whose names are markup, scripts and worse, as files: what the browser makes of them. Without the policy of the
/// pages, since no name is to need it.
async function deceived(instance, site, files) {
    for (const theme of ["light", "dark"]) {
        const options = { colorScheme: theme, viewport: { width: 390, height: 900 }, bypassCSP: true };
        const context = await instance.newContext(options);
        for (const file of files) {
            const body = fs.readFileSync(file, "utf8");
            const at = `${site}/hostile/${path.basename(file)}`;
            await context.route(at, (route) => route.fulfill({ body, contentType: "text/html; charset=utf-8" }));
            // The badge of a group that this demo does not have.
            const badge = '<svg xmlns="http://www.w3.org/2000/svg"/>';
            await context.route(`${site}/badge/**`, (it) => it.fulfill({ body: badge, contentType: "image/svg+xml" }));
            const page = await context.newPage();
            const name = `hostile ${path.basename(file)} ${theme}`;
            page.on("dialog", (it) => {
                check(`${name}: a name opens a window`, false, it.message());
                it.dismiss();
            });
            page.on("console", (it) => check(`${name}: the console says`, false, it.text()));
            page.on("pageerror", (it) => check(`${name}: breaks`, false, String(it)));
            page.on("request", (it) => check(`${name}: asks elsewhere`, it.url().startsWith(`${site}/`), it.url()));
            await page.goto(at);
            const made = await page.evaluate(() => {
                const none = "script, iframe, object, embed, base, [onerror], [onload], [onclick], img:not([src^='/badge/'])";
                const links = [...document.querySelectorAll("a")].map((it) => it.protocol);
                return {
                    markup: [...document.querySelectorAll(none)].map((it) => it.outerHTML.slice(0, 80)),
                    links: links.filter((it) => !["http:", "https:"].includes(it)),
                    wide: document.documentElement.scrollWidth - window.innerWidth,
                };
            });
            check(`${name}: a name is markup`, made.markup.length === 0, made.markup.join(" "));
            check(`${name}: a name is an address`, made.links.length === 0, made.links.join(" "));
            check(`${name}: scrolls sideways by ${made.wide}`, made.wide <= 0);
            await judge(page, name);
            await page.close();
        }
        await context.close();
    }
}

/// Without scripts: a filter, and a note that is kept.
async function acted(instance, site, group) {
    const context = await instance.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${site}/groups`);
    await page.locator("input[name='q']").fill(group.urlname.slice(-6));
    await page.getByRole("button", { name: "Show" }).click();
    const rows = await page.locator("tbody tr").count();
    check("a filter by name leaves the one that is named", rows >= 1 && rows < 24, `${rows} rows`);
    await page.locator("select[name='sort']").selectOption("name");
    await page.getByRole("button", { name: "Show" }).click();
    check("an order stands in the address", page.url().includes("sort=name"), page.url());
    const names = await page.locator("tbody th").allInnerTexts();
    const sorted = [...names].sort((a, b) => a.localeCompare(b, "en", { sensitivity: "base" }));
    check("groups stand in the order of their names", names.join() === sorted.join(), names.join(", "));
    const text = `a room <b>is</b> needed ${Date.now()}`;
    const inTwoWeeks = new Date(Date.now() + 14 * 86_400_000).toISOString().slice(0, 10);
    const acts = [
        ["note", /^Note$/, { textarea: text }, "The note is kept."],
        ["asked", /^Asked$/, { "input[name='whom']": "Ana <i>B</i>" }, "Kept that somebody was asked."],
        ["owner", /^(Take it|Looked after by .*)$/, { "input[name='name']": "Zoë" }, "Kept who looks after it."],
        ["not-now", /^Not now$/, { "input[name='day']": inTwoWeeks }, "Kept: it is left alone until then."],
    ];
    for (const [act, summary, fields, done] of acts) {
        await page.goto(`${site}/groups/${group.urlname}`);
        await page.locator("#acts summary", { hasText: summary }).click();
        const form = page.locator(`#acts form[action$='/${act}']`);
        for (const [field, value] of Object.entries(fields)) await form.locator(field).fill(value);
        await form.getByRole("button", { name: "Keep" }).click();
        const body = await page.locator("body").innerText();
        check(`${act}: it is said to be kept`, body.includes(done), page.url());
    }
    await page.goto(`${site}/groups/${group.urlname}`);
    await page.locator("select[name='every_months']").selectOption("3");
    await page.locator("form[action$='/target'] button").click();
    const body = await page.locator("body").innerText();
    check("what is agreed is said to be kept", body.includes("Kept what is agreed"), page.url());
    check("a note stands on the page as it was written", body.includes(text), body.slice(0, 400));
    // It is left alone now: on the first page it waits, with its forms, and what is done there is told there.
    await page.goto(`${site}/`);
    const card = page.locator(`#waiting article#${group.urlname}`);
    check("who is left alone waits on the first page", (await card.count()) === 1);
    await card.locator("summary", { hasText: /^Note$/ }).click();
    await card.locator("textarea").fill("once more");
    await card.locator("form[action$='/note'] button").click();
    const said = page.locator(`article#${group.urlname} [role='status']`);
    check("what was done is told at the group", (await said.innerText()) === "The note is kept.", page.url());
    await context.close();
}

/// With the keyboard alone.
async function typed(instance, site) {
    const context = await instance.newContext();
    const page = await context.newPage();
    await page.goto(`${site}/`);
    const focused = () => page.evaluate(() => document.activeElement.innerText || document.activeElement.name || "");
    await page.keyboard.press("Tab");
    check("the first stop leads to the page itself", (await focused()) === "To the page", await focused());
    const seen = new Set();
    for (let nth = 0; nth < 200; nth += 1) {
        await page.keyboard.press("Tab");
        seen.add(await focused());
    }
    for (const stop of ["This Monday", "Groups", "Trust", "Health", "Show"]) {
        check(`the keyboard leads to ${stop}`, seen.has(stop), [...seen].slice(0, 12).join(", "));
    }
    await page.goto(`${site}/`);
    await page.getByRole("link", { name: "Groups", exact: true }).focus();
    await page.keyboard.press("Enter");
    await page.waitForURL("**/groups");
    await context.close();
}

/// On paper.
async function printed(instance, site, at) {
    const context = await instance.newContext();
    const page = await context.newPage();
    await page.goto(site + at);
    await page.emulateMedia({ media: "print" });
    const navigation = await page.locator("nav").first().isVisible();
    check(`${at} is printed without its navigation`, !navigation);
    const paper = await page.pdf({ format: "A4" });
    check(`${at} prints`, paper.length > 5_000, `${paper.length} bytes`);
    await context.close();
}

async function main() {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "pages-"));
    const { child, site } = await demo(gatherd, place);
    const instance = await launched(browser);
    try {
        let groups = [];
        while (groups.length === 0) {
            const answer = await fetch(`${site}/api/groups`);
            if (answer.ok) groups = (await answer.json()).groups;
            else await new Promise((again) => setTimeout(again, 200));
        }
        // The worst, the one in the middle and the last.
        const shown = [groups[0], groups[Math.floor(groups.length / 2)], groups[groups.length - 1]];
        const first = await (await fetch(`${site}/`)).text();
        // Whatever leads somewhere from the navigation is a page to be judged.
        const tabs = [...first.matchAll(/<a href="(\/[^"#?]*)"[^>]*>/g)].map((it) => it[1]);
        const nav = tabs.filter((it) => !it.startsWith("/groups/") && !it.startsWith("/assets/"));
        const behind = ["repeat.repeat_rate", "months", "pause"].map((it) => `/explain/${it}?group=${shown[1].urlname}`);
        const more = ["/calendar?orders=1", "/definitions", "/groups?sort=days", "/?sort=contact"];
        const pages = [...new Set(["/", ...nav, ...more]), ...shown.map((it) => `/groups/${it.urlname}`), ...behind];
        // The same pages as files, which open without a server.
        const folder = path.join(place, "site");
        const files = written(place, folder);
        for (const theme of ["light", "dark"]) {
            for (const width of [390, 1200]) {
                const name = `${theme} ${width}`;
                const options = { colorScheme: theme, viewport: { width, height: 900 } };
                const plain = await instance.newContext(options);
                await looked(plain, site, pages, name);
                // They are the same pages, once large and light, once small and dark.
                const isLooked = (theme === "dark") === (width === 390);
                if (isLooked) await looked(plain, `file://${folder}`, files, `${name}, written`);
                await plain.close();
                // The policy of the pages lets no script in, not even the one that judges them.
                const open = await instance.newContext({ ...options, bypassCSP: true });
                await judged(open, site, pages, name);
                if (isLooked) await judged(open, `file://${folder}`, files, `${name}, written`);
                await open.close();
            }
        }
        const deceitful = hostile ? fs.readdirSync(hostile).map((it) => path.join(hostile, it)) : [];
        if (hostile) check("the tests left pages with hostile names", deceitful.length > 0, hostile);
        await deceived(instance, site, deceitful);
        await acted(instance, site, shown[0]);
        await typed(instance, site);
        for (const at of ["/year", "/"]) await printed(instance, site, at);
        console.log(`${pages.length} pages and ${files.length} files in two themes and two widths, ${deceitful.length} with hostile names`);
    } finally {
        await instance.close();
        await ended(child);
        fs.rmSync(place, { recursive: true, force: true });
    }
    told();
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
