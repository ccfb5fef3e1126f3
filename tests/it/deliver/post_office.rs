//! A mail server on loopback that keeps what it was given and answers as told.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// How it behaves.
#[derive(Clone, Default)]
pub struct Manner {
    /// Whether TLS begins with the connection.
    pub is_wrapped: bool,
    /// What it offers besides 8BITMIME; `STARTTLS` is kept. `AUTH` after it is offered only then.
    pub offers: Vec<&'static str>,
    /// What it says to a line that begins so, instead of yes: `hang` says nothing more, `drop` hangs up. A greeting is
    /// `HI`, the end of a message `.`.
    pub says: Vec<(&'static str, &'static str)>,
}

/// One message that was taken.
#[derive(Debug, Clone)]
pub struct Taken {
    pub from: String,
    pub to: Vec<String>,
    /// As it came, without the dots of the way.
    pub text: String,
    pub is_encrypted: bool,
}

impl Taken {
    /// A header, folded lines as one.
    pub fn header(&self, name: &str) -> &str {
        let (head, _) = self.text.split_once("\r\n\r\n").unwrap();
        let start = format!("{name}: ");
        let line = head.lines().find_map(|line| line.strip_prefix(&start));
        line.unwrap_or_else(|| panic!("no {name} in {head}"))
    }
}

impl Taken {
    /// Its plain text, which is quoted-printable.
    pub fn plain(&self) -> String {
        let (before, part) = self.text.split_once("Content-Type: text/plain").unwrap();
        let line = before.rsplit("\r\n").find(|line| !line.is_empty()).unwrap();
        let (head, text) = part.split_once("\r\n\r\n").unwrap();
        assert!(head.contains("quoted-printable"), "{head}");
        let (text, _) = text.split_once(line).unwrap();
        let mut bytes = Vec::new();
        let text = text.replace("=\r\n", "");
        let mut rest = text.bytes();
        while let Some(byte) = rest.next() {
            let digits = (byte == b'=').then(|| [rest.next().unwrap(), rest.next().unwrap()]);
            bytes.push(digits.map_or(byte, |digits| {
                let digits = std::str::from_utf8(&digits).unwrap().to_owned();
                u8::from_str_radix(&digits, 16).unwrap()
            }));
        }
        String::from_utf8(bytes).unwrap()
    }
}

#[derive(Clone)]
pub struct PostOffice {
    pub port: u16,
    manner: Arc<Mutex<Manner>>,
    taken: Arc<Mutex<Vec<Taken>>>,
    /// Every line it heard, of commands.
    heard: Arc<Mutex<Vec<String>>>,
}

trait Wire: Read + Write + Send {}
impl<T: Read + Write + Send> Wire for T {}

impl PostOffice {
    pub fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let office = Self {
            port: listener.local_addr().unwrap().port(),
            manner: Arc::new(Mutex::new(manner)),
            taken: Arc::default(),
            heard: Arc::default(),
        };
        let clerk = office.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let clerk = clerk.clone();
                std::thread::spawn(move || clerk.serve(stream));
            }
        });
        office
    }

    pub fn taken(&self) -> Vec<Taken> {
        self.taken.lock().unwrap().clone()
    }

    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().unwrap().clone()
    }

    fn serve(&self, stream: TcpStream) {
        let manner = self.manner.lock().unwrap().clone();
        let mut is_encrypted = manner.is_wrapped;
        let mut wire: Box<dyn Wire> = match is_encrypted {
            true => Box::new(encrypted(stream.try_clone().unwrap())),
            false => Box::new(stream.try_clone().unwrap()),
        };
        let mut greets = true;
        loop {
            let mut talk = Talk {
                office: self,
                manner: &manner,
                is_encrypted,
                wire: BufReader::new(wire),
            };
            if talk.hold(greets).is_none() {
                return;
            }
            // STARTTLS was agreed: what follows is encrypted, and begins with EHLO.
            wire = Box::new(encrypted(stream.try_clone().unwrap()));
            (is_encrypted, greets) = (true, false);
        }
    }
}

