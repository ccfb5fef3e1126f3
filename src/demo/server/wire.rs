//! The connection itself, so that it can be made to break off.

use axum::extract::connect_info::Connected;
use axum::serve::{IncomingStream, Listener};
use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::{TcpListener, TcpStream};

/// How a connection ends early.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Doom {
    bytes_left: usize,
    with_reset: bool,
}

/// The handle by which a handler dooms the connection it answers on.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Mutex<Option<Doom>>>);

impl Wire {
    /// Lets so many more bytes out, then ends the connection.
    pub fn doom(&self, bytes_left: usize, with_reset: bool) {
        let mut doom = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *doom = Some(Doom {
            bytes_left,
            with_reset,
        });
    }
}

/// A listener whose connections can be doomed.
pub struct Wires(pub TcpListener);

impl Listener for Wires {
    type Io = Wired;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Wired, SocketAddr) {
        loop {
            match self.0.accept().await {
                Ok((stream, address)) => {
                    // Small answers should not wait for company.
                    let _ = stream.set_nodelay(true);
                    return (
                        Wired {
                            stream,
                            wire: Wire::default(),
                        },
                        address,
                    );
                }
                Err(_) => tokio::time::sleep(Duration::from_millis(20)).await,
            }
        }
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

impl Connected<IncomingStream<'_, Wires>> for Wire {
    fn connect_info(stream: IncomingStream<'_, Wires>) -> Self {
        stream.io().wire.clone()
    }
}

/// A connection that may be doomed.
pub struct Wired {
    stream: TcpStream,
    wire: Wire,
}

impl AsyncRead for Wired {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(context, buffer)
    }
}

impl AsyncWrite for Wired {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let doom = *self.wire.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(doom) = doom else {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        };
        if doom.bytes_left == 0 {
            if doom.with_reset {
                // Closing with a zero linger time sends RST rather than FIN.
                let _ = self.stream.set_zero_linger();
            }
            return Poll::Ready(Err(io::ErrorKind::ConnectionReset.into()));
        }
        let part = &bytes[..bytes.len().min(doom.bytes_left)];
        let written = Pin::new(&mut self.stream).poll_write(context, part);
        if let Poll::Ready(Ok(count)) = written {
            self.wire.doom(doom.bytes_left - count, doom.with_reset);
        }
        written
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}
