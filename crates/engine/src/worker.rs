//! A thread that takes orders one after the other; it begins with the first and ends when nobody can order
//! any more.

use std::sync::{Mutex, PoisonError, mpsc};

/// The way to such a thread.
pub(crate) struct Worker<Order> {
    name: &'static str,
    orders: Mutex<Option<mpsc::Sender<Order>>>,
}

impl<Order: Send + 'static> Worker<Order> {
    /// A worker whose thread will have that name.
    pub(crate) fn new(name: &'static str) -> Self {
        Self { name, orders: Mutex::default() }
    }

    /// Hands an order to the thread. `serve` is what it does, for the first order and where the thread is
    /// gone. A thread that does not start drops the order, and whoever waits for it hears so.
    pub(crate) fn order(&self, order: Order, serve: impl FnOnce(&mpsc::Receiver<Order>) + Send + 'static) {
        let mut orders = self.orders.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = match orders.as_ref() {
            Some(open) => open.send(order).err().map(|refused| refused.0),
            None => Some(order),
        };
        let Some(order) = refused else { return };
        let (open, queue) = mpsc::channel();
        let thread = std::thread::Builder::new().name(self.name.into());
        if open.send(order).is_ok() && thread.spawn(move || serve(&queue)).is_ok() {
            *orders = Some(open);
        }
    }
}
