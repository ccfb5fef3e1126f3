//! The writer's own thread: what several tasks record at the same time goes into one transaction.
//!
//! Each piece of work is undone by itself where it fails, and answered once the transaction is committed: who
//! goes on knows that what it recorded is kept. The thread is begun with the first piece, and ends with the
//! mirror. Commands that record a single thing write on the thread they are on, between two of its transactions.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, OnceLock};
use std::thread::{self, JoinHandle};

use super::writer::{Core, Open};
use super::writing::{Terms, Writing};
use super::{MirrorError, Result};

/// As many pieces of work go into one transaction: others must come to write as well.
const MOST: usize = 16;

/// A piece of work, whatever it answers.
trait Work: Send {
    /// Whether it succeeded.
    fn run(&mut self, open: &Open<'_>) -> bool;
    /// What it failed with, as far as that is the matter of all that are in its transaction.
    fn failure(&self) -> Option<MirrorError>;
    /// Answers what came of it, or what its transaction failed with.
    fn tell(self: Box<Self>, failed: Option<MirrorError>);
}

struct Piece<T, F> {
    terms: Terms,
    work: Option<F>,
    came: Option<thread::Result<Result<T>>>,
    to: Sender<thread::Result<Result<T>>>,
}

impl<T, F> Work for Piece<T, F>
where
    T: Send,
    F: FnOnce(&Writing<'_>) -> Result<T> + Send,
{
    fn run(&mut self, open: &Open<'_>) -> bool {
        let Some(work) = self.work.take() else {
            return false;
        };
        // What it leaves half done is rolled back.
        let came = catch_unwind(AssertUnwindSafe(|| work(&open.writing(&self.terms))));
        let is_done = matches!(came, Ok(Ok(_)));
        self.came = Some(came);
        is_done
    }

    fn failure(&self) -> Option<MirrorError> {
        match &self.came {
            Some(Ok(Err(error))) => Some(error.again()),
            _ => None,
        }
    }

    fn tell(self: Box<Self>, failed: Option<MirrorError>) {
        let came = match (self.came, failed) {
            (Some(Ok(Ok(_))) | None, Some(error)) => Some(Ok(Err(error))),
            (came, _) => came,
        };
        if let Some(came) = came {
            // Whoever asked may have stopped waiting.
            let _ = self.to.send(came);
        }
    }
}

/// The way to the thread.
#[derive(Default)]
pub(super) struct Queue(OnceLock<Option<Served>>);

struct Served {
    jobs: Sender<Box<dyn Work>>,
    thread: JoinHandle<()>,
}

impl Served {
    fn begin(core: &Arc<Core>) -> Option<Self> {
        let (jobs, waiting) = channel();
        let core = Arc::clone(core);
        let thread = thread::Builder::new()
            .name("writer".to_owned())
            .spawn(move || serve(&core, &waiting))
            .ok()?;
        Some(Self { jobs, thread })
    }
}

impl Queue {
    /// Has the work done and waits until it is kept; without a thread to be had, it is done here.
    pub(super) fn write<T: Send + 'static>(
        &self,
        core: &Arc<Core>,
        terms: Terms,
        work: impl FnOnce(&Writing<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let Some(served) = self.0.get_or_init(|| Served::begin(core)) else {
            return core.write(&terms, work);
        };
        let (to, answer) = channel();
        let piece = Piece {
            terms,
            work: Some(work),
            came: None,
            to,
        };
        // The thread lives as long as this does.
        let _ = served.jobs.send(Box::new(piece));
        match answer.recv() {
            Ok(Ok(came)) => came.map_err(|error| core.told(error)),
            Ok(Err(panic)) => resume_unwind(panic),
            Err(error) => resume_unwind(Box::new(error) as Box<dyn Any + Send>),
        }
    }

    /// Ends the thread, once all is done.
    pub(super) fn end(&mut self) {
        let Some(Served { jobs, thread }) = self.0.take().flatten() else {
            return;
        };
        drop(jobs);
        // What a piece of work held may have been the last of the mirror.
        if thread.thread().id() != thread::current().id() {
            let _ = thread.join();
        }
    }
}

fn serve(core: &Core, waiting: &Receiver<Box<dyn Work>>) {
    while let Ok(first) = waiting.recv() {
        let (mut next, mut done) = (Some(first), Vec::new());
        let ended = core.transaction(&mut |open| {
            while let Some(mut work) = next.take() {
                if done.is_empty() {
                    // Alone so far: without a savepoint of its own, the whole is undone with it.
                    let is_done = work.run(open);
                    done.push(work);
                    if !is_done {
                        return Ok(false);
                    }
                    open.keep();
                } else {
                    let ended = open.apart(|open| work.run(open));
                    let failure = work.failure();
                    done.push(work);
                    ended.map_err(|error| failure.unwrap_or(error))?;
                }
                if done.len() < MOST {
                    next = waiting.try_recv().ok();
                }
            }
            Ok(true)
        });
        let failed = ended.err();
        for work in done.into_iter().chain(next) {
            work.tell(failed.as_ref().map(MirrorError::again));
        }
    }
}
