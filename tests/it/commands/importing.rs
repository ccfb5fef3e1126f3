//! Files that are handed in: what is read of them, matched, told, kept and taken back.

use crate::program::{Program, Ran, until};
use gatherd::demo::{Switches, World};
use std::process::Stdio;

const GROUP: &str = "sized-group-0001";
const HEAD: &str = "date,group,kind,amount,currency,note,receipt,event\n";
const ALL: &str = "SELECT s.on_date, g.urlname, s.kind, s.amount, s.currency, coalesce(s.note, '-'),
  coalesce(s.has_receipt, '-'), coalesce(s.event_token, '-') FROM spending s JOIN groups g ON g.id = s.group_id
  ORDER BY s.on_date, s.ten_thousandths, g.urlname";

fn known(seed: u64) -> Program {
    let program = Program::small(seed);
    program.run(&["backfill"]).exits(0);
    program
}

fn write(program: &Program, name: &str, text: impl AsRef<[u8]>) {
    std::fs::write(program.path(name), text).unwrap();
}

#[track_caller]
fn import(program: &Program, name: &str, more: &[&str]) -> Ran {
    program.run(&[&["import", "spending", name], more].concat())
}

#[test]
fn however_a_table_is_written_the_same_rows_are_read() {
    let program = known(1601);
    let rows = ["2026-03-04|sized-group-0001|venue|1234.50|EUR|a room, big|1|-"];
    for (name, text, more) in [
        (
            "commas.csv",
            format!("{HEAD}2026-03-04,{GROUP},venue,1234.50,EUR,\"a room, big\",yes,\n"),
            &[][..],
        ),
        (
            "semicolons.csv",
            format!(
                "\u{feff}Receipt;NOTE;currency;amount;kind;group;date\r\nYES;a room, big;eur;1234,50;Venue;{GROUP};2026-03-04\r\n"
            ),
            &[],
        ),
        (
            "tabs.tsv",
            format!(
                "date\tgroup\tkind\tamount\tcurrency\tnote\treceipt\n2026-03-04\t{GROUP}\tvenue\t1234.5\tEUR\ta room, big\tyes\n"
            ),
            &[],
        ),
        (
            "lines.jsonl",
            format!(
                "{{\"amount\": 1234.50, \"date\": \"2026-03-04\", \"group\": \"{GROUP}\", \"kind\": \"venue\", \"currency\": \"EUR\", \"note\": \"a room, big\", \"receipt\": true}}\n"
            ),
            &[],
        ),
        (
            "german.csv",
            format!(
                "sep=;\ndate;group;kind;amount;currency;note;receipt\n4.3.2026;{GROUP};venue;1.234,50;EUR;a room, big;yes\n"
            ),
            &["--dates", "DMY", "--decimal", "comma"],
        ),
    ] {
        write(&program, name, text);
        let more = [more, &["--as", "one"]].concat();
        import(&program, name, &more).exits(0);
        assert_eq!(program.rows(ALL), rows, "{name}");
    }
    let listed = program.run(&["import", "list"]).exits(0);
    listed.says(&["spending", "1 row", "one"]);
}