/// With a certificate for `localhost` that the company's own authority signed.
fn encrypted(stream: TcpStream) -> impl Wire {
    use rustls::pki_types::pem::PemObject as _;
    let _ = rustls::crypto::ring::default_provider().install_default();
    let pem = include_bytes!("../../data/company-server.pem");
    let chain = rustls::pki_types::CertificateDer::pem_slice_iter(pem);
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(pem).unwrap();
    let config = rustls::ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(chain.map(Result::unwrap).collect(), key)
        .unwrap();
    let server = rustls::ServerConnection::new(Arc::new(config)).unwrap();
    rustls::StreamOwned::new(server, stream)
}

struct Talk<'a> {
    office: &'a PostOffice,
    manner: &'a Manner,
    is_encrypted: bool,
    wire: BufReader<Box<dyn Wire>>,
}

impl Talk<'_> {
    /// Until STARTTLS is agreed, or, with none, until the end.
    fn hold(&mut self, greets: bool) -> Option<()> {
        if greets {
            self.answer("HI", "220 post office")?;
        }
        let (mut from, mut to) = (String::new(), Vec::new());
        loop {
            let line = self.line()?;
            self.office.heard.lock().unwrap().push(line.clone());
            let inner = || line.split(['<', '>']).nth(1).unwrap_or_default().to_owned();
            let word = line.split([' ', ':']).next().unwrap_or_default();
            let is_taken = match word {
                "EHLO" => self.answer(&line, &self.offered())?,
                "STARTTLS" => match self.answer(&line, "220 go on")? {
                    true => return Some(()),
                    false => false,
                },
                "AUTH" => self.answer(&line, "235 welcome")?,
                "DATA" => self.answer(&line, "354 go on")?,
                "QUIT" => {
                    self.answer(&line, "221 bye");
                    return None;
                }
                _ => self.answer(&line, "250 ok")?,
            };
            match word {
                _ if !is_taken => {}
                "MAIL" => (from, to) = (inner(), Vec::new()),
                "RCPT" => to.push(inner()),
                "DATA" => {
                    let text = self.text()?;
                    // Whatever is answered: a server may have taken what it never says it took.
                    let says = self.manner.says.iter().find(|(start, _)| *start == ".");
                    if says.is_none_or(|(_, says)| says.len() == 4) {
                        let (from, to, is_encrypted) =
                            (from.clone(), to.clone(), self.is_encrypted);
                        let taken = Taken {
                            from,
                            to,
                            text,
                            is_encrypted,
                        };
                        self.office.taken.lock().unwrap().push(taken);
                    }
                    self.answer(".", "250 taken")?;
                }
                _ => {}
            }
        }
    }

    fn offered(&self) -> String {
        let all: Vec<&str> = ["post.example.org", "8BITMIME"]
            .into_iter()
            .chain(self.manner.offers.iter().copied().filter(|it| match *it {
                "STARTTLS" => !self.is_encrypted,
                _ => self.is_encrypted || !self.manner.offers.contains(&"STARTTLS"),
            }))
            .collect();
        let (last, before) = all.split_last().unwrap();
        let lines: String = before.iter().map(|it| format!("250-{it}\r\n")).collect();
        format!("{lines}250 {last}")
    }

    /// Says yes, or what it was told to say; whether it was yes.
    fn answer(&mut self, line: &str, yes: &str) -> Option<bool> {
        let told = self
            .manner
            .says
            .iter()
            .find(|(start, _)| line.starts_with(start));
        let says = told.map_or(yes, |(_, says)| says);
        match says {
            "hang" => {
                let mut end = Vec::new();
                let _ = self.wire.read_to_end(&mut end);
                return None;
            }
            "drop" => return None,
            _ => {}
        }
        self.wire
            .get_mut()
            .write_all(format!("{says}\r\n").as_bytes())
            .ok()?;
        self.wire.get_mut().flush().ok()?;
        Some(says.starts_with(['2', '3']))
    }

    fn line(&mut self) -> Option<String> {
        let mut line = String::new();
        let read = self.wire.read_line(&mut line).ok()?;
        (read > 0).then(|| line.trim_end().to_owned())
    }

    fn text(&mut self) -> Option<String> {
        let mut text = String::new();
        loop {
            let mut line = String::new();
            self.wire
                .read_line(&mut line)
                .ok()
                .filter(|read| *read > 0)?;
            match line.strip_prefix('.') {
                Some("\r\n") => return Some(text),
                Some(rest) => text.push_str(rest),
                None => text.push_str(&line),
            }
        }
    }
}
