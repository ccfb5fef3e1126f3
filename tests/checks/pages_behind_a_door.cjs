// The pages as people meet them who must sign in, and those who follow a link of a message: in a real browser.
//
//     NODE_PATH=... node pages_behind_a_door.cjs GATHERD [CHROMIUM]
//
// The form that asks for a token, a wrong one, the right one and the way out; what each link of a message opens, keeps
// and refuses; and pages that are none: in both themes, at the width of a phone, judged by axe.
const { spawn } = require("node:child_process");
const fs = require("node:fs");
const http = require("node:http");
const net = require("node:net");
const os = require("node:os");
const path = require("node:path");
const { check, demo, ended, judge, launched, started, told } = require("./browser.cjs");

const [gatherd, browser = "chromium"] = process.argv.slice(2);
const TOKEN = "lead-token-0123456789";

/// A port that nobody has at the moment.
function free() {
    return new Promise((found) => {
        const server = net.createServer().listen(0, "127.0.0.1", () => {
            const { port } = server.address();
            server.close(() => found(port));
        });
    });
}

/// A chat that takes everything: its port, and what it was sent.
function chat() {
    const sent = [];
    const server = http.createServer((request, answer) => {
        let body = "";
        request.on("data", (part) => (body += part));
        request.on("end", () => {
            sent.push(body);
            answer.end("ok");
        });
    });
    return new Promise((open) => server.listen(0, "127.0.0.1", () => open({ server, sent, port: server.address().port })));
}

/// Runs a command of gatherd to its end, while this process goes on.
function runs(...asked) {
    return new Promise((over, failed) => {
        const child = spawn(gatherd, asked, { stdio: ["ignore", "ignore", "pipe"] });
        let said = "";
        child.stderr.on("data", (part) => (said += part));
        child.on("exit", (code) => (code === 0 ? over() : failed(new Error(`${asked[0]} ended with ${code}: ${said}`))));
    });
}

async function walked(context, site, acts, name) {
    const page = await context.newPage();
    const answers = async (at, status) => {
        const answer = await page.goto(site + at);
        check(`${name} ${at.slice(0, 20)}: status ${answer.status()}`, answer.status() === status);
        await judge(page, `${name} ${at.slice(0, 20)}`);
    };
    await answers("/", 401);
    const sign = async (token) => {
        await page.locator("input[name='token']").fill(token);
        await page.getByRole("button", { name: "Sign in" }).click();
        await page.waitForLoadState();
    };
    await sign("not-a-token-0123456789");
    check(`${name}: a wrong token is refused`, (await page.locator("[role='alert']").innerText()).includes("Nobody has this token"));
    await judge(page, `${name} a wrong token`);
    await sign(TOKEN);
    check(`${name}: the right one leads on`, (await page.locator("h1").innerText()) === "This Monday", page.url());
    await judge(page, `${name} signed in`);
    await answers("/no/such/page", 404);
    await answers("/groups/no-such-group", 404);
    await answers("/explain/no.such.key", 404);
    // A form that is none of this page's: it is not kept, and a page says so.
    await page.goto(`${site}/`);
    await page.evaluate(() => {
        const form = document.querySelector("form[action$='/note']");
        form.querySelector("input[name='word']").value = "forged";
        form.querySelector("textarea").value = "never";
        form.submit();
    });
    await page.waitForURL("**/note");
    check(`${name}: a forged form is refused`, (await page.locator("h1").innerText()) === "Nothing was kept", page.url());
    await judge(page, `${name} refused`);
    // One that is too large: a browser takes what is packed, and is to see a page all the same.
    await page.goto(`${site}/`);
    await page.evaluate(() => {
        const form = document.querySelector("form[action$='/note']");
        form.querySelector("textarea").value = "x".repeat(40_000);
        form.submit();
    });
    await page.waitForURL("**/note");
    check(`${name}: a form too large is refused`, (await page.locator("h1").innerText()) === "That was too much", page.url());
    await judge(page, `${name} too large`);
    await page.goto(`${site}/`);
    await page.getByRole("button", { name: "Sign out" }).click();
    await page.waitForURL("**/login");
    await judge(page, `${name} /login`);
    // A link of a message needs nobody signed in; looking changes nothing.
    for (const act of acts) {
        await answers(act, 200);
        const field = page.locator("textarea");
        if (await field.count()) await field.fill("from <b>chat</b>");
        await page.locator("main button").click();
        await page.waitForLoadState();
        check(`${name}: a link keeps`, (await page.locator("h1").innerText()) === "Done", page.url());
        await judge(page, `${name} kept`);
    }
    await answers(`${acts[0].slice(0, -3)}xyz`, 404);
    await page.close();
}

async function main() {
    const place = fs.mkdtempSync(path.join(os.tmpdir(), "door-"));
    // The network of the demo, mirrored by somebody else.
    const meetup = await demo(gatherd, path.join(place, "demo"));
    const shown = fs.readFileSync(path.join(place, "demo", "gatherd.toml"), "utf8");
    const config = path.join(place, "gatherd.toml");
    const [port, room] = [await free(), await chat()];
    const here = `http://127.0.0.1:${port}`;
    const door = `listen = "127.0.0.1:${port}"\npublic_url = "${here}"\n`
        + `[[http.user]]\nname = "lead"\ntoken = "${TOKEN}"\nrights = ["people", "write"]\n`
        + `[[channel]]\nname = "room"\nkind = "slack"\nurl = "http://127.0.0.1:${room.port}/hooks/x"\n`;
    const other = shown.replace(/database = .*/, 'database = "mirror.db"').replace(/listen = .*\n/, door);
    fs.writeFileSync(config, other);
    await runs("backfill", "--config", config);
    await runs("report", "--send", "room", "--config", config);
    const acts = [...room.sent.join().matchAll(/\/act\/[A-Za-z0-9_.-]+/g)].map((it) => it[0]).slice(0, 3);
    const { child, site } = await started(gatherd, ["run", "--config", config], "pages at ");
    const instance = await launched(browser);
    try {
        check("a message carries links", acts.length === 3, `${acts.length}`);
        const signed = { headers: { Authorization: `Bearer ${TOKEN}` } };
        while ((await fetch(`${site}/api/groups`, signed)).status === 503) await new Promise((again) => setTimeout(again, 200));
        for (const colorScheme of ["light", "dark"]) {
            const options = { colorScheme, viewport: { width: 390, height: 900 }, bypassCSP: true };
            const context = await instance.newContext(options);
            await walked(context, site, acts, colorScheme);
            await context.close();
        }
    } finally {
        await instance.close();
        await ended(child);
        room.server.close();
        await ended(meetup.child);
        fs.rmSync(place, { recursive: true, force: true });
    }
    told();
}

main().catch((error) => {
    console.error(error);
    process.exitCode = 1;
});