#[test]
fn what_may_mean_two_things_is_refused_with_its_line_and_what_to_say() {
    let program = known(1602);
    let text = format!(
        "date;group;kind;amount;currency;receipt\n\
         2026-03-04;{GROUP};venue;1.234,50;EUR;yes\n\
         4.3.2026;{GROUP};food;5,00;EUR;yes\n\
         2026-03-04;{GROUP};beer;5,00;EURO;perhaps\n\n\
         2026-03-04;{GROUP};food;5,00;EUR;yes;more\n\
         2026-03-04;{GROUP};food;0,00001;EUR;no\n"
    );
    write(&program, "a.csv", text);
    import(&program, "a.csv", &[]).exits(1).says(&[
        "line 2: amount: \"1.234,50\" may be read in two ways; say with --decimal",
        "line 3: date: \"4.3.2026\" may be read in two ways; say the order with --dates",
        "line 4: kind: \"beer\" is none; write one of venue, food",
        "currency: \"EURO\" is no currency",
        "receipt: write yes or no",
        "line 6: it has 7 columns, and the first line has 6",
        "line 7: amount: it has more than four digits",
        "nothing was kept",
    ]);
    for (text, told) in [
        ("date,group\n", "the column \"kind\" is missing"),
        (
            "dat,group,kind,amount,currency\n",
            "the column \"dat\" is not known; \"date\" is missing",
        ),
        ("date,date,group,kind,amount,currency\n", "is there twice"),
        ("[{}]", "it is one JSON list"),
        ("", "there is nothing in it"),
    ] {
        write(&program, "b.csv", text);
        import(&program, "b.csv", &[]).exits(1).says(&[told]);
    }
    write(
        &program,
        "b.csv",
        b"date,group,kind,amount,currency\n\xe4\n",
    );
    import(&program, "b.csv", &[])
        .exits(1)
        .says(&["no text in UTF-8"]);
    import(&program, "nowhere.csv", &[])
        .exits(1)
        .says(&["nowhere.csv cannot be read"]);
    import(&program, "-", &[])
        .exits(2)
        .says(&["give it one with --as"]);
    assert_eq!(program.rows(ALL), Vec::<String>::new());
    program
        .run(&["import", "list"])
        .exits(0)
        .says(&["nothing was imported yet"]);
}

#[test]
fn a_group_is_matched_by_what_names_it_whole_and_an_event_by_what_names_it_or_its_day() {
    let program = known(1603);
    let one = |sql: &str| program.rows(sql).remove(0);
    let of = format!("FROM groups WHERE urlname = '{GROUP}'");
    let (id, name) = (
        one(&format!("SELECT id {of}")),
        one(&format!("SELECT name {of}")),
    );
    let event = one(&format!(
        "SELECT token || ' ' || e.id || ' ' || substr(starts_local, 1, 10) FROM events e
         WHERE group_id = '{id}' AND gone_at IS NULL
         GROUP BY substr(starts_local, 1, 10) HAVING count(*) = 1 ORDER BY starts_at DESC LIMIT 1"
    ));
    let [token, event_id, day] = event.split(' ').collect::<Vec<_>>()[..] else {
        panic!("{event}")
    };
    let address = format!("https://www.meetup.com/{GROUP}/");
    let event_address = format!("https://www.meetup.com/{GROUP}/events/{event_id}/?a=b");
    let mut text = HEAD.to_owned();
    for (group, event) in [
        (GROUP, token),
        (&id, event_id),
        (&name, day),
        (&address, &event_address),
    ] {
        text.push_str(&format!("2026-03-04,{group},food,1.00,EUR,,no,{event}\n"));
    }
    write(&program, "a.csv", text);
    import(&program, "a.csv", &[]).exits(0).says(&["4 new"]);
    let row = format!("2026-03-04|{GROUP}|food|1.00|EUR|-|0|{token}");
    assert_eq!(program.rows(ALL), [(); 4].map(|()| row.clone()));

    let other = one(&format!(
        "SELECT token FROM events WHERE group_id <> '{id}' LIMIT 1"
    ));
    let text = format!(
        "{HEAD}2026-03-04,sized-grup-0001,food,1.00,EUR,,,\n\
         2026-03-04,0001,food,1.00,EUR,,,\n\
         2026-03-04,{GROUP},food,1.00,EUR,,,{other}\n\
         2026-03-04,{GROUP},food,1.00,EUR,,,1999-01-01\n\
         2026-03-04,{GROUP},food,1.00,EUR,,,nothing\n\
         2026-03-05,{GROUP},food,1.00,EUR,,,\n"
    );
    write(&program, "b.csv", text);
    import(&program, "b.csv", &[]).exits(1).says(&[
        "line 2: group: none \"sized-grup-0001\" is known; the nearest is sized-group-0001",
        "line 3: group: none \"0001\" is known; the nearest is sized-group-0001",
        &format!("line 4: event: \"{other}\" is another group's"),
        "line 5: event: sized-group-0001 has none on 1999-01-01; the nearest are on ",
        "line 6: event: none \"nothing\" is known",
    ]);
    assert_eq!(program.rows("SELECT count(*) FROM spending"), ["4"]);
    import(&program, "b.csv", &["--skip-bad"])
        .exits(3)
        .says(&["1 new, 5 that will not do"]);
    assert_eq!(program.rows("SELECT count(*) FROM spending"), ["5"]);
}

