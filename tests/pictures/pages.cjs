// Pictures of the pages for docs/pages.md: of a demo that runs. CI does not run it.
//
//     NODE_PATH=... node pages.cjs http://127.0.0.1:8787 docs/pictures [SUFFIX]
const path = require("node:path");
const { chromium } = require("playwright-core");

const [site, folder, suffix = ""] = process.argv.slice(2);
const SHOTS = [
    ["monday", "/", "light", 1200, 1500],
    ["groups", "/groups", "dark", 1200, 900],
    ["group", null, "light", 1000, 2100],
    ["calendar", "/calendar", "light", 1200, 1300],
    ["year", `/year/${new Date().getFullYear()}`, "light", 1000, 1300],
    ["map", "/map", "dark", 1200, 900],
    ["trust", "/trust", "light", 1000, 800],
    ["health", "/health", "light", 1000, 700],
    ["people", "/people", "light", 1000, 900],
    ["phone", "/", "dark", 390, 1500],
];

async function main() {
    let answer = await fetch(`${site}/api/groups`);
    while (answer.status === 503) {
        await new Promise((again) => setTimeout(again, 500));
        answer = await fetch(`${site}/api/groups`);
    }
    const { groups } = await answer.json();
    const instance = await chromium.launch({ executablePath: "/usr/bin/chromium", args: ["--no-sandbox"] });
    for (const [name, at, colorScheme, width, height] of SHOTS) {
        const context = await instance.newContext({ colorScheme, viewport: { width, height } });
        const page = await context.newPage();
        await page.goto(site + (at ?? `/groups/${groups[0].urlname}`));
        // A year is counted when it is asked for.
        while ((await page.getByRole("link", { name: "Look again" }).count()) > 0) {
            await page.waitForTimeout(500);
            await page.reload();
        }
        await page.screenshot({ path: path.join(folder, `${name}${suffix}.png`) });
        await context.close();
    }
    await instance.close();
}

main();
