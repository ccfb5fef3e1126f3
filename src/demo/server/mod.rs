//! The simulated Meetup: a server on loopback with the API's manners, in a thread of its own.

mod cursor;
mod desk;
mod document;
mod drift;
mod endless;
mod execute;
mod faults;
mod first_row;
mod http;
mod listing;
mod node;
mod points;
mod reception;
mod resolve;
mod resolve_event;
mod search;
mod signin;
mod spoil;
mod swollen;
mod tokens;
mod wire;

pub use desk::{Asked, Hook};
pub use drift::Drift;
pub use faults::{Blemish, Fault, On, Spoil, Swell};
pub use points::Counters;
pub use tokens::{CLIENT_ID, CLIENT_SECRET, Consent, Rights, SEED_REFRESH_TOKEN, TRIAL_TOKEN};

use super::switches::Switches;
use super::world::{EventAt, GroupAt, World};
use cursor::CursorStyle;
use desk::{Desk, Shared};
use document::Library;
use faults::{Blemishes, Faults};
use points::Window;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{SystemTime, UNIX_EPOCH};
use tokens::Tokens;
use tokio::net::TcpListener;
use tokio::sync::oneshot;
use wire::{Wire, Wires};

/// A running simulated Meetup. Dropping it stops the server and closes its connections.
pub struct Simulated {
    shared: Arc<Shared>,
    address: SocketAddr,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Simulated {
    /// Serves a world on a free loopback port.
    ///
    /// # Errors
    ///
    /// If no port can be listened on.
    pub fn start(world: World, switches: Switches) -> io::Result<Self> {
        Self::start_on(world, switches, 0)
    }

    /// Serves a world on this loopback port (0: any free one).
    ///
    /// # Errors
    ///
    /// If the port cannot be listened on.
    pub fn start_on(mut world: World, switches: Switches, port: u16) -> io::Result<Self> {
        world.switches = switches;
        let shared = Arc::new(Shared {
            world: Arc::new(Mutex::new(world)),
            desk: Mutex::new(Desk {
                library: Library::open()?,
                cursors: fresh_cursor_style(),
                faults: Faults::default(),
                blemishes: Blemishes::default(),
                tokens: Tokens::default(),
                window: Window::default(),
                counters: Counters::default(),
                numbered: 0,
            }),
            hook: Mutex::new(None),
        });
        let socket = std::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        socket.set_nonblocking(true)?;
        let address = socket.local_addr()?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        let (stop, stopped) = oneshot::channel();
        let router = http::router(shared.clone());
        let thread = std::thread::Builder::new()
            .name("meetup-sim".to_owned())
            .spawn(move || {
                runtime.block_on(async move {
                    let Ok(listener) = TcpListener::from_std(socket) else {
                        return;
                    };
                    let service = router.into_make_service_with_connect_info::<Wire>();
                    tokio::select! {
                        _ = axum::serve(Wires(listener), service) => {}
                        _ = stopped => {}
                    }
                });
                // Connections that hang on purpose must not keep the thread.
                runtime.shutdown_background();
            })?;
        Ok(Self {
            shared,
            address,
            stop: Some(stop),
            thread: Some(thread),
        })
    }

    /// Where questions go.
    pub fn endpoint(&self) -> String {
        format!("http://{}/gql-ext", self.address)
    }

    /// Where tokens come from.
    pub fn token_endpoint(&self) -> String {
        format!("http://{}/oauth2/access", self.address)
    }

    /// Where a person would sign in.
    pub fn authorize_endpoint(&self) -> String {
        format!("http://{}/oauth2/authorize", self.address)
    }

    /// The community, to look at and to change.
    pub fn world(&self) -> Arc<Mutex<World>> {
        self.shared.world.clone()
    }

    /// Looks at or changes the community.
    pub fn with_world<T>(&self, act: impl FnOnce(&mut World) -> T) -> T {
        act(&mut self.shared.world())
    }

    /// Decides open questions otherwise from now on.
    pub fn switch(&self, change: impl FnOnce(&mut Switches)) {
        change(&mut self.shared.world().switches);
    }

    /// Changes the API's schema, from its file anew; no changes bring it back.
    ///
    /// # Errors
    ///
    /// If the schema with these changes is not valid.
    pub fn drift(&self, changes: &[Drift]) -> io::Result<()> {
        self.shared.desk().library.drift(changes)
    }

    /// Plans a fault for the next `times` requests that match.
    pub fn fault(&self, on: On, fault: Fault, times: u32) {
        self.shared.desk().faults.plan(on, fault, times);
    }

    /// Lets the next `skip` requests that match by, and plans a fault for the `times` after them.
    pub fn fault_after(&self, skip: u32, on: On, fault: Fault, times: u32) {
        self.shared.desk().faults.plan_after(skip, on, fault, times);
    }

    /// Faults still to come.
    pub fn faults_left(&self) -> u32 {
        self.shared.desk().faults.left()
    }

    /// Shows a group broken wherever it or one of its events appears.
    pub fn blemish(&self, group: GroupAt, blemish: Blemish) {
        let id = self.with_world(|world| world.group(group).id);
        self.shared.desk().blemishes.set(id, blemish);
    }

    /// Shows one event broken wherever it appears.
    pub fn blemish_event(&self, event: EventAt, blemish: Blemish) {
        self.shared.desk().blemishes.set_event(event, blemish);
    }

    /// Ends all planned faults and shows every group whole.
    pub fn heal(&self) {
        let mut desk = self.shared.desk();
        desk.faults.clear();
        desk.blemishes.clear();
    }

    /// Makes an access token valid for good, with these rights.
    pub fn allow_token(&self, token: &str, rights: Rights) {
        self.shared.desk().tokens.allow(token, rights);
    }

    /// Ends every access token; refresh tokens and signed assertions still get new ones.
    pub fn revoke_access_tokens(&self) {
        self.shared.desk().tokens.revoke_all();
    }

    /// Ends every refresh token: a person must sign in again.
    pub fn revoke_refresh_tokens(&self) {
        self.shared.desk().tokens.revoke_refresh();
    }

    /// Decides what the person at the authorise page does from now on.
    pub fn consent(&self, consent: Consent) {
        self.shared.desk().tokens.consent = consent;
    }

    /// Makes a refresh token valid, as when a person signed in again.
    pub fn allow_refresh_token(&self, token: &str) {
        self.shared.desk().tokens.allow_refresh(token);
    }

    /// Registers a public RSA key (PKCS #1 DER, as ring gives it) for the JWT flow of a member.
    pub fn register_signing_key(&self, id: &str, member: &str, public_key: &[u8]) {
        self.shared
            .desk()
            .tokens
            .register_key(id, member, public_key.to_vec());
    }

    /// Has a function called before each answer.
    pub fn before_answer(&self, hook: impl FnMut(Asked<'_>, &mut World) + Send + 'static) {
        *self
            .shared
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(Box::new(hook));
    }

    /// Ends that.
    pub fn forget_hook(&self) {
        *self
            .shared
            .hook
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = None;
    }

    /// What was counted so far.
    pub fn counters(&self) -> Counters {
        self.shared.desk().counters.clone()
    }

    /// Starts counting again, with an empty points window.
    pub fn reset_counters(&self) {
        let mut desk = self.shared.desk();
        desk.counters = Counters::default();
        desk.window.clear();
    }

    /// Writes cursors in another format from now on and refuses those given so far, as after a
    /// release on the other side.
    pub fn renew_cursors(&self) {
        self.shared.desk().cursors = fresh_cursor_style();
    }
}

impl Drop for Simulated {
    fn drop(&mut self) {
        if let Some(stop) = self.stop.take() {
            let _ = stop.send(());
        }
        if let Some(thread) = self.thread.take() {
            let _ = thread.join();
        }
    }
}

fn fresh_cursor_style() -> CursorStyle {
    let clock = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap_or_default();
    CursorStyle::of_run(super::dice::Dice::new(clock.as_nanos() as u64).roll())
}