#[test]
fn a_corrected_file_replaces_what_its_name_said_and_the_same_one_changes_nothing() {
    let program = known(1604);
    let row = |day: u32, amount: &str| format!("2026-03-{day:02},{GROUP},food,{amount},EUR,,,\n");
    write(
        &program,
        "a.csv",
        format!(
            "{HEAD}{}{}{}",
            row(1, "1.00"),
            row(2, "2.00"),
            row(3, "3.00")
        ),
    );
    import(&program, "a.csv", &["--dry-run"]).exits(0).says(&[
        "line 2: 2026-03-01 sized-group-0001 food 1 EUR",
        "nothing was kept: 3 new",
    ]);
    assert_eq!(program.rows("SELECT count(*) FROM imports"), ["0"]);
    import(&program, "a.csv", &[])
        .exits(0)
        .says(&["imported as \"a.csv\": 3 new"]);
    let before = program.rows(ALL);
    let at = "SELECT key, imported_at FROM import_row";
    let conn = rusqlite::Connection::open(program.path("gatherd.db")).unwrap();
    conn.execute("UPDATE import_row SET imported_at = 1700000000", [])
        .unwrap();
    import(&program, "a.csv", &[])
        .exits(0)
        .says(&["nothing changed: 3 as before"]);
    // Nor do the same rows in other bytes.
    write(
        &program,
        "a.csv",
        format!("{HEAD}{}{}{}", row(3, "3.0"), row(1, "1"), row(2, "2")),
    );
    import(&program, "a.csv", &[])
        .exits(0)
        .says(&["nothing changed"]);
    assert_eq!(program.rows(at), ["1|1700000000"]);
    assert_eq!(program.rows(ALL), before);

    write(
        &program,
        "a.csv",
        format!(
            "{HEAD}{}{}{}",
            row(1, "1.00"),
            row(2, "2.50"),
            row(4, "4.00")
        ),
    );
    for (more, kept) in [
        (&["--dry-run"][..], "nothing was kept"),
        (&[], "imported as"),
    ] {
        import(&program, "a.csv", more)
            .exits(0)
            .says(&[kept, "1 new, 1 changed, 1 no longer there, 1 as before"]);
    }
    let amounts = "SELECT amount FROM spending ORDER BY on_date";
    assert_eq!(program.rows(amounts), ["1.00", "2.50", "4.00"]);

    // The same file under another name would count twice; a part of it is told.
    import(&program, "a.csv", &["--as", "b"])
        .exits(1)
        .says(&["this very file was imported as \"a.csv\""]);
    write(&program, "b.csv", format!("{HEAD}{}", row(1, "1.00")));
    import(&program, "b.csv", &["--dry-run"])
        .exits(0)
        .says(&["also in \"a.csv\" just so, and counted twice if both stay: 1 row"]);

    program
        .run(&["import", "undo", "a.cvs"])
        .exits(1)
        .says(&["did you mean \"a.csv\"?"]);
    program
        .run(&["import", "undo", "a.csv"])
        .exits(0)
        .says(&["taken back: 3 rows"]);
    assert_eq!(
        program.rows("SELECT (SELECT count(*) FROM imports) + (SELECT count(*) FROM spending_row)"),
        ["0"]
    );
    assert_eq!(program.integrity(), "ok");
}

#[test]
fn what_comes_by_standard_input_and_the_template_are_files_like_any_other() {
    let program = known(1605);
    let template = program
        .run(&["import", "spending", "--template"])
        .exits(0)
        .out;
    let text = template
        .replace("acme-berlin", GROUP)
        .replace("2026-01-29", "");
    write(&program, "typed", text);
    let typed = std::fs::File::open(program.path("typed")).unwrap();
    let args = ["import", "spending", "-", "--as", "typed in"];
    program
        .start_with(&args, Stdio::from(typed))
        .ends()
        .exits(0)
        .says(&["imported as \"typed in\": 1 new"]);
    assert_eq!(
        program.rows("SELECT amount, currency FROM spending"),
        ["120.00|EUR"]
    );
}

#[test]
fn sums_are_exact_where_floating_numbers_are_not() {
    let program = known(1606);
    let mut text = HEAD.to_owned();
    for nth in 0..1_000 {
        text.push_str(&format!(
            "2026-03-04,{GROUP},food,{},EUR,{nth},,\n",
            ["0.10", "-0.0333"][nth % 2]
        ));
    }
    write(&program, "a.csv", text);
    import(&program, "a.csv", &[]).exits(0).says(&["1,000 new"]);
    let sum = "SELECT sum(ten_thousandths), min(amount), max(amount) FROM spending";
    assert_eq!(program.rows(sum), ["333500|-0.0333|0.10"]);
}

#[test]
fn what_is_in_a_file_is_no_way_to_draw_on_the_terminal() {
    let program = Program::on(
        World::sized(1607, 4, 40, 300, 100, chrono::Utc::now()),
        Switches::unlimited(),
    );
    program.run(&["backfill"]).exits(0);
    write(
        &program,
        "a.csv",
        format!(
            "{HEAD}2026-03-04,{GROUP},food,1.00,EUR,a\u{1b}[31m\u{202e}b,,\n2026-03-04,\u{1b}]0;x\u{7},food,1,EUR,,,\n"
        ),
    );
    let said = import(&program, "a.csv", &["--skip-bad"]).exits(3).said();
    assert!(
        !said.contains('\u{1b}') && !said.contains('\u{202e}'),
        "{said:?}"
    );
    assert_eq!(program.rows("SELECT note FROM spending"), ["ab"]);
}

#[test]
fn rates_and_budgets_are_one_each_and_a_second_word_on_one_is_refused() {
    let program = known(1608);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n[money]\ncurrency = \"EUR\"\n"
    ));
    for (kind, table) in [("rates", "rates"), ("budget", "budgets")] {
        let template = program.run(&["import", kind, "--template"]).exits(0).out;
        let rows = template.lines().count() - 1;
        write(&program, kind, template.replace("acme-berlin", GROUP));
        let told = format!("{rows} new");
        program.run(&["import", kind, kind]).exits(0).says(&[&told]);
        let count = format!("SELECT count(*) FROM {table}");
        assert_eq!(program.rows(&count), [rows.to_string()]);
    }
    write(
        &program,
        "more",
        "month,currency,rate\n2026-01,USD,0.8551\n2026-01,GBP,9\n2026-02,USD,1\n2026-02,USD,1\n2026-2,USD,1\n2026-02,EUR,1\n2026-02,SEK,0\n",
    );
    program.run(&["import", "rates", "more"]).exits(1).says(&[
        "line 3: \"rates\" says otherwise: 2026-01 1 GBP = 1.1532",
        "line 5: line 4 has told that",
        "line 6: month: \"2026-2\" is no month",
        "line 7: currency: EUR is the one that is configured",
        "line 8: rate: write a number above 0",
    ]);
    write(
        &program,
        "more",
        format!(
            "group,year,amount,currency\nAll,2026,1,EUR\n{GROUP},2026,1,USD\nnobody,1999,-1,EUR\n"
        ),
    );
    program.run(&["import", "budget", "more"]).exits(1).says(&[
        "line 2: \"budget\" says otherwise: all 2026 20000 EUR",
        "line 4: year: \"1999\" is no year",
        "amount: a budget is not below zero",
    ]);
    // A name is of one kind.
    write(&program, "s.csv", HEAD);
    import(&program, "s.csv", &["--as", "budget"])
        .exits(1)
        .says(&["\"budget\" is an import of budget already"]);
    assert_eq!(
        program.rows("SELECT g.urlname, b.year, b.amount, b.currency FROM budgets b LEFT JOIN groups g ON g.id = b.group_id ORDER BY 1"),
        ["NULL|2026|20000.00|EUR", "sized-group-0001|2026|1500.00|EUR"].map(|it| it.replace("NULL", &program.rows("SELECT NULL")[0]))
    );
    program
        .run(&["import", "undo", "rates"])
        .exits(0)
        .says(&["taken back: 2 rows"]);
    assert_eq!(program.rows("SELECT count(*) FROM rates"), ["0"]);
}

#[test]
fn a_configured_file_is_read_again_when_it_changes_and_a_bad_one_keeps_what_it_said() {
    let program = known(1609);
    let meetup = program.meetup_section("");
    program.configure(&format!(
        "{meetup}[[network]]\nurlname = \"sized\"\n\
         [[import]]\nkind = \"spending\"\nfile = \"books.csv\"\ndates = \"DMY\"\ndecimal = \"comma\"\n"
    ));
    let text = |amount: &str| {
        format!(
            "date;group;kind;amount;currency;note\n4.3.2026;{GROUP};food;{amount};EUR;Ana Secret\n"
        )
    };
    let amounts = "SELECT amount FROM spending";
    program
        .run(&["doctor"])
        .exits(1)
        .says(&["books.csv cannot be read"]);
    write(&program, "books.csv", text("1.000,50"));
    program
        .run(&["status"])
        .exits(0)
        .says(&["books.csv: kept never; it changed, and is read next"]);
    program.run(&["sync"]).exits(0);
    assert_eq!(program.rows(amounts), ["1000.50"]);
    program
        .run(&["doctor"])
        .says(&["books.csv is kept as it is"]);
    write(&program, "books.csv", text("many"));
    let ran = program.run(&["sync"]).exits(0);
    let ran = ran
        .says(&["1 of its lines will not do, the first of them line 2; what it said before stays"]);
    assert!(!ran.said().contains("Secret") && !ran.said().contains("many"));
    for command in [&["status"][..], &["status", "--json"], &["doctor"]] {
        program.run(command).says(&["1 of its lines will not do"]);
    }
    assert_eq!(program.rows(amounts), ["1000.50"]);

    let mut daemon = program.start(&["run"]);
    daemon.logs("1 of its lines will not do");
    write(&program, "books.csv", text("2,5"));
    until("it is read again", || program.rows(amounts) == ["2.50"]);
    daemon.signal("TERM");
    until("it ends", || daemon.is_over());
}

#[test]
fn a_report_tells_of_money_where_it_is_asked_for_and_nowhere_else() {
    let program = known(1610);
    let year = chrono::Utc::now().format("%Y").to_string();
    write(
        &program,
        "a.csv",
        format!(
            "{HEAD}{year}-01-01,{GROUP},food,12.50,EUR,,no,\n{year}-01-01,sized-group-0002,venue,1000,EUR,,,\n"
        ),
    );
    import(&program, "a.csv", &[]).exits(0);
    let run = |args: &[&str]| program.run(&[&["report"], args].concat()).exits(0).out;
    let (text, json) = (run(&[]), run(&["--format", "json"]));
    assert!(!text.contains("Money") && !json.contains("\"money\""));
    let whole = format!("Money in {year}, up to");
    let text = run(&["--money"]);
    for said in [
        &whole,
        "1,012.50 EUR in 2 payments",
        "food 12.50 EUR",
        "receipts missing: 1 (12.50 EUR); not said of 1",
    ] {
        assert!(text.contains(said), "{said}: {text}");
    }
    let page = run(&["--money", "--format", "markdown"]);
    assert!(page.contains(&format!("## {whole}")), "{page}");
    for args in [&["--money"][..], &["--money", "--group", GROUP]] {
        let document = run(&[args, &["--format", "json"]].concat());
        let document: serde_json::Value = serde_json::from_str(&document).unwrap();
        let spent = &document["money"]["years"][0]["spent"]["whole"];
        let is = if args.len() == 1 { "1012.50" } else { "12.50" };
        assert_eq!(spent, &serde_json::json!({"amount": is, "currency": "EUR"}));
        assert!(document["definitions_version"].is_number(), "{args:?}");
    }
    let of_one = run(&["--group", GROUP, "--money"]);
    assert!(of_one.contains("12.50 EUR in 1 payment") && !of_one.contains("1,012.50"));
    program
        .run(&["report", "--money", "--send", "ops"])
        .exits(2);
    program.run(&["digest", "--format", "json"]).exits(0);
}
